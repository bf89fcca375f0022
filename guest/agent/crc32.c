// SPDX-License-Identifier: MIT
/*
 * Slicing by four: table[k][b] is what byte b does to the remainder when k more
 * bytes follow it, so four look-ups advance it by four bytes at once. Eight
 * take more instructions on i386, which runs out of registers; tables for 16
 * bits take half as many, but are half a MiB, and frames took longer with them.
 * The tables are computed at start: they would otherwise be in the image.
 */
#include "crc32.h"

#include <string.h>

static uint32_t table[4][256];

static uint32_t add_byte(uint32_t rest, uint8_t byte)
{
	return rest >> 8 ^ table[0][(rest ^ byte) & 0xff];
}

/* Four bytes as a little-endian machine loads them. */
static inline uint32_t add_word(uint32_t rest, const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	rest ^= word;
	return table[3][rest & 0xff] ^ table[2][rest >> 8 & 0xff] ^
	       table[1][rest >> 16 & 0xff] ^ table[0][rest >> 24];
}

void crc32_init(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t rest = byte;

		for (int bit = 0; bit < 8; bit++)
			rest = rest >> 1 ^ (rest & 1 ? 0xedb88320 : 0);
		table[0][byte] = rest;
	}
	for (int k = 1; k < 4; k++)
		for (int byte = 0; byte < 256; byte++)
			table[k][byte] = add_byte(table[k - 1][byte], 0);
}

uint32_t crc32(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;

	crc = ~crc;
	for (; len >= 16; len -= 16, p += 16)
		crc = add_word(add_word(add_word(add_word(crc, p), p + 4), p + 8), p + 12);
	while (len--)
		crc = add_byte(crc, *p++);
	return ~crc;
}
