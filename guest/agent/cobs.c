// SPDX-License-Identifier: MIT
/*
 * Each group is a count c (1 to 255) and c - 1 bytes that are not zero; a
 * group of less than 255 stands for one zero more, unless it is the last.
 */
#include "cobs.h"

#include <string.h>

#define GROUP_MAX 254

/* Copies up to @max bytes, but not the first zero nor what is behind it; returns how many. */
static size_t copy_group(uint8_t *out, const uint8_t *in, size_t max)
{
	size_t n = 0;

	for (; n + 4 <= max; n += 4) {
		uint32_t word;

		memcpy(&word, in + n, 4);
		if ((word - 0x01010101) & ~word & 0x80808080)
			break;
		memcpy(out + n, &word, 4);
	}
	for (; n < max && in[n]; n++)
		out[n] = in[n];
	return n;
}

size_t cobs_encode(uint8_t *out, const uint8_t *in, size_t len)
{
	uint8_t *start = out;

	for (;;) {
		size_t n = copy_group(out + 1, in, len < GROUP_MAX ? len : GROUP_MAX);

		*out = n + 1;
		out += n + 1;
		in += n;
		len -= n;
		if (!len)
			return out - start;
		if (n < GROUP_MAX) {
			in++;
			if (!--len) {
				*out++ = 1;
				return out - start;
			}
		}
	}
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
