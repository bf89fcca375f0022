// SPDX-License-Identifier: GPL-2.0-only
/*
 * Index nodes that exist only in the log.
 *
 * The log does not hold index nodes but the edits made to them: take the node at
 * one block, give it another block, insert a child, split, and so on. Replay
 * applies these edits to copies in memory, kept in the layout of the disk and
 * found by their block number; a tree walk looks here before it reads the disk.
 * An edit may name only a node that is here, since a clean one is redirected
 * before it is changed.
 *
 * Between two edits a node need not be in order (its keys may be adjusted one at
 * a time, its last child be gone), so order is checked by the walk.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "tux3.h"

static unsigned int node_count(const struct tux3_node *node)
{
	return be32_to_cpu(node->bnode->count);
}

static void set_node_count(struct tux3_node *node, unsigned int count)
{
	node->bnode->count = cpu_to_be32(count);
}

static u64 node_key(const struct tux3_node *node, unsigned int i)
{
	return be64_to_cpu(node->bnode->entries[i].key);
}

/**
 * tux3_node_find - look for a node in the cache
 * @sb: the volume
 * @block: block of the node
 *
 * Return: the node, or NULL if it is to be read from disk
 */
struct tux3_node *tux3_node_find(struct super_block *sb, u64 block)
{
	struct rb_node *rb = TUX3_SB(sb)->nodes.rb_node;

	while (rb) {
		struct tux3_node *node = rb_entry(rb, struct tux3_node, rb);

		if (block == node->block)
			return node;
		rb = block < node->block ? rb->rb_left : rb->rb_right;
	}
	return NULL;
}

/* The node that an edit names. */
static struct tux3_node *node_get(struct super_block *sb, u64 block)
{
	struct tux3_node *node = tux3_node_find(sb, block);

	if (!node)
		return ERR_PTR(tux3_corrupt(sb, "the log edits unknown index node %llu",
					    block));
	return node;
}

static bool node_less(struct rb_node *a, const struct rb_node *b)
{
	return rb_entry(a, struct tux3_node, rb)->block <
	       rb_entry(b, struct tux3_node, rb)->block;
}

/*
 * A few bytes of log make a block of memory. A 16th of the memory that kmalloc
 * has is more than dirty index nodes may ever need, and less than would hurt.
 */
static bool too_many_nodes(struct super_block *sb)
{
	return TUX3_SB(sb)->nr_nodes >=
	       ((totalram_pages() - totalhigh_pages()) / 16) <<
	       (PAGE_SHIFT - sb->s_blocksize_bits);
}

static struct tux3_node *node_alloc(struct super_block *sb, u64 block)
{
	struct tux3_node *node = kzalloc(sizeof(*node), TUX3_GFP_LOG);

	if (!node)
		return NULL;
	node->bnode = kzalloc(sb->s_blocksize, TUX3_GFP_LOG);
	if (!node->bnode) {
		kfree(node);
		return NULL;
	}
	node->bnode->magic = cpu_to_be16(TUX3_BNODE_MAGIC);
	node->block = block;
	return node;
}

/* Make an empty node. */
static struct tux3_node *node_new(struct super_block *sb, u64 block)
{
	struct tux3_sb *sbi = TUX3_SB(sb);
	struct tux3_node *node;

	if (!tux3_block_range_ok(sb, block, 1))
		return ERR_PTR(tux3_corrupt(sb, "the log makes index node %llu nowhere",
					    block));
	if (tux3_node_find(sb, block))
		return ERR_PTR(tux3_corrupt(sb, "the log makes index node %llu twice",
					    block));
	node = too_many_nodes(sb) ? NULL : node_alloc(sb, block);
	if (!node)
		return ERR_PTR(-ENOMEM);
	rb_add(&node->rb, &sbi->nodes, node_less);
	sbi->nr_nodes++;
	return node;
}

static void node_drop(struct super_block *sb, struct tux3_node *node)
{
	rb_erase(&node->rb, &TUX3_SB(sb)->nodes);
	TUX3_SB(sb)->nr_nodes--;
	kfree(node->bnode);
	kfree(node);
}

/* Find the entry with exactly this key. */
static int node_entry(struct super_block *sb, const struct tux3_node *node,
		      u64 key)
{
	unsigned int i, count = node_count(node);

	for (i = 0; i < count; i++)
		if (node_key(node, i) == key)
			return i;
	return tux3_corrupt(sb, "the log wants key %llu in index node %llu, which lacks it",
			    key, node->block);
}

/* The same for the node at @block, which is left at @node. */
static int node_lookup(struct super_block *sb, u64 block, u64 key,
		       struct tux3_node **node)
{
	*node = node_get(sb, block);
	return IS_ERR(*node) ? PTR_ERR(*node) : node_entry(sb, *node, key);
}

/* Make room for @n entries at @at. */
static int node_open(struct super_block *sb, struct tux3_node *node,
		     unsigned int at, unsigned int n)
{
	struct tux3_bnode_entry *entries = node->bnode->entries;
	unsigned int count = node_count(node);

	if (n > tux3_bnode_capacity(sb->s_blocksize) - count)
		return tux3_corrupt(sb, "the log overfills index node %llu",
				    node->block);
	memmove(entries + at + n, entries + at,
		(count - at) * sizeof(*entries));
	set_node_count(node, count + n);
	return 0;
}

static void node_close(struct tux3_node *node, unsigned int at, unsigned int n)
{
	struct tux3_bnode_entry *entries = node->bnode->entries;
	unsigned int count = node_count(node);

	memmove(entries + at, entries + at + n,
		(count - at - n) * sizeof(*entries));
	set_node_count(node, count - n);
}

static void set_entry(struct tux3_node *node, unsigned int i, u64 key, u64 block)
{
	node->bnode->entries[i].key = cpu_to_be64(key);
	node->bnode->entries[i].block = cpu_to_be64(block);
}

/* Fill a new node from disk: the copy is checked, it cannot change any more. */
static int node_read(struct super_block *sb, struct tux3_node *node, u64 block)
{
	struct buffer_head *bh = tux3_bread(sb, block);
	int count;

	if (IS_ERR(bh))
		return PTR_ERR(bh);
	memcpy(node->bnode, bh->b_data, sb->s_blocksize);
	brelse(bh);
	count = tux3_bnode_check(sb, block, node->bnode);
	return min(count, 0);
}

/**
 * tux3_node_redirect - copy a node to a new block
 * @sb: the volume
 * @old: block of the node as it is, in the cache or on disk
 * @new: block of the copy
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_redirect(struct super_block *sb, u64 old, u64 new)
{
	struct tux3_node *from = tux3_node_find(sb, old);
	struct tux3_node *node = node_new(sb, new);

	if (IS_ERR(node))
		return PTR_ERR(node);
	if (!from)
		return node_read(sb, node, old);
	memcpy(node->bnode, from->bnode, sb->s_blocksize);
	return 0;
}

/**
 * tux3_node_root - make a root with one or two children
 * @sb: the volume
 * @rec: a BNODE_ROOT record: root, left, right, key of the right
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_root(struct super_block *sb, const struct tux3_record *rec)
{
	struct tux3_node *node;

	if (rec->count < 1 || rec->count > 2)
		return tux3_corrupt(sb, "the log makes root %llu with %u children",
				    rec->v[0], rec->count);
	node = node_new(sb, rec->v[0]);
	if (IS_ERR(node))
		return PTR_ERR(node);
	set_entry(node, 0, 0, rec->v[1]);
	if (rec->count == 2)
		set_entry(node, 1, rec->v[3], rec->v[2]);
	set_node_count(node, rec->count);
	return 0;
}

/**
 * tux3_node_split - move the upper entries of a node to a new one
 * @sb: the volume
 * @src: the node
 * @dst: the new one
 * @pos: first entry to move
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_split(struct super_block *sb, u64 src, u64 dst, u32 pos)
{
	struct tux3_node *from = node_get(sb, src), *to;
	unsigned int count;

	if (IS_ERR(from))
		return PTR_ERR(from);
	count = node_count(from);
	if (pos > count)
		return tux3_corrupt(sb, "the log splits index node %llu beyond its end",
				    src);
	to = node_new(sb, dst);
	if (IS_ERR(to))
		return PTR_ERR(to);
	memcpy(to->bnode->entries, from->bnode->entries + pos,
	       (count - pos) * sizeof(*to->bnode->entries));
	set_node_count(to, count - pos);
	set_node_count(from, pos);
	return 0;
}

/**
 * tux3_node_add - insert a child
 * @sb: the volume
 * @parent: the node
 * @child: block of the child
 * @key: its lower bound, not there yet
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_add(struct super_block *sb, u64 parent, u64 child, u64 key)
{
	struct tux3_node *node = node_get(sb, parent);
	unsigned int i = 0;
	int err;

	if (IS_ERR(node))
		return PTR_ERR(node);
	while (i < node_count(node) && node_key(node, i) < key)
		i++;
	if (i < node_count(node) && node_key(node, i) == key)
		return tux3_corrupt(sb, "the log adds key %llu to index node %llu twice",
				    key, parent);
	err = node_open(sb, node, i, 1);
	if (!err)
		set_entry(node, i, key, child);
	return err;
}

/**
 * tux3_node_update - make an entry point to another block
 * @sb: the volume
 * @parent: the node
 * @child: the new block
 * @key: key of the entry
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_update(struct super_block *sb, u64 parent, u64 child, u64 key)
{
	struct tux3_node *node;
	int i = node_lookup(sb, parent, key, &node);

	if (i < 0)
		return i;
	set_entry(node, i, key, child);
	return 0;
}

/**
 * tux3_node_merge - append all entries of a node to another and drop it
 * @sb: the volume
 * @src: the node to drop
 * @dst: the other
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_merge(struct super_block *sb, u64 src, u64 dst)
{
	struct tux3_node *from = node_get(sb, src), *to;
	unsigned int at;
	int err;

	if (IS_ERR(from))
		return PTR_ERR(from);
	to = node_get(sb, dst);
	if (IS_ERR(to))
		return PTR_ERR(to);
	if (from == to)
		return tux3_corrupt(sb, "the log merges index node %llu with itself",
				    src);
	at = node_count(to);
	err = node_open(sb, to, at, node_count(from));
	if (err)
		return err;
	memcpy(to->bnode->entries + at, from->bnode->entries,
	       node_count(from) * sizeof(*to->bnode->entries));
	node_drop(sb, from);
	return 0;
}

/**
 * tux3_node_del - remove entries
 * @sb: the volume
 * @block: the node
 * @key: key of the first
 * @count: how many
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_del(struct super_block *sb, u64 block, u64 key, u32 count)
{
	struct tux3_node *node;
	int i = node_lookup(sb, block, key, &node);

	if (i < 0)
		return i;
	if (count > node_count(node) - i)
		return tux3_corrupt(sb, "the log removes %u entries from index node %llu",
				    count, block);
	node_close(node, i, count);
	return 0;
}

/**
 * tux3_node_adjust - change a key
 * @sb: the volume
 * @block: the node
 * @from: the key as it is
 * @to: the key as it shall be
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_adjust(struct super_block *sb, u64 block, u64 from, u64 to)
{
	struct tux3_node *node;
	int i = node_lookup(sb, block, from, &node);

	if (i < 0)
		return i;
	node->bnode->entries[i].key = cpu_to_be64(to);
	return 0;
}

/**
 * tux3_node_free - drop a node
 * @sb: the volume
 * @block: the node
 *
 * Return: 0, -EUCLEAN or another error
 */
int tux3_node_free(struct super_block *sb, u64 block)
{
	struct tux3_node *node = node_get(sb, block);

	if (IS_ERR(node))
		return PTR_ERR(node);
	node_drop(sb, node);
	return 0;
}

/**
 * tux3_nodes_destroy - empty the cache
 * @sb: the volume
 */
void tux3_nodes_destroy(struct super_block *sb)
{
	struct tux3_node *node, *next;

	rbtree_postorder_for_each_entry_safe(node, next, &TUX3_SB(sb)->nodes,
					     rb) {
		kfree(node->bnode);
		kfree(node);
	}
}
