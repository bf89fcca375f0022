/* SPDX-License-Identifier: MIT */
/* Consistent overhead byte stuffing: any bytes as bytes without zeroes. */
#ifndef AGENT_COBS_H
#define AGENT_COBS_H

#include <stddef.h>
#include <stdint.h>

/* Room that @len bytes may need once encoded. */
#define COBS_ROOM(len) ((len) + (len) / 254 + 1)

/* Encodes @len bytes, at least one, to @out; returns how many it wrote. */
size_t cobs_encode(uint8_t *out, const uint8_t *in, size_t len);

/* Decodes @len bytes in place; returns how many are left, or -1: not COBS. */
long cobs_decode(uint8_t *bytes, size_t len);

#endif
