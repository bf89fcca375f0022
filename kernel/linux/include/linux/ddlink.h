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

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/string.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <uapi/linux/ddlink.h>

struct cred;
struct ddlink;
struct file;
struct mem_cgroup;
struct module;

/* The handler never sleeps: O_NONBLOCK and io_uring writes may run it. */
#define DDLINK_NOSLEEP		0x1
/* Room for what tells of lost items, in bytes. */
#define DDLINK_LOST_MAX		sizeof(struct ddlink_event)

/* Tracepoints and monitor pass this kind by: it is how they are read. */
#define DDLINK_UNTRACED		0x2

/**
 * struct ddlink_item - one message or result, read whole or not at all
 * @node:	place in the link's queue; its next is NULL in an item that is not
 *		queued
 * @spare:	the next one of those that the link keeps
 * @seq:	number on its link, given when it is queued
 * @size:	bytes in @data
 * @room:	bytes allocated for it, header and slack included; 0 if it is a
 *		part of the link, for telling of losses
 * @charged:	it takes @room of the link's max_bytes
 * @text:	an error text
 * @data:	the payload; a NUL follows those bytes that it was made for
 */
struct ddlink_item {
	union {
		struct list_head node;
		struct ddlink_item *spare;
	};
	u32 seq;
	u32 size;
	u32 room;
	bool charged;
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
 * @ioctl:	answer an ioctl: called with no lock held, even after a hang-up.
 *		What is a command does its work between ddlink_begin() and
 *		ddlink_end(), as @write does. What must not wait for a command does
 *		not; nor does what is unknown, for a command drops the error text,
 *		and isatty() must not. ddlink_fionread(), or one that ends in it,
 *		which also says -ENODEV after a hang-up
 * @poll:	change the mask that a poll is to see; called under the queue's
 *		lock, not after a hang-up. What it goes by besides the queue is
 *		told by ddlink_notify()
 * @release:	last close: no call comes any more. Free what private owns, but
 *		do not touch an object that may hang up: it may be gone, or about
 *		to go without waiting for this
 * @overflow:	count one more lost item in @payload, or begin with the @first, and
 *		return its size, DDLINK_LOST_MAX at most and always the same; called
 *		under the queue's lock. Default: struct ddlink_overflow
 *
 * All but @kind, @write and @ioctl may be left out. What acts on the caller's
 * behalf uses the rights of link->file->f_cred, those of the link's maker, not of
 * who happens to write.
 */
struct ddlink_ops {
	struct module *owner;
	const char *kind;
	unsigned int flags;
	int (*write)(struct ddlink *link, void *msg, size_t len);
	long (*ioctl)(struct ddlink *link, unsigned int cmd, unsigned long arg);
	__poll_t (*poll)(struct ddlink *link, __poll_t mask);
	void (*release)(struct ddlink *link);
	size_t (*overflow)(struct ddlink *link, void *payload, bool first);
};

/**
 * struct ddlink - one link
 * @private:	the component's own
 * @ops:	the component
 * @file:	its file, whose f_cred are the maker's rights; NULL after the last
 *		close
 * @max_items:	limit on items; a component may change it before ddlink_install()
 * @max_bytes:	limit on bytes, headers and slack included; likewise, INT_MAX at
 *		most
 * @wait:	who polls
 *
 * The other fields are the core's. Lock order: @command, f_pos_lock of @file,
 * by which readers take turns, @wait.lock.
 */
struct ddlink {
	/* private: ddlink_join(); has a lock of its own */
	struct list_head group;

	/* public: */
	void *private;
	const struct ddlink_ops *ops;
	struct file *file;
	u32 max_items;
	u32 max_bytes;
	wait_queue_head_t wait;

	/* private: wait.lock, irq-safe, protects all down to the next blank line */
	struct list_head queue;		/* text, posts, and from @late on the rest */
	struct list_head *late;		/* first asynchronous item, or &queue */
	struct ddlink_item *reading;	/* item being copied to a reader */
	struct ddlink_item *lost[2];	/* [0] counts losses, [1] did so before */
	int gone;			/* -ENODEV: hung up; -EPIPE: released */
	u32 items;			/* in the queue */
	u32 bytes;			/* payload in the queue */
	u32 seq;			/* of the item queued last */
	u32 peak;			/* most items that ever waited */
	u32 dropped;			/* items lost in all */
	u32 count;			/* items that take room, for max_items */
	u32 charge;			/* bytes that they take, for max_bytes */
	bool full;			/* no room, or not what was last needed */
	u32 spare_bytes;		/* room of those in @spare */
	struct ddlink_item *spare;	/* what items left, for those to come */

	/* one command at a time; protects msg */
	struct mutex command;
	struct ddlink_item *msg;	/* the message, until the handler takes it */

	struct kref ref;		/* one is the file's */
	struct mem_cgroup *memcg;	/* the maker's, charged for all items */
	u64 id;				/* never used twice */
} __aligned(8);				/* two items follow, for @lost */

/* What ddlink_add() is to do with an item. */
enum ddlink_how {
	DDLINK_HOLD,	/* take room for it */
	DDLINK_QUEUE,	/* append it, or tell that it is lost */
	DDLINK_POST,	/* put it ahead of those */
};

struct ddlink *ddlink_create(const struct ddlink_ops *ops, void *private);
int ddlink_install(struct ddlink *link);
void ddlink_put(struct ddlink *link);
void ddlink_join(struct ddlink *link, struct list_head *group);
void ddlink_hangup(struct ddlink *link);
void ddlink_hangup_all(struct list_head *group);
int ddlink_begin(struct ddlink *link, int flags);
long ddlink_end(struct ddlink *link, long ret);

struct ddlink_item *ddlink_new(struct ddlink *link, size_t size, gfp_t gfp);
void ddlink_free(struct ddlink *link, struct ddlink_item *item);
int ddlink_add(struct ddlink *link, struct ddlink_item *item, enum ddlink_how how);

__printf(3, 4)
int ddlink_error(struct ddlink *link, int err, const char *fmt, ...);
long ddlink_fionread(struct ddlink *link, unsigned int cmd, unsigned long arg);

/**
 * ddlink_get - hold a link beyond its file
 * @link: the link
 *
 * Give it back by ddlink_put(). Queueing on a link whose file is gone is
 * harmless: it gives -EPIPE and frees the item.
 *
 * Return: @link.
 */
static inline struct ddlink *ddlink_get(struct ddlink *link)
{
	kref_get(&link->ref);
	return link;
}

/**
 * ddlink_alloc - make an item and hold room for it
 * @link:	the link it is for, whose maker's memory cgroup pays
 * @size:	bytes of payload, 1 to DDLINK_ITEM_MAX
 * @gfp:	GFP_KERNEL, or GFP_NOWAIT and the like from atomic context
 *
 * Fill the payload to the last byte, or pass __GFP_ZERO: a reader sees it all.
 * Who needs less in the end may lower item->size, but not to 0. Queue the item,
 * post it or ddlink_free() it.
 *
 * Commands with an effect make what they will have to say first: it fits, or
 * they fail before they do anything.
 *
 * At its limit, the maker's cgroup gets -ENOMEM rather than an OOM kill that
 * somebody else's write has brought about.
 *
 * Return: the item, or ERR_PTR: -ENOBUFS if the queue is full, -ENOMEM,
 * -EMSGSIZE, -ENODEV after a hang-up, or -EPIPE after the last close.
 * ddlink_queue() and ddlink_post() take it as it is.
 */
static inline struct ddlink_item *ddlink_alloc(struct ddlink *link, size_t size,
					       gfp_t gfp)
{
	struct ddlink_item *item = ddlink_new(link, size, gfp);
	int err = ddlink_add(link, item, DDLINK_HOLD);

	return err ? ERR_PTR(err) : item;
}

/**
 * ddlink_take - keep the message that the write handler was given
 * @link: the link
 *
 * To be called by the write handler, once. The message takes its room when it is
 * queued or posted, which is -ENOBUFS if there is none. A command that has another
 * effect as well takes it before that, by ddlink_add() with DDLINK_HOLD.
 *
 * Return: the message as an item.
 */
static inline struct ddlink_item *ddlink_take(struct ddlink *link)
{
	struct ddlink_item *msg = link->msg;

	link->msg = NULL;
	return msg;
}

/**
 * ddlink_queue - queue an asynchronous result
 * @link:	the link
 * @item:	what ddlink_alloc() gave, an error included
 *
 * Appends the item, from any context that may take a spinlock_t: any but NMI, or
 * on PREEMPT_RT those that are preemptible. An error counts as a lost item, and
 * an item in its place tells the reader how many were.
 *
 * An item that is refused is freed at once. One of more than a page may be
 * vmalloc()ed, and is not for callers that hold a spinlock.
 *
 * Return: 0; the error that @item is; -EMSGSIZE if it is empty; -ENODEV after a
 * hang-up; -EPIPE after the last close. The item is gone in any case.
 */
static inline int ddlink_queue(struct ddlink *link, struct ddlink_item *item)
{
	return ddlink_add(link, item, DDLINK_QUEUE);
}

/**
 * ddlink_post - queue an immediate result of a command
 * @link:	the link
 * @item:	what ddlink_alloc() or ddlink_take() gave, an error included
 *
 * Puts the item ahead of the asynchronous ones and behind earlier posts. What
 * ddlink_alloc() gave has its room already: a command that makes its items before
 * it has an effect does not fail here for want of room.
 *
 * Return: as ddlink_queue(), but an error is no loss: the caller is told of it.
 */
static inline int ddlink_post(struct ddlink *link, struct ddlink_item *item)
{
	return ddlink_add(link, item, DDLINK_POST);
}

/**
 * ddlink_post_data - post a copy of some bytes
 * @link:	the link
 * @data:	the bytes
 * @size:	how many
 *
 * Return: as ddlink_post().
 */
static inline int ddlink_post_data(struct ddlink *link, const void *data,
				   size_t size)
{
	struct ddlink_item *item = ddlink_alloc(link, size, GFP_KERNEL);

	if (!IS_ERR(item))
		memcpy(item->data, data, size);
	return ddlink_post(link, item);
}

/**
 * ddlink_notify - wake who polls a link
 * @link:	the link
 * @mask:	what poll has to say now, such as EPOLLOUT | EPOLLWRNORM
 *
 * For components whose ops->poll has changed its mind. From the contexts of
 * ddlink_queue().
 */
static inline void ddlink_notify(struct ddlink *link, __poll_t mask)
{
	wake_up_poll(&link->wait, mask);
}

#endif /* _LINUX_DDLINK_H */
