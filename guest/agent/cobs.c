// SPDX-License-Identifier: MIT
/*
 * Each group is a count c (1 to 255) and c - 1 bytes that are not zero; a
 * group of less than 255 stands for one zero more, unless it is the last.
 */
#include "cobs.h"

#include <stdbool.h>
#include <string.h>

#define GROUP_MAX 254

/*
 * Every byte of the line passes here, and v86 runs this string instruction as
 * one, with a loop of its own inside.
 */
size_t cobs_before_zero(const uint8_t *in, size_t max)
{
#if defined(__i386__) || defined(__x86_64__)	/* the latter for the tests */
	const uint8_t *at = in;
	bool found;

	if (!max)
		return 0;	/* it would leave the flag as it was */
	__asm__("repne scasb"
		: "+D" (at), "+c" (max), "=@ccz" (found)
		: "a" (0), "m" (*(const uint8_t (*)[])in));
	return at - in - found;
#else
	const uint8_t *zero = memchr(in, 0, max);

	return zero ? (size_t)(zero - in) : max;
#endif
}

void cobs_begin(struct cobs *cobs, uint8_t *out)
{
	*cobs = (struct cobs){ .count = out, .out = out + 1 };
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
		size_t n = cobs_before_zero(in, len < room ? len : room);

		memcpy(cobs->out, in, n);
		cobs->out += n;
		in += n;
		len -= n;
		if (!len)
			return;
		if (n < room) {		/* a zero ended the group */
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
