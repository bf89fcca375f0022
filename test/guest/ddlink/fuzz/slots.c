// SPDX-License-Identifier: MIT
#include "slots.h"

#include <stdlib.h>

#include "monitor.h"

int pick_task(struct step step)
{
	int n = 0, found[TASKS];

	for (int i = 0; i < TASKS; i++)
		if (tasks[i].pid)
			found[n++] = i;
	return found[step.task % n];
}

struct slot *pick_slot(struct step step, int task)
{
	struct slot *found[FDS];
	int n = 0;

	for (int i = 0; i < FDS; i++)
		if (tasks[task].slots[i].model)
			found[n++] = &tasks[task].slots[i];
	return n ? found[step.slot % n] : NULL;
}

struct slot *free_slot(int task)
{
	for (int i = 0; i < FDS; i++)
		if (!tasks[task].slots[i].model)
			return &tasks[task].slots[i];
	return NULL;
}

void drop(struct slot *slot)
{
	struct model *model = slot->model;

	slot->model = NULL;
	model_close(model);
	if (!model->refs) {
		if (model->kind == MONITOR)
			monitor_gone(model);
		free(model);
	}
}

void share(struct slot *slot, int fd, struct model *model)
{
	model->refs++;
	*slot = (struct slot){ fd, model };
}
