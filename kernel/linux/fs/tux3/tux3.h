/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tux3 in memory: what the files of this folder share.
 *
 * Nothing on disk is trusted. A function that meets damage says so once by
 * tux3_corrupt() and returns -EUCLEAN; its callers only pass that on.
 */
#ifndef _TUX3_H
#define _TUX3_H

#include <linux/buffer_head.h>
#include <linux/fs.h>
#include <linux/ratelimit.h>
#include <linux/rbtree.h>

#include "format.h"

struct fs_context;

/*
 * For what grows with the log: fail rather than kill for memory that a hostile
 * volume asks for.
 */
#define TUX3_GFP_LOG (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/**
 * struct tux3_sb - a mounted volume
 * @sb:		its super block
 * @fc:		the mount in progress, to tell it why it failed; else NULL
 * @ratelimit:	on messages about damage
 * @links:	ddlinks made on this mount, hung up by umount
 * @volblocks:	size of the volume; every block number used is below it
 * @reserved:	blocks at the start that nothing may point to
 * @iroot:	packed root of the inode table
 * @usedinodes:	inodes in use, those below TUX3_FIRST_INO as 64
 * @freeblocks:	free blocks after replay
 * @dictsize:	bytes of the dictionary at the start of @atable
 * @logchain:	newest log block
 * @logcount:	blocks of the log
 * @nodes:	index nodes that exist only in the log, by block; see node.c
 * @nr_nodes:	how many
 * @atable:	inode with the names of extended attributes
 *
 * All but @ratelimit is fixed once the volume is mounted.
 * @links is not: each link that is made or closed changes it.
 */
struct tux3_sb {
	struct super_block *sb;
	struct fs_context *fc;
	struct ratelimit_state ratelimit;
	struct list_head links;
	u64 volblocks;
	u64 reserved;
	u64 iroot;
	u64 usedinodes;
	u64 freeblocks;
	u64 dictsize;
	u64 logchain;
	u32 logcount;
	struct rb_root nodes;
	unsigned long nr_nodes;
	struct inode *atable;
};

static inline struct tux3_sb *TUX3_SB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

/**
 * struct tux3_inode - an inode in memory
 * @inum:	its number; i_ino has 32 bits of it on small machines
 * @root:	packed root of its data btree, 0 if it has none
 * @attrs:	copy of its attributes if there are extended ones, else NULL
 * @attrs_len:	bytes of @attrs
 * @vfs_inode:	the VFS's part
 */
struct tux3_inode {
	u64 inum;
	u64 root;
	u8 *attrs;
	unsigned int attrs_len;
	struct inode vfs_inode;
};

static inline struct tux3_inode *TUX3_I(const struct inode *inode)
{
	return container_of(inode, struct tux3_inode, vfs_inode);
}

/**
 * struct tux3_attr - one attribute as it stands in an inode's string
 * @kind:	enum tux3_attr_kind
 * @version:	0; others are passed over
 * @size:	bytes of @data, checked against the string and the kind
 * @data:	one of struct tux3_attr_*
 */
struct tux3_attr {
	unsigned int kind;
	unsigned int version;
	unsigned int size;
	const void *data;
};

/**
 * struct tux3_leaf - a leaf found by tux3_btree_lookup()
 * @bh:		holds it; give it back by brelse()
 * @low:	first key that belongs into it
 * @high:	first key beyond it
 */
struct tux3_leaf {
	struct buffer_head *bh;
	u64 low;
	u64 high;
};

/**
 * struct tux3_extent - blocks of a file
 * @logical:	first block in the file
 * @physical:	first block in the volume, 0 for a hole
 * @count:	how many
 */
struct tux3_extent {
	u64 logical;
	u64 physical;
	u64 count;
};

/**
 * struct tux3_node - an index node as replay of the log has rebuilt it
 * @rb:		in tux3_sb.nodes
 * @block:	where the next unify will write it
 * @bnode:	one block, in the layout of the disk
 */
struct tux3_node {
	struct rb_node rb;
	u64 block;
	struct tux3_bnode *bnode;
};

/**
 * struct tux3_log - the blocks of the log, oldest first
 * @blocks:	their numbers
 * @count:	how many
 * @live:	index of the block where the live records start
 * @live_at:	byte among its records
 */
struct tux3_log {
	u64 *blocks;
	u32 count;
	u32 live;
	unsigned int live_at;
};

/**
 * struct tux3_record - a log record, decoded
 * @type:	enum tux3_log_type
 * @count:	its count, 0 if it has none
 * @v:		its numbers in the order of TUX3_LOG_RECORDS
 */
struct tux3_record {
	unsigned int type;
	u32 count;
	u64 v[TUX3_LOG_NUMBERS];
};

typedef int (*tux3_record_fn)(struct super_block *sb,
			      const struct tux3_record *rec);

/**
 * struct tux3_dirpos - a place in a directory's contents
 * @dir:	the inode whose data are directory blocks
 * @pos:	byte offset of the current entry
 * @end:	bytes of entries in @dir
 * @de:		the entry, in mapped memory; NULL outside of a block
 * @folio:	holds it
 *
 * Start by setting @dir, @pos and @end and the rest to 0, leave by
 * tux3_dirpos_put().
 */
struct tux3_dirpos {
	struct inode *dir;
	u64 pos;
	u64 end;
	const struct tux3_dirent *de;
	struct folio *folio;
};

/* super.c */
__printf(2, 3) void tux3_error(struct super_block *sb, const char *fmt, ...);
__printf(2, 3) int tux3_corrupt(struct super_block *sb, const char *fmt, ...);

/* volume.c */
bool tux3_block_range_ok(struct super_block *sb, u64 block, u64 count);
struct buffer_head *tux3_bread(struct super_block *sb, u64 block);

/* log.c */
int tux3_log_load(struct super_block *sb, struct tux3_log *log);
void tux3_log_free(struct tux3_log *log);
int tux3_log_for_each(struct super_block *sb, const struct tux3_log *log,
		      tux3_record_fn fn);

/* replay.c */
int tux3_replay(struct super_block *sb);

/* node.c */
struct tux3_node *tux3_node_find(struct super_block *sb, u64 block);
int tux3_node_redirect(struct super_block *sb, u64 old, u64 new);
int tux3_node_root(struct super_block *sb, const struct tux3_record *rec);
int tux3_node_split(struct super_block *sb, u64 src, u64 dst, u32 pos);
int tux3_node_add(struct super_block *sb, u64 parent, u64 child, u64 key);
int tux3_node_update(struct super_block *sb, u64 parent, u64 child, u64 key);
int tux3_node_merge(struct super_block *sb, u64 src, u64 dst);
int tux3_node_del(struct super_block *sb, u64 block, u64 key, u32 count);
int tux3_node_adjust(struct super_block *sb, u64 block, u64 from, u64 to);
int tux3_node_free(struct super_block *sb, u64 block);
void tux3_nodes_destroy(struct super_block *sb);

/* btree.c */
int tux3_bnode_check(struct super_block *sb, u64 block,
		     const struct tux3_bnode *bnode);
unsigned int tux3_search(const __be64 *keys, unsigned int count, u64 key);
int tux3_btree_lookup(struct super_block *sb, u64 root, u64 key,
		      struct tux3_leaf *leaf);

/* itable.c */
int tux3_itable_find(struct super_block *sb, u64 inum, struct tux3_leaf *leaf,
		     const u8 **attrs, unsigned int *len);

/* attr.c */
int tux3_attr_next(const u8 **pos, const u8 *end, struct tux3_attr *attr);
struct timespec64 tux3_decode_time(u64 time);

/* inode.c */
struct inode *tux3_iget(struct super_block *sb, u64 inum);
int tux3_getattr(struct mnt_idmap *idmap, const struct path *path,
		 struct kstat *stat, u32 request_mask, unsigned int flags);
int __init tux3_init_inodecache(void);
void tux3_destroy_inodecache(void);
struct inode *tux3_alloc_inode(struct super_block *sb);
void tux3_free_inode(struct inode *inode);

/* dleaf.c */
int tux3_map(struct inode *inode, u64 block, struct tux3_extent *extent);

/* file.c */
extern const struct address_space_operations tux3_aops;
extern const struct file_operations tux3_file_operations;
extern const struct inode_operations tux3_file_inode_operations;
extern const struct inode_operations tux3_symlink_inode_operations;
extern const struct inode_operations tux3_special_inode_operations;

/* dir.c */
int tux3_dirpos_load(struct tux3_dirpos *dp);
void tux3_dirpos_next(struct tux3_dirpos *dp);
void tux3_dirpos_put(struct tux3_dirpos *dp);
extern const struct file_operations tux3_dir_operations;
extern const struct inode_operations tux3_dir_inode_operations;

/* xattr.c */
ssize_t tux3_listxattr(struct dentry *dentry, char *list, size_t size);
extern const struct xattr_handler * const tux3_xattr_handlers[];

/* atom.c */
int tux3_atom_name(struct super_block *sb, u32 atom, char *name);

/* ddlink.c */
#ifdef CONFIG_DDLINK
long tux3_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
void tux3_hangup_links(struct super_block *sb);
#else
#define tux3_ioctl NULL
static inline void tux3_hangup_links(struct super_block *sb)
{
}
#endif

#endif /* _TUX3_H */
