// SPDX-License-Identifier: MIT
/*
 * Each scene is a few calls on links of which one is under test: its first
 * allocation or copy of user memory is made to fail, then its second, and so
 * on until it gets through without a failure. Whatever failed, nothing may be
 * lost or out of order, and the same call again must succeed.
 *
 * Needs CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC, CONFIG_FAULT_INJECTION_USERCOPY
 * (/proc/self/fail-nth, Documentation/fault-injection).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/ddlink.h>

#define ECHO	"/dev/ddecho"
#define TEST	"/dev/ddtest"
#define CONTROL	"/dev/ddlink"
#define DEBUGFS	"/sys/kernel/debug/"
#define MOST	5000	/* more faults than any call has places for */
#define PARTS	20	/* of a vector: too many for the kernel's stack */

static int nth_fd, wrong;
static const char *scene;
static int nth;

#define MUST(condition) do {						\
	if (!(condition)) {						\
		printf("faults: %s, fault %d: not so: %s (errno %d)\n",	\
		       scene, nth, #condition, errno);			\
		wrong++;						\
	}								\
} while (0)

/* ---- one fault ---- */

static void arm(void)
{
	char text[16];
	int size = sprintf(text, "%d", nth);

	MUST(pwrite(nth_fd, text, size, 0) == size);
}

/* Was there a fault? Keeps errno. */
static bool disarm(void)
{
	int err = errno, left = 1;
	char text[16] = "";

	/* reading what is left is a copy of user memory, too */
	if (pread(nth_fd, text, sizeof(text) - 1, 0) > 0)
		left = atoi(text);
	while (pwrite(nth_fd, "0", 1, 0) != 1)
		;
	errno = err;
	return !left;
}

/* A call under test; sets hit, and what a failed one may say. */
#define FAULTY(ret, expression) ({					\
	bool was_hit;							\
	arm();								\
	(ret) = (expression);						\
	was_hit = disarm();						\
	MUST((ret) >= 0 || (was_hit && (errno == ENOMEM || errno == EFAULT)));	\
	was_hit;							\
})

/* ---- links ---- */

static int open_link(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), link = ioctl(fd, DDLINK_OPEN);

	close(fd);
	return link;
}

static long say(int link, const char *text)
{
	return write(link, text, strlen(text));
}

static bool heard(int link, const char *wanted)
{
	char text[256];
	ssize_t size = read(link, text, sizeof(text));

	if (size == (ssize_t)strlen(wanted) && !memcmp(text, wanted, size))
		return true;
	printf("faults: heard %zd bytes '%.*s' instead of '%s'\n", size, size > 0 ? (int)size : 0, text, wanted);
	return false;
}

static bool empty(int link)
{
	char byte;

	return read(link, &byte, 1) == 0;
}

static long long number_in(const char *path, const char *key)
{
	char text[512], *at;
	int fd = open(path, O_RDONLY);
	ssize_t size = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[size > 0 ? size : 0] = 0;
	at = strstr(text, key);
	return at ? atoll(at + strlen(key)) : -1;
}

static int live_tests(void)
{
	int link = open_link(TEST);
	char text[16] = "";

	MUST(say(link, "live") > 0 && read(link, text, sizeof(text) - 1) > 0);
	close(link);
	return atoi(text);
}

/* ---- scenes: true as long as there was a fault ---- */

static bool opens(const char *path)
{
	int fd = open(path, O_RDWR), link, before = live_tests();
	bool hit;

	hit = FAULTY(link, ioctl(fd, DDLINK_OPEN));
	if (link < 0)
		MUST(live_tests() == before);
	close(link);
	link = ioctl(fd, DDLINK_OPEN);
	MUST(link >= 0);
	close(link);
	close(fd);
	MUST(live_tests() == before);
	return hit;
}

static bool open_echo(void)
{
	return opens(ECHO);
}

static bool open_test(void)
{
	return opens(TEST);
}

static bool open_monitor(void)
{
	return opens(CONTROL);
}

static bool open_device(void)
{
	int fd;
	bool hit = FAULTY(fd, open(ECHO, O_RDWR));

	close(fd);
	return hit;
}

static bool writes(size_t size)
{
	static char message[DDLINK_ITEM_MAX], back[DDLINK_ITEM_MAX];
	int link = open_link(ECHO);
	ssize_t ret;
	bool hit;

	/* the largest one needs a queue for itself */
	bool alone = size == sizeof(message);

	for (size_t i = 0; i < size; i++)
		message[i] = i * 7 + nth;
	MUST(alone || (say(link, "one") == 3 && say(link, "two") == 3));
	hit = FAULTY(ret, write(link, message, size));
	if (ret < 0)
		MUST(write(link, message, size) == (ssize_t)size);
	MUST(alone || (heard(link, "one") && heard(link, "two")));
	MUST(read(link, back, sizeof(back)) == (ssize_t)size && !memcmp(message, back, size));
	MUST(empty(link));
	close(link);
	return hit;
}

static bool write_small(void)
{
	return writes(5);
}

static bool write_pages(void)
{
	return writes(3 * 65536);
}

static bool write_largest(void)
{
	return writes(DDLINK_ITEM_MAX);
}

static void cut(struct iovec *parts, char *data, size_t each)
{
	for (int i = 0; i < PARTS; i++)
		parts[i] = (struct iovec){ data + i * each, each };
}

static bool write_vector(void)
{
	char data[PARTS * 2 + 1] = "a vector of twenty parts, two bytes each";
	struct iovec parts[PARTS];
	int link = open_link(ECHO);
	ssize_t ret;
	bool hit;

	cut(parts, data, 2);
	hit = FAULTY(ret, writev(link, parts, PARTS));
	if (ret < 0)
		MUST(writev(link, parts, PARTS) == 2 * PARTS);
	MUST(heard(link, data));
	MUST(empty(link));
	close(link);
	return hit;
}

static bool reads(ssize_t (*get)(int link, char *to))
{
	int link = open_link(ECHO);
	char text[2 * PARTS];
	ssize_t ret;
	bool hit;

	say(link, "one");
	say(link, "two");
	hit = FAULTY(ret, get(link, text));
	if (ret < 0)
		MUST(get(link, text) == 3);
	MUST(!memcmp(text, "one", 3));
	MUST(heard(link, "two"));
	MUST(empty(link));
	close(link);
	return hit;
}

static ssize_t get_plain(int link, char *to)
{
	return read(link, to, 2 * PARTS);
}

static ssize_t get_vector(int link, char *to)
{
	struct iovec parts[PARTS];

	cut(parts, to, 2);
	return readv(link, parts, PARTS);
}

static bool read_item(void)
{
	return reads(get_plain);
}

static bool read_vector(void)
{
	return reads(get_vector);
}

static bool read_largest(void)
{
	static char data[DDLINK_ITEM_MAX];
	int link = open_link(ECHO);
	ssize_t ret;
	bool hit;

	MUST(write(link, data, sizeof(data)) == sizeof(data));
	hit = FAULTY(ret, read(link, data, sizeof(data)));
	if (ret < 0)
		MUST(read(link, data, sizeof(data)) == sizeof(data));
	MUST(empty(link));
	close(link);
	return hit;
}

/* Posts before the one that failed stay; the command says that it failed. */
static bool posts(void)
{
	int link = open_link(TEST), done = 0, size;
	char number[12];
	ssize_t ret;
	bool hit;

	hit = FAULTY(ret, say(link, "posts 3"));
	while (!ioctl(link, FIONREAD, &size) && size) {
		sprintf(number, "%d", done++);
		MUST(heard(link, number));
	}
	MUST(ret < 0 ? done < 3 : done == 3);
	MUST(say(link, "post x") > 0);
	MUST(heard(link, "x"));
	close(link);
	return hit;
}

/* What is lost is told in its place, and the rest comes in order. */
static bool queues(void)
{
	int link = open_link(TEST), seen = 0, lost = 0;
	union {
		struct ddlink_overflow overflow;
		char text[16];
	} item = { .text = "" };
	ssize_t ret, size;
	bool hit;

	hit = FAULTY(ret, say(link, "queues 4"));
	if (ret < 0)
		MUST(say(link, "queues 4") > 0);
	while ((size = read(link, &item, sizeof(item))) > 0) {
		if (size == sizeof(item.overflow) && item.overflow.magic == DDLINK_OVERFLOW_MAGIC)
			lost += item.overflow.lost;
		else
			MUST(size == 1 && item.text[0] == '0' + seen + lost);
		seen += size == 1;
	}
	MUST(seen + lost == 4);
	close(link);
	return hit;
}

static bool reserve(void)
{
	int link = open_link(TEST);
	char item[16];
	ssize_t ret;
	bool hit;

	hit = FAULTY(ret, say(link, "reserve 4"));
	MUST(empty(link));
	if (ret < 0)
		MUST(say(link, "reserve 4") > 0);
	MUST(say(link, "spend") > 0);
	for (int i = 0; i < 4; i++)
		MUST(read(link, item, sizeof(item)) == 4 && item[0] == '0' + i);
	MUST(empty(link));
	close(link);
	return hit;
}

/* The text may be missing, the error may not; an older text is gone. */
static bool error_text(void)
{
	int link = open_link(TEST);
	char text[64];
	ssize_t ret, size;
	bool hit;

	MUST(say(link, "error 1 old") < 0);
	arm();
	ret = say(link, "error 1 new");
	hit = disarm();
	MUST(ret < 0 && (errno == EPERM || (hit && (errno == ENOMEM || errno == EFAULT))));
	if (errno == EPERM) {
		size = read(link, text, sizeof(text));
		MUST(size == 0 || (size == 3 && !memcmp(text, "new", 3)));
	}
	MUST(say(link, "post x") > 0);
	MUST(heard(link, "x"));
	close(link);
	return hit;
}

static bool command_ioctl(void)
{
	int link = open_link(TEST), ret;
	bool hit;

	hit = FAULTY(ret, ioctl(link, _IO('t', 1), 42));
	if (ret < 0)
		MUST(ioctl(link, _IO('t', 1), 42) == 7);
	MUST(heard(link, "42"));
	MUST(empty(link));
	close(link);
	return hit;
}

static bool fionread(void)
{
	int link = open_link(ECHO), ret, size = -1;
	bool hit;

	say(link, "four");
	hit = FAULTY(ret, ioctl(link, FIONREAD, &size));
	MUST(ret < 0 || size == 4);
	MUST(heard(link, "four"));
	close(link);
	return hit;
}

static bool polls(void)
{
	struct pollfd many[200];
	int link = open_link(ECHO), ret;
	bool hit;

	say(link, "x");
	for (int i = 0; i < 200; i++)
		many[i] = (struct pollfd){ .fd = link, .events = POLLIN };
	hit = FAULTY(ret, poll(many, 200, 0));
	MUST(ret < 0 || (ret == 200 && many[199].revents == POLLIN));
	MUST(heard(link, "x"));
	close(link);
	return hit;
}

static bool epolls(void)
{
	struct epoll_event event = { .events = EPOLLIN }, got = { 0 };
	int link = open_link(ECHO), ep = epoll_create1(0), ret;
	bool hit;

	hit = FAULTY(ret, epoll_ctl(ep, EPOLL_CTL_ADD, link, &event));
	if (ret < 0)
		MUST(epoll_ctl(ep, EPOLL_CTL_ADD, link, &event) == 0);
	say(link, "x");
	MUST(epoll_wait(ep, &got, 1, 1000) == 1 && got.events == EPOLLIN);
	close(ep);
	close(link);
	return hit;
}

static bool passes(void)
{
	int pair[2], link = open_link(ECHO);
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	ssize_t ret;
	bool hit;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &link, sizeof(int));
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	arm();
	ret = sendmsg(pair[0], &msg, 0);
	hit = disarm();
	/* a socket that finds no memory says that its buffer is full */
	MUST(ret == 1 || (hit && (errno == ENOBUFS || errno == ENOMEM || errno == EFAULT)));
	MUST(say(link, "mine") > 0 && heard(link, "mine"));
	close(pair[0]);
	close(pair[1]);
	close(link);
	return hit;
}

static bool fdinfo(void)
{
	int link = open_link(ECHO), fd;
	char path[64], text[512];
	ssize_t ret = -1;
	bool hit;

	say(link, "four");
	sprintf(path, "/proc/self/fdinfo/%d", link);
	hit = FAULTY(ret, (fd = open(path, O_RDONLY)) < 0 ? -1 : read(fd, text, sizeof(text)));
	close(fd);
	MUST(number_in(path, "next:") == 4);
	MUST(heard(link, "four"));
	close(link);
	return hit;
}

static bool sysctl_read(void)
{
	int fd = open("/proc/sys/fs/ddlink/max_items", O_RDONLY);
	char text[32];
	ssize_t ret;
	bool hit = FAULTY(ret, read(fd, text, sizeof(text)));

	close(fd);
	MUST(number_in("/proc/sys/fs/ddlink/max_items", "") == 1024);
	return hit;
}

static bool sysctl_write(void)
{
	int fd = open("/proc/sys/fs/ddlink/max_items", O_WRONLY);
	ssize_t ret;
	bool hit = FAULTY(ret, write(fd, "1024", 4));

	close(fd);
	MUST(number_in("/proc/sys/fs/ddlink/max_items", "") == 1024);
	return hit;
}

static bool monitor_starts(void)
{
	int link = open_link(CONTROL);
	char text[256];
	ssize_t ret;
	bool hit;

	hit = FAULTY(ret, say(link, "monitor"));
	if (ret < 0) {
		while (read(link, text, sizeof(text)) > 0)
			;
		MUST(say(link, "monitor") > 0);
	}
	close(link);
	return hit;
}

/* Records and those that the overflow record tells of are all events. */
static bool monitor_loses_by_count(void)
{
	int monitor = open_link(CONTROL), link = open_link(ECHO);
	union {
		struct ddlink_event event;
		char bytes[1024];
	} record;
	unsigned long long next = 0;
	ssize_t ret;
	bool hit;

	MUST(say(monitor, "monitor") > 0);
	hit = FAULTY(ret, say(link, "hello"));
	if (ret < 0)
		MUST(say(link, "hello") > 0);
	close(link);
	while (read(monitor, &record, sizeof(record)) > 0) {
		MUST(record.event.seq == next);
		next += record.event.type == DDLINK_EV_OVERFLOW ? record.event.value : 1;
	}
	/* enter, post, write and release; one more write if the first failed */
	MUST(next >= 4 && next <= 5);
	close(monitor);
	return hit;
}

static bool monitor_read(void)
{
	int monitor = open_link(CONTROL), link;
	union {
		struct ddlink_event event;
		char bytes[1024];
	} record;
	ssize_t ret;
	bool hit;

	MUST(say(monitor, "monitor") > 0);
	link = open_link(ECHO);
	hit = FAULTY(ret, read(monitor, &record, sizeof(record)));
	if (ret < 0)
		MUST(read(monitor, &record, sizeof(record)) > 0);
	MUST(record.event.type == DDLINK_EV_CREATE && record.event.seq == 0);
	close(link);
	close(monitor);
	return hit;
}

static bool hangs_up(void)
{
	int link = open_link(TEST);
	struct pollfd pfd = { .fd = link };
	ssize_t ret;
	bool hit;

	MUST(say(link, "posts 1") > 0);
	hit = FAULTY(ret, say(link, "hangup 0"));
	if (ret < 0)
		MUST(say(link, "hangup 0") > 0);
	MUST(poll(&pfd, 1, 5000) == 1 && pfd.revents == POLLHUP);
	MUST(heard(link, "0"));
	MUST(empty(link));
	close(link);
	return hit;
}

static bool closes(void)
{
	int link = open_link(TEST), before, ret;
	bool hit;

	MUST(say(link, "posts 3") > 0 && say(link, "reserve 5") > 0);
	before = live_tests();
	hit = FAULTY(ret, close(link));
	MUST(live_tests() == before - 1);
	return hit;
}

static const struct {
	const char *name;
	bool (*run)(void);
} scenes[] = {
	{ "open the device", open_device }, { "open an echo link", open_echo },
	{ "open a test link", open_test }, { "open a monitor", open_monitor },
	{ "write 5 bytes", write_small }, { "write 192 KiB", write_pages },
	{ "write 1 MiB", write_largest }, { "writev", write_vector }, { "read", read_item },
	{ "readv", read_vector }, { "read 1 MiB", read_largest }, { "post", posts }, { "queue", queues },
	{ "reserve", reserve }, { "error text", error_text }, { "ioctl", command_ioctl },
	{ "FIONREAD", fionread }, { "poll", polls }, { "epoll", epolls }, { "pass over a socket", passes },
	{ "fdinfo", fdinfo }, { "sysctl, read", sysctl_read }, { "sysctl, write", sysctl_write },
	{ "start a monitor", monitor_starts }, { "monitored write", monitor_loses_by_count },
	{ "read a monitor", monitor_read }, { "hang up", hangs_up }, { "close", closes },
};

static void set(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), DEBUGFS "%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, strlen(value)) < 0) {
		printf("faults: cannot set %s: %s\n", path, strerror(errno));
		wrong++;
	}
	close(fd);
}

int main(void)
{
	unsigned int i, all = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	nth_fd = open("/proc/self/fail-nth", O_RDWR);
	if (nth_fd < 0) {
		printf("faults: no /proc/self/fail-nth: the kernel has no fault injection\n");
		return 2;
	}
	set("failslab/ignore-gfp-wait", "N");
	set("fail_page_alloc/ignore-gfp-wait", "N");
	set("fail_page_alloc/ignore-gfp-highmem", "N");
	set("fail_page_alloc/min-order", "0");
	set("failslab/verbose", "0");
	set("fail_page_alloc/verbose", "0");
	set("fail_usercopy/verbose", "0");
	for (i = 0; i < sizeof(scenes) / sizeof(*scenes); i++) {
		scene = scenes[i].name;
		for (nth = 1; nth < MOST && scenes[i].run(); nth++)
			;
		printf("faults: %s: %d\n", scene, nth - 1);
		MUST(nth < MOST);
		all += nth - 1;
	}
	printf("faults: %u faults in %u calls, %d wrong\n", all, i, wrong);
	return wrong ? 1 : 0;
}
