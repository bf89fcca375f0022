/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of ddlink share.
 */
#ifndef _FS_DDLINK_INTERNAL_H
#define _FS_DDLINK_INTERNAL_H

#include <linux/ddlink.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <trace/events/ddlink.h>

/* fs.ddlink.max_items and max_bytes: what a new link starts with */
#define DDLINK_DEFAULT_ITEMS	1024
#define DDLINK_DEFAULT_BYTES	(2 * DDLINK_ITEM_MAX)

/*
 * Most bytes of spare items that a link keeps: enough for one of 64 KiB, and for
 * those of a few dozen messages of ordinary size that are under way.
 */
#define DDLINK_SPARE_MAX	(128 << 10)

#define DDLINK_IN	(EPOLLIN | EPOLLRDNORM)
#define DDLINK_OUT	(EPOLLOUT | EPOLLWRNORM)

#ifdef CONFIG_SYSCTL
extern unsigned int ddlink_max_items;
extern unsigned int ddlink_max_bytes;
#else
#define ddlink_max_items	DDLINK_DEFAULT_ITEMS
#define ddlink_max_bytes	DDLINK_DEFAULT_BYTES
#endif

/* Numbers and counts are for fdinfo and tracing alone. */
#define DDLINK_COUNTS							\
	(IS_ENABLED(CONFIG_PROC_FS) || IS_ENABLED(CONFIG_TRACEPOINTS))

/*
 * Report an event. Nothing but the static branch is in the way while nobody
 * watches. Caller holds the queue's lock.
 */
#define ddlink_trace_locked(event, ...) do {				\
	if (tracepoint_enabled(ddlink_##event))			\
		trace_ddlink_##event(__VA_ARGS__);			\
} while (0)

/*
 * Report an event from where the queue's lock is not held. Taking it makes the
 * order of a link's events that of its queue, and the counts in them exact.
 */
#define ddlink_trace(event, link, ...) do {				\
	struct ddlink *_link = (link);					\
	unsigned long _flags;						\
									\
	if (tracepoint_enabled(ddlink_##event)) {				\
		spin_lock_irqsave(&_link->wait.lock, _flags);		\
		trace_ddlink_##event(_link, __VA_ARGS__);		\
		spin_unlock_irqrestore(&_link->wait.lock, _flags);	\
	}								\
} while (0)

/* Why an item that could not be queued was thrown away, for the event. */
static inline u32 ddlink_drop_reason(int err)
{
	switch (err) {
	case -EPIPE:
		return DDLINK_DROP_RELEASED;
	case -ENODEV:
		return DDLINK_DROP_HUNGUP;
	case -ENOMEM:
		return DDLINK_DROP_NOMEM;
	default:
		return DDLINK_DROP_FULL;
	}
}

struct ddlink_item *ddlink_first(struct ddlink *link);
struct ddlink_item *ddlink_retire(struct ddlink *link, struct ddlink_item *item);
void ddlink_drop_text(struct ddlink *link);
void ddlink_leave(struct ddlink *link);
void ddlink_show_fdinfo(struct seq_file *m, struct file *file);

/* Caller holds the queue's lock, and the item is not a spare one. */
static inline bool ddlink_queued(const struct ddlink_item *item)
{
	return item->node.next;
}

#endif /* _FS_DDLINK_INTERNAL_H */
