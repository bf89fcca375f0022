/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tux3 on disk, format revision 2012-12-20.
 *
 * The only file that knows offsets and sizes. Integers are big endian. Index
 * nodes, leaves, dirents and tables are naturally aligned; log records and
 * inode attributes are packed without alignment. Bytes beyond the used part of
 * a block are garbage. Block numbers, inode numbers and keys have 48 bits.
 */
#ifndef _TUX3_FORMAT_H
#define _TUX3_FORMAT_H

#include <linux/bits.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#define TUX3_SUPER_MAGIC	0x74757833	/* "tux3", for statfs */

#define TUX3_MAGIC		"tux3\x20\x12\x12\x20"
#define TUX3_MAGIC_NAME		4		/* bytes without the revision */
#define TUX3_MAGIC_BYTES	8

#define TUX3_SUPER_OFFSET	4096		/* whatever the block size */
#define TUX3_RESERVED_BYTES	8192		/* never allocated */

#define TUX3_MIN_BLOCKBITS	9
#define TUX3_MAX_BLOCKBITS	12
#define TUX3_KEY_LIMIT		BIT_ULL(48)	/* keys, blocks, inode numbers */
#define TUX3_NAME_LEN		255
#define TUX3_SYMLINK_BYTES	4096		/* a terminating NUL may count */

/* The depth grows by one when a full root splits: far more than 2^48 keys. */
#define TUX3_MAX_DEPTH		32

/* Internal inodes; the numbers below the root directory are never seen. */
#define TUX3_BITMAP_INO		1
#define TUX3_COUNTMAP_INO	2
#define TUX3_ATABLE_INO		4
#define TUX3_ROOT_INO		63
#define TUX3_FIRST_INO		64

struct tux3_disk_super {
	u8	magic[TUX3_MAGIC_BYTES];
	__be64	birthdate;
	__be64	flags;
	__be16	blockbits;
	u8	pad[6];
	__be64	volblocks;
	__be64	iroot;		/* packed roots, see below */
	__be64	oroot;
	__be64	usedinodes;	/* counts those below TUX3_FIRST_INO as 64 */
	__be64	nextblock;
	__be64	atomdictsize;
	__be32	freeatom;
	__be32	atomgen;
	__be64	logchain;	/* newest log block */
	__be32	logcount;
} __packed;

static_assert(sizeof(struct tux3_disk_super) == 100);

/* Packed root of a btree: levels of index nodes above the leaves, root block. */
static inline unsigned int tux3_root_depth(u64 root)
{
	return root >> 48;
}

static inline u64 tux3_root_block(u64 root)
{
	return root & (TUX3_KEY_LIMIT - 1);
}

/* Index node */
#define TUX3_BNODE_MAGIC	0xb4de

struct tux3_bnode_entry {
	__be64	key;		/* lower bound of the child */
	__be64	block;
};

struct tux3_bnode {
	__be16	magic;
	__be16	pad;
	__be32	count;
	struct tux3_bnode_entry entries[];
};

static_assert(sizeof(struct tux3_bnode) == 8);

static inline unsigned int tux3_bnode_capacity(unsigned int blocksize)
{
	return (blocksize - sizeof(struct tux3_bnode)) /
		sizeof(struct tux3_bnode_entry);
}

/*
 * Leaf of the inode table. The dictionary grows down from the end of the
 * block: its 16-bit word i is where the attributes of inode ibase + i end.
 */
#define TUX3_ILEAF_MAGIC	0x90de

struct tux3_ileaf {
	__be16	magic;
	__be16	count;
	__be32	pad;
	__be64	ibase;
	u8	table[];
};

static_assert(sizeof(struct tux3_ileaf) == 16);

/* Inode attributes: a header, then by kind */
enum tux3_attr_kind {
	TUX3_ATTR_RDEV		= 0,
	TUX3_ATTR_MODE_OWNER	= 1,
	TUX3_ATTR_DATA_BTREE	= 2,
	TUX3_ATTR_CTIME_SIZE	= 3,
	TUX3_ATTR_LINK_COUNT	= 4,
	TUX3_ATTR_MTIME		= 5,
	TUX3_ATTR_XATTR		= 12,
};

#define TUX3_ATTR_KIND_SHIFT	12
#define TUX3_ATTR_VERSION_MASK	0x0fff

struct tux3_attr_rdev {
	__be64	rdev;
} __packed;

struct tux3_attr_mode_owner {
	__be32	mode;
	__be32	uid;
	__be32	gid;
} __packed;

struct tux3_attr_data_btree {
	__be64	root;
} __packed;

/* Times are 32.32 fixed point seconds since 1970, unsigned. */
struct tux3_attr_ctime_size {
	__be64	ctime;
	__be64	size;
} __packed;

struct tux3_attr_link_count {
	__be32	nlink;
} __packed;

struct tux3_attr_mtime {
	__be64	mtime;
} __packed;

struct tux3_attr_xattr {
	__be16	length;		/* of all that follows */
	__be16	atom;
	u8	value[];
} __packed;

/* Leaf of a file's data: where each extent starts; the last one is a sentinel */
#define TUX3_DLEAF_MAGIC	0xbeaf

struct tux3_dleaf_entry {
	__be64	logical;	/* versions in the top 16 bits of both */
	__be64	physical;	/* 0: hole */
};

struct tux3_dleaf {
	__be16	magic;
	__be16	count;
	__be32	pad;
	struct tux3_dleaf_entry entries[];
};

static_assert(sizeof(struct tux3_dleaf) == 8);

static inline unsigned int tux3_dleaf_capacity(unsigned int blocksize)
{
	return (blocksize - sizeof(struct tux3_dleaf)) /
		sizeof(struct tux3_dleaf_entry);
}

/* Directory entry: a block is filled exactly by them */
#define TUX3_DIRENT_ALIGN	8

struct tux3_dirent {
	__be64	inum;
	__be16	rec_len;
	u8	name_len;	/* 0: unused */
	u8	type;		/* as FT_* */
	u8	name[];
};

static_assert(offsetof(struct tux3_dirent, name) == 12);
#define TUX3_DIRENT_HEAD	offsetof(struct tux3_dirent, name)

/* Table of extended attribute names ("atoms"), in TUX3_ATABLE_INO */
#define TUX3_ATOM_REVMAP	((1LL << 40) + (1LL << 34))

/* Log block */
#define TUX3_LOG_MAGIC		0x10ad

struct tux3_logblock {
	__be16	magic;
	__be16	bytes;
	__be32	pad;
	__be64	chain;		/* the log block before */
	u8	records[];
};

static_assert(sizeof(struct tux3_logblock) == 16);

/*
 * Log records: a type byte, a big endian count of 0, 1, 2 or 4 bytes, and 48-bit
 * numbers. The comments give them in their order, the count's size before it.
 */
enum tux3_log_type {
	TUX3_LOG_BALLOC		= 0x33,	/* count:4, block */
	TUX3_LOG_BFREE		= 0x34,	/* count:4, block */
	TUX3_LOG_BFREE_ON_UNIFY	= 0x35,	/* count:4, block */
	TUX3_LOG_BFREE_RELOG	= 0x36,	/* count:4, block */
	TUX3_LOG_LEAF_REDIRECT	= 0x37,	/* old, new */
	TUX3_LOG_LEAF_FREE	= 0x38,	/* block */
	TUX3_LOG_BNODE_REDIRECT	= 0x39,	/* old, new */
	TUX3_LOG_BNODE_ROOT	= 0x3a,	/* count:1, root, left, right, key */
	TUX3_LOG_BNODE_SPLIT	= 0x3b,	/* position:2, src, dst */
	TUX3_LOG_BNODE_ADD	= 0x3c,	/* parent, child, key */
	TUX3_LOG_BNODE_UPDATE	= 0x3d,	/* parent, child, key */
	TUX3_LOG_BNODE_MERGE	= 0x3e,	/* src, dst */
	TUX3_LOG_BNODE_DEL	= 0x3f,	/* count:2, node, key */
	TUX3_LOG_BNODE_ADJUST	= 0x40,	/* node, from, to */
	TUX3_LOG_BNODE_FREE	= 0x41,	/* block */
	TUX3_LOG_ORPHAN_ADD	= 0x42,	/* version:2, inode */
	TUX3_LOG_ORPHAN_DEL	= 0x43,	/* version:2, inode */
	TUX3_LOG_FREEBLOCKS	= 0x44,	/* blocks */
	TUX3_LOG_UNIFY		= 0x45,
	TUX3_LOG_DELTA		= 0x46,
};

#define TUX3_LOG_FIRST		TUX3_LOG_BALLOC
#define TUX3_LOG_LAST		TUX3_LOG_DELTA
#define TUX3_LOG_NUMBERS	4	/* most in one record */
#define TUX3_LOG_NUMBER_BYTES	6

#endif /* _TUX3_FORMAT_H */
