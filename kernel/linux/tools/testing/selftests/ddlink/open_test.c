// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making links, and whose rights they carry.
 *
 *	DDLINK_OPEN is 0xdd, other commands ENOTTY	open_command_is_0xdd
 *	a new descriptor, close-on-exec			open_is_close_on_exec
 *	/dev/ddecho and /dev/ddlink are for everyone	devices_are_for_everyone
 *	EMFILE at the limit of descriptors		descriptor_limit
 *	  and the component gets its own back		failed_open_releases_the_component
 *	handlers act with the rights of the maker	rights_are_the_makers
 */
#include "link.h"

#include <sys/resource.h>
#include <sys/stat.h>

TEST(open_is_close_on_exec)
{
	int link = open_link(ECHO);

	ASSERT_LE(0, link);
	EXPECT_EQ(FD_CLOEXEC, fcntl(link, F_GETFD));
	EXPECT_EQ(O_RDWR, fcntl(link, F_GETFL) & O_ACCMODE);
	close(link);
}

TEST(open_command_is_0xdd)
{
	static const char * const paths[] = { ECHO, CONTROL };
	int fd, i;

	EXPECT_EQ(0xdd, DDLINK_OPEN);
	for (i = 0; i < (int)ARRAY_SIZE(paths); i++) {
		fd = open(paths[i], O_RDWR);
		ASSERT_LE(0, fd);
		EXPECT_EQ(-1, ioctl(fd, 0xde));
		EXPECT_EQ(ENOTTY, errno);
		close(fd);
	}
}

TEST(devices_are_for_everyone)
{
	struct stat st;

	EXPECT_EQ(0, stat(ECHO, &st));
	EXPECT_EQ(0666, st.st_mode & 0777);
	EXPECT_EQ(0, stat(CONTROL, &st));
	EXPECT_EQ(0666, st.st_mode & 0777);
}

TEST(descriptor_limit)
{
	struct rlimit old, limit;
	int fd = open(ECHO, O_RDWR);

	ASSERT_LE(0, fd);
	getrlimit(RLIMIT_NOFILE, &old);
	limit = old;
	limit.rlim_cur = fd + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-1, ioctl(fd, DDLINK_OPEN));
	EXPECT_EQ(EMFILE, errno);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	close(fd);
}

TEST(failed_open_releases_the_component)
{
	struct rlimit old, limit;
	int fd = open(TEST_DEV, O_RDWR), link;
	char live[16];

	if (fd < 0)
		SKIP(return, "no " TEST_DEV);
	getrlimit(RLIMIT_NOFILE, &old);
	limit = old;
	limit.rlim_cur = fd + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-1, ioctl(fd, DDLINK_OPEN));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	link = open_link(TEST_DEV);
	EXPECT_SAID(link, "live");
	EXPECT_LT(0, hear(link, live, sizeof(live)));
	EXPECT_EQ(1, atoi(live));
	close(link);
	close(fd);
}

TEST_F(component, rights_are_the_makers)
{
	EXPECT_SAID(self->link, "uid");
	EXPECT_ITEM(self->link, "0");
	if (seteuid(1000))
		SKIP(return, "not root");
	EXPECT_SAID(self->link, "uid");
	EXPECT_ITEM(self->link, "0");
	EXPECT_EQ(0, seteuid(0));
}

TEST_HARNESS_MAIN
