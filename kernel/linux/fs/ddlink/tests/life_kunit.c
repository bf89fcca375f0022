// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handlers, hang-up and close.
 */
#include "probe.h"

static int handler_takes(struct ddlink *link, void *msg, size_t len)
{
	return ddlink_post(link, ddlink_take(link));
}

static int handler_queues(struct ddlink *link, void *msg, size_t len)
{
	return ddlink_queue(link, ddlink_take(link));
}

static int handler_holds(struct ddlink *link, void *msg, size_t len)
{
	struct ddlink_item *item = ddlink_take(link);

	return ddlink_add(link, item, DDLINK_HOLD) ?: ddlink_post(link, item);
}

static int handler_restarts(struct ddlink *link, void *msg, size_t len)
{
	return -ERESTARTSYS;
}

static int handler_checks_nul(struct ddlink *link, void *msg, size_t len)
{
	return strlen(msg) == len ? 0 : -EINVAL;
}

static void handlers(struct kunit *test)
{
	struct probe *probe = test->priv;

	probe->handler = handler_takes;
	KUNIT_EXPECT_EQ(test, write_text(probe, "hello"), 5);
	expect_read(test, probe, "hello");
	probe->handler = handler_restarts;
	KUNIT_EXPECT_EQ(test, write_text(probe, "hello"), -EINTR);
	probe->handler = handler_checks_nul;
	KUNIT_EXPECT_EQ(test, write_text(probe, "hello"), 5);
	expect_read(test, probe, "");
}

static int (* const takers[])(struct ddlink *link, void *msg, size_t len) = {
	handler_takes, handler_holds, handler_queues,
};

/* A message takes its room when it is posted, queued, or before. */
static void messages_take_room(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	int i;

	for (i = 0; i < ARRAY_SIZE(takers); i++) {
		probe->handler = takers[i];
		link->max_items = 1;
		KUNIT_EXPECT_EQ(test, write_text(probe, "hello"), 5);
		KUNIT_EXPECT_EQ(test, link->count, 1);
		KUNIT_EXPECT_EQ(test, write_text(probe, "again"), -ENOBUFS);
		expect_read(test, probe, "hello");
		KUNIT_EXPECT_EQ(test, link->count, 0);
		KUNIT_EXPECT_EQ(test, link->charge, 0);
	}
	/* to queue it is not to refuse it */
	KUNIT_EXPECT_EQ(test, link->dropped, 1);
}

static void hangup_drains(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;

	probe->handler = handler_takes;
	queue_text(link, "1");
	ddlink_hangup(link);
	ddlink_hangup(link);
	KUNIT_EXPECT_EQ(test, queue_text(link, "2"), -ENODEV);
	KUNIT_EXPECT_EQ(test, post_text(link, "2"), -ENODEV);
	KUNIT_EXPECT_EQ(test, write_text(probe, "2"), -ENODEV);
	KUNIT_EXPECT_EQ(test, PTR_ERR(ddlink_alloc(link, 1, GFP_KERNEL)), -ENODEV);
	KUNIT_EXPECT_EQ(test, link->dropped, 0);
	expect_read(test, probe, "1");
	expect_read(test, probe, "");
}

/* Whoever polls hears of a hang-up before that has given the command's mutex back. */
static void hangup_is_over_for_who_does_not_wait(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;

	probe->handler = handler_takes;
	probe->file->f_flags |= O_NONBLOCK;
	mutex_lock(&link->command);
	KUNIT_EXPECT_EQ(test, write_text(probe, "1"), -EAGAIN);
	link->gone = -ENODEV;
	KUNIT_EXPECT_EQ(test, write_text(probe, "1"), -ENODEV);
	mutex_unlock(&link->command);
	expect_read(test, probe, "");
}

static void queueing_after_release(struct kunit *test)
{
	struct probe *probe = test->priv;
	struct ddlink *link = probe->link;
	struct ddlink_item *item = ddlink_alloc(link, 1, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, item);
	queue_text(link, "unread");
	ddlink_queue(link, ERR_PTR(-ENOMEM));
	ddlink_error(link, -EIO, "unread");
	probe_close(probe);
	KUNIT_EXPECT_EQ(test, probe->released, 1);
	KUNIT_EXPECT_EQ(test, link->items, 0);
	KUNIT_EXPECT_EQ(test, ddlink_error(link, -EIO, "late"), -EIO);
	KUNIT_EXPECT_EQ(test, queue_text(link, "x"), -EPIPE);
	KUNIT_EXPECT_EQ(test, ddlink_queue(link, item), -EPIPE);
	KUNIT_EXPECT_EQ(test, ddlink_queue(link, ERR_PTR(-ENOMEM)), -EPIPE);
	ddlink_hangup(link);
	KUNIT_EXPECT_EQ(test, queue_text(link, "x"), -EPIPE);
}

static void groups(struct kunit *test)
{
	struct probe *probe = test->priv;
	LIST_HEAD(group);

	ddlink_join(probe->link, &group);
	KUNIT_EXPECT_FALSE(test, list_empty(&group));
	ddlink_hangup_all(&group);
	KUNIT_EXPECT_TRUE(test, list_empty(&group));
	KUNIT_EXPECT_EQ(test, queue_text(probe->link, "x"), -ENODEV);
	ddlink_hangup_all(&group);
	ddlink_join(probe->link, &group);
	probe_close(probe);
	KUNIT_EXPECT_TRUE(test, list_empty(&group));
}

/*
 * A link that is just being closed is still in its group, but not hung up: this
 * thread's fput() leaves the release to a later moment.
 */
static void group_meets_a_link_being_closed(struct kunit *test)
{
	struct probe *probe = test->priv;
	LIST_HEAD(group);

	ddlink_join(probe->link, &group);
	fput(probe->file);
	probe->file = NULL;
	ddlink_hangup_all(&group);
	KUNIT_EXPECT_TRUE(test, list_empty(&group));
	flush_delayed_fput();
	KUNIT_EXPECT_EQ(test, probe->released, 1);
	KUNIT_EXPECT_EQ(test, queue_text(probe->link, "x"), -EPIPE);
}

static struct kunit_case ddlink_life_cases[] = {
	KUNIT_CASE(handlers),
	KUNIT_CASE(messages_take_room),
	KUNIT_CASE(hangup_drains),
	KUNIT_CASE(hangup_is_over_for_who_does_not_wait),
	KUNIT_CASE(queueing_after_release),
	KUNIT_CASE(groups),
	KUNIT_CASE(group_meets_a_link_being_closed),
	{}
};

static struct kunit_suite ddlink_life_suite = {
	.name		= "ddlink_life",
	.init		= probe_init,
	.exit		= probe_exit,
	.test_cases	= ddlink_life_cases,
};

kunit_test_suite(ddlink_life_suite);
