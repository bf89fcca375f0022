/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4) over data that come in pieces. */
#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
	uint32_t state[8];
	uint64_t length;	/* bytes so far */
	uint8_t block[64];	/* the last length % 64 of them */
};

void sha256_init(struct sha256 *ctx);
void sha256_add(struct sha256 *ctx, const void *data, size_t len);
void sha256_hex(struct sha256 *ctx, char hex[65]);

#endif
