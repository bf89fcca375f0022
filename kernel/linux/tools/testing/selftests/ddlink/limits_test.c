// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits on what a link holds, and what it tells of them.
 *
 *	sysctls with documented defaults, for new links	sysctls
 *	bytes queued, header and slack included, never
 *	  exceed the limit				bytes_are_a_hard_limit
 *	  a large item waits for room of its size	item_larger_than_what_is_left
 *	  reservations are within it			reservations_are_within_the_bytes
 *	  asynchronous items beyond it are lost		losses_for_want_of_bytes_are_told
 *	room is reserved before an effect: ENOBUFS, and
 *	  nothing is lost				reservation_comes_before_effect,
 *							undone_reservation_is_room
 *	no item of size 0				zero_size_items_are_refused
 *	fdinfo						fdinfo_tells
 *
 * What poll says of it: poll_test. Memory: memory_test.
 */
#include "link.h"

TEST(sysctls)
{
	long long items = sysctl_get("max_items"), bytes = sysctl_get("max_bytes");
	static char big[8192];
	char text[16];
	int link;

	EXPECT_EQ(1024, items);
	EXPECT_EQ(2 * DDLINK_ITEM_MAX, bytes);
	if (sysctl_set("max_items", "3"))
		SKIP(return, "not root");
	EXPECT_EQ(-EINVAL, sysctl_set("max_items", "0"));
	link = open_link(ECHO);
	EXPECT_SAID(link, "1");
	EXPECT_SAID(link, "2");
	EXPECT_SAID(link, "3");
	EXPECT_EQ(-ENOBUFS, say(link, "4"));
	close(link);
	sprintf(text, "%lld", items);
	EXPECT_EQ(0, sysctl_set("max_items", text));

	EXPECT_EQ(0, sysctl_set("max_bytes", "4096"));
	link = open_link(ECHO);
	EXPECT_SAID(link, "fits");
	EXPECT_EQ(-1, write(link, big, sizeof(big)));
	EXPECT_EQ(ENOBUFS, errno);
	while (say(link, "full") > 0)
		;
	EXPECT_GE(4096, info_of(link, "charged-bytes"));
	EXPECT_LT(4096 - 1024, info_of(link, "charged-bytes"));
	close(link);
	sprintf(text, "%lld", bytes);
	EXPECT_EQ(0, sysctl_set("max_bytes", text));
}

/* A command that posts an item of @size bytes. */
static const char *post_of(int size)
{
	static char text[8192];

	memset(text, 'x', sizeof(text));
	memcpy(text, "post ", 5);
	text[5 + size] = 0;
	return text;
}

static int limit_to(int link, long long bytes)
{
	char text[32];

	sprintf(text, "limit 100 %lld", bytes);
	return say(link, text) < 0;
}

TEST_F(component, bytes_are_a_hard_limit)
{
	long long one = charge_of(self->link, post_of(1));
	int i;

	ASSERT_LT(1, one);
	/* to the byte, */
	ASSERT_EQ(0, limit_to(self->link, 3 * one));
	for (i = 0; i < 3; i++)
		EXPECT_SAID(self->link, post_of(1));
	EXPECT_EQ(3 * one, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(-ENOBUFS, say(self->link, post_of(1)));
	for (i = 0; i < 3; i++)
		EXPECT_ITEM(self->link, "x");
	/* and not one beyond */
	ASSERT_EQ(0, limit_to(self->link, 3 * one - 1));
	EXPECT_SAID(self->link, post_of(1));
	EXPECT_SAID(self->link, post_of(1));
	EXPECT_EQ(-ENOBUFS, say(self->link, post_of(1)));
	EXPECT_EQ(2 * one, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(2, info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "x");
	EXPECT_SAID(self->link, post_of(1));
	EXPECT_ITEM(self->link, "x");
	EXPECT_ITEM(self->link, "x");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, info_of(self->link, "charged-bytes"));
}

TEST_F(component, item_larger_than_what_is_left)
{
	long long one = charge_of(self->link, post_of(1));
	long long large = charge_of(self->link, post_of(3000));
	char heard[4096];

	ASSERT_EQ(0, limit_to(self->link, large + one - 1));
	EXPECT_SAID(self->link, post_of(1));
	EXPECT_EQ(-ENOBUFS, say(self->link, post_of(3000)));
	/* what is small enough goes on */
	EXPECT_SAID(self->link, post_of(2));
	EXPECT_EQ(2, info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(-ENOBUFS, say(self->link, post_of(3000)));
	EXPECT_ITEM(self->link, "xx");
	/* after the read it fits */
	EXPECT_SAID(self->link, post_of(3000));
	EXPECT_EQ(large, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(-ENOBUFS, say(self->link, post_of(1)));
	EXPECT_EQ(3000, hear(self->link, heard, sizeof(heard)));
	EXPECT_EMPTY(self->link);
	/* what is larger than the limit never does */
	ASSERT_EQ(0, limit_to(self->link, large - 1));
	EXPECT_EQ(-ENOBUFS, say(self->link, post_of(3000)));
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, info_of(self->link, "dropped"));
	EXPECT_EQ(0, info_of(self->link, "charged-bytes"));
}

TEST_F(component, reservations_are_within_the_bytes)
{
	long long one = charge_of(self->link, post_of(1));

	ASSERT_EQ(0, limit_to(self->link, 5 * one - 1));
	EXPECT_SAID(self->link, "reserve 1");
	EXPECT_EQ(4 * one, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(-ENOBUFS, say(self->link, post_of(1)));
	EXPECT_SAID(self->link, "spend");
	EXPECT_EQ(4, info_of(self->link, "items"));
	EXPECT_EQ(4 * one, info_of(self->link, "charged-bytes"));
}

TEST_F(component, losses_for_want_of_bytes_are_told)
{
	long long one = charge_of(self->link, "queues 1");
	struct ddlink_overflow overflow;

	ASSERT_EQ(0, limit_to(self->link, 3 * one - 1));
	EXPECT_SAID(self->link, "queues 5");
	EXPECT_EQ(2 * one, info_of(self->link, "charged-bytes"));
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EQ(sizeof(overflow), read(self->link, &overflow, sizeof(overflow)));
	EXPECT_EQ(3, overflow.lost);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(3, info_of(self->link, "dropped"));
}

TEST_F(component, reservation_comes_before_effect)
{
	EXPECT_SAID(self->link, "limit 5 1048576");
	EXPECT_SAID(self->link, "reserve 4");
	EXPECT_EQ(0, info_of(self->link, "items"));
	EXPECT_SAID(self->link, "posts 1");
	EXPECT_EQ(0, poll_now(self->link) & POLLOUT);
	EXPECT_EQ(-ENOBUFS, say(self->link, "posts 1"));
	/* what is reserved still fits */
	EXPECT_SAID(self->link, "spend");
	EXPECT_EQ(5, info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "0");
	/* given back unused */
	while (readable(self->link)) {
		char heard[16];

		EXPECT_EQ(4, hear(self->link, heard, sizeof(heard)));
	}
	EXPECT_SAID(self->link, "reserve 4");
	EXPECT_SAID(self->link, "unreserve");
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	EXPECT_SAID(self->link, "limit 3 1048576");
	EXPECT_EQ(-ENOBUFS, say(self->link, "reserve 4"));
	EXPECT_EQ(0, poll_now(self->link));
}

TEST_F(component, undone_reservation_is_room)
{
	EXPECT_SAID(self->link, "limit 4 1048576");
	EXPECT_SAID(self->link, "posts 1");
	EXPECT_EQ(-ENOBUFS, say(self->link, "reserve 4"));
	EXPECT_EQ(POLLIN, poll_now(self->link));
	EXPECT_SAID(self->link, "unreserve");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_ITEM(self->link, "0");
}

TEST_F(component, zero_size_items_are_refused)
{
	EXPECT_EQ(-EMSGSIZE, say(self->link, "post"));
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, fdinfo_tells)
{
	char kind[INFO_MAX] = "";
	long long first;
	int other;

	EXPECT_SAID(self->link, "four");
	EXPECT_SAID(self->link, "seven..");
	EXPECT_EQ(2, info_of(self->link, "items"));
	EXPECT_EQ(11, info_of(self->link, "bytes"));
	EXPECT_EQ(4, info_of(self->link, "next"));
	EXPECT_EQ(2, info_of(self->link, "charged-items"));
	EXPECT_LT(11, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(sysctl_get("max_items"), info_of(self->link, "max-items"));
	EXPECT_EQ(sysctl_get("max_bytes"), info_of(self->link, "max-bytes"));
	EXPECT_EQ(0, info_of(self->link, "dropped"));
	EXPECT_ITEM(self->link, "four");
	EXPECT_ITEM(self->link, "seven..");
	EXPECT_EQ(0, info_of(self->link, "items"));
	EXPECT_EQ(0, info_of(self->link, "bytes"));
	EXPECT_EQ(0, info_of(self->link, "charged-items"));
	EXPECT_EQ(0, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(2, info_of(self->link, "peak"));
	EXPECT_EQ(0, info_text(self->link, "kind", kind));
	EXPECT_STREQ("echo", kind);
	first = info_of(self->link, "link");
	other = open_link(ECHO);
	EXPECT_LT(first, info_of(other, "link"));
	close(other);
}

TEST_HARNESS_MAIN
