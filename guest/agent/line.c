// SPDX-License-Identifier: MIT
/*
 * The outgoing buffer holds encoded frames. DATA stops when a few frames wait,
 * requests are not taken any more when it is half full: what an answer may
 * need is always there, and the buffer never overflows.
 */
#include "line.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frame.h"

#define BUFFER		(7 * FRAME_WIRE_MAX)
#define DATA_MARK	(3 * FRAME_WIRE_MAX)	/* no DATA while more waits; few system calls for much of it */
#define REQUEST_MARK	(4 * FRAME_WIRE_MAX)	/* no requests while more waits */

static struct {
	int out;
	uint16_t epoch;
	uint16_t sequence;
	size_t max_body;
	size_t head, tail;		/* buffer[head..tail) waits */
	uint8_t body[FRAME_BODY_MAX];
	uint8_t buffer[BUFFER];
} line;

void line_open(int out)
{
	line.out = out;
	line_begin(0);
}

void line_begin(uint16_t epoch)
{
	line.epoch = epoch;
	line.sequence = 0;
	line_allow(FRAME_BODY_MIN);
}

void line_allow(size_t max_body)
{
	line.max_body = max_body;
}

static size_t waiting(void)
{
	return line.tail - line.head;
}

size_t line_room(void)
{
	return waiting() > DATA_MARK ? 0 : line.max_body;
}

bool line_takes_requests(void)
{
	return waiting() <= REQUEST_MARK;
}

uint8_t *line_body(void)
{
	return line.body;
}

size_t line_max_body(void)
{
	return line.max_body;
}

static void make_room(void)
{
	if (line.tail + FRAME_WIRE_MAX <= BUFFER)
		return;
	memmove(line.buffer, line.buffer + line.head, waiting());
	line.tail -= line.head;
	line.head = 0;
	if (line.tail + FRAME_WIRE_MAX > BUFFER) {
		fputs("agent: the outgoing buffer overflowed, which its marks exclude\n", stderr);
		abort();
	}
}

void line_send(uint8_t type, uint8_t flags, uint16_t stream, size_t len)
{
	struct frame frame = {
		.type = type,
		.flags = flags,
		.stream = stream,
		.sequence = line.sequence++,
		.epoch = line.epoch,
		.body = line.body,
		.len = len,
	};

	make_room();
	line.tail += frame_encode(line.buffer + line.tail, &frame);
}

bool line_pending(void)
{
	return waiting();
}

bool line_flush(void)
{
	while (waiting()) {
		ssize_t n = write(line.out, line.buffer + line.head, waiting());

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		line.head += n;
	}
	line.head = line.tail = 0;
	return true;
}
