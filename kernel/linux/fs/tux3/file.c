// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contents of files, through the page cache by iomap. Directories, symlinks and
 * the filesystem's own tables are read the same way.
 */
#include <linux/fiemap.h>
#include <linux/iomap.h>
#include <linux/namei.h>
#include <linux/sched/signal.h>

#include "tux3.h"

static int tux3_iomap_begin(struct inode *inode, loff_t pos, loff_t length,
			    unsigned int flags, struct iomap *iomap,
			    struct iomap *srcmap)
{
	unsigned int blockbits = inode->i_blkbits;
	struct tux3_extent extent;
	int err;

	if (flags & IOMAP_WRITE)
		return -EROFS;
	if (fatal_signal_pending(current))
		return -EINTR;
	cond_resched();	/* SEEK_HOLE and FIEMAP may go through millions */
	err = tux3_map(inode, pos >> blockbits, &extent);
	if (err)
		return err;
	iomap->bdev = inode->i_sb->s_bdev;
	iomap->offset = extent.logical << blockbits;
	iomap->length = extent.count << blockbits;
	if (extent.physical) {
		iomap->type = IOMAP_MAPPED;
		iomap->addr = extent.physical << blockbits;
	} else {
		iomap->type = IOMAP_HOLE;
		iomap->addr = IOMAP_NULL_ADDR;
	}
	return 0;
}

static const struct iomap_ops tux3_iomap_ops = {
	.iomap_begin	= tux3_iomap_begin,
};

/* Are all blocks of the folio where they should be? */
static int check_folio(struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	u64 block = folio_pos(folio) >> inode->i_blkbits;
	u64 end = block + (folio_size(folio) >> inode->i_blkbits);
	struct tux3_extent extent;

	while (block < end) {
		int err = tux3_map(inode, block, &extent);

		if (err)
			return err;
		block = extent.logical + extent.count;
	}
	return 0;
}

/*
 * iomap_read_folio() drops the error of a mapping, and the reader gets EIO
 * whatever it was: so map before, for damage to be EUCLEAN here as elsewhere.
 */
static int tux3_read_folio(struct file *file, struct folio *folio)
{
	int err = check_folio(folio);

	if (err) {
		folio_unlock(folio);
		return err;
	}
	return iomap_read_folio(folio, &tux3_iomap_ops);
}

static void tux3_readahead(struct readahead_control *rac)
{
	iomap_readahead(rac, &tux3_iomap_ops);
}

static sector_t tux3_bmap(struct address_space *mapping, sector_t block)
{
	return iomap_bmap(mapping, block, &tux3_iomap_ops);
}

const struct address_space_operations tux3_aops = {
	.read_folio		= tux3_read_folio,
	.readahead		= tux3_readahead,
	.bmap			= tux3_bmap,
	.release_folio		= iomap_release_folio,
	.invalidate_folio	= iomap_invalidate_folio,
	.migrate_folio		= filemap_migrate_folio,
	.is_partially_uptodate	= iomap_is_partially_uptodate,
};

/* The format has larger files than a small machine can address. */
static int tux3_file_open(struct inode *inode, struct file *file)
{
	if (i_size_read(inode) > inode->i_sb->s_maxbytes)
		return -EOVERFLOW;
	return generic_file_open(inode, file);
}

static loff_t tux3_file_llseek(struct file *file, loff_t offset, int whence)
{
	struct inode *inode = file_inode(file);

	if (whence == SEEK_HOLE)
		offset = iomap_seek_hole(inode, offset, &tux3_iomap_ops);
	else if (whence == SEEK_DATA)
		offset = iomap_seek_data(inode, offset, &tux3_iomap_ops);
	else
		return generic_file_llseek(file, offset, whence);
	if (offset < 0)
		return offset;
	return vfs_setpos(file, offset, inode->i_sb->s_maxbytes);
}

static int tux3_fiemap(struct inode *inode, struct fiemap_extent_info *info,
		       u64 start, u64 len)
{
	return iomap_fiemap(inode, info, start, len, &tux3_iomap_ops);
}

const struct file_operations tux3_file_operations = {
	.open		= tux3_file_open,
	.llseek		= tux3_file_llseek,
	.read_iter	= generic_file_read_iter,
	.mmap		= generic_file_readonly_mmap,
	.splice_read	= filemap_splice_read,
	.unlocked_ioctl	= tux3_ioctl,
	.compat_ioctl	= tux3_ioctl,
};

const struct inode_operations tux3_file_inode_operations = {
	.getattr	= tux3_getattr,
	.listxattr	= tux3_listxattr,
	.fiemap		= tux3_fiemap,
};

/* A stored target may end with a NUL that its size counts: readers stop there. */
static const char *tux3_get_link(struct dentry *dentry, struct inode *inode,
				 struct delayed_call *done)
{
	char *target = (char *)page_get_link_raw(dentry, inode, done);

	if (IS_ERR(target))
		return target;
	if (strnlen(target, inode->i_size) >= TUX3_SYMLINK_BYTES) {
		do_delayed_call(done);
		clear_delayed_call(done);
		return ERR_PTR(tux3_corrupt(inode->i_sb, "symlink %llu has no end",
					    TUX3_I(inode)->inum));
	}
	nd_terminate_link(target, inode->i_size, PAGE_SIZE - 1);
	return target;
}

const struct inode_operations tux3_symlink_inode_operations = {
	.get_link	= tux3_get_link,
	.getattr	= tux3_getattr,
	.listxattr	= tux3_listxattr,
};

const struct inode_operations tux3_special_inode_operations = {
	.getattr	= tux3_getattr,
	.listxattr	= tux3_listxattr,
};
