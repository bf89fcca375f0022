// SPDX-License-Identifier: GPL-2.0-only
/*
 * What device mapper's links say when a command fails, and what is left then.
 *
 *	a table is refused with its line and reason	load_says_why
 *	  and so is one that is found out later		resume_says_why
 *	no such device, name taken, bad names		devices_that_are_not_there,
 *							names_that_are_taken,
 *							names_that_are_none
 *	unknown words are refused			words_that_are_unknown
 *	a message is one command			one_command_a_message
 *	room comes before the effect			room_comes_before_effect
 *	  and a list is whole or not there		lists_are_whole
 *	a signal: EINTR, and the device runs on		suspend_is_interrupted
 *	  with its table still to come			resume_is_interrupted
 *	whatever is written				hostile_messages, largest_message
 */
#include "dm.h"

#include <pthread.h>

TEST_F(dm, load_says_why)
{
	static const struct {
		const char *table, *why;
	} cases[] = {
		{ "0 8 nothing", "nothing: unknown target type; error adding target 0" },
		{ "0 8 error\n9 8 error", "error: Gap in table (-22); error adding target 1" },
		{ "\n0 8 error\n\n8 0 error", "zero-length target; error adding target 1" },
		{ "0 8 linear", "linear: Invalid argument count" },
		{ "0 8 linear /dev/ram0 x", "linear: Invalid device sector" },
		{ "0 8 linear /dev/none 0", "linear: Device lookup failed" },
		{ "0 8 linear /dev/ram0 99999999", "ram0 too small for target" },
		{ "0 36028797018963968 error", "too large device" },
		{ "0 8 striped 2 7 /dev/ram0 0", "striped: " },
		{ "0 8 toolongforatypename", "target 0: 'toolongforatypename' is no type" },
		{ "0 8", "target 0: '' is no type" },
		{ "0 8 error\n8 error", "target 1 is not START LENGTH TYPE ARGS" },
		{ "-1 8 error", "target 0 is not START" },
		{ "0 99999999999999999999 error", "target 0 is not START" },
		{ "0x0 8 error", "target 0 is not START" },
		{ "", "a table has lines" },
		{ " \t\n\t ", "a table has lines" },
	};
	char text[4096], command[512];
	size_t i;

	EXPECT_SAID(self->link, "create dd-a");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(command, sizeof(command), "load dd-a\n%s", cases[i].table);
		EXPECT_GT(0, say(self->link, command));
		hear(self->link, text, sizeof(text));
		EXPECT_NE(NULL, strstr(text, cases[i].why))
			TH_LOG("'%s' is refused with '%s'", cases[i].table, text);
		EXPECT_EMPTY(self->link);
	}
	EXPECT_REFUSED(self->link, EINVAL, "load dd-a", "a table has lines");
	EXPECT_REFUSED(self->link, ENXIO, "load dd-b\n0 8 error", "no such device");
	EXPECT_SAID(self->link, "status dd-a");
	EXPECT_TRUE(hears(self->link, "targets=0"));
}

TEST_F(dm, resume_says_why)
{
	ASSERT_LE(0, make_device(self->link, "dd-a", "0 8 linear /dev/ram0 0"));
	/* dm looks at this when it swaps tables, and then the new one is gone */
	EXPECT_SAID(self->link, "load dd-a\n0 8 linear /dev/ram0 8190");
	EXPECT_REFUSED(self->link, EINVAL, "resume dd-a", "ram0 too small for target");
	EXPECT_SAID(self->link, "resume dd-a");
	EXPECT_SAID(self->link, "table dd-a");
	EXPECT_ITEM(self->link, "0 8 linear 1:0 0");
	/* control characters do not reach a terminal */
	EXPECT_REFUSED(self->link, EINVAL, "load dd-a\n0 8 \x1b[2J", "\\x1b[2J: unknown target");
	EXPECT_SAID(self->link, "status dd-a");
	EXPECT_TRUE(hears(self->link, "targets=1 active"));
	EXPECT_SAID(self->link, "status dd-a");
	EXPECT_FALSE(hears(self->link, "inactive"));
}

TEST_F(dm, devices_that_are_not_there)
{
	static const char *const commands[] = {
		"clear dd-a", "resume dd-a", "suspend dd-a", "remove dd-a", "remove dd-a deferred",
		"status dd-a", "table dd-a", "table dd-a inactive", "info dd-a", "deps dd-a",
		"message dd-a 0 @stats_list", "status uuid=none", "status dev=0:0",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		EXPECT_REFUSED(self->link, ENXIO, commands[i], "no such device");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, info_of(self->link, "charged-bytes"));
}

TEST_F(dm, names_that_are_taken)
{
	char text[64];

	EXPECT_SAID(self->link, "create dd-a uuid=DD-1");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_REFUSED(self->link, EBUSY, "create dd-a", "name or uuid is taken");
	EXPECT_REFUSED(self->link, EBUSY, "create dd-b uuid=DD-1", "name or uuid is taken");
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, "dd-b", 0));
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, info_of(self->link, "charged-bytes"));
}

TEST_F(dm, names_that_are_none)
{
	char name[200], text[64];

	EXPECT_REFUSED(self->link, EINVAL, "create control", "cannot be \"control\"");
	EXPECT_REFUSED(self->link, EINVAL, "create .", "cannot be");
	EXPECT_REFUSED(self->link, EINVAL, "create a/b", "cannot contain '/'");
	EXPECT_REFUSED(self->link, EINVAL, "create a\\x2fb", "cannot contain '/'");
	EXPECT_REFUSED(self->link, EINVAL, "create", "which device?");
	EXPECT_REFUSED(self->link, EINVAL, "create uuid=x", "name not supplied");
	EXPECT_REFUSED(self->link, EINVAL, "create dev=253:7", "name not supplied");
	EXPECT_REFUSED(self->link, EINVAL, "create dd-a\\x00b", "none of them NUL");
	EXPECT_REFUSED(self->link, EINVAL, "create dd-a uuid=", "1 to 128 characters");
	memset(name, 'x', sizeof(name));
	name[DM_NAME_LEN] = 0;
	memcpy(name, "dd-", 3);
	EXPECT_EQ(-EINVAL, sayf(self->link, "create %s", name));
	EXPECT_TRUE(hears(self->link, "1 to 127 characters"));
	name[DM_NAME_LEN - 1] = 0;
	EXPECT_LT(0, sayf(self->link, "create %s", name));
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_EQ(0, dm_simple(DM_DEV_REMOVE, name, 0));
}

TEST_F(dm, words_that_are_unknown)
{
	EXPECT_REFUSED(self->link, EINVAL, "explode dd-a", "unknown command 'explode'");
	EXPECT_REFUSED(self->link, EINVAL, " ", "unknown command ''");
	EXPECT_REFUSED(self->link, EINVAL, "\nlist", "unknown command ''");
	EXPECT_REFUSED(self->link, EINVAL, "list all", "list takes no 'all'");
	EXPECT_REFUSED(self->link, EINVAL, "status", "which device?");
	EXPECT_REFUSED(self->link, EINVAL, "resume dd-a readonly", "resume takes no 'readonly'");
	EXPECT_REFUSED(self->link, EINVAL, "remove dd-a deferred now", "takes no 'now'");
	EXPECT_REFUSED(self->link, EINVAL, "create dd-a uuid=x readonly", "takes no 'readonly'");
	EXPECT_REFUSED(self->link, EINVAL, "watch dd-a", "watch takes no 'dd-a'");
	EXPECT_SAID(self->link, " \tversion  ");
	EXPECT_LT(0, readable(self->link));
}

TEST_F(dm, one_command_a_message)
{
	EXPECT_REFUSED(self->link, EINVAL, "version\nlist", "version has one line");
	EXPECT_REFUSED(self->link, EINVAL, "create dd-a\nuuid=x", "create has one line");
	EXPECT_EQ(-1, write(self->link, "version\0", 8));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_TRUE(hears(self->link, "has no NUL"));
	EXPECT_EMPTY(self->link);
}

TEST_F(dm, room_comes_before_effect)
{
	int link = small_link("65536");
	char text[64];

	if (link < 0)
		SKIP(return, "not root");
	ASSERT_LE(0, make_device(link, "dd-a", "0 2048 linear /dev/ram0 0"));
	while (say(link, "version") > 0)
		;
	EXPECT_TRUE(hears(link, "no room in the queue"));
	EXPECT_REFUSED(link, ENOBUFS, "create dd-b", "no room in the queue");
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, "dd-b", 0));
	EXPECT_REFUSED(link, ENOBUFS, "message dd-a 0 @stats_create - /1", "no room");
	/* what has no answer needs no room */
	EXPECT_SAID(link, "suspend dd-a");
	EXPECT_SAID(link, "resume dd-a");
	while (hear(link, text, sizeof(text)) > 0)
		;
	EXPECT_SAID(link, "message dd-a 0 @stats_list");
	EXPECT_EMPTY(link);
	EXPECT_SAID(link, "create dd-b");
	close(link);
}

TEST_F(dm, lists_are_whole)
{
	char text[256];
	int i, link = small_link("500");

	if (link < 0)
		SKIP(return, "not root");
	EXPECT_SAID(self->link, "create dd-l");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_SAID(self->link, "load dd-l\n0 1 error\n1 1 error\n2 1 error\n3 1 error\n"
		    "4 1 error\n5 1 error\n6 1 error");
	for (i = 0; i < 2; i++)
		EXPECT_SAID(link, "version");
	/* six have room, the seventh has not */
	EXPECT_REFUSED(link, ENOBUFS, "table dd-l inactive", "no room");
	EXPECT_EQ(2, info_of(link, "items"));
	EXPECT_EQ(2, info_of(link, "charged-items"));
	for (i = 0; i < 2; i++)
		EXPECT_LT(0, hear(link, text, sizeof(text)));
	EXPECT_EMPTY(link);
	EXPECT_SAID(link, "table dd-l inactive");
	EXPECT_EQ(7, info_of(link, "items"));
	close(link);
}

/* Direct, so that it is under way until it is done. */
static void *direct_writer(void *arg)
{
	char *block = aligned_alloc(4096, 4096);
	ssize_t size = pwrite(*(int *)arg, block, 4096, 0);

	free(block);
	return size == 4096 ? NULL : arg;
}

static int writes_under_way(int minor)
{
	int reads, writes = -1;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/block/dm-%d/inflight", minor);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%d %d", &reads, &writes) != 2)
		return -1;
	fclose(file);
	return writes;
}

/* dd-top over dd-low, which is suspended, and I/O that waits there. */
static void hold_io(struct __test_metadata *_metadata, int link, int *fd, pthread_t *thread)
{
	char target[64];
	sigset_t all, old;
	int low, top, i;

	low = make_device(link, "dd-low", "0 2048 linear /dev/ram0 0");
	ASSERT_LE(0, low);
	sprintf(target, "0 2048 linear /dev/dm-%d 0", low);
	top = make_device(link, "dd-top", target);
	ASSERT_LE(0, top);
	*fd = open_device(top, O_RDWR | O_DIRECT);
	ASSERT_LE(0, *fd);
	EXPECT_SAID(link, "suspend dd-low");
	/* signals are for the other thread */
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	ASSERT_EQ(0, pthread_create(thread, NULL, direct_writer, fd));
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	for (i = 0; i < 2000 && !writes_under_way(top); i++)
		usleep(10000);
	ASSERT_EQ(1, writes_under_way(top));
}

static void release_io(struct __test_metadata *_metadata, int link, int fd, pthread_t thread)
{
	void *failed;

	EXPECT_SAID(link, "resume dd-low");
	EXPECT_EQ(0, pthread_join(thread, &failed));
	EXPECT_EQ(NULL, failed);
	close(fd);
}

TEST_F(dm, suspend_is_interrupted)
{
	pthread_t thread;
	int fd;

	hold_io(_metadata, self->link, &fd, &thread);
	interrupt_in(100, SA_RESTART);
	EXPECT_REFUSED(self->link, EINTR, "suspend dd-top nolockfs", "interrupted by a signal");
	no_interrupt();
	EXPECT_SAID(self->link, "status dd-top");
	EXPECT_TRUE(hears(self->link, "targets=1 active"));
	release_io(_metadata, self->link, fd, thread);
	EXPECT_SAID(self->link, "suspend dd-top");
}

TEST_F(dm, resume_is_interrupted)
{
	pthread_t thread;
	int fd;

	hold_io(_metadata, self->link, &fd, &thread);
	EXPECT_SAID(self->link, "load dd-top\n0 2048 linear /dev/ram1 0");
	interrupt_in(100, SA_RESTART);
	EXPECT_REFUSED(self->link, EINTR, "resume dd-top nolockfs", "interrupted by a signal");
	no_interrupt();
	EXPECT_SAID(self->link, "status dd-top");
	EXPECT_TRUE(hears(self->link, "targets=1 active inactive"));
	release_io(_metadata, self->link, fd, thread);
	EXPECT_SAID(self->link, "resume dd-top");
	EXPECT_SAID(self->link, "table dd-top");
	EXPECT_ITEM(self->link, "0 2048 linear 1:1 0");
}

/* ---- whatever is written ---- */

static unsigned int seed = 1;

static unsigned int any(unsigned int below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % below;
}

/* A command of words that may belong together. */
static size_t make_up(char *to)
{
	static const char *const words[] = {
		"version", "list", "targets", "create", "load", "clear", "resume", "suspend",
		"remove", "rename", "uuid", "status", "table", "info", "deps", "message",
		"watch", "dd-a", "dd-b", "dd-a", "uuid=dd-u", "dev=253:0", "minor=3", "readonly",
		"noflush", "nolockfs", "inactive", "deferred", "\n0 8 linear /dev/ram0 0",
		"\n8 8 error", "\n0 99 striped 2 1", "\n", "0", "8", "18446744073709551615",
		"@stats_create - /2", "@stats_print 0", "@stats_list", "\\x20", "\\", "\\x",
	};
	size_t size = 0, i, count = 1 + any(7);

	for (i = 0; i < count; i++)
		size += sprintf(to + size, "%s%s", i && any(20) ? " " : "",
				words[i ? any(ARRAY_SIZE(words)) : any(17)]);
	/* and not whole, or not as it was */
	if (!any(4))
		size = any(size + 1);
	if (!any(4) && size)
		to[any(size)] = any(256);
	return size;
}

#define HOSTILE	5000

TEST_F(dm, hostile_messages)
{
	static char command[65536], text[65536];
	int i, done = 0, told = 0;
	size_t size;

	EXPECT_SAID(self->link, "list");
	if (readable(self->link))
		SKIP(return, "there are devices, which it could change");
	for (i = 0; i < HOSTILE; i++) {
		size = make_up(command);
		if (write(self->link, command, size) == (ssize_t)size) {
			done++;
		} else {
			EXPECT_GT(0, -errno);
			told += hear(self->link, text, sizeof(text)) > 0;
		}
		if (any(2))
			while (hear(self->link, text, sizeof(text)) > 0)
				;
	}
	/* some of both, and each refusal with its reason */
	EXPECT_LT(HOSTILE / 20, done);
	EXPECT_LT(HOSTILE / 20, told);
	while (hear(self->link, text, sizeof(text)) > 0)
		;
	for (i = 0; i < 3 * 16384; i++)
		command[i] = "load dd-a\n0 1 x\n"[i % 16];
	EXPECT_GT(0, write(self->link, command, sizeof(command)));
	EXPECT_SAID(self->link, "version");
	EXPECT_EQ(0, dm_simple(DM_REMOVE_ALL, NULL, 0));
}

/* The longest message, of the shortest lines. */
TEST_F(dm, largest_message)
{
	static char command[DDLINK_ITEM_MAX];
	size_t size = sprintf(command, "load dd-a");
	char text[64];

	EXPECT_SAID(self->link, "create dd-a");
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	while (size + 6 <= sizeof(command))
		size += sprintf(command + size, "\n0 1 x");
	EXPECT_EQ(-1, write(self->link, command, size));
	EXPECT_TRUE(errno == EINVAL || errno == ENOMEM);
	memset(command + 9, '\n', sizeof(command) - 9);
	EXPECT_EQ(-1, write(self->link, command, sizeof(command)));
	EXPECT_TRUE(hears(self->link, "a table has lines"));
	memset(command + 9, ' ', sizeof(command) - 9);
	EXPECT_EQ(-1, write(self->link, command, sizeof(command)));
	EXPECT_TRUE(hears(self->link, "a table has lines"));
}

TEST_HARNESS_MAIN
