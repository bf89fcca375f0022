// SPDX-License-Identifier: MIT
/*
 * Each group is a count c (1 to 255) and c - 1 bytes that are not zero; a
 * group of less than 255 stands for one zero more, unless it is the last.
 */
#include "cobs.h"

#include <string.h>

#include "crc32.h"

#define GROUP_MAX 254
#define ONES 0x01010101
#define TOPS 0x80808080

/* Not 0 if one of the four bytes is. */
static inline uint32_t zero_bytes(uint32_t word)
{
	return (word - ONES) & ~word & TOPS;
}

/* Copies up to @max bytes, but not the first zero nor what is behind it; returns how many. */
static size_t copy_group(struct cobs *cobs, const uint8_t *in, size_t max)
{
	uint8_t *out = cobs->out;
	uint32_t rest = cobs->rest;
	size_t n = 0;

	for (; n + 8 <= max; n += 8) {
		uint32_t low, high;

		memcpy(&low, in + n, 4);
		memcpy(&high, in + n + 4, 4);
		if (zero_bytes(low) | zero_bytes(high))
			break;
		memcpy(out + n, &low, 4);
		memcpy(out + n + 4, &high, 4);
		rest = crc32_words(rest, low, high);
	}
	for (; n < max && in[n]; n++) {
		out[n] = in[n];
		rest = crc32_byte(rest, in[n]);
	}
	cobs->rest = rest;
	return n;
}

void cobs_begin(struct cobs *cobs, uint8_t *out)
{
	*cobs = (struct cobs){ .count = out, .out = out + 1, .rest = ~0U };
}

static void close_group(struct cobs *cobs)
{
	*cobs->count = cobs->out - cobs->count;
	cobs->count = cobs->out++;
}

void cobs_put(struct cobs *cobs, const void *bytes, size_t len)
{
	const uint8_t *in = bytes;

	while (len) {
		size_t room = GROUP_MAX + 1 - (cobs->out - cobs->count);
		size_t n = copy_group(cobs, in, len < room ? len : room);

		cobs->out += n;
		in += n;
		len -= n;
		if (!len)
			return;
		if (n < room) {		/* a zero ended the group */
			cobs->rest = crc32_byte(cobs->rest, 0);
			in++;
			len--;
		}
		close_group(cobs);
	}
}

uint8_t *cobs_end(struct cobs *cobs)
{
	*cobs->count = cobs->out - cobs->count;
	return cobs->out;
}

long cobs_decode(uint8_t *bytes, size_t len)
{
	size_t from = 0, to = 0;

	while (from < len) {
		size_t n = bytes[from++];

		if (!n || n - 1 > len - from)
			return -1;
		memmove(bytes + to, bytes + from, n - 1);
		from += n - 1;
		to += n - 1;
		if (n <= GROUP_MAX && from < len)
			bytes[to++] = 0;
	}
	return to;
}
