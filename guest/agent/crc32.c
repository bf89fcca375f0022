// SPDX-License-Identifier: MIT
/*
 * Slicing by eight: crc32_table[k][b] is what byte b does to the remainder when k
 * more bytes follow it, so eight look-ups advance it by eight bytes at once.
 * The tables are computed at start: 8 KiB of them would otherwise be in the
 * image, and computing them costs about twenty thousand instructions.
 */
#include "crc32.h"

#include <string.h>

uint32_t crc32_table[8][256];

void crc32_init(void)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t rest = byte;

		for (int bit = 0; bit < 8; bit++)
			rest = rest >> 1 ^ (rest & 1 ? 0xedb88320 : 0);
		crc32_table[0][byte] = rest;
	}
	for (int k = 1; k < 8; k++)
		for (int byte = 0; byte < 256; byte++)
			crc32_table[k][byte] = crc32_byte(crc32_table[k - 1][byte], 0);
}

uint32_t crc32(uint32_t crc, const void *data, size_t len)
{
	const uint8_t *p = data;

	crc = ~crc;
	for (; len >= 8; len -= 8, p += 8) {
		uint32_t low, high;

		memcpy(&low, p, 4);
		memcpy(&high, p + 4, 4);
		crc = crc32_words(crc, low, high);
	}
	while (len--)
		crc = crc32_byte(crc, *p++);
	return ~crc;
}
