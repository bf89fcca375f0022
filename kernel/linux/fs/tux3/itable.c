// SPDX-License-Identifier: GPL-2.0-only
/*
 * The inode table: a btree by inode number, whose leaves hold the attributes of
 * neighbouring inodes as strings.
 *
 * A leaf's dictionary has one 16-bit word per inode, counting down from the end
 * of the block: the byte of the table where the inode's string ends. It starts
 * where that of the inode before ends; an empty string means no inode.
 */
#include "tux3.h"

/* Bytes between the leaf's header and a dictionary of @count, maybe negative. */
static int table_bytes(const struct buffer_head *bh, int count)
{
	return (int)(bh->b_size - sizeof(struct tux3_ileaf)) -
	       count * (int)sizeof(__be16);
}

/* Where the string of entry @i ends; @i may be -1. */
static unsigned int string_end(const struct buffer_head *bh, int i)
{
	const __be16 *dict = (void *)(bh->b_data + bh->b_size);

	return i < 0 ? 0 : be16_to_cpu(READ_ONCE(dict[-1 - i]));
}

/* Returns how many entries the leaf has, sets @ibase to the first's number. */
static int check_ileaf(struct super_block *sb, const struct tux3_leaf *leaf,
		       u64 *ibase)
{
	const struct tux3_ileaf *ileaf = (void *)leaf->bh->b_data;
	int i, count = be16_to_cpu(READ_ONCE(ileaf->count));
	u64 block = leaf->bh->b_blocknr;

	*ibase = be64_to_cpu(READ_ONCE(ileaf->ibase));
	if (be16_to_cpu(ileaf->magic) != TUX3_ILEAF_MAGIC)
		return tux3_corrupt(sb, "inode table leaf %llu has magic %04x",
				    block, be16_to_cpu(ileaf->magic));
	if (table_bytes(leaf->bh, count) < 0)
		return tux3_corrupt(sb, "inode table leaf %llu has %d entries",
				    block, count);
	if (count && (*ibase < leaf->low || *ibase >= leaf->high ||
		      count > leaf->high - *ibase))
		return tux3_corrupt(sb, "inode table leaf %llu has foreign inodes %llu+%d",
				    block, *ibase, count);
	for (i = 0; i < count; i++)
		if (string_end(leaf->bh, i) < string_end(leaf->bh, i - 1) ||
		    string_end(leaf->bh, i) > table_bytes(leaf->bh, count))
			return tux3_corrupt(sb, "inode table leaf %llu has a bad entry %llu",
					    block, *ibase + i);
	return count;
}

/**
 * tux3_itable_find - find the attributes of an inode
 * @sb: the volume
 * @inum: its number
 * @leaf: the leaf that holds them, to be given back by brelse() on success
 * @attrs: set to the attribute string, within @leaf
 * @len: set to its length
 *
 * Return: 0, -ENOENT if there is no such inode, or another error
 */
int tux3_itable_find(struct super_block *sb, u64 inum, struct tux3_leaf *leaf,
		     const u8 **attrs, unsigned int *len)
{
	unsigned int from, to;
	int count, err;
	u64 ibase;

	err = tux3_btree_lookup(sb, TUX3_SB(sb)->iroot, inum, leaf);
	if (err)
		return err;
	count = check_ileaf(sb, leaf, &ibase);
	err = count < 0 ? count : -ENOENT;
	if (count < 0 || inum < ibase || inum - ibase >= count)
		goto out;
	from = string_end(leaf->bh, (int)(inum - ibase) - 1);
	to = string_end(leaf->bh, inum - ibase);
	if (from >= to || to > table_bytes(leaf->bh, count))
		goto out;
	*attrs = ((struct tux3_ileaf *)leaf->bh->b_data)->table + from;
	*len = to - from;
	return 0;
out:
	brelse(leaf->bh);
	return err;
}
