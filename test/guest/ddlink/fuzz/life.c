// SPDX-License-Identifier: MIT
// Links and tasks that come, go and are passed on.
#include "take.h"

#include <stdlib.h>
#include <string.h>

#include "slots.h"
#include "told.h"

void take_open(struct step step, int task)
{
	static const char *const paths[] = { [ECHO] = "/dev/ddecho", [TEST] = "/dev/ddtest", [MONITOR] = "/dev/ddlink" };
	enum kind kind = step.how % 8 < 3 ? ECHO : step.how % 8 < 7 ? TEST : MONITOR;
	struct slot *slot = free_slot(task);
	struct call open = { .type = CALL_OPEN };
	struct model *model;
	int fd;

	if (!slot)
		return;
	strcpy(open.path, paths[kind]);
	describe("open %s", open.path);
	fd = run(task, open);
	if (fd < 0)
		return differ("the descriptor", fd, 3);
	model = calloc(1, sizeof(*model));
	world_look(task, fd);
	model_open(model, kind, world_info("max-items"), world_info("max-bytes"));
	model->id = world_info("link");
	*slot = (struct slot){ fd, model };
}

void take_dup(int task, struct slot *slot)
{
	struct slot *to = free_slot(task);
	int fd;

	if (!to)
		return;
	describe("dup");
	fd = run(task, (struct call){ .type = CALL_DUP, .fd = slot->fd });
	if (fd < 0)
		return differ("the descriptor", fd, 3);
	share(to, fd, slot->model);
}

void take_close(int task, struct slot *slot)
{
	describe("close");
	expect("the result", run(task, (struct call){ .type = CALL_CLOSE, .fd = slot->fd }), 0);
	drop(slot);
}

void take_fork(void)
{
	int task = tasks[1].pid ? 2 : 1;

	if (tasks[task].pid)
		return;
	describe("fork");
	calls++;
	world_fork(task);
	for (int i = 0; i < FDS; i++)
		if (tasks[0].slots[i].model)
			share(&tasks[task].slots[i], tasks[0].slots[i].fd, tasks[0].slots[i].model);
}

void take_exit(int task)
{
	if (!task)
		return;
	describe("exit");
	calls++;
	world_exit(task);
	for (int i = 0; i < FDS; i++)
		if (tasks[task].slots[i].model)
			drop(&tasks[task].slots[i]);
}

/* By SCM_RIGHTS between the first task and another one. */
void take_pass(int task, struct slot *slot)
{
	int to = task ? 0 : tasks[1].pid ? 1 : 2, fd;
	struct slot *room = free_slot(to);

	if (!tasks[to].pid || !room)
		return;
	describe("pass to task %d", to);
	fd = run(task ? task : to, (struct call){ .type = task ? CALL_SEND : CALL_RECEIVE, .fd = slot->fd });
	if (fd < 0)
		return differ("the descriptor", fd, 3);
	share(room, fd, slot->model);
}
