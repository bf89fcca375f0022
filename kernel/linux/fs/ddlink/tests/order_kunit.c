// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of a queue: texts, posts, the rest.
 */
#include "probe.h"

static void queued_items_are_fifo(struct kunit *test)
{
	struct probe *probe = test->priv;

	KUNIT_EXPECT_EQ(test, queue_text(probe->link, "a"), 0);
	KUNIT_EXPECT_EQ(test, queue_text(probe->link, "bb"), 0);
	KUNIT_EXPECT_EQ(test, probe->link->items, 2);
	KUNIT_EXPECT_EQ(test, probe->link->bytes, 3);
	expect_read(test, probe, "a");
	expect_read(test, probe, "bb");
	expect_read(test, probe, "");
	KUNIT_EXPECT_EQ(test, probe->link->items, 0);
	KUNIT_EXPECT_EQ(test, probe->link->bytes, 0);
	KUNIT_EXPECT_EQ(test, probe->link->peak, 2);
}

static void posts_are_fifo_ahead_of_queued(struct kunit *test)
{
	struct probe *probe = test->priv;

	queue_text(probe->link, "q1");
	post_text(probe->link, "p1");
	queue_text(probe->link, "q2");
	post_text(probe->link, "p2");
	expect_read(test, probe, "p1");
	post_text(probe->link, "p3");
	expect_read(test, probe, "p2");
	expect_read(test, probe, "p3");
	post_text(probe->link, "p4");
	expect_read(test, probe, "p4");
	expect_read(test, probe, "q1");
	post_text(probe->link, "p5");
	expect_read(test, probe, "p5");
	expect_read(test, probe, "q2");
	KUNIT_EXPECT_PTR_EQ(test, probe->link->late, &probe->link->queue);
}

static void text_comes_first_and_posts_follow(struct kunit *test)
{
	struct probe *probe = test->priv;

	KUNIT_EXPECT_EQ(test, ddlink_error(probe->link, -EIO, "no %d", 1), -EIO);
	post_text(probe->link, "p");
	queue_text(probe->link, "q");
	expect_read(test, probe, "no 1");
	expect_read(test, probe, "p");
	post_text(probe->link, "p");
	ddlink_error(probe->link, -EIO, "no 2");
	expect_read(test, probe, "no 2");
	expect_read(test, probe, "p");
	expect_read(test, probe, "q");
	expect_read(test, probe, "");
}

static void only_the_last_text_waits(struct kunit *test)
{
	struct probe *probe = test->priv;

	ddlink_error(probe->link, -EIO, "first");
	ddlink_error(probe->link, -EIO, "second");
	KUNIT_EXPECT_EQ(test, probe->link->items, 1);
	expect_read(test, probe, "second");
	ddlink_error(probe->link, -EIO, "third");
	do_nothing(probe);
	KUNIT_EXPECT_EQ(test, probe->link->items, 0);
	do_nothing(probe);
	expect_read(test, probe, "");
}

/* A text that is being copied when the next command begins counts as read. */
static void text_being_read_is_not_dropped(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	struct ddlink_item *text;

	ddlink_error(link, -EIO, "text");
	text = ddlink_first(link);
	link->reading = text;
	do_nothing(probe);
	KUNIT_EXPECT_EQ(test, link->items, 0);
	KUNIT_EXPECT_FALSE(test, ddlink_queued(text));
	/* still there for its reader, who would free it */
	KUNIT_EXPECT_EQ(test, memcmp(text->data, "text", 4), 0);
	link->reading = NULL;
	ddlink_free(link, text);
	expect_read(test, probe, "");
}

/* The message that is refused before its handler runs is a command, too. */
static void refused_messages_drop_the_text(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct kvec vec = { probe, DDLINK_ITEM_MAX + 1 };
	struct iov_iter iter;
	struct kiocb kiocb;

	ddlink_error(probe->link, -EIO, "text");
	init_sync_kiocb(&kiocb, probe->file);
	iov_iter_kvec(&iter, ITER_SOURCE, &vec, 1, vec.iov_len);
	KUNIT_EXPECT_EQ(test, probe->file->f_op->write_iter(&kiocb, &iter), -EMSGSIZE);
	expect_read(test, probe, "");
}

static void text_is_escaped_bounded_and_unlimited(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	char *out = kunit_kzalloc(test, 2000, GFP_KERNEL);
	char *in = kunit_kzalloc(test, 2000, GFP_KERNEL);
	ssize_t size;

	KUNIT_ASSERT_NOT_NULL(test, in);
	link->max_items = 1;
	post_text(link, "full");
	ddlink_error(link, -EIO, "a\tb\\\x7f");
	expect_read(test, probe, "a\\x09b\\\\x7f");
	/* C1 is for terminals what C0 is; a letter beyond ASCII is legible as hex */
	ddlink_error(link, -EIO, "\x9b[2J\xc3\xa4");
	expect_read(test, probe, "\\x9b[2J\\xc3\\xa4");
	memset(out, '\1', 1999);
	ddlink_error(link, -EIO, "%s", out);
	size = read_item(probe, in, 2000);
	KUNIT_EXPECT_GT(test, size, 100);
	KUNIT_EXPECT_LT(test, size, 1000);
	KUNIT_EXPECT_EQ(test, size % 4, 0);
	expect_read(test, probe, "full");
}

/* Whoever prints a pointer gives nothing away by it. */
static void text_has_no_kernel_pointers(struct kunit *test)
{
	struct probe *probe = test->priv;
	char plain[20], got[64] = "";

	snprintf(plain, sizeof(plain), "%lx", (unsigned long)probe->link);
	ddlink_error(probe->link, -EIO, "at %p", probe->link);
	KUNIT_EXPECT_GT(test, read_item(probe, got, sizeof(got) - 1), 3);
	KUNIT_EXPECT_NULL(test, strstr(got, plain));
}

static struct kunit_case ddlink_order_cases[] = {
	KUNIT_CASE(queued_items_are_fifo),
	KUNIT_CASE(posts_are_fifo_ahead_of_queued),
	KUNIT_CASE(text_comes_first_and_posts_follow),
	KUNIT_CASE(only_the_last_text_waits),
	KUNIT_CASE(text_being_read_is_not_dropped),
	KUNIT_CASE(refused_messages_drop_the_text),
	KUNIT_CASE(text_is_escaped_bounded_and_unlimited),
	KUNIT_CASE(text_has_no_kernel_pointers),
	{}
};

static struct kunit_suite ddlink_order_suite = {
	.name		= "ddlink_order",
	.init		= probe_init,
	.exit		= probe_exit,
	.test_cases	= ddlink_order_cases,
};

kunit_test_suite(ddlink_order_suite);
