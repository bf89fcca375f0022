// SPDX-License-Identifier: GPL-2.0-only
/*
 * rpc_pipefs as a peer of ddlink: a pipe "ddecho" in the folder "nfs", on which
 * each downcall comes back as an upcall. rpc_pipefs must be mounted before.
 */
#include <linux/list.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>
/* takes struct net for granted */
#include <linux/sunrpc/rpc_pipe_fs.h>

#define ECHO_FOLDER	"nfs"

struct echo {
	struct rpc_pipe_msg msg;
	u8 data[];
};

static struct rpc_pipe *echo_pipe;

static ssize_t echo_downcall(struct file *file, const char __user *from,
			     size_t len)
{
	struct echo *echo;
	int err;

	echo = kvmalloc(struct_size(echo, data, len), GFP_KERNEL);
	if (!echo)
		return -ENOMEM;
	err = -EFAULT;
	if (copy_from_user(echo->data, from, len))
		goto free;
	echo->msg.data = echo->data;
	echo->msg.len = len;
	echo->msg.copied = 0;
	echo->msg.errno = 0;
	err = rpc_queue_upcall(echo_pipe, &echo->msg);
	if (!err)
		return len;
free:
	kvfree(echo);
	return err;
}

static void echo_destroy_msg(struct rpc_pipe_msg *msg)
{
	kvfree(container_of(msg, struct echo, msg));
}

static const struct rpc_pipe_ops echo_ops = {
	.upcall		= rpc_pipe_generic_upcall,
	.downcall	= echo_downcall,
	.destroy_msg	= echo_destroy_msg,
};

static int echo_enter(struct super_block *sb)
{
	struct dentry *folder = rpc_d_lookup_sb(sb, ECHO_FOLDER);
	int err;

	if (!folder)
		return -ENOENT;
	err = rpc_mkpipe_dentry(folder, "ddecho", NULL, echo_pipe);
	dput(folder);
	return err;
}

static int __init echo_init(void)
{
	struct super_block *sb;
	int err = -ENODEV;

	echo_pipe = rpc_mkpipe_data(&echo_ops, 0);
	if (IS_ERR(echo_pipe))
		return PTR_ERR(echo_pipe);
	sb = rpc_get_sb_net(&init_net);
	if (sb) {
		err = echo_enter(sb);
		rpc_put_sb_net(&init_net);
	}
	if (err)
		rpc_destroy_pipe_data(echo_pipe);
	return err;
}

/* No way out: the mount may hold the pipe for longer than the module lives. */
module_init(echo_init);

MODULE_DESCRIPTION("Echo by rpc_pipefs, to measure it");
MODULE_LICENSE("GPL");
