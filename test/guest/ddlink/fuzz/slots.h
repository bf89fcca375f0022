// SPDX-License-Identifier: MIT
// Which task makes a call, and on which of its descriptors.
#ifndef SLOTS_H
#define SLOTS_H

#include "step.h"
#include "world.h"

int pick_task(struct step step);
/* NULL if the task has no link. */
struct slot *pick_slot(struct step step, int task);
/* NULL if it can have no more. */
struct slot *free_slot(int task);
/* The descriptor is closed. */
void drop(struct slot *slot);
/* One more descriptor for a link. */
void share(struct slot *slot, int fd, struct model *model);

#endif
