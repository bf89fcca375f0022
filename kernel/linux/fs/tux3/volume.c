// SPDX-License-Identifier: GPL-2.0-only
/*
 * The volume as an array of blocks.
 */
#include "tux3.h"

/**
 * tux3_block_range_ok - may anything point to these blocks?
 * @sb: the volume
 * @block: the first
 * @count: how many, at least 1
 *
 * Nothing may point to the boot area, the superblock or beyond the volume.
 *
 * Return: true if all of them lie where something may be
 */
bool tux3_block_range_ok(struct super_block *sb, u64 block, u64 count)
{
	struct tux3_sb *sbi = TUX3_SB(sb);

	return block >= sbi->reserved && block < sbi->volblocks &&
	       count <= sbi->volblocks - block;
}

/**
 * tux3_bread - read a block of metadata
 * @sb: the volume
 * @block: its number, from anywhere
 *
 * Return: the block, to be given back by brelse(), or an ERR_PTR
 */
struct buffer_head *tux3_bread(struct super_block *sb, u64 block)
{
	struct buffer_head *bh;

	if (!tux3_block_range_ok(sb, block, 1))
		return ERR_PTR(tux3_corrupt(sb, "block %llu is outside of the volume",
					    block));
	bh = sb_bread(sb, block);
	if (!bh) {
		tux3_error(sb, "cannot read block %llu", block);
		return ERR_PTR(-EIO);
	}
	return bh;
}
