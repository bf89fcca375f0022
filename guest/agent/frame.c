// SPDX-License-Identifier: MIT
/* Frames to bytes and back. Integers are little-endian whatever the machine. */
#include "frame.h"

#include <string.h>

#include "crc32.h"

static void put16(uint8_t *p, uint16_t value)
{
	p[0] = value;
	p[1] = value >> 8;
}

static uint16_t get16(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static void put32(uint8_t *p, uint32_t value)
{
	put16(p, value);
	put16(p + 2, value >> 16);
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

size_t frame_encode(uint8_t *wire, const struct frame *frame)
{
	uint8_t header[FRAME_HEADER] = { frame->type, frame->flags };
	uint8_t crc[FRAME_CRC];
	struct cobs cobs;
	uint8_t *end;

	put16(header + 2, frame->stream);
	put16(header + 4, frame->sequence);
	put16(header + 6, frame->epoch);
	wire[0] = 0;
	cobs_begin(&cobs, wire + 1);
	cobs_put(&cobs, header, FRAME_HEADER);
	cobs_put(&cobs, frame->body, frame->len);
	put32(crc, crc32(crc32(0, header, FRAME_HEADER), frame->body, frame->len));
	cobs_put(&cobs, crc, FRAME_CRC);
	end = cobs_end(&cobs);
	*end++ = 0;
	return end - wire;
}

/* What stands between two delimiters: a good frame, or a count. */
static bool decode(struct decoder *decoder, struct frame *frame)
{
	uint8_t *raw = decoder->buf;
	long len = cobs_decode(raw, decoder->len);

	if (len < FRAME_HEADER + FRAME_CRC || len > FRAME_RAW_MAX) {
		decoder->malformed++;
		return false;
	}
	len -= FRAME_CRC;
	if (crc32(0, raw, len) != get32(raw + len)) {
		decoder->bad_crc++;
		return false;
	}
	decoder->frames++;
	*frame = (struct frame){
		.type = raw[0],
		.flags = raw[1],
		.stream = get16(raw + 2),
		.sequence = get16(raw + 4),
		.epoch = get16(raw + 6),
		.body = raw + FRAME_HEADER,
		.len = len - FRAME_HEADER,
	};
	return true;
}

/* Adds bytes that hold no delimiter. */
static void collect(struct decoder *decoder, const uint8_t *in, size_t len)
{
	if (len > sizeof(decoder->buf) - decoder->len)
		decoder->skipping = true;
	if (decoder->skipping)
		return;
	memcpy(decoder->buf + decoder->len, in, len);
	decoder->len += len;
}

/* A delimiter came: the frame behind it, if there is a good one. */
static bool delimit(struct decoder *decoder, struct frame *frame)
{
	bool whole = false;

	if (decoder->skipping)
		decoder->malformed++;
	else if (decoder->len)
		whole = decode(decoder, frame);
	decoder->len = 0;
	decoder->skipping = false;
	return whole;
}

size_t decoder_push(struct decoder *decoder, const uint8_t *in, size_t len,
		    struct frame *frame, bool *whole)
{
	size_t used = 0;

	*whole = false;
	while (used < len && !*whole) {
		size_t n = cobs_before_zero(in + used, len - used);

		collect(decoder, in + used, n);
		used += n;
		if (used < len) {
			used++;
			*whole = delimit(decoder, frame);
		}
	}
	return used;
}
