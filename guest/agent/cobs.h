/* SPDX-License-Identifier: MIT */
/* Consistent overhead byte stuffing: any bytes as bytes without zeroes. */
#ifndef AGENT_COBS_H
#define AGENT_COBS_H

#include <stddef.h>
#include <stdint.h>

/* Room that @len bytes may need once encoded. */
#define COBS_ROOM(len) ((len) + (len) / 254 + 1)

/* How many of @max bytes come before the first zero. */
size_t cobs_before_zero(const uint8_t *in, size_t max);

/* Encodes piece by piece. */
struct cobs {
	uint8_t *count;		/* of the group that is open */
	uint8_t *out;
};

void cobs_begin(struct cobs *cobs, uint8_t *out);
void cobs_put(struct cobs *cobs, const void *bytes, size_t len);
/* Returns the end of what was written. */
uint8_t *cobs_end(struct cobs *cobs);

/* Decodes @len bytes in place; returns how many are left, or -1: not COBS. */
long cobs_decode(uint8_t *bytes, size_t len);

#endif
