// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes: values stand among the inode's other attributes, names
 * in the atom table with their prefix. An inode has few, so a name is found by
 * asking for the names of those that it has.
 */
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <linux/xattr.h>

#include "tux3.h"

static u32 xattr_atom(const struct tux3_attr *attr)
{
	return be16_to_cpu(((const struct tux3_attr_xattr *)attr->data)->atom);
}

/* Take the next extended attribute and its name off an inode's string. */
static int next_xattr(struct inode *inode, const u8 **pos,
		      struct tux3_attr *attr, char *name)
{
	const struct tux3_inode *ti = TUX3_I(inode);
	int more;

	do {
		more = tux3_attr_next(pos, ti->attrs + ti->attrs_len, attr);
		if (more <= 0)
			return more;
	} while (attr->kind != TUX3_ATTR_XATTR || attr->version);
	return tux3_atom_name(inode->i_sb, xattr_atom(attr), name);
}

static int copy_value(const struct tux3_attr *attr, void *buffer, size_t size)
{
	const struct tux3_attr_xattr *xattr = attr->data;
	size_t len = attr->size - sizeof(*xattr);

	if (!buffer)
		return len;
	if (len > size)
		return -ERANGE;
	memcpy(buffer, xattr->value, len);
	return len;
}

static int tux3_xattr_get(const struct xattr_handler *handler,
			  struct dentry *dentry, struct inode *inode,
			  const char *suffix, void *buffer, size_t size)
{
	const char *wanted = xattr_full_name(handler, suffix);
	const u8 *pos = TUX3_I(inode)->attrs;
	struct tux3_attr attr;
	char *name;
	int ret;

	if (!pos)
		return -ENODATA;
	name = kmalloc(TUX3_NAME_LEN + 1, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	while ((ret = next_xattr(inode, &pos, &attr, name)) > 0)
		if (!strcmp(name, wanted))
			break;
	kfree(name);
	if (ret > 0)
		return copy_value(&attr, buffer, size);
	return ret ?: -ENODATA;
}

static bool trusted_list(struct dentry *dentry)
{
	return capable(CAP_SYS_ADMIN);
}

static const struct xattr_handler user_handler = {
	.prefix	= XATTR_USER_PREFIX,
	.get	= tux3_xattr_get,
};

static const struct xattr_handler trusted_handler = {
	.prefix	= XATTR_TRUSTED_PREFIX,
	.list	= trusted_list,
	.get	= tux3_xattr_get,
};

static const struct xattr_handler security_handler = {
	.prefix	= XATTR_SECURITY_PREFIX,
	.get	= tux3_xattr_get,
};

const struct xattr_handler * const tux3_xattr_handlers[] = {
	&user_handler,
	&trusted_handler,
	&security_handler,
	NULL
};

/* May the caller see that there is such a name? */
static bool name_listed(struct dentry *dentry, const char *name)
{
	const struct xattr_handler * const *handler;

	for (handler = tux3_xattr_handlers; *handler; handler++)
		if (strstarts(name, (*handler)->prefix))
			return xattr_handler_can_list(*handler, dentry);
	return false;
}

/**
 * tux3_listxattr - names of an inode's extended attributes
 * @dentry: of the inode
 * @list: filled with the names, each with its NUL; NULL to ask for the size
 * @size: bytes at @list
 *
 * Return: bytes of the names, -ERANGE if @size is less, or another error
 */
ssize_t tux3_listxattr(struct dentry *dentry, char *list, size_t size)
{
	struct inode *inode = d_inode(dentry);
	const u8 *pos = TUX3_I(inode)->attrs;
	struct tux3_attr attr;
	size_t used = 0;
	char *name;
	int len;

	if (!pos)
		return 0;
	name = kmalloc(TUX3_NAME_LEN + 1, GFP_KERNEL);
	if (!name)
		return -ENOMEM;
	while ((len = next_xattr(inode, &pos, &attr, name)) > 0) {
		if (!name_listed(dentry, name))
			continue;
		len++;
		if (list && used + len > size) {
			len = -ERANGE;
			break;
		}
		if (list)
			memcpy(list + used, name, len);
		used += len;
	}
	kfree(name);
	return len < 0 ? len : used;
}
