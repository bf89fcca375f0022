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

extern unsigned int ddlink_max_items;
extern unsigned int ddlink_max_bytes;

/*
 * Report an event from where the queue's lock is not held. Taking it makes the
 * order of a link's events that of its queue, and the counts in them exact.
 */
#define ddlink_trace(event, link, ...) do {				\
	struct ddlink *_link = (link);					\
									\
	if (trace_ddlink_##event##_enabled()) {				\
		spin_lock_irq(&_link->wait.lock);			\
		trace_ddlink_##event(_link, __VA_ARGS__);		\
		spin_unlock_irq(&_link->wait.lock);			\
	}								\
} while (0)

int ddlink_charge(struct ddlink *link, struct ddlink_item *item);
int ddlink_add(struct ddlink *link, struct ddlink_item *item, bool post);
void ddlink_drop_text(struct ddlink *link);
void ddlink_leave(struct ddlink *link);
void ddlink_show_fdinfo(struct seq_file *m, struct file *file);

/* The first item, or NULL. Caller holds the queue's lock. */
static inline struct ddlink_item *ddlink_first(struct ddlink *link)
{
	return list_first_entry_or_null(&link->queue, struct ddlink_item, node);
}

#endif /* _FS_DDLINK_INTERNAL_H */
