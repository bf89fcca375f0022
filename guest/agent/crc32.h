/* SPDX-License-Identifier: MIT */
/* CRC-32 as in Ethernet and zip (reflected 0x04c11db7), eight bytes at a time. */
#ifndef AGENT_CRC32_H
#define AGENT_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Fills the tables: call once before anything else here. */
void crc32_init(void);

/* Continues @crc (0 to begin with) over @len bytes. */
uint32_t crc32(uint32_t crc, const void *data, size_t len);

/* The same in steps, for who touches every byte anyway; @rest is the inverted CRC. */
extern uint32_t crc32_table[8][256];

static inline uint32_t crc32_byte(uint32_t rest, uint8_t byte)
{
	return rest >> 8 ^ crc32_table[0][(rest ^ byte) & 0xff];
}

/* Eight bytes as two words in the order of a little-endian machine. */
static inline uint32_t crc32_words(uint32_t rest, uint32_t low, uint32_t high)
{
	low ^= rest;
	return crc32_table[7][low & 0xff] ^ crc32_table[6][low >> 8 & 0xff] ^
	       crc32_table[5][low >> 16 & 0xff] ^ crc32_table[4][low >> 24] ^
	       crc32_table[3][high & 0xff] ^ crc32_table[2][high >> 8 & 0xff] ^
	       crc32_table[1][high >> 16 & 0xff] ^ crc32_table[0][high >> 24];
}

#endif
