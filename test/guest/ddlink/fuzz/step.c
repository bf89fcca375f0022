// SPDX-License-Identifier: MIT
#include "step.h"

#include <stdio.h>

#include "slots.h"
#include "take.h"
#include "told.h"

unsigned long long calls;

enum what {
	OPEN, WRITE, READ, POLL, FIONREAD_, IOCTL, INFO, DUP, CLOSE, FORK, EXIT_, PASS, NONBLOCK, HANGUP, LATER,
	BAD_FD,
};

/* How often, in a thousand. */
static const struct {
	enum what what;
	int weight;
} mix[] = {
	{ OPEN, 30 }, { WRITE, 330 }, { READ, 340 }, { POLL, 90 }, { FIONREAD_, 60 }, { IOCTL, 40 }, { INFO, 16 },
	{ DUP, 20 }, { CLOSE, 35 }, { FORK, 2 }, { EXIT_, 1 }, { PASS, 10 }, { NONBLOCK, 10 }, { HANGUP, 5 },
	{ LATER, 1 }, { BAD_FD, 10 },
};

static uint64_t next(uint64_t *state)
{
	/* splitmix64 */
	uint64_t z = (*state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

struct step step_random(uint64_t *seed)
{
	uint64_t bits = next(seed);
	int at = next(seed) % 1000;
	unsigned int i = 0;

	while (at >= mix[i].weight)
		at -= mix[i++].weight;
	return (struct step){
		.what = mix[i].what, .task = bits, .slot = bits >> 8, .how = bits >> 16,
		.a = bits >> 24, .b = bits >> 40,
	};
}

long run(int task, struct call wanted)
{
	calls++;
	*call = wanted;
	return world_call(task);
}

static void take(struct step step, unsigned int index, int task, struct slot *slot)
{
	switch ((enum what)step.what) {
	case OPEN:
		return take_open(step, task);
	case FORK:
		return take_fork();
	case EXIT_:
		return take_exit(task);
	case BAD_FD:
		return take_bad_fd(step, task);
	default:
		break;
	}
	if (!slot)
		return take_open(step, task);
	switch ((enum what)step.what) {
	case WRITE:
		return take_write(step, index, task, slot);
	case READ:
		return take_read(step, task, slot);
	case POLL:
		return take_poll(task, slot);
	case FIONREAD_:
		return take_fionread(step, task, slot);
	case IOCTL:
		return take_ioctl(step, task, slot);
	case INFO:
		return take_info(task, slot);
	case DUP:
		return take_dup(task, slot);
	case CLOSE:
		return take_close(task, slot);
	case PASS:
		return take_pass(task, slot);
	case NONBLOCK:
		return take_nonblock(step, task, slot);
	case HANGUP:
		return take_hangup(step, task, slot);
	default:
		return take_later(step, task, slot);
	}
}

bool step_take(struct step step, unsigned int index, bool say)
{
	int task = pick_task(step);
	struct slot *slot = pick_slot(step, task);
	unsigned long long link = slot ? slot->model->id : 0;

	told_begin(say);
	take(step, index, task, slot);
	if (say && *told_words())
		printf("  task %d link %llu: %s = %ld\n", task, link, told_words(), call->ret);
	return told_same();
}

bool step_finish(bool say)
{
	told_begin(say);
	for (int i = 0; i < TASKS; i++) {
		for (int j = 0; j < FDS; j++) {
			struct slot *slot = &tasks[i].slots[j];

			if (!slot->model)
				continue;
			while (told_same() && slot->model->items && !slot->model->watching)
				take_read((struct step){ .a = 1 }, i, slot);
			take_poll(i, slot);
		}
	}
	if (say && !told_same())
		printf("  at the end, when all is read: %s\n", told_words());
	for (int i = 0; i < TASKS; i++)
		for (int j = 0; j < FDS; j++)
			if (tasks[i].slots[j].model)
				take_close(i, &tasks[i].slots[j]);
	world_clear();
	return told_same();
}
