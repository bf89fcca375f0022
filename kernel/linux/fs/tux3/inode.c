// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inodes: from attributes on disk to the VFS.
 *
 * Numbers have 48 bits, i_ino may have 32: inodes are found by the full number,
 * and stat shows it.
 */
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/xattr.h>

#include "tux3.h"

static struct kmem_cache *tux3_inode_cachep;

/* Attributes that every inode has. */
#define REQUIRED (BIT(TUX3_ATTR_MODE_OWNER) | BIT(TUX3_ATTR_CTIME_SIZE) | \
		  BIT(TUX3_ATTR_LINK_COUNT) | BIT(TUX3_ATTR_MTIME))

/* What an inode's fixed attributes say. */
struct inode_attrs {
	unsigned long seen;	/* BIT(kind) */
	u64 rdev;
	u64 root;
	u64 ctime;
	u64 mtime;
	u64 size;
	u32 mode;
	u32 uid;
	u32 gid;
	u32 nlink;
};

static void take_attr(struct inode_attrs *in, const struct tux3_attr *attr)
{
	const void *data = attr->data;

	switch (attr->kind) {
	case TUX3_ATTR_RDEV:
		in->rdev = be64_to_cpu(((struct tux3_attr_rdev *)data)->rdev);
		break;
	case TUX3_ATTR_MODE_OWNER:
		in->mode = be32_to_cpu(((struct tux3_attr_mode_owner *)data)->mode);
		in->uid = be32_to_cpu(((struct tux3_attr_mode_owner *)data)->uid);
		in->gid = be32_to_cpu(((struct tux3_attr_mode_owner *)data)->gid);
		break;
	case TUX3_ATTR_DATA_BTREE:
		in->root = be64_to_cpu(((struct tux3_attr_data_btree *)data)->root);
		break;
	case TUX3_ATTR_CTIME_SIZE:
		in->ctime = be64_to_cpu(((struct tux3_attr_ctime_size *)data)->ctime);
		in->size = be64_to_cpu(((struct tux3_attr_ctime_size *)data)->size);
		break;
	case TUX3_ATTR_LINK_COUNT:
		in->nlink = be32_to_cpu(((struct tux3_attr_link_count *)data)->nlink);
		break;
	case TUX3_ATTR_MTIME:
		in->mtime = be64_to_cpu(((struct tux3_attr_mtime *)data)->mtime);
		break;
	}
}

/* Decode an attribute string; of the fixed kinds each may come once. */
static int decode_attrs(const u8 *pos, const u8 *end, struct inode_attrs *in)
{
	struct tux3_attr attr;
	int more;

	memset(in, 0, sizeof(*in));
	while ((more = tux3_attr_next(&pos, end, &attr)) > 0) {
		if (attr.version)
			continue;
		if (attr.kind != TUX3_ATTR_XATTR && in->seen & BIT(attr.kind))
			return -EUCLEAN;
		in->seen |= BIT(attr.kind);
		take_attr(in, &attr);
	}
	return more;
}

/* The largest file of the format. */
static u64 format_max_size(struct super_block *sb)
{
	return min_t(u64, TUX3_KEY_LIMIT << sb->s_blocksize_bits, S64_MAX);
}

/* Is the size one that an inode of this type may have? */
static bool size_ok(struct super_block *sb, const struct inode_attrs *in)
{
	switch (in->mode & S_IFMT) {
	case S_IFDIR:
		/* Each of its blocks is one of the volume: no endless readdir. */
		return !(in->size & (sb->s_blocksize - 1)) &&
		       in->size >> sb->s_blocksize_bits < TUX3_SB(sb)->volblocks;
	case S_IFLNK:
		return in->size && in->size <= TUX3_SYMLINK_BYTES;
	default:
		return in->size <= format_max_size(sb);
	}
}

/* NULL, or what is wrong with an inode that has a name. */
static const char *attrs_fault(struct super_block *sb,
			       const struct inode_attrs *in)
{
	bool device = S_ISCHR(in->mode) || S_ISBLK(in->mode);

	if (~in->seen & REQUIRED)
		return "lacks an attribute";
	if (in->mode & ~(S_IFMT | 07777) ||
	    fs_umode_to_ftype(in->mode) == FT_UNKNOWN)
		return "has a bad mode";
	if (device != !!(in->seen & BIT(TUX3_ATTR_RDEV)) || in->rdev > U32_MAX)
		return "has a bad device number";
	if (!in->nlink)
		return "has a name but no links";
	if (!size_ok(sb, in))
		return "has a bad size";
	return NULL;
}

static void set_operations(struct inode *inode, dev_t rdev)
{
	inode->i_mapping->a_ops = &tux3_aops;
	switch (inode->i_mode & S_IFMT) {
	case S_IFREG:
		inode->i_op = &tux3_file_inode_operations;
		inode->i_fop = &tux3_file_operations;
		break;
	case S_IFDIR:
		inode->i_op = &tux3_dir_inode_operations;
		inode->i_fop = &tux3_dir_operations;
		break;
	case S_IFLNK:
		inode->i_op = &tux3_symlink_inode_operations;
		inode_nohighmem(inode);
		break;
	default:
		inode->i_op = &tux3_special_inode_operations;
		init_special_inode(inode, inode->i_mode, rdev);
	}
}

static void fill_inode(struct inode *inode, const struct inode_attrs *in)
{
	unsigned int blockbits = inode->i_blkbits;

	inode->i_mode = in->mode;
	i_uid_write(inode, in->uid);
	i_gid_write(inode, in->gid);
	set_nlink(inode, in->nlink);
	inode->i_size = in->size;
	inode->i_blocks = ((in->size + i_blocksize(inode) - 1) >> blockbits) <<
			  (blockbits - SECTOR_SHIFT);
	inode_set_mtime_to_ts(inode, tux3_decode_time(in->mtime));
	inode_set_atime_to_ts(inode, inode_get_mtime(inode));
	inode_set_ctime_to_ts(inode, tux3_decode_time(in->ctime));
	set_operations(inode, new_decode_dev(in->rdev));
}

/* A table that the filesystem keeps for itself: only its data matter. */
static void fill_internal(struct inode *inode)
{
	inode->i_mode = S_IFREG;
	inode->i_size = inode->i_sb->s_maxbytes;
	inode->i_mapping->a_ops = &tux3_aops;
}

/* Fill a new inode from its attribute string. */
static int load_attrs(struct inode *inode, const u8 *attrs, unsigned int len)
{
	struct super_block *sb = inode->i_sb;
	struct tux3_inode *ti = TUX3_I(inode);
	struct inode_attrs in;
	const char *fault;

	if (decode_attrs(attrs, attrs + len, &in))
		return tux3_corrupt(sb, "inode %llu has attributes that make no sense",
				    ti->inum);
	ti->root = in.root;
	if (ti->inum < TUX3_ROOT_INO) {
		fill_internal(inode);
		return 0;
	}
	fault = attrs_fault(sb, &in);
	if (fault)
		return tux3_corrupt(sb, "inode %llu %s", ti->inum, fault);
	if (in.seen & BIT(TUX3_ATTR_XATTR)) {
		ti->attrs = kmemdup(attrs, len, GFP_KERNEL_ACCOUNT);
		if (!ti->attrs)
			return -ENOMEM;
		ti->attrs_len = len;
	}
	fill_inode(inode, &in);
	return 0;
}

static int load_inode(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;
	u64 inum = TUX3_I(inode)->inum;
	struct tux3_leaf leaf;
	unsigned int len;
	const u8 *attrs;
	int err;

	err = tux3_itable_find(sb, inum, &leaf, &attrs, &len);
	if (err == -ENOENT)
		return tux3_corrupt(sb, "inode %llu does not exist", inum);
	if (err)
		return err;
	err = load_attrs(inode, attrs, len);
	brelse(leaf.bh);
	return err;
}

static int test_inum(struct inode *inode, void *inum)
{
	return TUX3_I(inode)->inum == *(u64 *)inum;
}

static int set_inum(struct inode *inode, void *inum)
{
	TUX3_I(inode)->inum = *(u64 *)inum;
	inode->i_ino = *(u64 *)inum;
	return 0;
}

/**
 * tux3_iget - get an inode that must exist
 * @sb: the volume
 * @inum: its number
 *
 * Return: the inode or an ERR_PTR
 */
struct inode *tux3_iget(struct super_block *sb, u64 inum)
{
	struct inode *inode;
	int err;

	inode = iget5_locked(sb, inum, test_inum, set_inum, &inum);
	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!(inode->i_state & I_NEW))
		return inode;
	err = load_inode(inode);
	if (err) {
		iget_failed(inode);
		return ERR_PTR(err);
	}
	unlock_new_inode(inode);
	return inode;
}

/**
 * tux3_getattr - stat, with all bits of the inode number
 * @idmap: idmap of the mount
 * @path: what to look at
 * @stat: filled
 * @request_mask: STATX_*
 * @flags: AT_*
 *
 * Return: 0
 */
int tux3_getattr(struct mnt_idmap *idmap, const struct path *path,
		 struct kstat *stat, u32 request_mask, unsigned int flags)
{
	struct inode *inode = d_inode(path->dentry);

	generic_fillattr(idmap, request_mask, inode, stat);
	stat->ino = TUX3_I(inode)->inum;
	return 0;
}

static void init_once(void *ti)
{
	inode_init_once(&((struct tux3_inode *)ti)->vfs_inode);
}

struct inode *tux3_alloc_inode(struct super_block *sb)
{
	struct tux3_inode *ti;

	ti = alloc_inode_sb(sb, tux3_inode_cachep, GFP_KERNEL);
	if (!ti)
		return NULL;
	ti->inum = 0;
	ti->root = 0;
	ti->attrs = NULL;
	ti->attrs_len = 0;
	return &ti->vfs_inode;
}

/* After a grace period: a path walk under RCU may still look at the inode. */
void tux3_free_inode(struct inode *inode)
{
	kfree(TUX3_I(inode)->attrs);
	kmem_cache_free(tux3_inode_cachep, TUX3_I(inode));
}

int __init tux3_init_inodecache(void)
{
	tux3_inode_cachep = kmem_cache_create("tux3_inode",
					      sizeof(struct tux3_inode), 0,
					      SLAB_RECLAIM_ACCOUNT |
					      SLAB_ACCOUNT, init_once);
	return tux3_inode_cachep ? 0 : -ENOMEM;
}

void tux3_destroy_inodecache(void)
{
	/* Inodes are freed after a grace period. */
	rcu_barrier();
	kmem_cache_destroy(tux3_inode_cachep);
}
