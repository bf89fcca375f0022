// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walk down a btree. All trees have the same index nodes and differ in leaves.
 *
 * A node must start with the key that its parent has for it, and stay below the
 * parent's next key. So ranges only get narrower, a node belongs to one place,
 * and a walk ends at a leaf whatever the disk says: the depth is that of the
 * root pointer.
 */
#include "tux3.h"

/*
 * A block of metadata is checked once, when it is first used; all checks begin
 * with a magic of their own, so that one flag serves for all kinds. What is
 * needed for memory safety is checked at each use, since the device may be
 * written under us.
 */
enum { BH_tux3_checked = BH_PrivateStart };
BUFFER_FNS(tux3_checked, tux3_checked)

/* Magic and count are in order: the entries may be looked at. */
static int bnode_head(struct super_block *sb, u64 block,
		      const struct tux3_bnode *bnode)
{
	u32 count = be32_to_cpu(bnode->count);

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
 */
int tux3_bnode_check(struct super_block *sb, u64 block,
		     const struct tux3_bnode *bnode)
{
	int i, count = bnode_head(sb, block, bnode);
	u64 key, last = 0;

	for (i = 0; i < count; i++) {
		key = be64_to_cpu(bnode->entries[i].key);
		if (key >= TUX3_KEY_LIMIT || (i && key <= last))
			return tux3_corrupt(sb, "index node %llu has its keys out of order",
					    block);
		if (!tux3_block_range_ok(sb, be64_to_cpu(bnode->entries[i].block), 1))
			return tux3_corrupt(sb, "index node %llu has a child outside of the volume",
					    block);
		last = key;
	}
	return count < 0 ? count : 0;
}

/* The last entry whose key is not above @key; the first stands for -infinity. */
static unsigned int bnode_search(const struct tux3_bnode *bnode,
				 unsigned int count, u64 key)
{
	unsigned int low = 0, high = count;

	while (high - low > 1) {
		unsigned int mid = (low + high) / 2;

		if (be64_to_cpu(bnode->entries[mid].key) <= key)
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
	int count = bnode_head(sb, *block, bnode);
	u64 low, high;
	unsigned int i;

	if (count < 0)
		return count;
	if (be64_to_cpu(bnode->entries[0].key) != leaf->low)
		goto corrupt;
	i = bnode_search(bnode, count, key);
	low = be64_to_cpu(bnode->entries[i].key);
	high = i + 1 < count ? be64_to_cpu(bnode->entries[i + 1].key) :
			       leaf->high;
	if (low > key || high <= key || high > leaf->high)
		goto corrupt;
	*block = be64_to_cpu(bnode->entries[i].block);
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
	struct buffer_head *bh = NULL;
	const struct tux3_bnode *bnode;
	int err = 0;

	if (node) {
		bnode = node->bnode;
	} else {
		bh = tux3_bread(sb, *block);
		if (IS_ERR(bh))
			return PTR_ERR(bh);
		bnode = (void *)bh->b_data;
		if (!buffer_tux3_checked(bh))
			err = tux3_bnode_check(sb, *block, bnode);
		if (!err)
			set_buffer_tux3_checked(bh);
	}
	if (!err)
		err = bnode_descend(sb, block, bnode, key, leaf);
	brelse(bh);
	return err;
}

static int btree_leaf(struct super_block *sb, u64 block,
		      tux3_check_leaf_t check, struct tux3_leaf *leaf)
{
	int err;

	leaf->bh = tux3_bread(sb, block);
	if (IS_ERR(leaf->bh))
		return PTR_ERR(leaf->bh);
	if (buffer_tux3_checked(leaf->bh))
		return 0;
	err = check(sb, leaf);
	if (err)
		brelse(leaf->bh);
	else
		set_buffer_tux3_checked(leaf->bh);
	return err;
}

/**
 * tux3_btree_lookup - find the leaf that a key belongs into
 * @sb: the volume
 * @root: packed root of the tree
 * @key: the key
 * @check: verifies a leaf that was not used before
 * @leaf: filled on success, to be given back by brelse(@leaf->bh)
 */
int tux3_btree_lookup(struct super_block *sb, u64 root, u64 key,
		      tux3_check_leaf_t check, struct tux3_leaf *leaf)
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
	return err ?: btree_leaf(sb, block, check, leaf);
}
