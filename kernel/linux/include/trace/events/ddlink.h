/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM ddlink

#if !defined(_TRACE_DDLINK_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_DDLINK_H

#include <linux/ddlink.h>
#include <linux/fs.h>
#include <linux/tracepoint.h>

#ifndef _TRACE_DDLINK_ONCE
#define _TRACE_DDLINK_ONCE

/* Bytes of payload that tracefs records; the monitor has its own snaplen. */
#define DDLINK_TRACE_BYTES	32U

/* The number of an item among those of all links. */
static inline u64 ddlink_item_id(const struct ddlink *link,
				 const struct ddlink_item *item)
{
	return item && item->seq ? link->id << 32 | item->seq : 0;
}

/* After the last close, a link has no file. */
static inline u16 ddlink_event_flags(const struct ddlink *link,
				     const struct ddlink_item *item)
{
	return (item && item->text ? DDLINK_EVF_TEXT : 0) |
	       (link->file && link->file->f_flags & O_NONBLOCK ?
		DDLINK_EVF_NONBLOCK : 0);
}
#endif

/*
 * All events of a link are reported under its queue's lock, in the order of
 * the queue's changes. @item is the item or message, or NULL; @value depends
 * on the event, as include/uapi/linux/ddlink.h says for each; @result is what
 * the call returns.
 */
DECLARE_EVENT_CLASS(ddlink_event,
	TP_PROTO(const struct ddlink *link, const struct ddlink_item *item,
		 u32 value, int result),
	TP_ARGS(link, item, value, result),
	TP_STRUCT__entry(
		__field(u64, link)
		__field(u64, item)
		__field(u32, len)
		__field(u32, value)
		__field(int, result)
		__field(u32, items)
		__field(u32, bytes)
		__field(u16, flags)
		__string(kind, link->ops->kind)
		__dynamic_array(u8, data,
				item ? min(item->size, DDLINK_TRACE_BYTES) : 0)
	),
	TP_fast_assign(
		__entry->link = link->id;
		__entry->item = ddlink_item_id(link, item);
		__entry->len = item ? item->size : 0;
		__entry->value = value;
		__entry->result = result;
		__entry->items = link->items;
		__entry->bytes = link->bytes;
		__entry->flags = ddlink_event_flags(link, item) |
			(item && item->size > DDLINK_TRACE_BYTES ?
			 DDLINK_EVF_TRUNCATED : 0);
		__assign_str(kind);
		if (item)
			memcpy(__get_dynamic_array(data), item->data,
			       __get_dynamic_array_len(data));
	),
	TP_printk("link=%llu kind=%s item=%llu len=%u value=%#x result=%d items=%u bytes=%u flags=%#x data=%s",
		  __entry->link, __get_str(kind), __entry->item, __entry->len,
		  __entry->value, __entry->result, __entry->items,
		  __entry->bytes, __entry->flags,
		  __print_hex_str(__get_dynamic_array(data),
				  __get_dynamic_array_len(data)))
);

/* The links that read the events are no events themselves. */
#define DEFINE_DDLINK_EVENT(name)					\
DEFINE_EVENT_CONDITION(ddlink_event, ddlink_##name,			\
	TP_PROTO(const struct ddlink *link,				\
		 const struct ddlink_item *item, u32 value,		\
		 int result),						\
	TP_ARGS(link, item, value, result),				\
	TP_CONDITION(!(link->ops->flags & DDLINK_UNTRACED)))

DEFINE_DDLINK_EVENT(create);
DEFINE_DDLINK_EVENT(enter);
DEFINE_DDLINK_EVENT(write);
DEFINE_DDLINK_EVENT(queue);
DEFINE_DDLINK_EVENT(post);
DEFINE_DDLINK_EVENT(drop);
DEFINE_DDLINK_EVENT(read);
DEFINE_DDLINK_EVENT(poll);
DEFINE_DDLINK_EVENT(wake);
DEFINE_DDLINK_EVENT(ioctl);
DEFINE_DDLINK_EVENT(hangup);
DEFINE_DDLINK_EVENT(release);

#endif /* _TRACE_DDLINK_H */

#include <trace/define_trace.h>
