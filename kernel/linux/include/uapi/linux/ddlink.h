/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * ddlink: a pipe-like file descriptor between a program and a kernel component.
 *
 * A write runs the component's handler at once.  A read takes one whole item
 * off the link's queue: 0 when the queue is empty, EIO when the buffer is too
 * small for the next item (which stays first; FIONREAD gives its size).
 *
 * Every structure here has the same layout for 32-bit and 64-bit programs.
 */
#ifndef _UAPI_LINUX_DDLINK_H
#define _UAPI_LINUX_DDLINK_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Make a link.  Returns the new file descriptor, close-on-exec. */
#define DDLINK_OPEN		_IO(0, 0xdd)

/* The largest message and the largest item, in bytes. */
#define DDLINK_ITEM_MAX		(1U << 20)

/*
 * Stands in the queue where items were lost for want of room or memory, on
 * links whose component has no item of its own for this.
 */
struct ddlink_overflow {
	__u32	magic;		/* DDLINK_OVERFLOW_MAGIC */
	__u32	lost;		/* how many */
};

#define DDLINK_OVERFLOW_MAGIC	0x74736f6c	/* "lost" */

/*
 * The monitor: a link made on /dev/ddlink whose first message is
 *
 *	monitor [snaplen=N]
 *
 * Each item it gives is one struct ddlink_event, followed by @snap bytes of
 * payload and padded with zeroes to a multiple of eight.
 */
#define DDLINK_MONITOR_VERSION	1
#define DDLINK_SNAPLEN_MAX	4096

enum ddlink_event_type {
	DDLINK_EV_OVERFLOW = 0,	/* value: events lost at this place */
	DDLINK_EV_CREATE,	/* payload: kind, text; value, result: limits, items and bytes */
	DDLINK_EV_WRITE,	/* a write returned; result: length or -errno */
	DDLINK_EV_QUEUE,	/* an item was appended; payload: the item */
	DDLINK_EV_POST,		/* an item was put ahead of the queued ones; payload: the item */
	DDLINK_EV_DROP,		/* an item was thrown away; value: enum ddlink_drop_reason */
	DDLINK_EV_READ,		/* result: bytes, 0 (empty) or -errno; value: size of the buffer */
	DDLINK_EV_POLL,		/* value: the poll mask answered */
	DDLINK_EV_WAKE,		/* value: the poll mask that woke the waiters */
	DDLINK_EV_IOCTL,	/* value: command; result: what it returned */
	DDLINK_EV_HANGUP,	/* the kernel side is gone */
	DDLINK_EV_RELEASE,	/* last close; items, bytes: what was still queued */
	DDLINK_EV_FORK,		/* value: pid of the child; flags: DDLINK_EVF_THREAD */
	DDLINK_EV_EXEC,		/* comm: the new name; payload: the path */
	DDLINK_EV_EXIT,		/* result: the exit code as wait(2) gives it */
	DDLINK_EV_ENTER,	/* the handler is about to run; payload: the message */
};

/* Why an item was thrown away. */
enum ddlink_drop_reason {
	DDLINK_DROP_STALE_TEXT = 1,	/* an error text that nobody read, at the next command */
	DDLINK_DROP_FULL,		/* found the queue full, or has no size that is allowed */
	DDLINK_DROP_RELEASED,		/* queued after the last close */
	DDLINK_DROP_NOMEM,		/* no memory for it */
	DDLINK_DROP_HUNGUP,		/* queued after the hang-up */
};

#define DDLINK_EVF_TEXT		0x0001	/* the item is an error text */
#define DDLINK_EVF_TRUNCATED	0x0002	/* payload is shorter than the item */
#define DDLINK_EVF_HIDDEN	0x0004	/* payload withheld: not the reader's to see */
#define DDLINK_EVF_THREAD	0x0008	/* fork made a thread, not a process */
#define DDLINK_EVF_NONBLOCK	0x0010	/* the link is O_NONBLOCK */

/**
 * struct ddlink_event - one record of the monitor
 * @size:	bytes of this record: header, payload and padding
 * @type:	enum ddlink_event_type
 * @flags:	DDLINK_EVF_*
 * @seq:	counts up by one per event of this monitor, lost ones included
 * @time_ns:	CLOCK_MONOTONIC when it happened
 * @link:	the link, 0 for process events; never used twice
 * @item:	the item, 0 where there is none; never used twice. The low half
 *		counts the items of the link from 1, the high half is from @link
 * @result:	what the call returned, by type
 * @value:	by type
 * @len:	length of the message or item in bytes, before any truncation
 * @snap:	bytes of payload that follow
 * @items:	items queued on the link after the event
 * @bytes:	payload bytes queued on the link after the event
 * @pid:	task, in the pid namespace of the monitor's creator; 0 if not in it
 * @tgid:	its process
 * @comm:	its name, NUL-padded
 * @payload:	@snap bytes of it, then zeroes
 */
struct ddlink_event {
	__u32	size;
	__u16	type;
	__u16	flags;
	__aligned_u64	seq;
	__aligned_u64	time_ns;
	__aligned_u64	link;
	__aligned_u64	item;
	__s32	result;
	__u32	value;
	__u32	len;
	__u32	snap;
	__u32	items;
	__u32	bytes;
	__s32	pid;
	__s32	tgid;
	char	comm[16];
	__u8	payload[];
};

#endif /* _UAPI_LINUX_DDLINK_H */
