// SPDX-License-Identifier: GPL-2.0-only
/*
 * The smallest component: ioctl DDLINK_OPEN on /dev/ddecho gives a link on
 * which each message that is written comes back as an item.
 */
#include <linux/ddlink.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

/* The message is an item already: keep it and post it. */
static int ddecho_write(struct ddlink *link, void *msg, size_t len)
{
	return ddlink_post(link, ddlink_take(link));
}

static const struct ddlink_ops ddecho_ops = {
	.owner	= THIS_MODULE,
	.kind	= "echo",
	.flags	= DDLINK_NOSLEEP,
	.write	= ddecho_write,
	.ioctl	= ddlink_fionread,
};

static long ddecho_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != DDLINK_OPEN)
		return -ENOTTY;
	return ddlink_install(ddlink_create(&ddecho_ops, NULL));
}

static const struct file_operations ddecho_fops = {
	.owner		= THIS_MODULE,
	.unlocked_ioctl	= ddecho_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
};

static struct miscdevice ddecho_device = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= "ddecho",
	.mode	= 0666,
	.fops	= &ddecho_fops,
};
module_misc_device(ddecho_device);

MODULE_DESCRIPTION("Echo component of ddlink");
MODULE_LICENSE("GPL");
