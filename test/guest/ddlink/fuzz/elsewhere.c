// SPDX-License-Identifier: MIT
// What happens to links from elsewhere in the kernel.
#include "take.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "monitor.h"
#include "told.h"

#define LATER_MS 5000

static void tell(int task, struct slot *slot, const char *words)
{
	struct call write = { .type = CALL_WRITE, .fd = slot->fd, .len = strlen(words) };
	long wanted = model_write(slot->model, words, write.len, false, false);

	strcpy((char *)buffer, words);
	expect("the result", run(task, write), wanted);
	monitor_expect(slot->model, DDLINK_EV_WRITE, wanted);
}

/* The kernel side goes, of one link or of all of its component. */
void take_hangup(struct step step, int task, struct slot *slot)
{
	bool all = step.how % 8 == 0, gone = slot->model->gone;

	if (slot->model->kind != TEST)
		return;
	describe(all ? "hang up all" : "hang up");
	tell(task, slot, all ? "hangup-all 0" : "hangup 0");
	if (gone)
		return;
	for (int i = 0; i < TASKS; i++) {
		for (int j = 0; j < FDS; j++) {
			struct slot *other = &tasks[i].slots[j];

			if (!other->model || other->model->kind != TEST)
				continue;
			if (other->model != slot->model && !all)
				continue;
			expect("the hang-up", run(i, (struct call){ .type = CALL_WAIT_HANGUP, .fd = other->fd }),
			       POLLHUP);
			other->model->gone = true;
		}
	}
}

/* Items from interrupt context. */
void take_later(struct step step, int task, struct slot *slot)
{
	struct model *m = slot->model;
	char words[32];
	int i;

	if (m->kind != TEST || m->gone)
		return;
	sprintf(words, "later 0 %d", 1 + step.a % 5);
	describe("%s", words);
	tell(task, slot, words);
	model_late(m, 1 + step.a % 5);
	for (i = 0; i < LATER_MS; i++) {
		world_look(task, slot->fd);
		if (world_info("items") + world_info("dropped") == (long long)(m->items + m->dropped))
			break;
		usleep(1000);
	}
	take_info(task, slot);
	describe("%s", words);
}
