// SPDX-License-Identifier: GPL-2.0-only
/*
 * What items leave behind.
 */
#include <linux/sizes.h>
#include <linux/vmalloc.h>
#include "probe.h"

static void room_depends_on_size_alone(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	char buffer[128];

	KUNIT_EXPECT_EQ(test, post_room(link, 128), 0);
	KUNIT_EXPECT_EQ(test, link->charge, 128);
	KUNIT_EXPECT_GT(test, read_item(probe, buffer, sizeof(buffer)), 0);
	KUNIT_EXPECT_EQ(test, link->spare_bytes, 128);
	KUNIT_EXPECT_EQ(test, post_room(link, 64), 0);
	KUNIT_EXPECT_EQ(test, link->charge, 64);
	/* the spare one was not of its room and made place */
	KUNIT_EXPECT_EQ(test, link->spare_bytes, 0);
}

static void spare_items_serve_again(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	struct ddlink_item *item = text_item(link, "first"), *again;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, item);
	KUNIT_EXPECT_EQ(test, ddlink_post(link, item), 0);
	expect_read(test, probe, "first");
	KUNIT_EXPECT_PTR_EQ(test, link->spare, item);
	again = ddlink_alloc(link, 4, GFP_KERNEL | __GFP_ZERO);
	KUNIT_ASSERT_PTR_EQ(test, again, item);
	KUNIT_EXPECT_EQ(test, again->seq, 0);
	KUNIT_EXPECT_EQ(test, again->size, 4);
	KUNIT_EXPECT_FALSE(test, ddlink_queued(again));
	KUNIT_EXPECT_MEMEQ(test, again->data, "\0\0\0\0", 5);
	ddlink_free(link, again);
	KUNIT_EXPECT_EQ(test, link->charge, 0);
}

static void only_so_much_is_kept(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	struct ddlink_item *items[2 * DDLINK_SPARE_MAX / SZ_16K];
	int i;

	for (i = 0; i < ARRAY_SIZE(items); i++) {
		items[i] = roomy_item(link, SZ_16K);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, items[i]);
		KUNIT_EXPECT_EQ(test, items[i]->room, SZ_16K);
	}
	for (i = 0; i < ARRAY_SIZE(items); i++)
		ddlink_free(link, items[i]);
	KUNIT_EXPECT_EQ(test, link->spare_bytes, DDLINK_SPARE_MAX);
	items[0] = ddlink_alloc(link, DDLINK_SPARE_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, items[0]);
	ddlink_free(link, items[0]);
	KUNIT_EXPECT_LE(test, link->spare_bytes, DDLINK_SPARE_MAX);
}

/* What takes its place may be made in any context, where vfree() may not be called. */
static void vmalloced_items_are_not_kept(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	struct ddlink_item *item = vmalloc(PAGE_SIZE);

	KUNIT_ASSERT_NOT_NULL(test, item);
	*item = (struct ddlink_item){ .size = 1, .room = PAGE_SIZE };
	KUNIT_EXPECT_EQ(test, ddlink_post(link, item), 0);
	KUNIT_EXPECT_EQ(test, link->charge, PAGE_SIZE);
	item->data[0] = 'v';
	expect_read(test, probe, "v");
	KUNIT_EXPECT_EQ(test, link->charge, 0);
	KUNIT_EXPECT_EQ(test, link->spare_bytes, 0);
}

/* A text that nobody read is freed when no more is kept. */
static void text_beyond_what_is_kept(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;

	ddlink_error(link, -EIO, "unread");
	link->spare_bytes = DDLINK_SPARE_MAX;
	do_nothing(probe);
	KUNIT_EXPECT_NULL(test, link->spare);
	link->spare_bytes = 0;
	expect_read(test, probe, "");
}

static struct kunit_case ddlink_spare_cases[] = {
	KUNIT_CASE(room_depends_on_size_alone),
	KUNIT_CASE(spare_items_serve_again),
	KUNIT_CASE(only_so_much_is_kept),
	KUNIT_CASE(vmalloced_items_are_not_kept),
	KUNIT_CASE(text_beyond_what_is_kept),
	{}
};

static struct kunit_suite ddlink_spare_suite = {
	.name		= "ddlink_spare",
	.init		= probe_init,
	.exit		= probe_exit,
	.test_cases	= ddlink_spare_cases,
};

kunit_test_suite(ddlink_spare_suite);
