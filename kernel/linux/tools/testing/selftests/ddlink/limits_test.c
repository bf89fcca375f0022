// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits on what a link holds, and what it tells of them.
 *
 *	sysctls with documented defaults, for new links	sysctls
 *	room is reserved before an effect: ENOBUFS, and
 *	  nothing is lost				reservation_comes_before_effect,
 *							undone_reservation_is_room
 *	no item of size 0				zero_size_items_are_refused
 *	fdinfo						fdinfo_tells
 *
 * Full by items and by bytes: poll_test. Memory: memory_test.
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
	/* there is room, though not for all of it: let in, and then full */
	EXPECT_EQ(sizeof(big), write(link, big, sizeof(big)));
	EXPECT_EQ(POLLIN, poll_now(link));
	EXPECT_EQ(-ENOBUFS, say(link, "full"));
	close(link);
	sprintf(text, "%lld", bytes);
	EXPECT_EQ(0, sysctl_set("max_bytes", text));
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
