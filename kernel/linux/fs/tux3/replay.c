// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replay of the log, in memory: every mount needs it, for index nodes reach the
 * disk only once in many commits. Nothing is written.
 *
 * The first pass rebuilds the index nodes. The second follows what was
 * allocated and freed since the bitmap was written; a read-only mount needs only
 * the sum of it. Orphans (inodes that were open when they lost their last
 * name) stay as they are until a writable mount deletes them.
 *
 * An index node that is freed leaves the cache in the first pass, in its place
 * among the records: its block may be reused for another node at once.
 */
#include "tux3.h"

/* First pass */
static int replay_node(struct super_block *sb, const struct tux3_record *rec)
{
	const u64 *v = rec->v;

	switch (rec->type) {
	case TUX3_LOG_BNODE_REDIRECT:
		return tux3_node_redirect(sb, v[0], v[1]);
	case TUX3_LOG_BNODE_ROOT:
		return tux3_node_root(sb, rec);
	case TUX3_LOG_BNODE_SPLIT:
		return tux3_node_split(sb, v[0], v[1], rec->count);
	case TUX3_LOG_BNODE_ADD:
		return tux3_node_add(sb, v[0], v[1], v[2]);
	case TUX3_LOG_BNODE_UPDATE:
		return tux3_node_update(sb, v[0], v[1], v[2]);
	case TUX3_LOG_BNODE_MERGE:
		return tux3_node_merge(sb, v[0], v[1]);
	case TUX3_LOG_BNODE_DEL:
		return tux3_node_del(sb, v[0], v[1], rec->count);
	case TUX3_LOG_BNODE_ADJUST:
		return tux3_node_adjust(sb, v[0], v[1], v[2]);
	case TUX3_LOG_BNODE_FREE:
		return tux3_node_free(sb, v[0]);
	default:
		return 0;
	}
}

static int count_alloc(struct super_block *sb, u64 block, u64 count)
{
	struct tux3_sb *sbi = TUX3_SB(sb);

	/* mkfs allocates the reserved blocks by a record like any other. */
	if (block >= sbi->volblocks || count > sbi->volblocks - block)
		return tux3_corrupt(sb, "the log allocates blocks %llu+%llu outside of the volume",
				    block, count);
	if (count > sbi->freeblocks)
		return tux3_corrupt(sb, "the log allocates more blocks than are free");
	sbi->freeblocks -= count;
	return 0;
}

static int count_free(struct super_block *sb, u64 block, u64 count)
{
	struct tux3_sb *sbi = TUX3_SB(sb);

	if (!tux3_block_range_ok(sb, block, count))
		return tux3_corrupt(sb, "the log frees blocks %llu+%llu outside of the volume",
				    block, count);
	if (count > sbi->volblocks - sbi->freeblocks)
		return tux3_corrupt(sb, "the log frees more blocks than are allocated");
	sbi->freeblocks += count;
	return 0;
}

static int check_range(struct super_block *sb, u64 block, u64 count)
{
	if (tux3_block_range_ok(sb, block, count))
		return 0;
	return tux3_corrupt(sb, "the log names blocks %llu+%llu outside of the volume",
			    block, count);
}

/* Second pass */
static int replay_space(struct super_block *sb, const struct tux3_record *rec)
{
	const u64 *v = rec->v;
	int err;

	switch (rec->type) {
	case TUX3_LOG_FREEBLOCKS:
		if (v[0] > TUX3_SB(sb)->volblocks)
			return tux3_corrupt(sb, "the log claims %llu free blocks",
					    v[0]);
		TUX3_SB(sb)->freeblocks = v[0];
		return 0;
	case TUX3_LOG_BALLOC:
		return count_alloc(sb, v[0], rec->count);
	case TUX3_LOG_BFREE:
	case TUX3_LOG_BFREE_RELOG:
		return count_free(sb, v[0], rec->count);
	case TUX3_LOG_BFREE_ON_UNIFY:
		return check_range(sb, v[0], rec->count);
	case TUX3_LOG_LEAF_REDIRECT:
		err = count_alloc(sb, v[1], 1);
		return err ?: count_free(sb, v[0], 1);
	case TUX3_LOG_BNODE_REDIRECT:
	case TUX3_LOG_BNODE_SPLIT:
		return count_alloc(sb, v[1], 1);
	case TUX3_LOG_BNODE_ROOT:
		return count_alloc(sb, v[0], 1);
	case TUX3_LOG_LEAF_FREE:
	case TUX3_LOG_BNODE_MERGE:
	case TUX3_LOG_BNODE_FREE:
		return count_free(sb, v[0], 1);
	default:
		return 0;
	}
}

/* The blocks of the log are allocated by being in it. */
static int count_log(struct super_block *sb, const struct tux3_log *log)
{
	int err = 0;
	u32 i;

	for (i = 0; !err && i < log->count; i++)
		err = count_alloc(sb, log->blocks[i], 1);
	return err;
}

/**
 * tux3_replay - bring the volume to the state of its last commit
 * @sb: the volume, its superblock read
 *
 * Fills the node cache and tux3_sb.freeblocks.
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_replay(struct super_block *sb)
{
	struct tux3_log log = { };
	int err = tux3_log_load(sb, &log);

	if (err)
		goto out;
	err = tux3_log_for_each(sb, &log, replay_node);
	if (err)
		goto out;
	TUX3_SB(sb)->freeblocks = TUX3_SB(sb)->volblocks;
	err = tux3_log_for_each(sb, &log, replay_space);
	if (err)
		goto out;
	err = count_log(sb, &log);
out:
	tux3_log_free(&log);
	return err;
}
