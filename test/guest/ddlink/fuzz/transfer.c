// SPDX-License-Identifier: MIT
// Messages and items.
#include "take.h"

#include <errno.h>
#include <string.h>

#include <linux/ddlink.h>

#include "message.h"
#include "monitor.h"
#include "told.h"

#define CANARY	0xa5
#define MARGIN	16	/* bytes behind a read's result that must be as before */

void take_write(struct step step, unsigned int index, int task, struct slot *slot)
{
	static const enum call_type types[] = { CALL_WRITE, CALL_WRITE, CALL_WRITEV, CALL_WRITE_NOWAIT };
	struct model *m = slot->model;
	struct call write = { .fd = slot->fd, .type = types[step.how / 64], .split = step.b % 100 };
	long wanted;

	write.len = message(step, index, m);
	buffer[write.len] = 0;
	/* only a message that is no command: the words must be where they are read */
	write.fault = write.len && step.b % 32 == 3;
	write.there = write.fault ? step.a % write.len : 0;
	/* who may not wait for a handler that may sleep, or that is gone, is told either */
	if (m->gone && write.type == CALL_WRITE_NOWAIT)
		write.type = CALL_WRITE;
	wanted = model_write(m, (char *)buffer, write.len, write.fault, write.type == CALL_WRITE_NOWAIT);
	describe("%s %u bytes%s%s%.40s", write.type == CALL_WRITEV ? "writev" : "write", write.len,
		 write.type == CALL_WRITE_NOWAIT ? " RWF_NOWAIT" : "", write.fault ? " (bad pointer) " : " ",
		 m->kind == ECHO ? "" : (char *)buffer);
	expect("the result", run(task, write), wanted);
	if (write.len || write.type == CALL_WRITE)
		monitor_expect(m, DDLINK_EV_WRITE, wanted);
}

/* Words that the contract leaves open: any will do, as long as they fit. */
static void read_any(struct model *m, long got)
{
	unsigned char none[1];

	if (got < 1 || got > 1000)
		differ("the size of the text", got, 1);
	m->bytes -= m->text->size;
	m->bytes += m->text->size = 1;
	model_read(m, none, 1, false);
}

void take_read(struct step step, int task, struct slot *slot)
{
	static const enum call_type types[] = { CALL_READ, CALL_READ, CALL_READV, CALL_READ_NOWAIT };
	static unsigned char wanted[ROOM];
	struct model *m = slot->model;
	const struct item *item = model_first(m);
	uint32_t size = item ? item->size : 0;
	struct call read = { .fd = slot->fd, .type = types[step.how / 64], .split = step.b % 100 };
	unsigned char *at = buffer;
	long got, ret;

	/* enough, exactly enough, too little, nothing */
	read.len = step.how % 8 < 5 ? size + step.a % 5000 : step.how % 8 == 5 ? size : step.a % (size + 1);
	if (m->kind == MONITOR)
		read.len = 5000;
	read.fault = m->kind != MONITOR && read.len && step.b % 32 == 3;
	read.there = read.fault ? step.a % read.len : 0;
	if (read.fault && read.there >= size)
		read.there = size ? size - 1 : 0;
	memset(at, CANARY, size + MARGIN);
	describe("%s %u bytes%s%s", read.type == CALL_READV ? "readv" : "read", read.len,
		 read.type == CALL_READ_NOWAIT ? " RWF_NOWAIT" : "", read.fault ? " (bad pointer)" : "");
	got = run(task, read);
	if (item && item->any)
		return read_any(m, got);
	if (m->watching) {
		if (!monitor_check(m, buffer, got))
			differ("a record of the monitor", got, 0);
		return;
	}
	/* a vector of no bytes is answered before any link is asked */
	if (!read.len && read.type != CALL_READ)
		return expect("the result", got, 0);
	ret = model_read(m, wanted, read.len, read.fault);
	expect("the result", got, ret);
	monitor_expect(m, DDLINK_EV_READ, ret);
	if (ret > 0 && memcmp(at, wanted, ret))
		differ("what was read", at[0], wanted[0]);
	for (uint32_t i = ret > 0 ? ret : 0; !read.fault && i < size + MARGIN; i++)
		if (at[i] != CANARY)
			return differ("a byte that nobody was to write", at[i], CANARY);
}

void take_bad_fd(struct step step, int task)
{
	struct call bad = { .type = step.how % 2 ? CALL_READ : CALL_WRITE, .fd = step.a % 2 ? -1 : 999, .len = 1 };

	describe("%s of a descriptor that is none", step.how % 2 ? "read" : "write");
	expect("the result", run(task, bad), -EBADF);
}
