// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device mapper's links: news of devices, and whose rights count.
 *
 *	what becomes of devices, in order		watch_tells_what_happens
 *	  whoever does it, by link or ioctl		watch_tells_of_ioctls
 *	  answers come first				answers_come_before_news
 *	  names are escaped				news_have_escaped_names
 *	  what is lost is told				watch_tells_what_is_lost
 *	  a watcher that is closed is told nothing	watchers_come_and_go
 *	links and ioctls may do all at once		all_at_once
 *	a link needs CAP_SYS_ADMIN			links_are_for_administrators
 *	  and may be passed on				link_may_be_passed_on
 *	  acting with the rights of its maker		rights_are_the_makers
 */
#include "dm.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <linux/capability.h>

/* The next news, without the number of the device. */
static const char *news(int link)
{
	static char text[1024], told[1024];
	char what[32], name[512];
	unsigned int major, minor, event_nr;

	if (hear(link, text, sizeof(text)) <= 0)
		return "nothing";
	if (sscanf(text, "%31s %u:%u %511s event=%u", what, &major, &minor, name, &event_nr) != 5)
		return text;
	sprintf(told, "%s %s %u", what, name, event_nr);
	return told;
}

TEST_F(dm, watch_tells_what_happens)
{
	struct pollfd watch = { .fd = open_link(DM), .events = POLLIN };
	char text[64];

	EXPECT_SAID(watch.fd, "watch");
	EXPECT_SAID(watch.fd, "watch");
	EXPECT_EQ(0, poll(&watch, 1, 0));
	EXPECT_SAID(self->link, "create dd-a");
	EXPECT_EQ(1, poll(&watch, 1, 0));
	EXPECT_LT(0, hear(self->link, text, sizeof(text)));
	EXPECT_STREQ("create dd-a 0", news(watch.fd));
	EXPECT_SAID(self->link, "load dd-a\n0 8 error");
	EXPECT_STREQ("load dd-a 0", news(watch.fd));
	EXPECT_SAID(self->link, "clear dd-a");
	EXPECT_STREQ("clear dd-a 0", news(watch.fd));
	EXPECT_SAID(self->link, "clear dd-a");
	EXPECT_SAID(self->link, "load dd-a\n0 8 error");
	EXPECT_STREQ("load dd-a 0", news(watch.fd));
	/* a table goes in while the device is suspended */
	EXPECT_SAID(self->link, "resume dd-a");
	EXPECT_STREQ("suspend dd-a 0", news(watch.fd));
	EXPECT_STREQ("resume dd-a 0", news(watch.fd));
	EXPECT_SAID(self->link, "resume dd-a");
	EXPECT_SAID(self->link, "suspend dd-a");
	EXPECT_STREQ("suspend dd-a 0", news(watch.fd));
	EXPECT_SAID(self->link, "suspend dd-a");
	EXPECT_SAID(self->link, "resume dd-a");
	EXPECT_STREQ("resume dd-a 0", news(watch.fd));
	/* one that does not go in leaves it suspended */
	EXPECT_SAID(self->link, "load dd-a\n0 8 linear /dev/ram0 8190");
	EXPECT_STREQ("load dd-a 0", news(watch.fd));
	EXPECT_REFUSED(self->link, EINVAL, "resume dd-a", "too small");
	EXPECT_STREQ("suspend dd-a 0", news(watch.fd));
	EXPECT_SAID(self->link, "uuid dd-a x");
	EXPECT_STREQ("uuid dd-a 0", news(watch.fd));
	EXPECT_STREQ("event dd-a 1", news(watch.fd));
	EXPECT_SAID(self->link, "rename dd-a dd-b");
	EXPECT_STREQ("rename dd-b 1", news(watch.fd));
	EXPECT_STREQ("event dd-b 2", news(watch.fd));
	EXPECT_SAID(self->link, "remove dd-b");
	EXPECT_STREQ("remove dd-b 2", news(watch.fd));
	EXPECT_STREQ("nothing", news(watch.fd));
	EXPECT_EMPTY(self->link);
	close(watch.fd);
}

TEST_F(dm, watch_tells_of_ioctls)
{
	struct pollfd watch = { .fd = self->link, .events = POLLIN };
	int minor, fd;

	minor = make_device(self->link, "dd-a", "0 8 error");
	ASSERT_LE(0, minor);
	EXPECT_SAID(self->link, "watch");
	EXPECT_EQ(0, dm_simple(DM_DEV_CREATE, "dd-b", 0));
	EXPECT_STREQ("create dd-b 0", news(self->link));
	EXPECT_EQ(0, dm_simple(DM_DEV_SUSPEND, "dd-a", DM_SUSPEND_FLAG));
	EXPECT_STREQ("suspend dd-a 0", news(self->link));
	EXPECT_EQ(0, dm_simple(DM_DEV_SUSPEND, "dd-a", 0));
	EXPECT_STREQ("resume dd-a 0", news(self->link));
	EXPECT_EQ(0, dm_simple(DM_DEV_REMOVE, "dd-b", 0));
	EXPECT_STREQ("remove dd-b 0", news(self->link));
	/* nobody's command, but a worker's */
	fd = open_device(minor, O_RDONLY);
	ASSERT_LE(0, fd);
	EXPECT_EQ(0, dm_simple(DM_DEV_REMOVE, "dd-a", DM_DEFERRED_REMOVE));
	EXPECT_STREQ("nothing", news(self->link));
	close(fd);
	EXPECT_EQ(1, poll(&watch, 1, 20000));
	EXPECT_STREQ("remove dd-a 0", news(self->link));
	EXPECT_STREQ("nothing", news(self->link));
}

TEST_F(dm, answers_come_before_news)
{
	EXPECT_SAID(self->link, "watch");
	EXPECT_SAID(self->link, "create dd-a");
	EXPECT_SAID(self->link, "create dd-b");
	EXPECT_EQ(4, info_of(self->link, "items"));
	EXPECT_FALSE(hears(self->link, "create"));
	EXPECT_FALSE(hears(self->link, "create"));
	EXPECT_STREQ("create dd-a 0", news(self->link));
	EXPECT_STREQ("create dd-b 0", news(self->link));
}

TEST_F(dm, news_have_escaped_names)
{
	char name[DM_NAME_LEN], escaped[4 * DM_NAME_LEN] = "create dd-";
	int i;

	/* the longest there can be */
	memset(name, ' ', sizeof(name));
	memcpy(name, "dd-", 3);
	name[DM_NAME_LEN - 1] = 0;
	for (i = 3; i < DM_NAME_LEN - 1; i++)
		strcat(escaped, "\\x20");
	strcat(escaped, " 0");
	EXPECT_SAID(self->link, "watch");
	EXPECT_EQ(0, dm_simple(DM_DEV_CREATE, name, 0));
	EXPECT_STREQ(escaped, news(self->link));
}

#define MANY	200

TEST_F(dm, watch_tells_what_is_lost)
{
	int link = small_link("1024"), told = 0, i;
	struct ddlink_overflow *overflow;
	char text[1024];

	if (link < 0)
		SKIP(return, "not root");
	ASSERT_LE(0, make_device(self->link, "dd-a", "0 8 error"));
	EXPECT_SAID(link, "watch");
	for (i = 0; i < MANY / 2; i++) {
		EXPECT_SAID(self->link, "suspend dd-a");
		EXPECT_SAID(self->link, "resume dd-a");
	}
	for (; hear(link, text, sizeof(text)) > (ssize_t)sizeof(*overflow); told++) {
		EXPECT_NE(NULL, strstr(text, told % 2 ? "resume" : "suspend"));
		memset(text, 0, sizeof(text));
	}
	EXPECT_LT(2, told);
	overflow = (void *)text;
	EXPECT_EQ(DDLINK_OVERFLOW_MAGIC, overflow->magic);
	EXPECT_EQ(MANY - told, (int)overflow->lost);
	EXPECT_EQ(MANY - told, info_of(link, "dropped"));
	EXPECT_STREQ("nothing", news(link));
	EXPECT_SAID(self->link, "suspend dd-a");
	EXPECT_STREQ("suspend dd-a 0", news(link));
	close(link);
}

TEST_F(dm, watchers_come_and_go)
{
	int links[10], i, n;

	for (n = 0; n < 20; n++) {
		for (i = 0; i < 10; i++) {
			links[i] = open_link(DM);
			EXPECT_SAID(links[i], "watch");
		}
		EXPECT_EQ(0, dm_simple(DM_DEV_CREATE, "dd-a", 0));
		for (i = 0; i < 10; i += 2)
			close(links[i]);
		EXPECT_EQ(0, dm_simple(DM_DEV_REMOVE, "dd-a", 0));
		for (i = 1; i < 10; i += 2) {
			EXPECT_STREQ("create dd-a 0", news(links[i]));
			EXPECT_STREQ("remove dd-a 0", news(links[i]));
			close(links[i]);
		}
	}
}

#define ROUNDS	20

static void *by_link(void *arg)
{
	static const char *const commands[] = {
		"create dd-a", "load dd-a\n0 8 linear /dev/ram0 0", "resume dd-a", "list",
		"table dd-a", "rename dd-a dd-b", "suspend dd-b", "remove dd-b", "remove dd-a",
	};
	int link = open_link(DM), i;
	char text[512];
	size_t n;

	for (i = 0; i < ROUNDS; i++) {
		for (n = 0; n < ARRAY_SIZE(commands); n++) {
			say(link, commands[n]);
			while (hear(link, text, sizeof(text)) > 0)
				;
		}
	}
	close(link);
	return arg;
}

static void *by_ioctl(void *arg)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		dm_simple(DM_DEV_CREATE, i % 2 ? "dd-a" : "dd-b", 0);
		dm_simple(DM_DEV_SUSPEND, "dd-a", DM_SUSPEND_FLAG);
		dm_simple(DM_TABLE_CLEAR, "dd-b", 0);
		dm_simple(DM_DEV_REMOVE, i % 3 ? "dd-a" : "dd-b", 0);
	}
	return arg;
}

/* One device or none has a name, whoever makes and removes it meanwhile. */
TEST_F(dm, all_at_once)
{
	pthread_t threads[3];
	char text[512];
	int balance = 0, made = 0, i;

	EXPECT_SAID(self->link, "watch");
	for (i = 0; i < 3; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, i ? by_link : by_ioctl, NULL));
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	clean();
	while (hear(self->link, text, sizeof(text)) > 0) {
		made += !strncmp(text, "create ", 7);
		balance += !strncmp(text, "create ", 7) - !strncmp(text, "remove ", 7);
		EXPECT_LE(0, balance);
		EXPECT_GE(2, balance);
	}
	EXPECT_EQ(0, balance);
	EXPECT_LT(ROUNDS / 2, made);
	EXPECT_EQ(0, info_of(self->link, "dropped"));
}

static int drop_all_rights(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { };

	if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
		return -1;
	return syscall(SYS_capset, &head, none);
}

TEST_F(dm, links_are_for_administrators)
{
	int control = open(DM, O_RDWR), status;
	pid_t pid;

	if (geteuid())
		SKIP(return, "not root");
	ASSERT_LE(0, control);
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (drop_all_rights())
			_exit(1);
		_exit(ioctl(control, DDLINK_OPEN) != -1 || errno != EACCES ? 2 : 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	close(control);
}

/* All commands of a session, without a right. */
static int session(int link)
{
	static const char *const commands[] = {
		"create dd-a uuid=x", "list", "load dd-a\n0 8 linear /dev/ram0 0", "resume dd-a",
		"table dd-a", "message dd-a 0 @stats_list", "suspend dd-a", "rename dd-a dd-b",
		"watch", "remove dd-b",
	};
	char text[256];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (say(link, commands[i]) != (ssize_t)strlen(commands[i]))
			return i + 1;
		while (hear(link, text, sizeof(text)) > 0)
			;
	}
	return 0;
}

TEST_F(dm, link_may_be_passed_on)
{
	int status;
	pid_t pid;

	if (geteuid())
		SKIP(return, "not root");
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid)
		_exit(drop_all_rights() ? 100 : session(self->link));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_EQ(-ENXIO, dm_simple(DM_DEV_STATUS, "dd-b", 0));
}

#define HIDDEN	"/tmp/dd-hidden"

/* A disk is found by its path, where the writer itself cannot look. */
TEST_F(dm, rights_are_the_makers)
{
	int status;
	pid_t pid;

	if (geteuid())
		SKIP(return, "not root");
	mkdir("/tmp", 01777);
	ASSERT_EQ(0, mkdir(HIDDEN, 0700));
	ASSERT_EQ(0, mknod(HIDDEN "/disk", S_IFBLK | 0600, makedev(1, 0)));
	EXPECT_EQ(0, dm_simple(DM_DEV_CREATE, "dd-a", 0));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (drop_all_rights() || !access(HIDDEN "/disk", F_OK))
			_exit(1);
		_exit(say(self->link, "load dd-a\n0 8 linear " HIDDEN "/disk 0") < 0 ? 2 : 0);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_SAID(self->link, "deps dd-a inactive");
	EXPECT_ITEM(self->link, "1:0");
	unlink(HIDDEN "/disk");
	rmdir(HIDDEN);
}

TEST_HARNESS_MAIN
