// SPDX-License-Identifier: GPL-2.0-only
/*
 * Directories: files whose blocks are filled exactly by entries.
 *
 * There is no index and there are no "." and ".." entries. An entry never
 * moves, so that its byte offset, plus two for the dots, is its readdir
 * position. The dictionary of extended attribute names has the same form.
 */
#include <linux/highmem.h>
#include <linux/pagemap.h>
#include <linux/sched/signal.h>

#include "tux3.h"

#define DOTS	2	/* positions before the first entry's */

/* NULL, or what is wrong with the entry in the last @room bytes of a block. */
static const char *dirent_fault(const struct tux3_dirent *de, unsigned int room)
{
	unsigned int rec_len;

	/* What follows the block may be no memory of ours. */
	if (room < TUX3_DIRENT_HEAD)
		return "no room for its head";
	rec_len = be16_to_cpu(de->rec_len);
	if (rec_len < TUX3_DIRENT_HEAD || rec_len > room ||
	    rec_len % TUX3_DIRENT_ALIGN)
		return "a bad length";
	if (de->name_len > rec_len - TUX3_DIRENT_HEAD)
		return "a name beyond its end";
	if (de->name_len &&
	    (!de->inum || be64_to_cpu(de->inum) >= TUX3_KEY_LIMIT))
		return "a bad inode number";
	return NULL;
}

/* Map the entry at @dp->pos, within a page as a block is. */
static int dirpos_map(struct tux3_dirpos *dp)
{
	struct folio *folio;

	folio = read_mapping_folio(dp->dir->i_mapping, dp->pos >> PAGE_SHIFT,
				   NULL);
	if (IS_ERR(folio))
		return PTR_ERR(folio);
	dp->folio = folio;
	dp->de = kmap_local_folio(folio, offset_in_folio(folio, dp->pos));
	return 0;
}

/**
 * tux3_dirpos_load - look at the entry at a place
 * @dp: the place, @dp->pos a multiple of TUX3_DIRENT_ALIGN below @dp->end
 *
 * On success the entry at @dp->de lies within its block; it may be unused.
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_dirpos_load(struct tux3_dirpos *dp)
{
	unsigned int blocksize = i_blocksize(dp->dir);
	const char *fault;
	int err;

	if (!dp->de) {
		err = dirpos_map(dp);
		if (err)
			return err;
	}
	fault = dirent_fault(dp->de, blocksize - (dp->pos & (blocksize - 1)));
	if (!fault)
		return 0;
	return tux3_corrupt(dp->dir->i_sb, "directory %llu has an entry with %s at byte %llu",
			    TUX3_I(dp->dir)->inum, fault, dp->pos);
}

/**
 * tux3_dirpos_put - let go of the block that is mapped, if any
 * @dp: the place
 */
void tux3_dirpos_put(struct tux3_dirpos *dp)
{
	if (dp->de)
		folio_release_kmap(dp->folio, (void *)dp->de);
	dp->de = NULL;
}

/**
 * tux3_dirpos_next - go on to the next entry
 * @dp: the place, loaded
 */
void tux3_dirpos_next(struct tux3_dirpos *dp)
{
	unsigned int rec_len = be16_to_cpu(dp->de->rec_len);

	dp->pos += rec_len;
	if (dp->pos & (i_blocksize(dp->dir) - 1))
		dp->de = (void *)dp->de + rec_len;
	else
		tux3_dirpos_put(dp);
}

/* Numbers as stat shows them; dir_emit_dots() would cut them to an ino_t. */
static u64 parent_inum(struct dentry *dentry)
{
	u64 inum;

	spin_lock(&dentry->d_lock);
	inum = TUX3_I(d_inode(dentry->d_parent))->inum;
	spin_unlock(&dentry->d_lock);
	return inum;
}

static bool emit_dots(struct file *file, struct dir_context *ctx)
{
	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, TUX3_I(file_inode(file))->inum,
			      DT_DIR))
			return false;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		if (!dir_emit(ctx, "..", 2, parent_inum(file->f_path.dentry),
			      DT_DIR))
			return false;
		ctx->pos = DOTS;
	}
	return true;
}

/* Emit the entry at @dp. Returns 1 to go on, 0 if the buffer is full. */
static int emit_entry(struct dir_context *ctx, const struct tux3_dirpos *dp)
{
	const struct tux3_dirent *de = dp->de;

	if (memchr(de->name, 0, de->name_len) ||
	    memchr(de->name, '/', de->name_len))
		return tux3_corrupt(dp->dir->i_sb, "directory %llu has a bad name at byte %llu",
				    TUX3_I(dp->dir)->inum, dp->pos);
	ctx->pos = dp->pos + DOTS;
	return dir_emit(ctx, de->name, de->name_len, be64_to_cpu(de->inum),
			fs_ftype_to_dtype(de->type));
}

/*
 * A position may come from lseek() and lie anywhere: start at the block that it
 * is in, and pass over what comes before it.
 */
static int tux3_readdir(struct file *file, struct dir_context *ctx)
{
	struct inode *dir = file_inode(file);
	struct tux3_dirpos dp = { .dir = dir, .end = i_size_read(dir) };
	u64 want;
	int more = 1;

	if (!emit_dots(file, ctx))
		return 0;
	want = ctx->pos - DOTS;
	dp.pos = round_down(want, i_blocksize(dir));
	while (dp.pos < dp.end) {
		more = tux3_dirpos_load(&dp);
		if (more < 0)
			break;
		if (dp.pos >= want && dp.de->name_len) {
			more = emit_entry(ctx, &dp);
			if (more <= 0)
				break;
		}
		tux3_dirpos_next(&dp);
		if (dp.pos > want)
			ctx->pos = dp.pos + DOTS;
		if (fatal_signal_pending(current)) {
			more = -EINTR;
			break;
		}
		cond_resched();
	}
	tux3_dirpos_put(&dp);
	return min(more, 0);
}

/* The number under which @dir has @name, 0 if it has not. */
static int find_name(struct inode *dir, const struct qstr *name, u64 *inum)
{
	struct tux3_dirpos dp = { .dir = dir, .end = i_size_read(dir) };
	int err = 0;

	*inum = 0;
	while (!err && !*inum && dp.pos < dp.end) {
		err = tux3_dirpos_load(&dp);
		if (err)
			break;
		if (dp.de->name_len == name->len &&
		    !memcmp(dp.de->name, name->name, name->len))
			*inum = be64_to_cpu(dp.de->inum);
		tux3_dirpos_next(&dp);
		if (dp.de)
			continue;
		if (fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	tux3_dirpos_put(&dp);
	return err;
}

static struct dentry *tux3_lookup(struct inode *dir, struct dentry *dentry,
				  unsigned int flags)
{
	struct inode *inode = NULL;
	u64 inum;
	int err;

	if (dentry->d_name.len > TUX3_NAME_LEN)
		return ERR_PTR(-ENAMETOOLONG);
	err = find_name(dir, &dentry->d_name, &inum);
	if (err)
		return ERR_PTR(err);
	if (inum) {
		if (inum < TUX3_FIRST_INO)
			return ERR_PTR(tux3_corrupt(dir->i_sb, "directory %llu names inode %llu",
						    TUX3_I(dir)->inum, inum));
		inode = tux3_iget(dir->i_sb, inum);
	}
	return d_splice_alias(inode, dentry);
}

const struct file_operations tux3_dir_operations = {
	.llseek		= generic_file_llseek,
	.read		= generic_read_dir,
	.iterate_shared	= tux3_readdir,
	.unlocked_ioctl	= tux3_ioctl,
	.compat_ioctl	= tux3_ioctl,
};

const struct inode_operations tux3_dir_inode_operations = {
	.lookup		= tux3_lookup,
	.getattr	= tux3_getattr,
	.listxattr	= tux3_listxattr,
};
