// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory: links and items are paid for by the cgroup of the link's maker.
 *
 *	items, whoever writes; ENOMEM at its limit	charged_to_the_makers_cgroup
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

TEST(charged_to_the_makers_cgroup)
{
	static char message[16000];
	long long before, other;
	char limit[32];
	int link, i;

	if (cgroup_set("cgroup.subtree_control", "+memory") < 0 ||
	    mkdir(CGROUP "maker", 0755) || mkdir(CGROUP "writer", 0755))
		SKIP(return, "no memory cgroups");
	ASSERT_LT(0, cgroup_set("maker/cgroup.procs", "0"));
	link = open_link(ECHO);
	ASSERT_LE(0, link);
	ASSERT_LT(0, cgroup_set("writer/cgroup.procs", "0"));
	before = cgroup_get("maker/memory.current");
	other = cgroup_get("writer/memory.current");
	for (i = 0; i < 64; i++)
		EXPECT_EQ(sizeof(message), write(link, message, sizeof(message)));
	EXPECT_LT(before + 800000, cgroup_get("maker/memory.current"));
	EXPECT_GT(other + 200000, cgroup_get("writer/memory.current"));

	/* the maker's limit is the limit, and nobody is killed for it */
	sprintf(limit, "%lld", cgroup_get("maker/memory.current") + 200000);
	ASSERT_LT(0, cgroup_set("maker/memory.max", limit));
	for (i = 0; i < 40; i++) {
		if (write(link, message, sizeof(message)) < 0)
			break;
	}
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_GT(40, i);
	close(link);
	EXPECT_GT(before + 200000, cgroup_get("maker/memory.current"));
	cgroup_set("cgroup.procs", "0");
	rmdir(CGROUP "maker");
	rmdir(CGROUP "writer");
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
