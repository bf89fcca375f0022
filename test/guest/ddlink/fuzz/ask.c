// SPDX-License-Identifier: MIT
// What is asked of a link, or told to it, besides messages and items.
#include "take.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <linux/ddlink.h>

#include "monitor.h"
#include "told.h"

void take_poll(int task, struct slot *slot)
{
	struct model *m = slot->model;
	/* events come to a monitor as they like */
	short ignored = m->watching ? POLLIN : 0;

	describe("poll");
	expect("the mask", run(task, (struct call){ .type = CALL_POLL, .fd = slot->fd }) & ~ignored,
	       model_poll(m) & ~ignored);
}

void take_fionread(struct step step, int task, struct slot *slot)
{
	struct model *m = slot->model;
	const struct item *item = model_first(m);
	bool fault = step.how % 16 == 0, open = m->watching || (item && item->any);
	long got, wanted = fault ? -EFAULT : 0;

	describe("FIONREAD%s", fault ? " (bad pointer)" : "");
	got = run(task, (struct call){ .type = CALL_FIONREAD, .fd = slot->fd, .fault = fault });
	expect("the result", got, wanted);
	monitor_expect(m, DDLINK_EV_IOCTL, wanted);
	if (!got && !open)
		expect("the size of the next item", call->value, item ? item->size : 0);
}

void take_ioctl(struct step step, int task, struct slot *slot)
{
	static const unsigned int commands[] = { _IO(0xdc, 1), _IO(0xdc, 1), _IO(0xdc, 3), _IO(0xdc, 99), DDLINK_OPEN };
	struct model *m = slot->model;
	struct call ioctl = { .type = CALL_IOCTL, .fd = slot->fd, .cmd = commands[step.how % 5], .arg = step.a };
	long wanted;

	/* whether a command that nobody knows, or nobody is there for, drops a text is not in the contract */
	if (m->text && (m->gone || step.how % 5 > 2))
		return;
	wanted = model_ioctl(m, ioctl.cmd, ioctl.arg);
	describe("ioctl %#x %lu", ioctl.cmd, ioctl.arg);
	expect("the result", run(task, ioctl), wanted);
	monitor_expect(m, DDLINK_EV_IOCTL, wanted);
}

void take_info(int task, struct slot *slot)
{
	struct model *m = slot->model;
	const struct item *item = model_first(m);

	describe("fdinfo");
	calls++;
	if (m->kind == MONITOR)
		return;
	world_look(task, slot->fd);
	expect("items", world_info("items"), m->items);
	expect("bytes", world_info("bytes"), m->bytes);
	expect("next", world_info("next"), item ? item->size : 0);
	expect("peak", world_info("peak"), m->peak);
	expect("dropped", world_info("dropped"), m->dropped);
}

void take_nonblock(struct step step, int task, struct slot *slot)
{
	describe("O_NONBLOCK %s", step.how % 2 ? "on" : "off");
	expect("the result",
	       run(task, (struct call){ .type = CALL_NONBLOCK, .fd = slot->fd, .arg = step.how % 2 }), 0);
}
