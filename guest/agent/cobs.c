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
 * Every byte of the line passes here, and v86 runs a string instruction as one,
 * with a loop of its own inside. (x86-64 is for the tests.)
 */
#if defined(__i386__) || defined(__x86_64__)

size_t cobs_before_zero(const uint8_t *in, size_t max)
{
	const uint8_t *at = in;
	bool found;

	if (!max)
		return 0;	/* it would leave the flag as it was */
	__asm__("repne scasb"
		: "+D" (at), "+c" (max), "=@ccz" (found)
		: "a" (0), "m" (*(const uint8_t (*)[])in));
	return at - in - found;
}

/* How many of @max zeroes, one at least, come before the first other byte. */
static size_t zeroes(const uint8_t *in, size_t max)
{
	const uint8_t *at = in;
	bool all;

	__asm__("repe scasb"
		: "+D" (at), "+c" (max), "=@ccz" (all)
		: "a" (0), "m" (*(const uint8_t (*)[])in));
	return at - in - !all;
}

/* From the first byte to the last: @to may be a part of @from that was read already. */
static inline uint8_t *copy(uint8_t *to, const uint8_t *from, size_t len)
{
	__asm__ volatile("rep movsb" : "+D" (to), "+S" (from), "+c" (len) : : "memory");
	return to;
}

#else

size_t cobs_before_zero(const uint8_t *in, size_t max)
{
	const uint8_t *zero = memchr(in, 0, max);

	return zero ? (size_t)(zero - in) : max;
}

static size_t zeroes(const uint8_t *in, size_t max)
{
	size_t n = 0;

	while (n < max && !in[n])
		n++;
	return n;
}

static uint8_t *copy(uint8_t *to, const uint8_t *from, size_t len)
{
	memmove(to, from, len);
	return to + len;
}

#endif

void cobs_begin(struct cobs *cobs, uint8_t *out)
{
	*cobs = (struct cobs){ .count = out, .out = out + 1 };
}

static void close_group(struct cobs *cobs)
{
	*cobs->count = cobs->out - cobs->count;
	cobs->count = cobs->out++;
}

/* Each of @n zeroes that follow another is a group of its own. */
static void put_zeroes(struct cobs *cobs, size_t n)
{
	memset(cobs->count, 1, n);
	cobs->count += n;
	cobs->out += n;
}

void cobs_put(struct cobs *cobs, const void *bytes, size_t len)
{
	const uint8_t *in = bytes;

	while (len) {
		size_t room = GROUP_MAX + 1 - (cobs->out - cobs->count);
		size_t n = cobs_before_zero(in, len < room ? len : room);

		cobs->out = copy(cobs->out, in, n);
		in += n;
		len -= n;
		if (!len)
			return;
		if (n < room) {		/* a zero ended the group */
			in++;
			len--;
		}
		close_group(cobs);
		if (len && !*in) {	/* kernel records are full of them */
			n = zeroes(in, len);
			put_zeroes(cobs, n);
			in += n;
			len -= n;
		}
	}
}

uint8_t *cobs_end(struct cobs *cobs)
{
	*cobs->count = cobs->out - cobs->count;
	return cobs->out;
}

long cobs_decode(uint8_t *bytes, size_t len)
{
	const uint8_t *from = bytes, *end = bytes + len;
	uint8_t *to = bytes;

	while (from < end) {
		size_t n = *from++;

		if (!n || n - 1 > (size_t)(end - from))
			return -1;
		to = copy(to, from, n - 1);
		from += n - 1;
		if (n <= GROUP_MAX && from < end)
			*to++ = 0;
	}
	return to - bytes;
}
