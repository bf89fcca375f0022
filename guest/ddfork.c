// SPDX-License-Identifier: MIT
/*
 * ddfork: one link, two processes. The child polls, and reads the first item
 * as soon as it comes; the parent writes the others and exits; the child goes on
 * after the parent is gone: the link lives until its last user closes it, and
 * takes the items nobody read with it.
 *
 * The processes wait for each other by pipes, so that it is the same story on
 * every kernel, however that schedules them.
 *
 *	ddfork [-f PATH] [-w WRITES] [-r READS]
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ddlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MOUNT "/mnt"
#define PAUSE_MS 20		/* lets the child get as far as its poll */
#define PATIENCE_MS 5000

#define say(...) (printf("%s %d: ", role, (int)getpid()), printf(__VA_ARGS__))

static const char *role;

static int open_link(const char *path)
{
	int file = open(path, O_RDONLY);
	int link = file < 0 ? -1 : ioctl(file, DDLINK_OPEN);

	if (link < 0)
		err(1, "no link on %s (name a path on a mounted Tux3 volume with -f)", path);
	close(file);
	return link;
}

/* Returns when a byte comes, or when all who hold the other end have exited. */
static void wait_for_other(int pipe)
{
	char byte;

	if (read(pipe, &byte, 1) < 0)
		err(1, "%s: wait for the other", role);
}

/* The others when the child has read the first. */
static void write_items(int link, int count, int taken)
{
	char item[32];

	for (int i = 1; i <= count; i++) {
		int len = snprintf(item, sizeof(item), "item %d", i);
		ssize_t n = write(link, item, len);

		if (n < 0)
			err(1, "%s: write", role);
		say("write(\"%s\", %d) = %zd\n", item, len, n);
		if (i == 1)
			wait_for_other(taken);
	}
}

/* Waits until an item is there. Level-triggered: it says so for as long as one waits. */
static void wait_for_item(int link)
{
	struct pollfd wait = { .fd = link, .events = POLLIN };
	int n = poll(&wait, 1, PATIENCE_MS);

	say("poll(IN) = %d%s%s\n", n, wait.revents & POLLIN ? " IN" : "", wait.revents & POLLHUP ? " HUP" : "");
	if (n < 0 && errno != EINTR)
		err(1, "poll");
	if (n == 0 || (n > 0 && !(wait.revents & POLLIN)))
		errx(1, "no item came within %d ms", PATIENCE_MS);
}

/* Reads one item into a buffer that grows while read says EIO; 0: another reader was faster. */
static ssize_t read_item(int link)
{
	size_t size = 2;	/* small on purpose: the item does not fit at first */
	char *buffer = NULL;
	ssize_t n;

	do {
		size *= 2;
		buffer = realloc(buffer, size);
		n = buffer ? read(link, buffer, size) : -1;
		if (n < 0)
			say("read(%zu) = -1 %s(%s)\n", size, errno == EIO ? "EIO " : "", strerror(errno));
	} while (n < 0 && errno == EIO);
	if (n < 0)
		exit(1);
	say("read(%zu) = %zd \"%.*s\"\n", size, n, (int)n, buffer);
	free(buffer);
	return n;
}

/* The first item while the parent lives, the others after it. */
static void read_items(int link, int count, int alive, int taken)
{
	for (int i = 0; i < count;) {
		wait_for_item(link);
		if (read_item(link) == 0 || ++i > 1)
			continue;
		close(taken);
		wait_for_other(alive);
		say("the parent has exited\n");
	}
}

static int parse_count(const char *option, const char *text)
{
	char *end;
	long count = strtol(text, &end, 10);

	if (*end || count < 1 || count > 1000)
		errx(2, "%s %s: give a number from 1 to 1000", option, text);
	return count;
}

int main(int argc, char **argv)
{
	int writes = 5, reads = 3, option, link, alive[2], taken[2];
	const char *path = MOUNT;
	pid_t child;

	while ((option = getopt(argc, argv, "f:w:r:")) != -1) {
		if (option == 'f')
			path = optarg;
		else if (option == 'w')
			writes = parse_count("-w", optarg);
		else if (option == 'r')
			reads = parse_count("-r", optarg);
		else
			errx(2, "usage: ddfork [-f PATH] [-w WRITES] [-r READS]");
	}
	if (optind < argc)
		errx(2, "%s: takes options only: -f, -w and -r", argv[optind]);
	if (reads > writes)
		errx(2, "-r %d: only %d items are written, see -w", reads, writes);
	setvbuf(stdout, NULL, _IOLBF, 0);
	link = open_link(path);
	if (pipe(alive) || pipe(taken) || (child = fork()) < 0)
		err(1, "fork");
	role = child ? "parent" : "child";
	close(alive[child ? 0 : 1]);	/* the parent's end says that it lives */
	close(taken[child ? 1 : 0]);
	if (!child)
		return read_items(link, reads, alive[0], taken[1]), 0;
	poll(NULL, 0, PAUSE_MS);
	write_items(link, writes, taken[0]);
	return 0;
}
