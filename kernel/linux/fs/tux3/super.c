// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tux3, read-only: mounting a volume.
 *
 * How it works: the superblock names a btree of inodes and a log. Replay of the
 * log brings the index nodes of all btrees to their committed state in memory
 * (replay.c, node.c). From then on a path walk reads directory blocks (dir.c), an
 * inode number leads through the inode table (itable.c) to attributes (attr.c,
 * inode.c), and a file's data through its own btree (dleaf.c) to the page cache
 * (file.c).
 */
#include <linux/blkdev.h>
#include <linux/fs_context.h>
#include <linux/module.h>
#include <linux/statfs.h>
#include <linux/xattr.h>

#include "tux3.h"

/* The kernel names this function when it leaves messages out. */
static void tux3_report(struct super_block *sb, struct va_format *vaf)
{
	struct tux3_sb *sbi = TUX3_SB(sb);

	if (__ratelimit(&sbi->ratelimit))
		pr_err("tux3 (%s): %pV\n", sb->s_id, vaf);
	/* Without a log of its own this would go to the kernel's once more. */
	if (sbi->fc && sbi->fc->log.log)
		errorf(sbi->fc, "%pV", vaf);
}

/**
 * tux3_error - say what went wrong with a volume
 * @sb: the volume
 * @fmt: the message, one line without its end
 *
 * Goes to the kernel log and, while mounting, to who mounts.
 */
void tux3_error(struct super_block *sb, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	tux3_report(sb, &vaf);
	va_end(args);
}

/**
 * tux3_corrupt - say how a volume is damaged
 * @sb: the volume
 * @fmt: the message, one line without its end
 *
 * Return: -EUCLEAN
 */
int tux3_corrupt(struct super_block *sb, const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	tux3_report(sb, &vaf);
	va_end(args);
	return -EUCLEAN;
}

/* Refuse what is not for this driver; silently if it was only tried. */
static int check_magic(struct super_block *sb, const u8 *magic, int silent)
{
	if (!memcmp(magic, TUX3_MAGIC, TUX3_MAGIC_BYTES))
		return 0;
	if (silent)
		return -EINVAL;
	if (!memcmp(magic, TUX3_MAGIC, TUX3_MAGIC_NAME))
		tux3_error(sb, "format revision %*ph is not supported, only 20 12 12 20",
			   TUX3_MAGIC_BYTES - TUX3_MAGIC_NAME,
			   magic + TUX3_MAGIC_NAME);
	else
		tux3_error(sb, "not a Tux3 volume");
	return -EINVAL;
}

static int check_geometry(struct super_block *sb,
			  const struct tux3_disk_super *super, int *blocksize)
{
	struct tux3_sb *sbi = TUX3_SB(sb);
	unsigned int blockbits = be16_to_cpu(super->blockbits);
	u64 bytes = bdev_nr_bytes(sb->s_bdev);

	if (blockbits < TUX3_MIN_BLOCKBITS || blockbits > TUX3_MAX_BLOCKBITS) {
		tux3_error(sb, "block size 2^%u is not supported", blockbits);
		return -EINVAL;
	}
	*blocksize = 1 << blockbits;
	sbi->volblocks = be64_to_cpu(super->volblocks);
	sbi->reserved = TUX3_RESERVED_BYTES >> blockbits;
	if (sbi->volblocks > bytes >> blockbits)
		return tux3_corrupt(sb, "the volume has %llu blocks, the device only %llu",
				    sbi->volblocks, bytes >> blockbits);
	if (generic_check_addressable(blockbits, sbi->volblocks)) {
		tux3_error(sb, "the volume is too large for this machine");
		return -EFBIG;
	}
	if (sbi->volblocks <= sbi->reserved)
		return tux3_corrupt(sb, "the volume has only %llu blocks",
				    sbi->volblocks);
	return 0;
}

static int take_super(struct super_block *sb,
		      const struct tux3_disk_super *super, int blocksize)
{
	struct tux3_sb *sbi = TUX3_SB(sb);

	sbi->iroot = be64_to_cpu(super->iroot);
	sbi->usedinodes = be64_to_cpu(super->usedinodes);
	sbi->dictsize = be64_to_cpu(super->atomdictsize);
	sbi->logchain = be64_to_cpu(super->logchain);
	sbi->logcount = be32_to_cpu(super->logcount);
	if (sbi->usedinodes < TUX3_FIRST_INO ||
	    sbi->usedinodes > TUX3_KEY_LIMIT)
		return tux3_corrupt(sb, "the superblock counts %llu inodes",
				    sbi->usedinodes);
	if (sbi->dictsize & (blocksize - 1) ||
	    sbi->dictsize > sbi->volblocks * blocksize)
		return tux3_corrupt(sb, "the superblock counts %llu bytes of attribute names",
				    sbi->dictsize);
	if (sbi->logcount > sbi->volblocks - sbi->reserved)
		return tux3_corrupt(sb, "the superblock counts %u log blocks",
				    sbi->logcount);
	return 0;
}

/* Read the superblock and go over to the volume's block size. */
static int read_super(struct super_block *sb, int silent)
{
	const struct tux3_disk_super *super;
	struct buffer_head *bh;
	int blocksize, err;

	blocksize = sb_min_blocksize(sb, 1 << TUX3_MIN_BLOCKBITS);
	if (!blocksize || blocksize > 1 << TUX3_MAX_BLOCKBITS) {
		tux3_error(sb, "the sectors of the device are too large");
		return -EINVAL;
	}
	if (bdev_nr_bytes(sb->s_bdev) < TUX3_RESERVED_BYTES) {
		if (!silent)
			tux3_error(sb, "the device is too small for a Tux3 volume");
		return -EINVAL;
	}
	bh = sb_bread(sb, TUX3_SUPER_OFFSET / blocksize);
	if (!bh) {
		tux3_error(sb, "cannot read the superblock");
		return -EIO;
	}
	super = (void *)bh->b_data + TUX3_SUPER_OFFSET % blocksize;
	err = check_magic(sb, super->magic, silent);
	err = err ?: check_geometry(sb, super, &blocksize);
	err = err ?: take_super(sb, super, blocksize);
	brelse(bh);
	if (!err && !sb_set_blocksize(sb, blocksize)) {
		tux3_error(sb, "the device cannot do blocks of %d bytes",
			   blocksize);
		err = -EINVAL;
	}
	return err;
}

static int tux3_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	struct super_block *sb = dentry->d_sb;
	struct tux3_sb *sbi = TUX3_SB(sb);

	buf->f_type = TUX3_SUPER_MAGIC;
	buf->f_bsize = sb->s_blocksize;
	buf->f_blocks = sbi->volblocks;
	buf->f_bfree = sbi->freeblocks;
	buf->f_bavail = sbi->freeblocks;
	buf->f_files = TUX3_KEY_LIMIT;
	buf->f_ffree = TUX3_KEY_LIMIT - sbi->usedinodes;
	buf->f_namelen = TUX3_NAME_LEN;
	buf->f_fsid = u64_to_fsid(huge_encode_dev(sb->s_bdev->bd_dev));
	return 0;
}

static void tux3_put_super(struct super_block *sb)
{
	tux3_hangup_links(sb);
	iput(TUX3_SB(sb)->atable);
}

static const struct super_operations tux3_super_operations = {
	.alloc_inode	= tux3_alloc_inode,
	.free_inode	= tux3_free_inode,
	.statfs		= tux3_statfs,
	.put_super	= tux3_put_super,
};

static void set_super(struct super_block *sb)
{
	sb->s_magic = TUX3_SUPER_MAGIC;
	sb->s_maxbytes = min_t(u64, TUX3_KEY_LIMIT << sb->s_blocksize_bits,
			       MAX_LFS_FILESIZE);
	sb->s_flags |= SB_NOATIME;	/* there is none on disk */
	sb->s_time_gran = 1;
	sb->s_time_min = 0;
	sb->s_time_max = U32_MAX;
	sb->s_op = &tux3_super_operations;
	sb->s_xattr = tux3_xattr_handlers;
}

/* Get the inodes that every volume has. */
static int load_inodes(struct super_block *sb)
{
	struct tux3_sb *sbi = TUX3_SB(sb);
	struct inode *root;

	sbi->atable = tux3_iget(sb, TUX3_ATABLE_INO);
	if (IS_ERR(sbi->atable))
		return PTR_ERR(sbi->atable);
	root = tux3_iget(sb, TUX3_ROOT_INO);
	if (IS_ERR(root)) {
		iput(sbi->atable);
		return PTR_ERR(root);
	}
	if (!S_ISDIR(root->i_mode)) {
		iput(root);
		iput(sbi->atable);
		return tux3_corrupt(sb, "the root is not a directory");
	}
	sb->s_root = d_make_root(root);
	if (!sb->s_root) {
		iput(sbi->atable);
		return -ENOMEM;
	}
	return 0;
}

static int tux3_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct tux3_sb *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	int err;

	if (!sbi)
		return -ENOMEM;
	sb->s_fs_info = sbi;
	sbi->sb = sb;
	sbi->fc = fc;
	sbi->nodes = RB_ROOT;
	INIT_LIST_HEAD(&sbi->links);
	ratelimit_state_init(&sbi->ratelimit, DEFAULT_RATELIMIT_INTERVAL,
			     DEFAULT_RATELIMIT_BURST);
	err = read_super(sb, fc->sb_flags & SB_SILENT);
	if (err)
		return err;
	set_super(sb);
	err = tux3_replay(sb);
	err = err ?: load_inodes(sb);
	if (err == -ENOMEM)
		tux3_error(sb, "not enough memory to mount");
	sbi->fc = NULL;
	return err;
}

/* Who asks for a writable mount gets a read-only one, as from squashfs. */
static int tux3_get_tree(struct fs_context *fc)
{
	bool writable = !(fc->sb_flags & SB_RDONLY);
	int err;

	fc->sb_flags |= SB_RDONLY;
	err = get_tree_bdev(fc, tux3_fill_super);
	if (!err && writable)
		infof(fc, "%s: mounted read-only, writing is not supported",
		      fc->root->d_sb->s_id);
	return err;
}

static int tux3_reconfigure(struct fs_context *fc)
{
	if (!(fc->sb_flags_mask & SB_RDONLY) || fc->sb_flags & SB_RDONLY)
		return 0;
	errorf(fc, "%s: writing is not supported", fc->root->d_sb->s_id);
	return -EROFS;
}

static const struct fs_context_operations tux3_context_operations = {
	.get_tree	= tux3_get_tree,
	.reconfigure	= tux3_reconfigure,
};

static int tux3_init_fs_context(struct fs_context *fc)
{
	fc->ops = &tux3_context_operations;
	return 0;
}

static void tux3_kill_sb(struct super_block *sb)
{
	kill_block_super(sb);
	if (!TUX3_SB(sb))
		return;
	tux3_nodes_destroy(sb);
	kfree(TUX3_SB(sb));
}

static struct file_system_type tux3_fs_type = {
	.owner			= THIS_MODULE,
	.name			= "tux3",
	.init_fs_context	= tux3_init_fs_context,
	.kill_sb		= tux3_kill_sb,
	.fs_flags		= FS_REQUIRES_DEV,
};
MODULE_ALIAS_FS("tux3");

static int __init tux3_init(void)
{
	int err = tux3_init_inodecache();

	if (err)
		return err;
	err = register_filesystem(&tux3_fs_type);
	if (err)
		tux3_destroy_inodecache();
	return err;
}

static void __exit tux3_exit(void)
{
	unregister_filesystem(&tux3_fs_type);
	tux3_destroy_inodecache();
}

module_init(tux3_init);
module_exit(tux3_exit);
MODULE_DESCRIPTION("Tux3 filesystem, format revision 2012-12-20, read-only");
MODULE_LICENSE("GPL");
