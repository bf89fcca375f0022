/* SPDX-License-Identifier: MIT */
/* Frames on the wire: 0x00 COBS(header, body, CRC-32) 0x00. See web/bridge/PROTOCOL.md. */
#ifndef AGENT_FRAME_H
#define AGENT_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cobs.h"

enum frame_type {
	FRAME_SYNC = 0x01,
	FRAME_HELLO = 0x02,
	FRAME_PING = 0x03,
	FRAME_PONG = 0x04,
	FRAME_REQUEST = 0x10,
	FRAME_REPLY = 0x11,
	FRAME_DATA = 0x12,
	FRAME_CREDIT = 0x13,
	FRAME_CANCEL = 0x14,
};

#define FRAME_FIN 0x01	/* the last of its stream, in its direction */
#define FRAME_ERR 0x02	/* the body is an Error */

#define FRAME_HEADER	8
#define FRAME_CRC	4
#define FRAME_BODY_MIN	1024	/* what everyone takes before HELLO */
#define FRAME_BODY_MAX	32768	/* what this side takes: half a pipe, so that its writer runs for a while too */
#define FRAME_RAW_MAX	(FRAME_HEADER + FRAME_BODY_MAX + FRAME_CRC)
#define FRAME_WIRE_MAX	(COBS_ROOM(FRAME_RAW_MAX) + 2)

struct frame {
	uint8_t type;
	uint8_t flags;
	uint16_t stream;
	uint16_t sequence;
	uint16_t epoch;
	const uint8_t *body;	/* valid until the next push */
	size_t len;
};

/* Writes a frame to @wire, FRAME_WIRE_MAX bytes, and returns its length there. */
size_t frame_encode(uint8_t *wire, const struct frame *frame);

struct decoder {
	size_t len;
	bool skipping;		/* too long: nothing counts until the next delimiter */
	uint32_t frames, bad_crc, malformed;
	uint8_t buf[FRAME_WIRE_MAX];
};

/*
 * Takes bytes up to the end of the first good frame, and says how many. True
 * in @whole: @frame is one. Bad ones are counted and dropped on the way.
 */
size_t decoder_push(struct decoder *decoder, const uint8_t *in, size_t len,
		    struct frame *frame, bool *whole);

#endif
