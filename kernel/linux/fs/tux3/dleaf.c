// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a file's blocks are.
 *
 * A leaf of a file's data btree is a sorted list of the points where an extent
 * starts. An entry ends where the next one starts; the last is a sentinel, and
 * from there to the end of the leaf's range is a hole. The first entry has the
 * leaf's own key.
 */
#include "tux3.h"

/* The top 16 bits are a version, of which this format has only one. */
#define NUMBER_MASK	(TUX3_KEY_LIMIT - 1)

static u64 logical(const struct tux3_dleaf *dleaf, unsigned int i)
{
	return be64_to_cpu(READ_ONCE(dleaf->entries[i].logical)) & NUMBER_MASK;
}

static u64 physical(const struct tux3_dleaf *dleaf, unsigned int i)
{
	return be64_to_cpu(READ_ONCE(dleaf->entries[i].physical)) & NUMBER_MASK;
}

/* Magic and count are in order: the entries may be looked at. */
static int dleaf_head(struct super_block *sb, const struct tux3_leaf *leaf)
{
	const struct tux3_dleaf *dleaf = (void *)leaf->bh->b_data;
	unsigned int count = be16_to_cpu(READ_ONCE(dleaf->count));
	u64 block = leaf->bh->b_blocknr;

	if (be16_to_cpu(dleaf->magic) != TUX3_DLEAF_MAGIC)
		return tux3_corrupt(sb, "data leaf %llu has magic %04x", block,
				    be16_to_cpu(dleaf->magic));
	if (count > tux3_dleaf_capacity(sb->s_blocksize))
		return tux3_corrupt(sb, "data leaf %llu has %u entries", block,
				    count);
	return count;
}

/* NULL, or what is wrong with entry @i of @count. */
static const char *entry_fault(struct super_block *sb,
			       const struct tux3_dleaf *dleaf, int i, int count)
{
	if ((be64_to_cpu(dleaf->entries[i].logical) |
	     be64_to_cpu(dleaf->entries[i].physical)) & ~NUMBER_MASK)
		return "a version";
	if (i == count - 1)
		return physical(dleaf, i) ? "no sentinel" : NULL;
	if (logical(dleaf, i + 1) <= logical(dleaf, i))
		return "extents out of order";
	if (physical(dleaf, i) &&
	    !tux3_block_range_ok(sb, physical(dleaf, i),
				 logical(dleaf, i + 1) - logical(dleaf, i)))
		return "an extent outside of the volume";
	return NULL;
}

/* Returns how many entries the leaf has. */
static int check_dleaf(struct super_block *sb, const struct tux3_leaf *leaf)
{
	const struct tux3_dleaf *dleaf = (void *)leaf->bh->b_data;
	int i, count = dleaf_head(sb, leaf);
	u64 block = leaf->bh->b_blocknr;
	const char *fault;

	for (i = 0; i < count; i++) {
		fault = entry_fault(sb, dleaf, i, count);
		if (fault)
			return tux3_corrupt(sb, "data leaf %llu has %s", block,
					    fault);
	}
	return count;
}

/* Find the extent of @block in the leaf that covers it. */
static int map_leaf(struct super_block *sb, const struct tux3_leaf *leaf,
		    u64 block, struct tux3_extent *extent)
{
	const struct tux3_dleaf *dleaf = (void *)leaf->bh->b_data;
	int i, count = check_dleaf(sb, leaf);
	u64 end = leaf->high;

	extent->logical = leaf->low;
	extent->physical = 0;
	if (count < 0)
		return count;
	if (count) {
		i = tux3_search(&dleaf->entries->logical, count, block);
		extent->logical = logical(dleaf, i);
		if (i < count - 1) {
			extent->physical = physical(dleaf, i);
			end = logical(dleaf, i + 1);
		}
		if (logical(dleaf, 0) != leaf->low || end > leaf->high ||
		    extent->logical > block || end <= block)
			goto corrupt;
	}
	extent->count = end - extent->logical;
	if (extent->physical &&
	    !tux3_block_range_ok(sb, extent->physical, extent->count))
		goto corrupt;
	return 0;
corrupt:
	return tux3_corrupt(sb, "data leaf %llu disagrees with its parent",
			    (u64)leaf->bh->b_blocknr);
}

/**
 * tux3_map - find a block of a file
 * @inode: the file
 * @block: logical block number
 * @extent: set to the extent or hole around it
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_map(struct inode *inode, u64 block, struct tux3_extent *extent)
{
	struct super_block *sb = inode->i_sb;
	u64 root = TUX3_I(inode)->root;
	struct tux3_leaf leaf;
	int err;

	if (!root) {
		*extent = (struct tux3_extent){ .count = TUX3_KEY_LIMIT };
		return 0;
	}
	err = tux3_btree_lookup(sb, root, block, &leaf);
	if (err)
		return err;
	err = map_leaf(sb, &leaf, block, extent);
	brelse(leaf.bh);
	return err;
}
