/* SPDX-License-Identifier: MIT */
/* CRC-32 as in Ethernet and zip (reflected 0x04c11db7). */
#ifndef AGENT_CRC32_H
#define AGENT_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* Fills the tables: call once before anything else here. */
void crc32_init(void);

/* Continues @crc (0 to begin with) over @len bytes. */
uint32_t crc32(uint32_t crc, const void *data, size_t len);

#endif
