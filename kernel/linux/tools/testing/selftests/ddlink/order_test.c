// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of items, and where losses are told.
 *
 *	posts of commands before asynchronous items,
 *	  each in the order in which they were made	posts_come_before_queued_in_order
 *	producers in interrupt context			items_from_interrupt_context
 *	what is lost is told at the place of the first
 *	  loss, and while that waits, its count grows	losses_are_told_in_their_place
 *	  while it is read, another one counts		losses_while_the_overflow_item_is_copied
 */
#include "link.h"
#include "stuck.h"

TEST_F(component, posts_come_before_queued_in_order)
{
	EXPECT_SAID(self->link, "queues 2");
	EXPECT_SAID(self->link, "posts 3");
	EXPECT_SAID(self->link, "post last");
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_SAID(self->link, "post more");
	EXPECT_ITEM(self->link, "2");
	EXPECT_ITEM(self->link, "last");
	EXPECT_ITEM(self->link, "more");
	EXPECT_ITEM(self->link, "0");
	EXPECT_SAID(self->link, "post now");
	EXPECT_ITEM(self->link, "now");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, items_from_interrupt_context)
{
	EXPECT_SAID(self->link, "later 20 3");
	EXPECT_EQ(POLLIN, poll_for(self->link, POLLIN));
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_ITEM(self->link, "2");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, losses_are_told_in_their_place)
{
	struct ddlink_overflow overflow;

	EXPECT_SAID(self->link, "limit 2 4096");
	EXPECT_SAID(self->link, "queues 5");
	EXPECT_EQ(3, info_of(self->link, "dropped"));
	EXPECT_EQ(3, info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "0");
	EXPECT_SAID(self->link, "queues 1");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EQ((int)sizeof(overflow), readable(self->link));
	/* while it waits, its count grows */
	EXPECT_SAID(self->link, "lose 4");
	EXPECT_EQ((ssize_t)sizeof(overflow),
		  read(self->link, &overflow, sizeof(overflow)));
	EXPECT_EQ(DDLINK_OVERFLOW_MAGIC, overflow.magic);
	EXPECT_EQ(7, overflow.lost);
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(7, info_of(self->link, "dropped"));
	/* and a new one begins at the next loss */
	EXPECT_SAID(self->link, "lose 1");
	EXPECT_EQ((ssize_t)sizeof(overflow),
		  read(self->link, &overflow, sizeof(overflow)));
	EXPECT_EQ(1, overflow.lost);
	EXPECT_EMPTY(self->link);
}

TEST_F(component, losses_while_the_overflow_item_is_copied)
{
	struct ddlink_overflow *overflow, later;
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_SAID(self->link, "lose 2");
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_SAID(self->link, "lose 1");
	EXPECT_SAID(self->link, "queues 1");
	EXPECT_SAID(self->link, "lose 2");
	EXPECT_EQ(3, info_of(self->link, "items"));
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	overflow = (void *)stuck.page;
	EXPECT_EQ(sizeof(*overflow), stuck.ret);
	EXPECT_EQ(2, overflow->lost);
	EXPECT_EQ(sizeof(later), read(self->link, &later, sizeof(later)));
	EXPECT_EQ(3, later.lost);
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
	close(uffd);
}

TEST_HARNESS_MAIN
