// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log: a backward chain of blocks with packed records.
 *
 * The superblock names the newest block and how many belong to the log; the
 * pointer of the oldest leads nowhere. The live records are those from the last
 * UNIFY on, or all if there is none. Records are checked for their form when
 * the log is loaded, so that later passes need not.
 */
#include <linux/log2.h>
#include <linux/sched/signal.h>
#include <linux/unaligned.h>

#include "tux3.h"

/* Form of a record after its type byte: bytes of the count, 48-bit numbers. */
static const struct {
	u8 count;
	u8 numbers;
} forms[] = {
	[TUX3_LOG_BALLOC - TUX3_LOG_FIRST]		= { 4, 1 },
	[TUX3_LOG_BFREE - TUX3_LOG_FIRST]		= { 4, 1 },
	[TUX3_LOG_BFREE_ON_UNIFY - TUX3_LOG_FIRST]	= { 4, 1 },
	[TUX3_LOG_BFREE_RELOG - TUX3_LOG_FIRST]		= { 4, 1 },
	[TUX3_LOG_LEAF_REDIRECT - TUX3_LOG_FIRST]	= { 0, 2 },
	[TUX3_LOG_LEAF_FREE - TUX3_LOG_FIRST]		= { 0, 1 },
	[TUX3_LOG_BNODE_REDIRECT - TUX3_LOG_FIRST]	= { 0, 2 },
	[TUX3_LOG_BNODE_ROOT - TUX3_LOG_FIRST]		= { 1, 4 },
	[TUX3_LOG_BNODE_SPLIT - TUX3_LOG_FIRST]		= { 2, 2 },
	[TUX3_LOG_BNODE_ADD - TUX3_LOG_FIRST]		= { 0, 3 },
	[TUX3_LOG_BNODE_UPDATE - TUX3_LOG_FIRST]	= { 0, 3 },
	[TUX3_LOG_BNODE_MERGE - TUX3_LOG_FIRST]		= { 0, 2 },
	[TUX3_LOG_BNODE_DEL - TUX3_LOG_FIRST]		= { 2, 2 },
	[TUX3_LOG_BNODE_ADJUST - TUX3_LOG_FIRST]	= { 0, 3 },
	[TUX3_LOG_BNODE_FREE - TUX3_LOG_FIRST]		= { 0, 1 },
	[TUX3_LOG_ORPHAN_ADD - TUX3_LOG_FIRST]		= { 2, 1 },
	[TUX3_LOG_ORPHAN_DEL - TUX3_LOG_FIRST]		= { 2, 1 },
	[TUX3_LOG_FREEBLOCKS - TUX3_LOG_FIRST]		= { 0, 1 },
	[TUX3_LOG_UNIFY - TUX3_LOG_FIRST]		= { 0, 0 },
	[TUX3_LOG_DELTA - TUX3_LOG_FIRST]		= { 0, 0 },
};

static u32 decode_count(const u8 *p, unsigned int bytes)
{
	u32 count = 0;

	while (bytes--)
		count = count << 8 | *p++;
	return count;
}

/* Decode the record at @p. Returns its length, 0 if there is no whole one. */
static unsigned int decode_record(const u8 *p, const u8 *end,
				  struct tux3_record *rec)
{
	unsigned int i, form, len, type = READ_ONCE(*p);

	if (type < TUX3_LOG_FIRST || type > TUX3_LOG_LAST)
		return 0;
	form = type - TUX3_LOG_FIRST;
	len = 1 + forms[form].count +
	      forms[form].numbers * TUX3_LOG_NUMBER_BYTES;
	if (len > end - p)
		return 0;
	memset(rec, 0, sizeof(*rec));
	rec->type = type;
	rec->count = decode_count(++p, forms[form].count);
	p += forms[form].count;
	for (i = 0; i < forms[form].numbers; i++, p += TUX3_LOG_NUMBER_BYTES)
		rec->v[i] = get_unaligned_be48(p);
	return len;
}

/* Bytes of records in a log block, -EUCLEAN if it is none. */
static int log_bytes(struct super_block *sb, const struct buffer_head *bh)
{
	const struct tux3_logblock *log = (void *)bh->b_data;
	u64 block = bh->b_blocknr;
	unsigned int bytes = be16_to_cpu(READ_ONCE(log->bytes));

	if (be16_to_cpu(log->magic) != TUX3_LOG_MAGIC)
		return tux3_corrupt(sb, "log block %llu has magic %04x", block,
				    be16_to_cpu(log->magic));
	if (bytes > sb->s_blocksize - sizeof(*log))
		return tux3_corrupt(sb, "log block %llu claims %u bytes", block,
				    bytes);
	return bytes;
}

/* Check the form of all records. Returns the byte of the last UNIFY or -1. */
static int scan_block(struct super_block *sb, struct buffer_head *bh, int *unify)
{
	const struct tux3_logblock *log = (void *)bh->b_data;
	int bytes = log_bytes(sb, bh);
	struct tux3_record rec;
	unsigned int len;
	int at;

	*unify = -1;
	for (at = 0; at < bytes; at += len) {
		len = decode_record(log->records + at, log->records + bytes,
				    &rec);
		if (!len)
			return tux3_corrupt(sb, "log block %llu has a bad record %02x at byte %d",
					    (u64)bh->b_blocknr,
					    log->records[at], at);
		if (rec.type == TUX3_LOG_UNIFY)
			*unify = at;
	}
	return bytes < 0 ? bytes : 0;
}

/*
 * Make room for one more block number, doubling as needed: what a superblock
 * claims costs nothing before the blocks are really there.
 */
static int log_grow(struct tux3_log *log)
{
	u64 *blocks;
	size_t old = log->count * sizeof(*blocks);

	if (log->count & (log->count - 1))
		return 0;
	blocks = kvrealloc(log->blocks, max(2 * old, sizeof(*blocks)),
			   TUX3_GFP_LOG);
	if (!blocks)
		return -ENOMEM;
	log->blocks = blocks;
	return 0;
}

/* Follow the chain, newest first; *@live is where the newest UNIFY is. */
static int log_collect(struct super_block *sb, struct tux3_log *log, int *live)
{
	struct tux3_sb *sbi = TUX3_SB(sb);
	u64 block = sbi->logchain;
	u32 mark = 0;
	int err, unify;

	*live = -1;
	while (log->count < sbi->logcount) {
		struct buffer_head *bh;

		if (fatal_signal_pending(current))
			return -EINTR;
		/* Brent: a chain that loops comes back to some 2^n-th block. */
		if (log->count && block == log->blocks[mark])
			return tux3_corrupt(sb, "the log runs in a circle at block %llu",
					    block);
		if (is_power_of_2(log->count))
			mark = log->count - 1;
		err = log_grow(log);
		if (err)
			return err;
		bh = tux3_bread(sb, block);
		if (IS_ERR(bh))
			return PTR_ERR(bh);
		err = scan_block(sb, bh, &unify);
		if (!err && unify >= 0 && *live < 0) {
			*live = log->count;
			log->live_at = unify;
		}
		log->blocks[log->count++] = block;
		block = be64_to_cpu(((struct tux3_logblock *)bh->b_data)->chain);
		brelse(bh);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

/**
 * tux3_log_load - find and check the blocks of the log
 * @sb: the volume
 * @log: filled, to be freed by tux3_log_free() also on error
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_log_load(struct super_block *sb, struct tux3_log *log)
{
	int live;
	int err = log_collect(sb, log, &live);
	u32 i;

	if (err)
		return err;
	for (i = 0; i < log->count / 2; i++)
		swap(log->blocks[i], log->blocks[log->count - 1 - i]);
	if (live >= 0)
		log->live = log->count - 1 - live;
	return 0;
}

/**
 * tux3_log_free - forget the log
 * @log: the log
 */
void tux3_log_free(struct tux3_log *log)
{
	kvfree(log->blocks);
}

static int block_for_each(struct super_block *sb, struct buffer_head *bh,
			  unsigned int from, tux3_record_fn fn)
{
	const struct tux3_logblock *log = (void *)bh->b_data;
	int bytes = log_bytes(sb, bh);
	struct tux3_record rec;
	unsigned int len;
	int at, err;

	for (at = from; at < bytes; at += len) {
		len = decode_record(log->records + at, log->records + bytes,
				    &rec);
		if (!len)
			return tux3_corrupt(sb, "log block %llu has changed",
					    (u64)bh->b_blocknr);
		err = fn(sb, &rec);
		if (err)
			return err;
	}
	return bytes < 0 ? bytes : 0;
}

/**
 * tux3_log_for_each - visit the live records in the order they were made
 * @sb: the volume
 * @log: its log
 * @fn: called for each; an error from it ends the walk
 *
 * Return: 0, what @fn returned, or an error of reading the log
 */
int tux3_log_for_each(struct super_block *sb, const struct tux3_log *log,
		      tux3_record_fn fn)
{
	int err = 0;
	u32 i;

	for (i = log->live; !err && i < log->count; i++) {
		struct buffer_head *bh = tux3_bread(sb, log->blocks[i]);

		if (IS_ERR(bh))
			return PTR_ERR(bh);
		err = block_for_each(sb, bh,
				     i == log->live ? log->live_at : 0, fn);
		brelse(bh);
		if (!err && fatal_signal_pending(current))
			err = -EINTR;
		cond_resched();
	}
	return err;
}
