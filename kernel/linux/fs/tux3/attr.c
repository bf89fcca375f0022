// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes of inodes as they are encoded on disk.
 */
#include <linux/ktime.h>
#include <linux/unaligned.h>

#include "tux3.h"

static const u8 fixed_size[] = {
	[TUX3_ATTR_RDEV]	= sizeof(struct tux3_attr_rdev),
	[TUX3_ATTR_MODE_OWNER]	= sizeof(struct tux3_attr_mode_owner),
	[TUX3_ATTR_DATA_BTREE]	= sizeof(struct tux3_attr_data_btree),
	[TUX3_ATTR_CTIME_SIZE]	= sizeof(struct tux3_attr_ctime_size),
	[TUX3_ATTR_LINK_COUNT]	= sizeof(struct tux3_attr_link_count),
	[TUX3_ATTR_MTIME]	= sizeof(struct tux3_attr_mtime),
};

/* Bytes after the header, 0 if they cannot be known. */
static unsigned int attr_size(unsigned int kind, const u8 *data, size_t room)
{
	unsigned int size;

	if (kind < ARRAY_SIZE(fixed_size))
		return fixed_size[kind];
	if (kind != TUX3_ATTR_XATTR || room < sizeof(__be16))
		return 0;
	size = sizeof(__be16) + get_unaligned_be16(data);
	return size < sizeof(struct tux3_attr_xattr) ? 0 : size;
}

/**
 * tux3_attr_next - take the next attribute off an inode's string
 * @pos: where it starts, moved behind it
 * @end: end of the string
 * @attr: set to it
 *
 * Return: 1, 0 at the end of the string, or -EUCLEAN without a message
 */
int tux3_attr_next(const u8 **pos, const u8 *end, struct tux3_attr *attr)
{
	size_t room = end - *pos;
	unsigned int head;

	if (!room)
		return 0;
	if (room < sizeof(__be16))
		return -EUCLEAN;
	head = get_unaligned_be16(*pos);
	room -= sizeof(__be16);
	attr->kind = head >> TUX3_ATTR_KIND_SHIFT;
	attr->version = head & TUX3_ATTR_VERSION_MASK;
	attr->data = *pos + sizeof(__be16);
	attr->size = attr_size(attr->kind, attr->data, room);
	if (!attr->size || attr->size > room)
		return -EUCLEAN;
	*pos = attr->data + attr->size;
	return 1;
}

/**
 * tux3_decode_time - a time from disk
 * @time: unsigned 32.32 fixed point seconds since 1970
 *
 * Return: the time, rounded to the nanosecond
 */
struct timespec64 tux3_decode_time(u64 time)
{
	u64 ns = ((time & U32_MAX) * NSEC_PER_SEC + BIT_ULL(31)) >> 32;
	struct timespec64 ts = { .tv_sec = time >> 32, .tv_nsec = ns };

	/* Only a fraction that no nanosecond encodes to rounds up so far. */
	if (ns == NSEC_PER_SEC) {
		ts.tv_sec++;
		ts.tv_nsec = 0;
	}
	return ts;
}
