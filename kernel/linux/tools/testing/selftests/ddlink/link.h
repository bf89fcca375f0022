/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Links to test: on /dev/ddecho (CONFIG_SAMPLE_DDLINK), on /dev/ddtest
 * (CONFIG_SAMPLE_DDLINK_TEST), which does what its messages say, and on
 * /dev/ddlink (CONFIG_DDLINK_MONITOR); and short words for what is done to them.
 * To be included before all else.
 */
#ifndef _SELFTESTS_DDLINK_LINK_H
#define _SELFTESTS_DDLINK_LINK_H

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <time.h>
#include <linux/ddlink.h>

#include "../kselftest_harness.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8
#endif

#define ECHO	"/dev/ddecho"
#define TEST_DEV	"/dev/ddtest"
#define CONTROL	"/dev/ddlink"

/* Not static, so that the compiler does not know that it stays NULL. */
char *nowhere;

static inline int open_link(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), link;

	if (fd < 0)
		return -1;
	link = ioctl(fd, DDLINK_OPEN);
	close(fd);
	return link;
}

/* One message; the result as -errno. */
static inline ssize_t say(int link, const char *text)
{
	ssize_t ret = write(link, text, strlen(text));

	return ret < 0 ? -errno : ret;
}

/* One item as a string; -errno on failure, 0 when there is none. */
static inline ssize_t hear(int link, char *text, size_t size)
{
	ssize_t ret = read(link, text, size - 1);

	if (ret < 0) {
		*text = 0;
		return -errno;
	}
	text[ret] = 0;
	return ret;
}

static inline int readable(int link)
{
	int size = -1;

	return ioctl(link, FIONREAD, &size) ? -errno : size;
}

static inline short poll_now(int link)
{
	struct pollfd pfd = { .fd = link, .events = POLLIN | POLLOUT };

	return poll(&pfd, 1, 0) < 0 ? -1 : pfd.revents;
}

/* At its end poll looks once more: what it sees then, it was not woken for. */
#define POLL_SECONDS	5

/* Wait until poll is woken for something of @events; 0 if it is not. */
static inline short poll_for(int link, short events)
{
	struct pollfd pfd = { .fd = link, .events = events };
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	if (poll(&pfd, 1, POLL_SECONDS * 1000) < 0)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &to);
	return to.tv_sec - from.tv_sec < POLL_SECONDS ? pfd.revents : 0;
}

#define INFO_MAX	256

/* What fdinfo says after "@key:"; -1 if it has no such line. */
static inline int info_text(int link, const char *key, char text[INFO_MAX])
{
	char path[64], line[INFO_MAX];
	int ret = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", link);
	file = fopen(path, "r");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, key, strlen(key)) || line[strlen(key)] != ':')
			continue;
		line[strcspn(line, "\n")] = 0;
		snprintf(text, INFO_MAX, "%s", line + strlen(key) + 2);
		ret = 0;
	}
	fclose(file);
	return ret;
}

static inline long long info_of(int link, const char *key)
{
	char text[INFO_MAX];

	return info_text(link, key, text) ? -1 : atoll(text);
}

/* What the item of a command takes of max_bytes; the link is as before. */
static inline long long charge_of(int link, const char *command)
{
	long long before = info_of(link, "charged-bytes"), charge;
	static char heard[8192];

	say(link, command);
	charge = info_of(link, "charged-bytes") - before;
	hear(link, heard, sizeof(heard));
	return charge;
}

/* Wait until so many items are queued, at most 5 s. */
static inline long long wait_for_items(int link, long long items)
{
	int i;

	for (i = 0; i < 1000 && info_of(link, "items") != items; i++)
		usleep(5000);
	return info_of(link, "items");
}

static inline long long sysctl_get(const char *name)
{
	char path[64], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/fs/ddlink/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return -1;
	close(fd);
	return atoll(text);
}

static inline int sysctl_set(const char *name, const char *value)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/proc/sys/fs/ddlink/%s", name);
	fd = open(path, O_WRONLY);
	ret = fd < 0 ? -1 : write(fd, value, strlen(value));
	ret = ret < 0 ? -errno : 0;
	close(fd);
	return ret;
}

#define EXPECT_ITEM(link, text) do {					\
	const char *expected = (text);					\
	char heard[4096];						\
	ssize_t len = hear(link, heard, sizeof(heard));			\
	EXPECT_EQ((ssize_t)strlen(expected), len);			\
	EXPECT_STREQ(expected, heard);					\
} while (0)

#define EXPECT_EMPTY(link) do {						\
	char heard[4096];						\
	EXPECT_EQ(0, hear(link, heard, sizeof(heard)))			\
		TH_LOG("unexpected item '%s'", heard);			\
} while (0)

#define EXPECT_SAID(link, text)	do {					\
	const char *said = (text);					\
	EXPECT_EQ((ssize_t)strlen(said), say(link, said));		\
} while (0)

static inline void on_alarm(int signal)
{
	(void)signal;
}

/* A signal that interrupts what sleeps, in @ms, and every 100 ms after. */
static inline void interrupt_in(int ms, int flags)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };
	struct itimerval timer = {
		.it_value.tv_usec = ms * 1000,
		.it_interval.tv_usec = 100000,
	};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static inline void no_interrupt(void)
{
	struct itimerval timer = { };

	setitimer(ITIMER_REAL, &timer, NULL);
}

FIXTURE(echo) {
	int link;
};

FIXTURE_SETUP(echo)
{
	self->link = open_link(ECHO);
	ASSERT_LE(0, self->link);
}

FIXTURE_TEARDOWN(echo)
{
	close(self->link);
}

FIXTURE(component) {
	int link;
};

FIXTURE_SETUP(component)
{
	self->link = open_link(TEST_DEV);
	if (self->link < 0)
		SKIP(return, "no " TEST_DEV);
}

FIXTURE_TEARDOWN(component)
{
	close(self->link);
}

#endif /* _SELFTESTS_DDLINK_LINK_H */
