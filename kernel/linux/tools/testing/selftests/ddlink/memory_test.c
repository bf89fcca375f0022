// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: links and items are paid for by the cgroup of the link's maker.
 *
 *	items, whoever writes				charged_to_the_makers_cgroup
 *	  or makes them					producers_elsewhere_charge_the_maker
 *	at its limit ENOMEM, and nobody is killed
 *				enomem_at_the_makers_limit_and_nothing_is_lost
 *	  and asynchronous items are lost by count	losses_at_the_makers_limit_are_told
 *	links, which bounds them besides RLIMIT_NOFILE	links_are_charged_to_the_makers_cgroup
 */
#include "link.h"

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define CGROUP	"/sys/fs/cgroup/"

static int cgroup_set(const char *file, const char *value)
{
	char path[128];
	int fd, ret;

	snprintf(path, sizeof(path), CGROUP "%s", file);
	fd = open(path, O_WRONLY);
	ret = fd < 0 ? -1 : write(fd, value, strlen(value));
	close(fd);
	return ret;
}

static long long cgroup_get(const char *file)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), CGROUP "%s", file);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return -1;
	close(fd);
	return atoll(text);
}

/* A count in the memory.events of a cgroup; -1 if there is none. */
static long long cgroup_event(const char *group, const char *name)
{
	char path[128], line[64];
	long long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), CGROUP "%s/memory.events", group);
	file = fopen(path, "r");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, name, strlen(name)) && line[strlen(name)] == ' ')
			count = atoll(line + strlen(name));
	}
	fclose(file);
	return count;
}

/* Let the cgroup of the link's maker have so many bytes more than it has now. */
static int leave_the_maker(long long bytes)
{
	char limit[32];

	sprintf(limit, "%lld", cgroup_get("maker/memory.current") + bytes);
	return cgroup_set("maker/memory.max", limit);
}

/* Two cgroups: links are made in "maker", this task is in "writer" then. */
FIXTURE(cgroups) {
	int echo;
	int test;
};

FIXTURE_SETUP(cgroups)
{
	if (cgroup_set("cgroup.subtree_control", "+memory") < 0 ||
	    mkdir(CGROUP "maker", 0755) || mkdir(CGROUP "writer", 0755))
		SKIP(return, "no memory cgroups");
	ASSERT_LT(0, cgroup_set("maker/cgroup.procs", "0"));
	self->echo = open_link(ECHO);
	self->test = open_link(TEST_DEV);
	ASSERT_LT(0, cgroup_set("writer/cgroup.procs", "0"));
	if (self->test < 0)
		SKIP(return, "no " TEST_DEV);
	ASSERT_LE(0, self->echo);
	EXPECT_SAID(self->test, "limit 1000000 1000000000");
}

FIXTURE_TEARDOWN(cgroups)
{
	EXPECT_EQ(0, cgroup_event("maker", "oom_kill"));
	EXPECT_EQ(0, cgroup_event("writer", "oom_kill"));
	close(self->echo);
	close(self->test);
	cgroup_set("cgroup.procs", "0");
	rmdir(CGROUP "maker");
	rmdir(CGROUP "writer");
}

/*
 * Of close to 2 MiB, half is the bar: for each processor, a cgroup may have charged
 * up to 256 KiB ahead.
 */
TEST_F(cgroups, charged_to_the_makers_cgroup)
{
	static char message[16000];
	const long long half = 1 << 20;
	long long before, other;
	int i;

	before = cgroup_get("maker/memory.current");
	other = cgroup_get("writer/memory.current");
	for (i = 0; i < 120; i++)
		EXPECT_EQ(sizeof(message),
			  write(self->echo, message, sizeof(message)));
	EXPECT_LT(before + half, cgroup_get("maker/memory.current"));
	EXPECT_GT(other + half, cgroup_get("writer/memory.current"));
	close(self->echo);
	EXPECT_GT(before + half, cgroup_get("maker/memory.current"));
}

TEST_F(cgroups, enomem_at_the_makers_limit_and_nothing_is_lost)
{
	static int message[4000], item[4000];
	int written = 0, i;

	ASSERT_LT(0, leave_the_maker(200000));
	for (i = 0; i < 40; i++, written++) {
		message[0] = i;
		message[3999] = i;
		if (write(self->echo, message, sizeof(message)) < 0)
			break;
	}
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_LT(0, written);
	EXPECT_GT(40, written);
	EXPECT_LT(0, cgroup_event("maker", "max"));
	/* what was let in is all there; what was not, left nothing */
	EXPECT_EQ(written, info_of(self->echo, "items"));
	EXPECT_EQ(written, info_of(self->echo, "charged-items"));
	for (i = 0; i < written; i++) {
		ASSERT_EQ(sizeof(item), read(self->echo, item, sizeof(item)));
		EXPECT_EQ(i, item[0]);
		EXPECT_EQ(i, item[3999]);
	}
	EXPECT_EMPTY(self->echo);
	EXPECT_EQ(0, info_of(self->echo, "charged-bytes"));
	/* and there is memory again */
	EXPECT_EQ(sizeof(message), write(self->echo, message, sizeof(message)));
}

/* Asynchronous items that find no memory are counted, in their place. */
TEST_F(cgroups, losses_at_the_makers_limit_are_told)
{
	union {
		struct ddlink_overflow overflow;
		char text[16];
	} item;
	static char text[16000];
	int seen = 0, lost = 0, i;
	ssize_t size;

	ASSERT_LT(0, leave_the_maker(300000));
	for (i = 0; i < 8; i++)
		EXPECT_EQ(sizeof(text), write(self->echo, text, sizeof(text)));
	EXPECT_EQ(2000, write(self->echo, text, 2000));
	while (write(self->echo, text, sizeof(text)) > 0)
		;
	while (write(self->echo, text, 1000) > 0)
		;
	EXPECT_EQ(ENOMEM, errno);
	/*
	 * Room for the command and some items; few, as each searches at length.
	 * What the large ones leave behind, 128 KiB, stays with the link.
	 */
	for (i = 0; i < 8 + 1; i++)
		EXPECT_LT(0, read(self->echo, text, sizeof(text)));
	EXPECT_SAID(self->test, "queues 100");
	while ((size = read(self->test, &item, sizeof(item) - 1)) > 0) {
		if (size == sizeof(item.overflow) &&
		    item.overflow.magic == DDLINK_OVERFLOW_MAGIC) {
			lost += item.overflow.lost;
			continue;
		}
		item.text[size] = 0;
		EXPECT_EQ(seen + lost, atoi(item.text));
		seen++;
	}
	EXPECT_LT(0, seen);
	EXPECT_LT(0, lost);
	EXPECT_EQ(100, seen + lost);
	EXPECT_EQ(lost, info_of(self->test, "dropped"));
}

/* Items made in interrupt context, whoever is interrupted. */
TEST_F(cgroups, producers_elsewhere_charge_the_maker)
{
	long long before, other, charged;

	before = cgroup_get("maker/memory.current");
	other = cgroup_get("writer/memory.current");
	EXPECT_SAID(self->test, "later 1 10000");
	EXPECT_EQ(POLLIN, poll_for(self->test, POLLIN));
	EXPECT_EQ(10000, wait_for_items(self->test, 10000));
	charged = cgroup_get("maker/memory.current") - before;
	EXPECT_LT(400000, charged);
	EXPECT_GT(other + charged / 2, cgroup_get("writer/memory.current"));
	close(self->test);
	/* KASAN holds some of it back for a while, and makes all of it more */
	EXPECT_GT(before + charged / 2, cgroup_get("maker/memory.current"));
}

#define MANY_LINKS	2000
#define LINK_LEAST	200	/* bytes that a link takes itself, at the very least */

/* What @count descriptors cost this task's cgroup, "maker". */
static long long cost_of(int (*make)(void), int count)
{
	long long before = cgroup_get("maker/memory.current"), after;
	int *fds = calloc(count, sizeof(*fds)), i, missing = 0;

	for (i = 0; i < count; i++) {
		fds[i] = make();
		missing += fds[i] < 0;
	}
	after = cgroup_get("maker/memory.current");
	for (i = 0; i < count; i++)
		close(fds[i]);
	free(fds);
	return missing ? -1 : after - before;
}

static int make_echo(void)
{
	return open_link(ECHO);
}

static int make_userfaultfd(void)
{
	return syscall(__NR_userfaultfd, O_CLOEXEC);
}

static int make_eventfd(void)
{
	return eventfd(0, EFD_CLOEXEC);
}

/* A file of the same make whose own part is not charged: with an inode, or not. */
static int (*likeness(void))(void)
{
	int links[2] = { open_link(ECHO), open_link(ECHO) };
	struct stat a, b;

	fstat(links[0], &a);
	fstat(links[1], &b);
	close(links[0]);
	close(links[1]);
	return a.st_ino == b.st_ino ? make_eventfd : make_userfaultfd;
}

/* Links are bounded by descriptors (descriptor_limit) and by what they cost. */
TEST(links_are_charged_to_the_makers_cgroup)
{
	struct rlimit limit = { 2 * MANY_LINKS, 2 * MANY_LINKS };
	long long files, links;

	if (cgroup_set("cgroup.subtree_control", "+memory") < 0 ||
	    mkdir(CGROUP "maker", 0755))
		SKIP(return, "no memory cgroups");
	ASSERT_LT(0, cgroup_set("maker/cgroup.procs", "0"));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	/* have the table of descriptors grow before */
	ASSERT_EQ(2 * MANY_LINKS - 1, dup2(0, 2 * MANY_LINKS - 1));
	files = cost_of(likeness(), MANY_LINKS);
	links = cost_of(make_echo, MANY_LINKS);
	EXPECT_LT(0, files);
	EXPECT_LT(files + MANY_LINKS * LINK_LEAST, links);
	cgroup_set("cgroup.procs", "0");
	rmdir(CGROUP "maker");
}

TEST_HARNESS_MAIN
