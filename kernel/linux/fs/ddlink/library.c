// SPDX-License-Identifier: GPL-2.0-only
/*
 * ddlink: what components would otherwise write again and again, and what an
 * administrator sees: fdinfo and fs.ddlink.*.
 */
#include <linux/export.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/string_helpers.h>
#include <linux/sysctl.h>
#include <linux/uaccess.h>
#include <asm/ioctls.h>
#include "internal.h"

/* Characters of an error text before control characters are escaped. */
#define DDLINK_TEXT_MAX		192

/**
 * ddlink_error - say in words why a command fails
 * @link:	the link
 * @err:	-errno
 * @fmt:	as printf(); no newline, no kernel pointers
 *
 * The program's next read gives the text, unless its next command comes first.
 * Control characters, as user strings may bring them in, are escaped. The text
 * takes no room from the limits. For handlers: return ddlink_error(...).
 *
 * Return: @err.
 */
int ddlink_error(struct ddlink *link, int err, const char *fmt, ...)
{
	struct ddlink_item *item;
	va_list args;
	char *raw;
	int len;

	/* formatted at the end and escaped to the beginning, one byte to four */
	item = ddlink_new(link, 4 * DDLINK_TEXT_MAX, GFP_KERNEL);
	if (!IS_ERR(item)) {
		raw = item->data + 3 * DDLINK_TEXT_MAX;
		va_start(args, fmt);
		len = vscnprintf(raw, DDLINK_TEXT_MAX, fmt, args);
		va_end(args);
		item->size = string_escape_mem(raw, len, item->data, item->size,
					       ESCAPE_NAP | ESCAPE_HEX, NULL);
		item->text = true;
	}
	ddlink_post(link, item);
	return err;
}
EXPORT_SYMBOL_GPL(ddlink_error);

static size_t ddlink_next(struct ddlink *link)
{
	struct ddlink_item *item = ddlink_first(link);

	return item ? item->size : 0;
}

/**
 * ddlink_fionread - stock ioctl handler: the size of the next item
 * @link:	the link
 * @cmd:	FIONREAD
 * @arg:	where to put it, an int; 0 when the queue is empty
 *
 * Return: 0 or -EFAULT; for other commands -ENOIOCTLCMD, or -ENODEV after a
 * hang-up.
 */
long ddlink_fionread(struct ddlink *link, unsigned int cmd, unsigned long arg)
{
	int size;

	if (cmd != FIONREAD)
		return READ_ONCE(link->gone) ?: -ENOIOCTLCMD;
	spin_lock_irq(&link->wait.lock);
	size = ddlink_next(link);
	spin_unlock_irq(&link->wait.lock);
	return put_user(size, (int __user *)arg);
}
EXPORT_SYMBOL_GPL(ddlink_fionread);

/* Nests inside nothing but itself; a link is in one group at most. */
static DEFINE_SPINLOCK(ddlink_groups);

/**
 * ddlink_join - have a link hung up together with others
 * @link:	the link, not yet installed
 * @group:	a list that the component initialised
 *
 * The link leaves the group by itself when it is closed.
 */
void ddlink_join(struct ddlink *link, struct list_head *group)
{
	spin_lock(&ddlink_groups);
	list_add(&link->group, group);
	spin_unlock(&ddlink_groups);
}
EXPORT_SYMBOL_GPL(ddlink_join);

/**
 * ddlink_hangup_all - hang up all links of a group
 * @group: the list, empty afterwards
 *
 * The component sees to it that none joins any more. May sleep, as
 * ddlink_hangup().
 */
void ddlink_hangup_all(struct list_head *group)
{
	struct ddlink *link;
	struct file *file;

	spin_lock(&ddlink_groups);
	while (!list_empty(group)) {
		link = list_first_entry(group, struct ddlink, group);
		list_del_init(&link->group);
		file = get_file_active(&link->file);
		spin_unlock(&ddlink_groups);
		if (file) {
			ddlink_hangup(link);
			fput(file);
		}
		spin_lock(&ddlink_groups);
	}
	spin_unlock(&ddlink_groups);
}
EXPORT_SYMBOL_GPL(ddlink_hangup_all);

/* The link is being closed. */
void ddlink_leave(struct ddlink *link)
{
	spin_lock(&ddlink_groups);
	__list_del_entry(&link->group);
	spin_unlock(&ddlink_groups);
}

#ifdef CONFIG_PROC_FS
void ddlink_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct ddlink *link = file->private_data;
	size_t next;

	spin_lock_irq(&link->wait.lock);
	next = ddlink_next(link);
	seq_printf(m, "kind:\t%s\nlink:\t%llu\nitems:\t%u\nbytes:\t%u\nnext:\t%zu\n"
		   "charged-items:\t%u\ncharged-bytes:\t%u\n"
		   "max-items:\t%u\nmax-bytes:\t%u\npeak:\t%u\ndropped:\t%u\n",
		   link->ops->kind, link->id, link->items, link->bytes,
		   next, link->count, link->charge,
		   link->max_items, link->max_bytes, link->peak, link->dropped);
	spin_unlock_irq(&link->wait.lock);
}

#endif

#ifdef CONFIG_SYSCTL
unsigned int ddlink_max_items __read_mostly = DDLINK_DEFAULT_ITEMS;
unsigned int ddlink_max_bytes __read_mostly = DDLINK_DEFAULT_BYTES;

static struct ctl_table sysctls[] = {
	{
		.procname	= "max_items",
		.data		= &ddlink_max_items,
		.maxlen		= sizeof(ddlink_max_items),
		.mode		= 0644,
		.proc_handler	= proc_douintvec_minmax,
		.extra1		= SYSCTL_ONE,
	},
	{
		.procname	= "max_bytes",
		.data		= &ddlink_max_bytes,
		.maxlen		= sizeof(ddlink_max_bytes),
		.mode		= 0644,
		.proc_handler	= proc_douintvec_minmax,
		.extra1		= SYSCTL_ONE,
		.extra2		= SYSCTL_INT_MAX,	/* sums of it fit a u32 */
	},
};

static int __init ddlink_init(void)
{
	register_sysctl_init("fs/ddlink", sysctls);
	return 0;
}
fs_initcall(ddlink_init);
#endif
