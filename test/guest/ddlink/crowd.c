// SPDX-License-Identifier: MIT
/*
 * Many writers and readers of one link: every item is read exactly once, and
 * no reader ever sees an item of a writer before an earlier one.
 *
 *	crowd ITEMS WRITERS READERS
 *
 * Writers and readers are processes; what they found lies in shared memory.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/ddlink.h>

#define WRITERS_MAX	16
#define WAIT_MS		20000	/* nobody has to wait so long: it is a lost wake-up */

struct item {
	uint32_t writer, number;
	uint32_t check;		/* of the two, so that a torn item is seen */
};

static struct found {
	int32_t left;		/* below 0 if items came twice */
	uint32_t twice, disorder, torn, lost_wakeups;
	unsigned char seen[];	/* per item: how often it was read */
} *found;

static uint32_t each;		/* items of one writer */
static int link_fd;

static uint32_t check(const struct item *item)
{
	return item->writer * 2654435761u ^ item->number;
}

static bool wait_for(short events)
{
	struct pollfd pfd = { .fd = link_fd, .events = events };
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	if (poll(&pfd, 1, WAIT_MS) > 0) {
		clock_gettime(CLOCK_MONOTONIC, &to);
		/* poll looks again at its end: what it sees then, it was not woken for */
		if (to.tv_sec - from.tv_sec < WAIT_MS / 1000)
			return true;
	}
	__atomic_add_fetch(&found->lost_wakeups, 1, __ATOMIC_RELAXED);
	return false;
}

static int write_all(uint32_t writer)
{
	for (uint32_t n = 0; n < each; n++) {
		struct item item = { writer, n, 0 };

		item.check = check(&item);
		while (write(link_fd, &item, sizeof(item)) < 0)
			if (errno != ENOBUFS || !wait_for(POLLOUT))
				return 1;
	}
	return 0;
}

static void note(const struct item *item, uint32_t *last)
{
	if (item->check != check(item) || item->writer >= WRITERS_MAX || item->number >= each) {
		__atomic_add_fetch(&found->torn, 1, __ATOMIC_RELAXED);
		return;
	}
	if (__atomic_fetch_add(&found->seen[item->writer * each + item->number], 1, __ATOMIC_RELAXED))
		__atomic_add_fetch(&found->twice, 1, __ATOMIC_RELAXED);
	if (item->number < last[item->writer])
		__atomic_add_fetch(&found->disorder, 1, __ATOMIC_RELAXED);
	last[item->writer] = item->number + 1;
}

/* The end is a writer's number that none has: one for each reader. */
static int read_all(void)
{
	uint32_t last[WRITERS_MAX] = { 0 };
	struct item item;

	for (;;) {
		ssize_t size = read(link_fd, &item, sizeof(item));

		if (!size) {
			if (!wait_for(POLLIN))
				return 1;
			continue;
		}
		if (size != sizeof(item))
			return 1;
		if (item.writer == UINT32_MAX)
			return 0;
		note(&item, last);
		__atomic_sub_fetch(&found->left, 1, __ATOMIC_RELAXED);
	}
}

static void start(int writer)
{
	fflush(stdout);
	if (!fork())
		_exit(writer < 0 ? read_all() : write_all(writer));
}

static int wait_all(int count)
{
	int failed = 0, status;

	while (count--) {
		wait(&status);
		failed |= status;
	}
	return failed;
}

int main(int argc, char **argv)
{
	uint32_t items = argc > 1 ? atoi(argv[1]) : 10000, writers = argc > 2 ? atoi(argv[2]) : 2;
	uint32_t readers = argc > 3 ? atoi(argv[3]) : 2, i;
	struct item end = { .writer = UINT32_MAX };
	int failed;

	each = items / writers;
	link_fd = ioctl(open("/dev/ddecho", O_RDWR), DDLINK_OPEN);
	found = mmap(NULL, sizeof(*found) + items, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (link_fd < 0 || found == MAP_FAILED || writers > WRITERS_MAX)
		return 2;
	found->left = each * writers;
	for (i = 0; i < writers; i++)
		start(i);
	for (i = 0; i < readers; i++)
		start(-1);
	/* no reader ends before the marks below, so these are the writers, unless one failed */
	failed = wait_all(writers);
	for (i = 0; i < readers; i++)
		while (write(link_fd, &end, sizeof(end)) < 0)
			if (errno != ENOBUFS || !wait_for(POLLOUT))
				failed = 1;
	failed |= wait_all(readers);
	printf("crowd: %u items by %u writers to %u readers: %d not read, %u twice, %u out of order, %u torn, %u lost wake-ups\n",
	       each * writers, writers, readers, found->left, found->twice, found->disorder, found->torn,
	       found->lost_wakeups);
	return failed || found->left || found->twice || found->disorder || found->torn || found->lost_wakeups;
}
