// SPDX-License-Identifier: GPL-2.0-only
/*
 * ddlink: what components would otherwise write again and again, and what an
 * administrator sees: fdinfo and fs.ddlink.*.
 */
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/sysctl.h>
#include <linux/uaccess.h>
#include <asm/ioctls.h>
#include "internal.h"

/* Characters of an error text before control characters are escaped. */
#define DDLINK_TEXT_MAX		192

unsigned int ddlink_max_items __read_mostly = DDLINK_DEFAULT_ITEMS;
unsigned int ddlink_max_bytes __read_mostly = DDLINK_DEFAULT_BYTES;

/**
 * ddlink_reserve - make an item and hold room for it
 * @link:	the link
 * @size:	bytes of payload
 * @gfp:	as for ddlink_alloc()
 *
 * For commands with an effect: what they have to say fits, or they fail before
 * they do anything. Queue the item, post it or ddlink_free() it.
 *
 * Return: the item, or ERR_PTR: -ENOMEM, -ENOBUFS if the queue is full, -EMSGSIZE
 * if the item never fits.
 */
struct ddlink_item *ddlink_reserve(struct ddlink *link, size_t size, gfp_t gfp)
{
	struct ddlink_item *item = ddlink_alloc(link, size, gfp);
	unsigned long flags;
	int err;

	if (!item)
		return ERR_PTR(-ENOMEM);
	spin_lock_irqsave(&link->wait.lock, flags);
	err = ddlink_charge(link, item);
	spin_unlock_irqrestore(&link->wait.lock, flags);
	if (!err)
		return item;
	ddlink_free(link, item);
	return ERR_PTR(err);
}
EXPORT_SYMBOL_GPL(ddlink_reserve);

/**
 * ddlink_post_data - post a copy of some bytes
 * @link:	the link
 * @data:	the bytes
 * @size:	how many
 *
 * Return: as ddlink_post().
 */
int ddlink_post_data(struct ddlink *link, const void *data, size_t size)
{
	struct ddlink_item *item = ddlink_alloc(link, size, GFP_KERNEL);

	if (item)
		memcpy(item->data, data, size);
	return ddlink_post(link, item);
}
EXPORT_SYMBOL_GPL(ddlink_post_data);

/**
 * ddlink_echo - stock write handler: the message comes back as an item
 * @link:	the link
 * @msg:	the message
 * @len:	its length
 *
 * Never sleeps.
 */
int ddlink_echo(struct ddlink *link, void *msg, size_t len)
{
	return ddlink_post(link, ddlink_take(link));
}
EXPORT_SYMBOL_GPL(ddlink_echo);

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
	char text[DDLINK_TEXT_MAX], *from, *to;
	struct ddlink_item *item;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	ddlink_drop_text(link);
	item = ddlink_alloc(link, 4 * len, GFP_KERNEL);
	if (item) {
		for (from = text, to = item->data; *from; from++)
			to += sprintf(to, iscntrl(*from) ? "\\x%02x" : "%c",
				      (unsigned char)*from);
		item->size = to - (char *)item->data;
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
 * ddlink_fionread - stock query handler: the size of the next item
 * @link:	the link
 * @cmd:	FIONREAD
 * @arg:	where to put it, an int; 0 when the queue is empty
 *
 * Return: 0, -EFAULT, or -ENOIOCTLCMD for other commands.
 */
long ddlink_fionread(struct ddlink *link, unsigned int cmd, unsigned long arg)
{
	int size;

	if (cmd != FIONREAD)
		return -ENOIOCTLCMD;
	spin_lock_irq(&link->wait.lock);
	size = ddlink_next(link);
	spin_unlock_irq(&link->wait.lock);
	return put_user(size, (int __user *)arg);
}
EXPORT_SYMBOL_GPL(ddlink_fionread);

/* Nests inside nothing but itself; a link is in one group at most. */
static DEFINE_SPINLOCK(ddlink_group_lock);

/**
 * ddlink_join - have a link hung up together with others
 * @link:	the link, not yet installed
 * @group:	a list that the component initialised
 *
 * The link leaves the group by itself when it is closed.
 */
void ddlink_join(struct ddlink *link, struct list_head *group)
{
	spin_lock(&ddlink_group_lock);
	list_add(&link->group, group);
	spin_unlock(&ddlink_group_lock);
}
EXPORT_SYMBOL_GPL(ddlink_join);

void ddlink_leave(struct ddlink *link)
{
	spin_lock(&ddlink_group_lock);
	list_del_init(&link->group);
	spin_unlock(&ddlink_group_lock);
}

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

	spin_lock(&ddlink_group_lock);
	while ((link = list_first_entry_or_null(group, struct ddlink, group))) {
		list_del_init(&link->group);
		ddlink_get(link);
		spin_unlock(&ddlink_group_lock);
		ddlink_hangup(link);
		ddlink_put(link);
		spin_lock(&ddlink_group_lock);
	}
	spin_unlock(&ddlink_group_lock);
}
EXPORT_SYMBOL_GPL(ddlink_hangup_all);

void ddlink_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct ddlink *link = file->private_data;

	spin_lock_irq(&link->wait.lock);
	seq_printf(m, "kind:\t%s\nlink:\t%llu\nitems:\t%u\nbytes:\t%u\nnext:\t%zu\n"
		   "charged-items:\t%u\ncharged-bytes:\t%u\n"
		   "max-items:\t%u\nmax-bytes:\t%u\npeak:\t%u\ndropped:\t%llu\n",
		   link->ops->kind, link->id, link->items, link->bytes,
		   ddlink_next(link), link->count, link->charge,
		   link->max_items, link->max_bytes, link->peak, link->dropped);
	spin_unlock_irq(&link->wait.lock);
}

#ifdef CONFIG_SYSCTL
static struct ctl_table ddlink_sysctls[] = {
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
	},
};

static int __init ddlink_init(void)
{
	register_sysctl_init("fs/ddlink", ddlink_sysctls);
	return 0;
}
fs_initcall(ddlink_init);
#endif
