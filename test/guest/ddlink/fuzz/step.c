// SPDX-License-Identifier: MIT
#include "step.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "monitor.h"
#include "world.h"

#define CANARY	0xa5
#define MARGIN	16	/* bytes behind a read's result that must be as before */
#define LATER_MS 5000

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

static bool saying, same;
static char told[256];		/* the step in words */

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

/* ---- saying what is done, and what differs ---- */

static void describe(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(told, sizeof(told), format, args);
	va_end(args);
}

static void differ(const char *what, long long got, long long wanted)
{
	if (saying)
		printf("  DIFFERS: %s is %lld, the contract says %lld\n", what, got, wanted);
	same = false;
}

static void expect(const char *what, long long got, long long wanted)
{
	if (got != wanted)
		differ(what, got, wanted);
}

/* ---- who and where ---- */

static int pick_task(struct step step)
{
	int n = 0, found[TASKS];

	for (int i = 0; i < TASKS; i++)
		if (tasks[i].pid)
			found[n++] = i;
	return found[step.task % n];
}

static struct slot *pick_slot(struct step step, int task)
{
	struct slot *found[FDS];
	int n = 0;

	for (int i = 0; i < FDS; i++)
		if (tasks[task].slots[i].model)
			found[n++] = &tasks[task].slots[i];
	return n ? found[step.slot % n] : NULL;
}

static struct slot *free_slot(int task)
{
	for (int i = 0; i < FDS; i++)
		if (!tasks[task].slots[i].model)
			return &tasks[task].slots[i];
	return NULL;
}

static void drop(struct slot *slot)
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

/* One more descriptor for a link. */
static void share(struct slot *slot, int fd, struct model *model)
{
	model->refs++;
	*slot = (struct slot){ fd, model };
}

static long run(int task, struct call wanted)
{
	calls++;
	*call = wanted;
	return world_call(task);
}

/* ---- messages ---- */

static const uint16_t sizes[] = { 1, 2, 7, 8, 9, 31, 64, 100, 255, 256, 257, 1000, 4000, 4096, 4097, 9000 };

/* The longest that all others may have: texts, and what is reserved. */
#define SMALL	300

void step_begin(void)
{
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		world_measure(sizes[i]);
	for (uint32_t size = 1; size <= SMALL; size++)
		world_measure(size);
}

static uint32_t size_for(struct step step)
{
	if (step.b % 1000 == 0)
		return DDLINK_ITEM_MAX + 1 - step.a % 2;
	if (step.b % 64 == 1)
		return 0;
	if (step.b % 16 == 2)
		return sizes[step.a % (sizeof(sizes) / sizeof(*sizes))];
	return 1 + step.a % 80;
}

/* May its limit change? Not while something is held against it. */
static bool idle(const struct model *m)
{
	return !m->count && !m->items;
}

static uint32_t command_for(struct step step, const struct model *m, char *to)
{
	static const char text[] = "a b\tc\x7f, and so on: the words that a component says when it refuses";
	int a = step.a % 6;

	switch (step.how % 24) {
	case 0 ... 4:
		return sprintf(to, "post %.*s", 1 + step.a % 60, text);
	case 5 ... 6:
		return sprintf(to, "posts %d", a);
	case 7 ... 9:
		return sprintf(to, "queues %d", a);
	case 10:
		return sprintf(to, "lose %d", a % 4);
	case 11 ... 12:
		return sprintf(to, "error %d %.*s", 1 + step.b % 40, step.a % 60, text);
	case 13:
		return sprintf(to, "fail %d", 1 + step.a % 40);
	case 14:
		return sprintf(to, "fail-after-post");
	case 15:
		return sprintf(to, "reserve %d", 1 + step.a % SMALL);
	case 16:
		return sprintf(to, "spend");
	case 17:
		return sprintf(to, "unreserve");
	case 18 ... 19:
		if (idle(m))
			return sprintf(to, "limit %d %d", 1 + step.a % 12, 64 + step.b % 2000);
		return sprintf(to, "calls");
	case 20:
		return sprintf(to, "deaf %d", step.a % 2);
	case 21:
		return sprintf(to, "live");
	case 22:
		return sprintf(to, "uid");
	default:
		return sprintf(to, "nonsense");
	}
}

static uint32_t monitor_for(struct step step, char *to)
{
	static const char *const bad[] = { "x", "Monitor", "", "snaplen=1 monitor" };

	if (step.how % 4)
		return sprintf(to, step.how % 2 ? "monitor" : "monitor snaplen=%d", step.a % 300);
	strcpy(to, bad[step.a % 4]);
	return strlen(to);
}

static uint32_t message(struct step step, unsigned int index, const struct model *m)
{
	uint32_t len;

	if (m->kind == TEST)
		return command_for(step, m, (char *)buffer);
	if (m->kind == MONITOR)
		return monitor_for(step, (char *)buffer);
	len = size_for(step);
	for (uint32_t i = 0; i < len; i++)
		buffer[i] = index * 31 + i * 7 + (i >> 8);
	return len;
}

/* ---- the steps ---- */

static void take_open(struct step step, int task)
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

static void take_write(struct step step, unsigned int index, int task, struct slot *slot)
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

static void take_read(struct step step, int task, struct slot *slot)
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

static void take_poll(int task, struct slot *slot)
{
	struct model *m = slot->model;
	/* events come to a monitor as they like */
	short ignored = m->watching ? POLLIN : 0;

	describe("poll");
	expect("the mask", run(task, (struct call){ .type = CALL_POLL, .fd = slot->fd }) & ~ignored,
	       model_poll(m) & ~ignored);
}

static void take_fionread(struct step step, int task, struct slot *slot)
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

static void take_ioctl(struct step step, int task, struct slot *slot)
{
	static const unsigned int commands[] = { _IO('t', 1), _IO('t', 1), _IO('t', 3), _IO('t', 99), DDLINK_OPEN };
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

static void take_info(int task, struct slot *slot)
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

static void take_dup(int task, struct slot *slot)
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

static void take_close(int task, struct slot *slot)
{
	describe("close");
	expect("the result", run(task, (struct call){ .type = CALL_CLOSE, .fd = slot->fd }), 0);
	drop(slot);
}

static void take_fork(void)
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

static void take_exit(int task)
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
static void take_pass(int task, struct slot *slot)
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

static void take_nonblock(struct step step, int task, struct slot *slot)
{
	describe("O_NONBLOCK %s", step.how % 2 ? "on" : "off");
	expect("the result",
	       run(task, (struct call){ .type = CALL_NONBLOCK, .fd = slot->fd, .arg = step.how % 2 }), 0);
}

static void tell(int task, struct slot *slot, const char *words)
{
	struct call write = { .type = CALL_WRITE, .fd = slot->fd, .len = strlen(words) };
	long wanted = model_write(slot->model, words, write.len, false, false);

	strcpy((char *)buffer, words);
	expect("the result", run(task, write), wanted);
	monitor_expect(slot->model, DDLINK_EV_WRITE, wanted);
}

/* The kernel side goes, of one link or of all of its component. */
static void take_hangup(struct step step, int task, struct slot *slot)
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
static void take_later(struct step step, int task, struct slot *slot)
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

static void take_bad_fd(struct step step, int task)
{
	struct call bad = { .type = step.how % 2 ? CALL_READ : CALL_WRITE, .fd = step.a % 2 ? -1 : 999, .len = 1 };

	describe("%s of a descriptor that is none", step.how % 2 ? "read" : "write");
	expect("the result", run(task, bad), -EBADF);
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

	saying = say;
	same = true;
	*told = 0;
	take(step, index, task, slot);
	if (say && *told)
		printf("  task %d link %llu: %s = %ld\n", task, link, told, call->ret);
	return same;
}

bool step_finish(bool say)
{
	saying = say;
	same = true;
	for (int i = 0; i < TASKS; i++) {
		for (int j = 0; j < FDS; j++) {
			struct slot *slot = &tasks[i].slots[j];

			if (!slot->model)
				continue;
			while (same && slot->model->items && !slot->model->watching)
				take_read((struct step){ .a = 1 }, i, slot);
			take_poll(i, slot);
		}
	}
	if (say && !same)
		printf("  at the end, when all is read: %s\n", told);
	for (int i = 0; i < TASKS; i++)
		for (int j = 0; j < FDS; j++)
			if (tasks[i].slots[j].model)
				take_close(i, &tasks[i].slots[j]);
	world_clear();
	return same;
}
