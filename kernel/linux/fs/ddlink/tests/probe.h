/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of ddlink share: a link whose component only looks on. What a
 * program sees of links is tested by tools/testing/selftests/ddlink.
 */
#ifndef _FS_DDLINK_TESTS_PROBE_H
#define _FS_DDLINK_TESTS_PROBE_H

#include <kunit/test.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/uio.h>
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

static inline int probe_write(struct ddlink *link, void *msg, size_t len)
{
	struct probe *probe = link->private;

	return probe->handler(link, msg, len);
}

static inline void probe_release(struct ddlink *link)
{
	struct probe *probe = link->private;

	probe->released++;
}

static inline size_t probe_overflow(struct ddlink *link, void *payload, bool first)
{
	u32 *lost = payload;

	*lost = first ? 1 : *lost + 1;
	return 2 * sizeof(*lost);
}

static const struct ddlink_ops probe_ops = {
	.kind		= "probe",
	.write		= probe_write,
	.ioctl		= ddlink_fionread,
	.release	= probe_release,
	.overflow	= probe_overflow,
};

static inline struct ddlink_item *text_item(struct ddlink *link, const char *text)
{
	struct ddlink_item *item = ddlink_alloc(link, strlen(text), GFP_KERNEL);

	if (!IS_ERR(item))
		memcpy(item->data, text, strlen(text));
	return item;
}

/* An item that takes @room bytes, a power of two. */
static inline struct ddlink_item *roomy_item(struct ddlink *link, size_t room)
{
	return ddlink_alloc(link, room - sizeof(struct ddlink_item) - 1,
			    GFP_KERNEL | __GFP_ZERO);
}

static inline int post_room(struct ddlink *link, size_t room)
{
	return ddlink_post(link, roomy_item(link, room));
}

static inline int queue_text(struct ddlink *link, const char *text)
{
	return ddlink_queue(link, text_item(link, text));
}

static inline int post_text(struct ddlink *link, const char *text)
{
	return ddlink_post(link, text_item(link, text));
}

/* Read like a program, into @buffer of @size bytes. */
static inline ssize_t read_item(struct probe *probe, void *buffer, size_t size)
{
	struct kvec vec = { buffer, size };
	struct iov_iter iter;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, probe->file);
	iov_iter_kvec(&iter, ITER_DEST, &vec, 1, size);
	return probe->file->f_op->read_iter(&kiocb, &iter);
}

static inline ssize_t write_text(struct probe *probe, const char *text)
{
	struct kvec vec = { (void *)text, strlen(text) };
	struct iov_iter iter;
	struct kiocb kiocb;

	init_sync_kiocb(&kiocb, probe->file);
	iov_iter_kvec(&iter, ITER_SOURCE, &vec, 1, vec.iov_len);
	return probe->file->f_op->write_iter(&kiocb, &iter);
}

static inline int handler_does_nothing(struct ddlink *link, void *msg, size_t len)
{
	return 0;
}

/* A command without results. */
static inline void do_nothing(struct probe *probe)
{
	probe->handler = handler_does_nothing;
	write_text(probe, "nothing");
}

/* The next read gives @text; nothing if that is empty. */
static inline void expect_read(struct kunit *test, struct probe *probe, const char *text)
{
	char got[256] = "";

	KUNIT_EXPECT_EQ(test, read_item(probe, got, sizeof(got) - 1),
			(ssize_t)strlen(text));
	KUNIT_EXPECT_STREQ(test, got, text);
}

/* The descriptor is closed for the test's thread at once, the file by us. */
static inline void probe_close(struct probe *probe)
{
	if (!probe->file)
		return;
	__fput_sync(probe->file);
	probe->file = NULL;
}

static inline int probe_init(struct kunit *test)
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

static inline void probe_exit(struct kunit *test)
{
	struct probe *probe = test->priv;

	if (!probe)
		return;
	probe_close(probe);
	KUNIT_EXPECT_EQ(test, probe->released, 1);
	ddlink_put(probe->link);
}

#endif /* _FS_DDLINK_TESTS_PROBE_H */
