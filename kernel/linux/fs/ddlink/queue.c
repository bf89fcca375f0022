// SPDX-License-Identifier: GPL-2.0-only
/*
 * ddlink: items, the room they take, and their queue.
 *
 * An item holds room in its queue from ddlink_alloc() to its end, so that whoever
 * has one can queue it. A message that its handler keeps takes room when it is
 * queued; error texts and what tells of losses take none. What items leave behind
 * is kept for the next ones: then a message and its answer allocate nothing.
 *
 * The queue's lock is that of the wait queue, as in eventfd: whoever changes
 * the queue also wakes those who wait for it. It is never held while sleeping.
 */
#include <linux/export.h>
#include <linux/memcontrol.h>
#include <linux/mm.h>
#include "internal.h"

/* ---- under the queue's lock ---- */

/* The next item to be read, or NULL. Without the lock, only whether there is one. */
struct ddlink_item *ddlink_first(struct ddlink *link)
{
	return list_first_entry_or_null(&link->queue, struct ddlink_item, node);
}

static void ddlink_wake(struct ddlink *link, __poll_t mask)
{
	/* who comes to wait looks at the queue after */
	if (!waitqueue_active(&link->wait))
		return;
	ddlink_trace_locked(wake, link, NULL, (__force u32)mask, 0);
	wake_up_locked_poll(&link->wait, mask);
}

/*
 * End an item: take it off the queue and give its room back. What is left of it
 * is kept for the next one, if kfree() will do for it, or else returned to be
 * freed.
 */
struct ddlink_item *ddlink_retire(struct ddlink *link, struct ddlink_item *item)
{
	if (ddlink_queued(item)) {
		if (link->late == &item->node)
			link->late = item->node.next;
		__list_del_entry(&item->node);
		item->node.next = NULL;
		if (DDLINK_COUNTS) {
			link->bytes -= item->size;
			link->items--;
		}
	}
	if (item->charged) {
		link->count--;
		link->charge -= item->room;
		if (link->full) {
			link->full = false;
			ddlink_wake(link, DDLINK_OUT);
		}
	}
	/* a part of the link, or for its reader to end */
	if (!item->room || item == link->reading)
		return NULL;
	if (link->spare_bytes + item->room > DDLINK_SPARE_MAX ||
	    is_vmalloc_addr(item))
		return item;
	link->spare_bytes += item->room;
	item->spare = link->spare;
	link->spare = item;
	return NULL;
}

/* Drop the error text that nobody read, nor is just reading. */
void ddlink_drop_text(struct ddlink *link)
{
	struct ddlink_item *text = ddlink_first(link), *dead;

	if (!text || !text->text)
		return;
	dead = ddlink_retire(link, text);
	if (text != link->reading)
		ddlink_trace_locked(drop, link, text, DDLINK_DROP_STALE_TEXT, 0);
	kvfree(dead);
}

/*
 * Count a lost item in the one that stands where the first was lost. While that
 * is being read it is too late for it to count: the other takes its turn, and
 * is free, for it came before.
 */
static struct ddlink_item *ddlink_lose(struct ddlink *link)
{
	struct ddlink_item *item;
	struct ddlink_overflow *told;

	if (DDLINK_COUNTS)
		link->dropped++;
	if (link->lost[0] == link->reading)
		swap(link->lost[0], link->lost[1]);
	item = link->lost[0];
	told = (void *)item->data;
	if (link->ops->overflow) {
		item->size = link->ops->overflow(link, told, !ddlink_queued(item));
	} else {
		if (!ddlink_queued(item))
			told->lost = 0;
		item->size = sizeof(*told);
		told->magic = DDLINK_OVERFLOW_MAGIC;
		told->lost++;
	}
	return item;
}

/* Let an item in: afterwards it has room, or needs none. */
static int ddlink_admit(struct ddlink *link, struct ddlink_item *item)
{
	u32 count, charge;

	if (link->gone)
		return link->gone;
	if (IS_ERR(item))
		return PTR_ERR(item);
	if (!item->size)	/* would read as no item */
		return -EMSGSIZE;
	if (item->charged || item->text)
		return 0;
	count = link->count + 1;
	charge = link->charge + item->room;
	if (count > link->max_items || charge > link->max_bytes) {
		/* for this one, until any of those that have room gives it back */
		link->full = link->count;
		return -ENOBUFS;
	}
	link->count = count;
	link->charge = charge;
	if (count == link->max_items || charge == link->max_bytes)
		link->full = true;
	item->charged = true;
	return 0;
}

/*
 * ddlink_add() under the lock. Apart from it, for GCC would unlock at the end of
 * each way through this.
 */
static noinline int ddlink_enqueue(struct ddlink *link,
				   struct ddlink_item *item,
				   enum ddlink_how how)
{
	struct list_head *before = &link->queue;
	int err = ddlink_admit(link, item);

	if (how == DDLINK_HOLD)
		return err;
	if (err) {
		ddlink_trace_locked(drop, link, IS_ERR(item) ? NULL : item,
				    ddlink_drop_reason(err), err);
		if (how == DDLINK_POST || link->gone)
			return err;
		item = ddlink_lose(link);
		if (ddlink_queued(item))
			return err;
	}
	if (how == DDLINK_POST) {
		before = link->late;
		if (item->text) {
			ddlink_drop_text(link);
			before = link->queue.next;
		}
	} else if (link->late == before) {
		link->late = &item->node;
	}
	list_add_tail(&item->node, before);
	if (DDLINK_COUNTS) {
		item->seq = ++link->seq;
		link->bytes += item->size;
		if (++link->items > link->peak)
			link->peak = link->items;
	}
	if (how == DDLINK_POST)
		ddlink_trace_locked(post, link, item, 0, 0);
	else
		ddlink_trace_locked(queue, link, item, 0, 0);
	ddlink_wake(link, DDLINK_IN);
	return err;
}

/* ---- for everybody ---- */

/* The spare item that was kept last, if there is one of just this room. */
static struct ddlink_item *ddlink_spare(struct ddlink *link, u32 room)
{
	struct ddlink_item *item;
	unsigned long flags;

	spin_lock_irqsave(&link->wait.lock, flags);
	item = link->spare;
	if (item) {
		link->spare = item->spare;
		link->spare_bytes -= item->room;
	}
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (!item || item->room == room)
		return item;
	/* sizes have changed: one that fits will take its place */
	kfree(item);
	return NULL;
}

/**
 * ddlink_new - make an item that takes no room yet, for ddlink_alloc()
 * @link:	the link it is for
 * @size:	bytes of payload
 * @gfp:	as for ddlink_alloc()
 *
 * Return: the item, or ERR_PTR: -ENOMEM or -EMSGSIZE.
 */
struct ddlink_item *ddlink_new(struct ddlink *link, size_t size, gfp_t gfp)
{
	struct ddlink_item *item;
	struct mem_cgroup *old;
	u32 room;

	if (size - 1 >= DDLINK_ITEM_MAX)
		return ERR_PTR(-EMSGSIZE);
	/* with the NUL, the next power of two: most of what an allocator takes */
	room = 2 << __fls(sizeof(*item) + size);
	item = ddlink_spare(link, room);
	if (!item) {
		gfp |= __GFP_ACCOUNT | __GFP_NOWARN | __GFP_RETRY_MAYFAIL;
		old = set_active_memcg(link->memcg);
		item = kvmalloc(room, gfp);
		set_active_memcg(old);
		if (!item)
			return ERR_PTR(-ENOMEM);
	}
	*item = (struct ddlink_item){ .size = size, .room = room };
	/* it may have served before */
	if (gfp & __GFP_ZERO)
		memset(item->data, 0, size);
	item->data[size] = 0;
	return item;
}
EXPORT_SYMBOL_GPL(ddlink_new);

/**
 * ddlink_free - end an item that nobody will read
 * @link:	its link
 * @item:	the item, NULL or ERR_PTR
 */
void ddlink_free(struct ddlink *link, struct ddlink_item *item)
{
	unsigned long flags;

	if (IS_ERR_OR_NULL(item))
		return;
	spin_lock_irqsave(&link->wait.lock, flags);
	item = ddlink_retire(link, item);
	spin_unlock_irqrestore(&link->wait.lock, flags);
	kvfree(item);
}
EXPORT_SYMBOL_GPL(ddlink_free);

/**
 * ddlink_add - hold room for an item and queue it, or free it and say why not
 * @link:	the link
 * @item:	the item, or ERR_PTR
 * @how:	as ddlink_alloc(), ddlink_queue() or ddlink_post()
 *
 * Three places: an error text comes first of all, for whoever got -1 reads once
 * for it; other posts after those that wait already; the rest last.
 *
 * Return: as ddlink_queue().
 */
int ddlink_add(struct ddlink *link, struct ddlink_item *item, enum ddlink_how how)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&link->wait.lock, flags);
	err = ddlink_enqueue(link, item, how);
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (err)
		ddlink_free(link, item);
	return err;
}
EXPORT_SYMBOL_GPL(ddlink_add);
