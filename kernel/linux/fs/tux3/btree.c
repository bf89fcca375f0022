// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walk down a btree. All trees have the same index nodes and differ in leaves.
 *
 * A node must start with the key that its parent has for it, and stay below the
 * parent's next key. So ranges only get narrower, a node belongs to one place,
 * and a walk ends at a leaf whatever the disk says: the depth is that of the
 * root pointer.
 *
 * Whoever opened the device may write to its buffers under us. So a block is
 * checked at each use, not once, and a value that was checked is not read again.
 */
#include "tux3.h"

static u64 entry_key(const struct tux3_bnode *bnode, unsigned int i)
{
	return be64_to_cpu(READ_ONCE(bnode->entries[i].key));
}

static u64 entry_block(const struct tux3_bnode *bnode, unsigned int i)
{
	return be64_to_cpu(READ_ONCE(bnode->entries[i].block));
}

/* Magic and count are in order: the entries may be looked at. */
static int bnode_head(struct super_block *sb, u64 block,
		      const struct tux3_bnode *bnode)
{
	u32 count = be32_to_cpu(READ_ONCE(bnode->count));

	if (be16_to_cpu(bnode->magic) != TUX3_BNODE_MAGIC)
		return tux3_corrupt(sb, "index node %llu has magic %04x", block,
				    be16_to_cpu(bnode->magic));
	if (!count || count > tux3_bnode_capacity(sb->s_blocksize))
		return tux3_corrupt(sb, "index node %llu has %u entries", block,
				    count);
	return count;
}

/**
 * tux3_bnode_check - is this an index node in order?
 * @sb: the volume
 * @block: where it is
 * @bnode: its contents
 *
 * Return: how many entries it has, or -EUCLEAN
 */
int tux3_bnode_check(struct super_block *sb, u64 block,
		     const struct tux3_bnode *bnode)
{
	int i, count = bnode_head(sb, block, bnode);
	u64 key, last = 0;

	for (i = 0; i < count; i++) {
		key = entry_key(bnode, i);
		if (key >= TUX3_KEY_LIMIT || (i && key <= last))
			return tux3_corrupt(sb, "index node %llu has its keys out of order",
					    block);
		if (!tux3_block_range_ok(sb, entry_block(bnode, i), 1))
			return tux3_corrupt(sb, "index node %llu has a child outside of the volume",
					    block);
		last = key;
	}
	return count;
}

/**
 * tux3_search - the last entry of a block that does not begin above a key
 * @keys: key of the first entry; each entry is two words, its key and another
 * @count: how many entries, sorted by their keys
 * @key: what to look for
 *
 * Return: its index; that of the first entry if all begin above
 */
unsigned int tux3_search(const __be64 *keys, unsigned int count, u64 key)
{
	unsigned int low = 0, high = count;

	while (high - low > 1) {
		unsigned int mid = (low + high) / 2;

		if (be64_to_cpu(READ_ONCE(keys[2 * mid])) <= key)
			low = mid;
		else
			high = mid;
	}
	return low;
}

/* Go from a node to its child for @key, narrowing @leaf's range. */
static int bnode_descend(struct super_block *sb, u64 *block,
			 const struct tux3_bnode *bnode, u64 key,
			 struct tux3_leaf *leaf)
{
	int count = tux3_bnode_check(sb, *block, bnode);
	u64 low, high;
	unsigned int i;

	if (count < 0)
		return count;
	if (entry_key(bnode, 0) != leaf->low)
		goto corrupt;
	i = tux3_search(&bnode->entries->key, count, key);
	low = entry_key(bnode, i);
	high = i + 1 < count ? entry_key(bnode, i + 1) : leaf->high;
	if (low > key || high <= key || high > leaf->high)
		goto corrupt;
	*block = entry_block(bnode, i);
	leaf->low = low;
	leaf->high = high;
	return 0;
corrupt:
	return tux3_corrupt(sb, "index node %llu disagrees with its parent",
			    *block);
}

/* One step down, through the cache of replayed nodes or the disk. */
static int btree_step(struct super_block *sb, u64 *block, u64 key,
		      struct tux3_leaf *leaf)
{
	struct tux3_node *node = tux3_node_find(sb, *block);
	struct buffer_head *bh;
	int err;

	if (node)
		return bnode_descend(sb, block, node->bnode, key, leaf);
	bh = tux3_bread(sb, *block);
	if (IS_ERR(bh))
		return PTR_ERR(bh);
	err = bnode_descend(sb, block, (void *)bh->b_data, key, leaf);
	brelse(bh);
	return err;
}

/**
 * tux3_btree_lookup - find the leaf that a key belongs into
 * @sb: the volume
 * @root: packed root of the tree
 * @key: the key
 * @leaf: filled on success, to be given back by brelse(@leaf->bh)
 *
 * What the leaf contains is for the caller to check.
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_btree_lookup(struct super_block *sb, u64 root, u64 key,
		      struct tux3_leaf *leaf)
{
	unsigned int depth = tux3_root_depth(root);
	u64 block = tux3_root_block(root);
	int err = 0;

	if (!depth || depth > TUX3_MAX_DEPTH)
		return tux3_corrupt(sb, "the btree at block %llu has depth %u",
				    block, depth);
	leaf->low = 0;
	leaf->high = TUX3_KEY_LIMIT;
	while (!err && depth--)
		err = btree_step(sb, &block, key, leaf);
	if (err)
		return err;
	leaf->bh = tux3_bread(sb, block);
	return PTR_ERR_OR_ZERO(leaf->bh);
}
