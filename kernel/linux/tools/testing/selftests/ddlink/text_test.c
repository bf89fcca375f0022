// SPDX-License-Identifier: GPL-2.0-only
/*
 * Errors as text.
 *
 *	on -1, one read gives the text; 0 if there is
 *	  none						error_text
 *	it comes before all else			error_text_comes_first
 *	if nobody reads it, the next command drops it	unread_error_text_is_dropped
 *	  be it refused					refused_message_drops_the_error_text
 *	  a read that was too short has not read it	short_read_of_error_text_leaves_it
 *	  while it is being copied it counts as read	error_text_being_copied_counts_as_read,
 *	  be the copy in vain				error_text_whose_copy_fails_is_gone
 *	bounded, and control characters are escaped	error_text_is_escaped_and_bounded
 *	outside of the limits				error_text_needs_no_room
 */
#include "link.h"
#include "stuck.h"

TEST_F(component, error_text)
{
	EXPECT_EQ(-EPERM, say(self->link, "error 1 not for you"));
	EXPECT_ITEM(self->link, "not for you");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(-EPERM, say(self->link, "fail 1"));
	EXPECT_EMPTY(self->link);
}

TEST_F(component, error_text_comes_first)
{
	EXPECT_SAID(self->link, "queues 1");
	EXPECT_SAID(self->link, "post early");
	EXPECT_EQ(-EIO, say(self->link, "fail-after-post"));
	EXPECT_ITEM(self->link, "posted first");
	EXPECT_ITEM(self->link, "early");
	EXPECT_ITEM(self->link, "1");
	EXPECT_SAID(self->link, "post late");
	EXPECT_ITEM(self->link, "late");
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, unread_error_text_is_dropped)
{
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 new"));
	EXPECT_ITEM(self->link, "new");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_SAID(self->link, "post data");
	EXPECT_ITEM(self->link, "data");
	EXPECT_EMPTY(self->link);
	/* by an ioctl as well, but not by FIONREAD, nor by a write of nothing */
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(3, readable(self->link));
	EXPECT_EQ(0, write(self->link, "", 0));
	EXPECT_EQ(3, readable(self->link));
	EXPECT_EQ(7, ioctl(self->link, _IO(0xdc, 1), 5));
	EXPECT_ITEM(self->link, "5");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, refused_message_drops_the_error_text)
{
	static char big[DDLINK_ITEM_MAX + 1];

	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(-1, write(self->link, big, sizeof(big)));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(-1, write(self->link, nowhere, 5));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EMPTY(self->link);
	/* what is no command leaves it: isatty() for one */
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(0, isatty(self->link));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_ITEM(self->link, "old");
}

TEST_F(component, short_read_of_error_text_leaves_it)
{
	char byte;

	EXPECT_EQ(-EPERM, say(self->link, "error 1 text"));
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_EQ(EIO, errno);
	EXPECT_ITEM(self->link, "text");
	EXPECT_EQ(-EPERM, say(self->link, "error 1 text"));
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_SAID(self->link, "post data");
	EXPECT_ITEM(self->link, "data");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, error_text_being_copied_counts_as_read)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 new"));
	EXPECT_EQ(1, info_of(self->link, "items"));
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(3, stuck.ret);
	EXPECT_EQ(0, memcmp(stuck.page, "old", 3));
	EXPECT_ITEM(self->link, "new");
	EXPECT_EMPTY(self->link);
	close(uffd);
}

/* Neither its reader has it, nor does anybody after the next command. */
TEST_F(component, error_text_whose_copy_fails_is_gone)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_SAID(self->link, "post data");
	EXPECT_EQ(1, info_of(self->link, "items"));
	munmap(stuck.page, sysconf(_SC_PAGESIZE));
	close(uffd);
	pthread_join(thread, NULL);
	EXPECT_EQ(-1, stuck.ret);
	EXPECT_ITEM(self->link, "data");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, error_text_is_escaped_and_bounded)
{
	char out[1000], in[2000];
	ssize_t len;

	EXPECT_EQ(-EPERM, say(self->link, "error 1 a\x1b[2Jb\nc\x7f\xc3\xa4"));
	EXPECT_ITEM(self->link, "a\\x1b[2Jb\\x0ac\\x7f\\xc3\\xa4");
	memset(out, '\n', sizeof(out));
	memcpy(out, "error 1 ", 8);
	EXPECT_EQ(-1, write(self->link, out, sizeof(out)));
	EXPECT_EQ(EPERM, errno);
	len = hear(self->link, in, sizeof(in));
	EXPECT_LT(100, len);
	EXPECT_GT(1000, len);
}

TEST_F(component, error_text_needs_no_room)
{
	EXPECT_SAID(self->link, "limit 2 4096");
	EXPECT_SAID(self->link, "posts 2");
	EXPECT_EQ(-ENOBUFS, say(self->link, "posts 1"));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 full"));
	EXPECT_EQ(3, info_of(self->link, "items"));
	EXPECT_EQ(-ENOBUFS, say(self->link, "posts 1"));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 full"));
	EXPECT_ITEM(self->link, "full");
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EMPTY(self->link);
}

TEST_HARNESS_MAIN
