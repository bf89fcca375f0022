// SPDX-License-Identifier: MIT
/*
 * Random sequences of calls on ddlinks, by several tasks with several
 * descriptors, each compared with what a model of the contract answers.
 *
 *	fuzz SEED CALLS		cases until so many calls are made
 *	fuzz SEED		one case again, step by step
 *
 * Each case begins with nothing open and has a seed of its own. A case that
 * differs is made shorter as long as it still differs, and told in words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "monitor.h"
#include "step.h"
#include "told.h"
#include "world.h"

#define STEPS	300

static struct step steps[STEPS];
static bool taken[STEPS];

static void make_case(uint64_t seed)
{
	for (int i = 0; i < STEPS; i++) {
		steps[i] = step_random(&seed);
		taken[i] = true;
	}
}

/* True if world and model agree. */
static bool run_case(bool say)
{
	bool same = true;

	monitor_forget();
	told_forget();
	for (int i = 0; i < STEPS && same; i++)
		if (taken[i])
			same = step_take(steps[i], i, say);
	return step_finish(say && same) && same;
}

/* Leaves out ever smaller pieces that the difference does not need. */
static void shrink(void)
{
	for (int size = STEPS / 2; size; size /= 2) {
		for (int from = 0; from < STEPS; from += size) {
			bool before[STEPS];
			int i, dropped = 0;

			memcpy(before, taken, sizeof(before));
			for (i = from; i < from + size && i < STEPS; i++) {
				dropped += taken[i];
				taken[i] = false;
			}
			if (dropped && run_case(false))
				memcpy(taken, before, sizeof(before));
		}
	}
}

static int tell(uint64_t seed)
{
	int left = 0;

	/* what two processors do may not happen again */
	printf("fuzz: case %#llx: %s\n", (unsigned long long)seed, told_first());
	shrink();
	for (int i = 0; i < STEPS; i++)
		left += taken[i];
	printf("fuzz: case %#llx differs, in %d steps:\n", (unsigned long long)seed, left);
	run_case(true);
	printf("fuzz: again with: fuzz %#llx\n", (unsigned long long)seed);
	return 1;
}

static int replay(uint64_t seed)
{
	make_case(seed);
	if (!run_case(true))
		return tell(seed);
	printf("fuzz: case %#llx agrees\n", (unsigned long long)seed);
	return 0;
}

int main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
	unsigned long long wanted = argc > 2 ? strtoull(argv[2], NULL, 0) : 0, cases = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	world_begin();
	message_measure();
	if (!wanted)
		return replay(seed);
	printf("fuzz: seed %#llx\n", (unsigned long long)seed);
	for (; calls < wanted; cases++, seed++) {
		make_case(seed);
		if (!run_case(false))
			return tell(seed);
	}
	printf("fuzz: %llu calls in %llu cases without a difference\n", calls, cases);
	return 0;
}
