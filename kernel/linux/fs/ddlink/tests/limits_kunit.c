// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits, room that is held, and losses.
 */
#include "probe.h"

static void items_have_a_size(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink_item *item;

	KUNIT_EXPECT_EQ(test, PTR_ERR(ddlink_alloc(probe->link, 0, GFP_KERNEL)),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ddlink_alloc(probe->link, DDLINK_ITEM_MAX + 1,
						   GFP_KERNEL)), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ddlink_alloc(probe->link, SIZE_MAX,
						   GFP_KERNEL)), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, probe->link->dropped, 0);
	item = ddlink_alloc(probe->link, DDLINK_ITEM_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, item);
	KUNIT_EXPECT_EQ(test, item->data[DDLINK_ITEM_MAX], 0);
	KUNIT_EXPECT_EQ(test, (unsigned long)item->data % 8, 0);
	ddlink_free(probe->link, item);
	ddlink_free(probe->link, NULL);
	ddlink_free(probe->link, ERR_PTR(-ENOMEM));
	KUNIT_EXPECT_EQ(test, probe->link->charge, 0);
}

static __poll_t poll_now(struct probe *probe)
{
	return probe->file->f_op->poll(probe->file, NULL);
}

static void full_by_items(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;

	link->max_items = 2;
	KUNIT_EXPECT_EQ(test, post_text(link, "1"), 0);
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_text(link, "2"), 0);
	KUNIT_EXPECT_FALSE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_text(link, "3"), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, link->items, 2);
	expect_read(test, probe, "1");
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_text(link, "4"), 0);
	expect_read(test, probe, "2");
	expect_read(test, probe, "4");
	KUNIT_EXPECT_EQ(test, link->count, 0);
	KUNIT_EXPECT_EQ(test, link->charge, 0);
}

/* Charged to the byte: the last item that fits is let in, the next one is not. */
static void full_by_bytes(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	u32 one;

	post_text(link, "1");
	one = link->charge;
	KUNIT_EXPECT_GT(test, one, sizeof(struct ddlink_item) + 1);
	link->max_bytes = 2 * one;
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_text(link, "2"), 0);
	KUNIT_EXPECT_EQ(test, link->charge, 2 * one);
	KUNIT_EXPECT_FALSE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_text(link, "3"), -ENOBUFS);
	expect_read(test, probe, "1");
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	link->max_bytes = 2 * one - 1;
	KUNIT_EXPECT_EQ(test, post_text(link, "4"), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, link->charge, one);
	expect_read(test, probe, "2");
	KUNIT_EXPECT_EQ(test, post_text(link, "5"), 0);
	expect_read(test, probe, "5");
	expect_read(test, probe, "");
	KUNIT_EXPECT_EQ(test, link->charge, 0);
}

/* Refused for want of bytes: poll waits until an item is read. */
static void refusal_has_poll_wait(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	char buffer[128];

	link->max_bytes = 64 + 128;
	KUNIT_EXPECT_EQ(test, post_room(link, 64), 0);
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_room(link, 128), 0);
	KUNIT_EXPECT_EQ(test, link->charge, link->max_bytes);
	KUNIT_EXPECT_FALSE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_room(link, 64), -ENOBUFS);
	KUNIT_EXPECT_GT(test, read_item(probe, buffer, sizeof(buffer)), 0);
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_room(link, 128), -ENOBUFS);
	KUNIT_EXPECT_FALSE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_GT(test, read_item(probe, buffer, sizeof(buffer)), 0);
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, link->charge, 0);
}

/* Who waits for much room is not told of little by those who need less. */
static void refusal_outlasts_smaller_items(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	char buffer[128];

	link->max_bytes = 256;
	KUNIT_EXPECT_EQ(test, post_room(link, 64), 0);
	KUNIT_EXPECT_EQ(test, post_room(link, 256), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, post_room(link, 64), 0);
	KUNIT_EXPECT_FALSE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_GT(test, read_item(probe, buffer, sizeof(buffer)), 0);
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
}

/* There is nothing to wait for. */
static void too_large_for_an_empty_queue(struct kunit *test)
{
	struct probe *probe = test->priv;

	probe->link->max_bytes = 127;
	KUNIT_EXPECT_EQ(test, post_room(probe->link, 128), -ENOBUFS);
	KUNIT_EXPECT_TRUE(test, poll_now(probe) & EPOLLOUT);
	KUNIT_EXPECT_EQ(test, post_room(probe->link, 64), 0);
}

/* An item waits for as much room as it takes, smaller ones do not. */
static void large_item_waits_for_room(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	struct ddlink_item *large = ddlink_alloc(link, 5000, GFP_KERNEL | __GFP_ZERO);
	void *buffer = kunit_kzalloc(test, 5000, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, large);
	KUNIT_ASSERT_NOT_NULL(test, buffer);
	KUNIT_EXPECT_GE(test, large->room, 5000 + sizeof(*large) + 1);
	link->max_bytes = large->room;
	ddlink_free(link, large);
	KUNIT_EXPECT_EQ(test, post_text(link, "1"), 0);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ddlink_alloc(link, 5000, GFP_KERNEL)), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, post_text(link, "2"), 0);
	expect_read(test, probe, "1");
	expect_read(test, probe, "2");
	large = ddlink_alloc(link, 5000, GFP_KERNEL | __GFP_ZERO);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, large);
	KUNIT_EXPECT_EQ(test, post_text(link, "3"), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, ddlink_post(link, large), 0);
	KUNIT_EXPECT_EQ(test, read_item(probe, buffer, 5000), 5000);
	link->max_bytes--;
	KUNIT_EXPECT_EQ(test, PTR_ERR(ddlink_alloc(link, 5000, GFP_KERNEL)), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, link->charge, 0);
	KUNIT_EXPECT_EQ(test, link->dropped, 0);
}

static void room_is_spent_or_given_back(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	struct ddlink_item *a, *b;

	link->max_items = 2;
	a = ddlink_alloc(link, 1, GFP_KERNEL);
	b = ddlink_alloc(link, 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, b);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ddlink_alloc(link, 1, GFP_KERNEL)), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, post_text(link, "x"), -ENOBUFS);
	a->data[0] = 'a';
	b->data[0] = 'b';
	KUNIT_EXPECT_EQ(test, ddlink_queue(link, b), 0);
	KUNIT_EXPECT_EQ(test, ddlink_post(link, a), 0);
	expect_read(test, probe, "a");
	expect_read(test, probe, "b");
	KUNIT_EXPECT_EQ(test, link->count, 0);
	a = ddlink_alloc(link, 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, a);
	KUNIT_EXPECT_EQ(test, link->count, 1);
	ddlink_free(link, a);
	KUNIT_EXPECT_EQ(test, link->count, 0);
	KUNIT_EXPECT_EQ(test, link->charge, 0);
	KUNIT_EXPECT_EQ(test, link->dropped, 0);
}

static void losses_stand_where_they_began(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	u64 told;

	link->max_items = 1;
	queue_text(link, "1");
	KUNIT_EXPECT_EQ(test, queue_text(link, "2"), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, ddlink_queue(link, ERR_PTR(-ENOMEM)), -ENOMEM);
	KUNIT_EXPECT_EQ(test, link->items, 2);
	KUNIT_EXPECT_EQ(test, link->dropped, 2);
	expect_read(test, probe, "1");
	queue_text(link, "3");
	queue_text(link, "4");
	KUNIT_EXPECT_EQ(test, read_item(probe, &told, 1), -EIO);
	KUNIT_EXPECT_EQ(test, read_item(probe, &told, sizeof(told)),
			(ssize_t)sizeof(struct ddlink_overflow));
	KUNIT_EXPECT_EQ(test, (u32)told, 3);
	expect_read(test, probe, "3");
	expect_read(test, probe, "");
	queue_text(link, "5");
	KUNIT_EXPECT_EQ(test, post_text(link, "6"), -ENOBUFS);
	KUNIT_EXPECT_EQ(test, link->dropped, 3);
	expect_read(test, probe, "5");
	expect_read(test, probe, "");
}

/* While the overflow item is read, another counts, at its own place. */
static void losses_while_the_overflow_item_is_read(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	u32 told[2];
	int i;

	for (i = 0; i < 3; i++) {
		ddlink_queue(link, ERR_PTR(-ENOMEM));
		link->reading = ddlink_first(link);
		queue_text(link, "1");
		ddlink_queue(link, ERR_PTR(-ENOMEM));
		queue_text(link, "2");
		ddlink_queue(link, ERR_PTR(-ENOMEM));
		link->reading = NULL;
		KUNIT_EXPECT_EQ(test, read_item(probe, told, sizeof(told)), 8);
		KUNIT_EXPECT_EQ(test, told[0], 1);
		expect_read(test, probe, "1");
		KUNIT_EXPECT_EQ(test, read_item(probe, told, sizeof(told)), 8);
		KUNIT_EXPECT_EQ(test, told[0], 2);
		expect_read(test, probe, "2");
		expect_read(test, probe, "");
	}
}

static struct kunit_case ddlink_limits_cases[] = {
	KUNIT_CASE(items_have_a_size),
	KUNIT_CASE(full_by_items),
	KUNIT_CASE(full_by_bytes),
	KUNIT_CASE(refusal_has_poll_wait),
	KUNIT_CASE(refusal_outlasts_smaller_items),
	KUNIT_CASE(too_large_for_an_empty_queue),
	KUNIT_CASE(large_item_waits_for_room),
	KUNIT_CASE(room_is_spent_or_given_back),
	KUNIT_CASE(losses_stand_where_they_began),
	KUNIT_CASE(losses_while_the_overflow_item_is_read),
	{}
};

static struct kunit_suite ddlink_limits_suite = {
	.name		= "ddlink_limits",
	.init		= probe_init,
	.exit		= probe_exit,
	.test_cases	= ddlink_limits_cases,
};

kunit_test_suite(ddlink_limits_suite);
