// SPDX-License-Identifier: MIT
/*
 * The polynomial divides x^2400 + x^1240 + x^936 + x^712 + 1, so a byte can be
 * taken away where it stands if it is added 145, 183, 211 and 300 bytes later:
 * five loads and a store for four bytes, and no table. What cannot be folded
 * further, the last SPAN bytes and a few, goes through the table four bytes at
 * a time: table[k][b] is what byte b does to the remainder when k more follow.
 * The tables are computed at start: they would otherwise be in the image.
 */
#include "crc32.h"

#include <string.h>

#define SPAN	300
#define STEP	16		/* bytes folded in a turn */
#define BLOCK	(256 * STEP)	/* small enough for a cache */

static uint32_t table[4][256];

static uint32_t add_byte(uint32_t rest, uint8_t byte)
{
	return rest >> 8 ^ table[0][(rest ^ byte) & 0xff];
}

/* Four bytes as a little-endian machine loads them. */
static inline uint32_t load(const uint8_t *p)
{
	uint32_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

static inline void store(uint8_t *p, uint32_t word)
{
	memcpy(p, &word, sizeof(word));
}

static inline uint32_t add_word(uint32_t rest, const uint8_t *p)
{
	rest ^= load(p);
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

static uint32_t by_table(uint32_t rest, const uint8_t *p, size_t len)
{
	for (; len >= 4; len -= 4, p += 4)
		rest = add_word(rest, p);
	while (len--)
		rest = add_byte(rest, *p++);
	return rest;
}

/* The bytes at @p and what was taken away before them; @at[-SPAN..0) holds that. */
static inline uint32_t folded(const uint8_t *p, const uint8_t *at)
{
	return load(p) ^ load(at - 145) ^ load(at - 183) ^ load(at - 211) ^ load(at - SPAN);
}

/* Takes @len bytes, a multiple of STEP, away from @p, and puts them at @at. */
static void fold(uint8_t *at, const uint8_t *p, size_t len)
{
	for (const uint8_t *end = p + len; p != end; p += STEP, at += STEP) {
		store(at, folded(p, at));
		store(at + 4, folded(p + 4, at + 4));
		store(at + 8, folded(p + 8, at + 8));
		store(at + 12, folded(p + 12, at + 12));
	}
}

/* The remainder of @len bytes, a multiple of STEP, and SPAN more. */
static uint32_t by_folding(uint32_t rest, const uint8_t *p, size_t len)
{
	static uint8_t taken[SPAN + BLOCK], left[SPAN];
	uint8_t *at = taken + SPAN;

	memset(taken, 0, SPAN);
	store(taken, rest);	/* which only the first word sees */
	for (size_t n; len; len -= n, p += n) {
		n = len < BLOCK ? len : BLOCK;
		fold(at, p, n);
		memmove(taken, taken + n, SPAN);
	}
	memset(at, 0, SPAN);
	for (size_t i = 0; i < SPAN; i += 4)
		store(left + i, folded(p + i, at + i));
	return by_table(0, left, SPAN);
}

uint32_t crc32(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;
	uint32_t rest = ~crc;

	if (len >= 4 * SPAN) {	/* less is not worth it */
		size_t n = (len - SPAN) / STEP * STEP;

		rest = by_folding(rest, p, n);
		p += n + SPAN;
		len -= n + SPAN;
	}
	return ~by_table(rest, p, len);
}
