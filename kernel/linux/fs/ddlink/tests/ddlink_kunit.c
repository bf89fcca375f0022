// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queue of ddlink: order, limits, reservation, losses, life. What a program
 * sees of it is tested by tools/testing/selftests/ddlink.
 */
#include <kunit/test.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/sizes.h>
#include <linux/uio.h>
#include <linux/vmalloc.h>
#include "../internal.h"

/**
 * struct probe - what the component under test was told, and its link
 * @link:	the link, held beyond its file
 * @file:	its file, NULL once closed
 * @fd:		its descriptor
 * @released:	how often release was called
 * @handler:	what the write handler is to do
 */
struct probe {
	struct ddlink *link;
	struct file *file;
	int fd;
	int released;
	int (*handler)(struct ddlink *link, void *msg, size_t len);
};

static int probe_write(struct ddlink *link, void *msg, size_t len)
{
	struct probe *probe = link->private;

	return probe->handler(link, msg, len);
}

static void probe_release(struct ddlink *link)
{
	struct probe *probe = link->private;

	probe->released++;
}

static size_t probe_overflow(struct ddlink *link, void *payload, bool first)
{
	u32 *lost = payload;

	*lost = first ? 1 : *lost + 1;
	return 2 * sizeof(*lost);
}

static const struct ddlink_ops probe_ops = {
	.kind		= "probe",
	.write		= probe_write,
	.query		= ddlink_fionread,
	.release	= probe_release,
	.overflow	= probe_overflow,
};

/* ---- helpers ---- */

static struct ddlink_item *text_item(struct ddlink *link, const char *text)
{
	struct ddlink_item *item = ddlink_alloc(link, strlen(text), GFP_KERNEL);

	if (!IS_ERR(item))
		memcpy(item->data, text, strlen(text));
	return item;
}

/* An item that takes @room bytes, a power of two. */
static struct ddlink_item *roomy_item(struct ddlink *link, size_t room)
{
	return ddlink_alloc(link, room - sizeof(struct ddlink_item) - 1,
			    GFP_KERNEL | __GFP_ZERO);
}

static int post_room(struct ddlink *link, size_t room)
{
	return ddlink_post(link, roomy_item(link, room));
}

static int queue_text(struct ddlink *link, const char *text)
{
	return ddlink_queue(link, text_item(link, text));
}

static int post_text(struct ddlink *link, const char *text)
{
	return ddlink_post(link, text_item(link, text));
}

/* Read like a program, into @buffer of @size bytes. */
static ssize_t read_item(struct probe *probe, void *buffer, size_t size)
{
	struct kvec vec = { buffer, size };
	struct iov_iter iter;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, probe->file);
	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	return probe->file->f_op->read_iter(&kiocb, &iter);
}

static ssize_t write_text(struct probe *probe, const char *text)
{
	struct kvec vec = { (void *)text, strlen(text) };
	struct iov_iter iter;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, probe->file);
	iov_iter_kvec(&iter, ITER_SOURCE, &vec, 1, vec.iov_len);
	return probe->file->f_op->write_iter(&kiocb, &iter);
}

static int handler_does_nothing(struct ddlink *link, void *msg, size_t len)
{
	return 0;
}

/* A command without results. */
static void do_nothing(struct probe *probe)
{
	probe->handler = handler_does_nothing;
	write_text(probe, "nothing");
}

/* The next read gives @text; nothing if that is empty. */
static void expect_read(struct kunit *test, struct probe *probe, const char *text)
{
	char got[256] = "";

	KUNIT_EXPECT_EQ(test, read_item(probe, got, sizeof(got) - 1),
			(ssize_t)strlen(text));
	KUNIT_EXPECT_STREQ(test, got, text);
}

/* The descriptor is closed for the test's thread at once, the file by us. */
static void probe_close(struct probe *probe)
{
	if (!probe->file)
		return;
	__fput_sync(probe->file);
	probe->file = NULL;
}

static int probe_init(struct kunit *test)
{
	struct probe *probe = kunit_kzalloc(test, sizeof(*probe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, probe);
	test->priv = probe;
	probe->link = ddlink_create(&probe_ops, probe);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, probe->link);
	ddlink_get(probe->link);
	probe->fd = ddlink_install(probe->link);
	KUNIT_ASSERT_GE(test, probe->fd, 0);
	probe->file = file_close_fd(probe->fd);
	KUNIT_ASSERT_NOT_NULL(test, probe->file);
	return 0;
}

static void probe_exit(struct kunit *test)
{
	struct probe *probe = test->priv;

	if (!probe)
		return;
	probe_close(probe);
	KUNIT_EXPECT_EQ(test, probe->released, 1);
	ddlink_put(probe->link);
}

/* ---- order ---- */

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
	KUNIT_EXPECT_PTR_EQ(test, probe->link->posts, &probe->link->queue);
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
	KUNIT_EXPECT_FALSE(test, text->queued);
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

/* ---- limits ---- */

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

/* ---- what items leave behind ---- */

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
	KUNIT_EXPECT_FALSE(test, again->queued);
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

/* ---- losses ---- */

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

/* ---- life ---- */

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

static struct kunit_case ddlink_cases[] = {
	KUNIT_CASE(queued_items_are_fifo),
	KUNIT_CASE(posts_are_fifo_ahead_of_queued),
	KUNIT_CASE(text_comes_first_and_posts_follow),
	KUNIT_CASE(only_the_last_text_waits),
	KUNIT_CASE(text_being_read_is_not_dropped),
	KUNIT_CASE(refused_messages_drop_the_text),
	KUNIT_CASE(text_is_escaped_bounded_and_unlimited),
	KUNIT_CASE(text_has_no_kernel_pointers),
	KUNIT_CASE(items_have_a_size),
	KUNIT_CASE(full_by_items),
	KUNIT_CASE(full_by_bytes),
	KUNIT_CASE(refusal_has_poll_wait),
	KUNIT_CASE(too_large_for_an_empty_queue),
	KUNIT_CASE(large_item_waits_for_room),
	KUNIT_CASE(room_is_spent_or_given_back),
	KUNIT_CASE(room_depends_on_size_alone),
	KUNIT_CASE(spare_items_serve_again),
	KUNIT_CASE(only_so_much_is_kept),
	KUNIT_CASE(vmalloced_items_are_not_kept),
	KUNIT_CASE(text_beyond_what_is_kept),
	KUNIT_CASE(losses_stand_where_they_began),
	KUNIT_CASE(losses_while_the_overflow_item_is_read),
	KUNIT_CASE(handlers),
	KUNIT_CASE(messages_take_room),
	KUNIT_CASE(hangup_drains),
	KUNIT_CASE(hangup_is_over_for_who_does_not_wait),
	KUNIT_CASE(queueing_after_release),
	KUNIT_CASE(groups),
	KUNIT_CASE(group_meets_a_link_being_closed),
	{}
};

static struct kunit_suite ddlink_suite = {
	.name		= "ddlink",
	.init		= probe_init,
	.exit		= probe_exit,
	.test_cases	= ddlink_cases,
};

kunit_test_suite(ddlink_suite);
