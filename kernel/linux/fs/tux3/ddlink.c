// SPDX-License-Identifier: GPL-2.0-only
/*
 * Links of a mount: DDLINK_OPEN on any of its files and directories gives a link
 * that queues what is written to it.
 *
 * A link keeps the mount in no way; it is hung up when the volume goes.
 */
#include <linux/ddlink.h>
#include <linux/module.h>

#include "tux3.h"

static int tux3_echo(struct ddlink *link, void *msg, size_t len)
{
	return ddlink_post(link, ddlink_take(link));
}

static const struct ddlink_ops tux3_echo_ops = {
	.owner	= THIS_MODULE,
	.kind	= "tux3 echo",
	.flags	= DDLINK_NOSLEEP,
	.write	= tux3_echo,
	.ioctl	= ddlink_fionread,
};

long tux3_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tux3_sb *sbi = TUX3_SB(file_inode(file)->i_sb);
	struct ddlink *link;

	if (cmd != DDLINK_OPEN)
		return -ENOTTY;
	link = ddlink_create(&tux3_echo_ops, NULL);
	if (IS_ERR(link))
		return PTR_ERR(link);
	ddlink_join(link, &sbi->links);
	return ddlink_install(link);
}

void tux3_hangup_links(struct super_block *sb)
{
	ddlink_hangup_all(&TUX3_SB(sb)->links);
}
