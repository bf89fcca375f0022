// SPDX-License-Identifier: MIT
// One step of a case: a few small numbers that are always a legal step, whatever came before, so that any part of a
// case is a case.
#ifndef STEP_H
#define STEP_H

#include <stdbool.h>
#include <stdint.h>

struct step {
	uint8_t what, task, slot, how;
	uint16_t a, b;
};

/* Calls made so far, in all cases. */
extern unsigned long long calls;

struct step step_random(uint64_t *seed);
/* Takes the step in world and model; false if they differ. @say: tell what is done. */
bool step_take(struct step step, unsigned int index, bool say);
/* After the last step: drains every link, and drops all. */
bool step_finish(bool say);

#endif
