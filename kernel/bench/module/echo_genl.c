// SPDX-License-Identifier: GPL-2.0-only
/*
 * Generic netlink as a peer of ddlink: family "ddecho", whose one command sends
 * its one attribute back to whoever sent it.
 */
#include <linux/module.h>
#include <net/genetlink.h>

#define ECHO_CMD	1
#define ECHO_ATTR	1

static struct genl_family echo_family;

static int echo_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *data = info->attrs[ECHO_ATTR];
	struct sk_buff *reply;
	void *header;

	if (!data)
		return -EINVAL;
	reply = genlmsg_new(nla_total_size(nla_len(data)), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	header = genlmsg_put_reply(reply, info, &echo_family, 0, ECHO_CMD);
	if (!header || nla_put(reply, ECHO_ATTR, nla_len(data), nla_data(data))) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, header);
	return genlmsg_reply(reply, info);
}

static const struct nla_policy echo_policy[] = {
	[ECHO_ATTR] = { .type = NLA_BINARY },
};

static const struct genl_small_ops echo_ops[] = {
	{
		.cmd	= ECHO_CMD,
		.doit	= echo_doit,
	},
};

static struct genl_family echo_family __ro_after_init = {
	.name		= "ddecho",
	.version	= 1,
	.maxattr	= ECHO_ATTR,
	.policy		= echo_policy,
	.module		= THIS_MODULE,
	.small_ops	= echo_ops,
	.n_small_ops	= ARRAY_SIZE(echo_ops),
	.resv_start_op	= ECHO_CMD + 1,
};

static int __init echo_init(void)
{
	return genl_register_family(&echo_family);
}
module_init(echo_init);

static void __exit echo_exit(void)
{
	genl_unregister_family(&echo_family);
}
module_exit(echo_exit);

MODULE_DESCRIPTION("Echo by generic netlink, to measure it");
MODULE_LICENSE("GPL");
