/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ddlink: a pipe-like file descriptor between a program and a kernel component.
 *
 * A component describes itself by struct ddlink_ops and gives a program a link
 * from an ioctl of its own, usually DDLINK_OPEN:
 *
 *	link = ddlink_create(&my_ops, private);
 *	if (IS_ERR(link))
 *		return PTR_ERR(link);
 *	return ddlink_install(link);
 *
 * Each write to the link calls my_ops.write, which answers by ddlink_post().
 * Results that come later, from any context, go to ddlink_queue().
 *
 * See Documentation/filesystems/ddlink.rst.
 */
#ifndef _LINUX_DDLINK_H
#define _LINUX_DDLINK_H

#include <linux/gfp.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/ddlink.h>

struct cred;
struct ddlink;
struct mem_cgroup;
struct module;
struct seq_file;

/* The handler never sleeps: O_NONBLOCK and io_uring writes may run it. */
#define DDLINK_NOSLEEP		0x1
/* Tracepoints and monitor pass this kind by: it is how they are read. */
#define DDLINK_UNTRACED		0x2

/**
 * struct ddlink_item - one message or result, read whole or not at all
 * @node:	place in the link's queue
 * @seq:	number on its link, given when it is queued
 * @size:	bytes in @data
 * @charge:	what it takes of the link's max_bytes
 * @reserved:	it has taken that
 * @text:	an error text
 * @data:	the payload; a NUL that @size does not count follows it
 */
struct ddlink_item {
	struct list_head node;
	u32 seq;
	u32 size;
	u32 charge;
	bool reserved;
	bool text;
	u8 data[] __aligned(8);
};

/**
 * struct ddlink_ops - what a component does with its links
 * @owner:	module pinned while a link lives
 * @kind:	name of this kind of link, for fdinfo and tracing
 * @flags:	DDLINK_NOSLEEP, DDLINK_UNTRACED
 * @write:	handle a message of @len bytes, 1 to DDLINK_ITEM_MAX, followed by
 *		a NUL. The core has copied it, so that a handler neither faults
 *		with its locks held nor finds it changed under its eyes. It is
 *		freed afterwards unless the handler took it by ddlink_take().
 *		Called in the writer's context, one command of a link at a time.
 *		Returns 0, or -errno, by convention through ddlink_error().
 *		-EAGAIN only without an effect: io_uring calls again
 * @ioctl:	handle a command, serialised with @write; -ENOIOCTLCMD if unknown
 * @query:	handle a command that must never wait for another one, called
 *		first and without any lock, even after a hang-up; -ENOIOCTLCMD
 *		hands it on to @ioctl. Stock: ddlink_fionread()
 * @poll:	change the mask that a poll is to see; called under the queue's
 *		lock, not after a hang-up. What it goes by besides the queue is
 *		told by ddlink_notify()
 * @release:	last close: no call comes any more. Free what private owns, but
 *		do not touch an object that may hang up: it may be gone, or about
 *		to go without waiting for this
 * @overflow_size: payload bytes of the item that tells of lost items;
 *		default: sizeof(struct ddlink_overflow)
 * @overflow:	fill it; called under the queue's lock, once or more
 *
 * All but @kind may be left out. What acts on the caller's behalf uses the
 * rights of link->cred, those of the link's maker, not of who happens to write.
 */
struct ddlink_ops {
	struct module *owner;
	const char *kind;
	unsigned int flags;
	int (*write)(struct ddlink *link, void *msg, size_t len);
	long (*ioctl)(struct ddlink *link, unsigned int cmd, unsigned long arg);
	long (*query)(struct ddlink *link, unsigned int cmd, unsigned long arg);
	__poll_t (*poll)(struct ddlink *link, __poll_t mask);
	void (*release)(struct ddlink *link);
	size_t overflow_size;
	void (*overflow)(struct ddlink *link, void *payload, u32 lost);
};

/**
 * struct ddlink - one link
 * @private:	the component's own
 * @ops:	the component
 * @cred:	rights of the maker
 * @max_items:	limit on items; a component may change it before ddlink_install()
 * @max_bytes:	limit on bytes, headers and slack included; likewise
 *
 * The other fields are the core's. Lock order: @command, @reader, @wait.lock.
 */
struct ddlink {
	void *private;
	const struct ddlink_ops *ops;
	const struct cred *cred;
	u32 max_items;
	u32 max_bytes;

	/* private: wait.lock, irq-safe, protects all down to the next blank line */
	wait_queue_head_t wait;
	struct list_head queue;		/* text, posts up to @posts, the rest */
	struct list_head *posts;	/* last posted item, or &queue */
	struct ddlink_item *text;	/* error text that nobody has read */
	struct ddlink_item *reading;	/* item being copied to a reader */
	int gone;			/* -ENODEV: hung up; -EPIPE: released */
	bool full;			/* no room since the last read that made some */
	u32 items;			/* in the queue */
	u32 bytes;			/* payload in the queue */
	u32 count;			/* items queued and reserved, for max_items */
	u32 charge;			/* bytes queued and reserved, for max_bytes */
	u32 seq;			/* of the item queued last */
	u32 peak;			/* most items that ever waited */
	u32 lost;			/* items the overflow item has yet to tell of */
	u32 told;			/* of these: told to the reader that copies it */
	u64 dropped;			/* items lost in all */

	/* one write or ioctl at a time; protects msg */
	struct mutex command;
	struct ddlink_item *msg;	/* the message, until the handler takes it */

	/* one reader at a time: while it copies the first item, that stays */
	struct mutex reader;

	/* fixed after creation */
	struct mem_cgroup *memcg;	/* the maker's, charged for all items */
	u64 id;				/* never used twice */

	struct kref ref;		/* one is the file's */
	struct list_head group;		/* ddlink_join(); has a lock of its own */
	struct ddlink_item overflow;	/* keep last */
};

struct ddlink *ddlink_create(const struct ddlink_ops *ops, void *private);
int ddlink_install(struct ddlink *link);
void ddlink_put(struct ddlink *link);
void ddlink_hangup(struct ddlink *link);

struct ddlink_item *ddlink_alloc(struct ddlink *link, size_t size, gfp_t gfp);
struct ddlink_item *ddlink_reserve(struct ddlink *link, size_t size, gfp_t gfp);
void ddlink_free(struct ddlink *link, struct ddlink_item *item);
int ddlink_queue(struct ddlink *link, struct ddlink_item *item);
int ddlink_post(struct ddlink *link, struct ddlink_item *item);
void ddlink_notify(struct ddlink *link, __poll_t mask);

__printf(3, 4)
int ddlink_error(struct ddlink *link, int err, const char *fmt, ...);
int ddlink_post_data(struct ddlink *link, const void *data, size_t size);
int ddlink_echo(struct ddlink *link, void *msg, size_t len);
long ddlink_fionread(struct ddlink *link, unsigned int cmd, unsigned long arg);
void ddlink_join(struct ddlink *link, struct list_head *group);
void ddlink_hangup_all(struct list_head *group);

/**
 * ddlink_get - hold a link beyond its file
 * @link: the link
 *
 * Give it back by ddlink_put(). Queueing on a link whose file is gone is
 * harmless: it gives -EPIPE and frees the item.
 */
static inline struct ddlink *ddlink_get(struct ddlink *link)
{
	kref_get(&link->ref);
	return link;
}

/**
 * ddlink_take - keep the message that the write handler was given
 * @link: the link
 *
 * To be called by the write handler, once. The message is an item as
 * ddlink_alloc() makes it: queue it, post it or ddlink_free() it.
 */
static inline struct ddlink_item *ddlink_take(struct ddlink *link)
{
	struct ddlink_item *msg = link->msg;

	link->msg = NULL;
	return msg;
}

#endif /* _LINUX_DDLINK_H */
