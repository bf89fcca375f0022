// SPDX-License-Identifier: MIT
#include "stream.h"

#include <errno.h>
#include <pb_encode.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "limits.h"
#include "line.h"
#include "session.h"
#include "watch.h"

static struct stream streams[LIMIT_STREAMS];

struct stream *stream_find(uint16_t id)
{
	for (int i = 0; id && i < LIMIT_STREAMS; i++)
		if (streams[i].id == id)
			return &streams[i];
	return NULL;
}

int stream_count(void)
{
	int n = 0;

	for (int i = 0; i < LIMIT_STREAMS; i++)
		n += streams[i].id != 0;
	return n;
}

static struct stream *free_stream(void)
{
	for (int i = 0; i < LIMIT_STREAMS; i++)
		if (!streams[i].id)
			return &streams[i];
	return NULL;
}

struct stream *stream_open(uint16_t id, const struct stream_ops *ops, void *owner)
{
	struct stream *stream = free_stream();

	if (!id || stream_find(id)) {
		stream_refuse(id, EBUSY, "stream %u is in use: take another number", id);
		return NULL;
	}
	if (!stream) {
		stream_refuse(id, EMFILE, "all %d streams are open: end one first", LIMIT_STREAMS);
		return NULL;
	}
	*stream = (struct stream){
		.id = id,
		.ops = ops,
		.owner = owner,
		.credit = session_window(),
		.granted = LIMIT_WINDOW,
		.deadline = NEVER,
	};
	return stream;
}

void stream_close(struct stream *stream)
{
	stream->id = 0;
	stream->ops->close(stream);
}

void stream_close_all(void)
{
	for (int i = 0; i < LIMIT_STREAMS; i++)
		if (streams[i].id)
			stream_close(&streams[i]);
}

size_t stream_room(const struct stream *stream)
{
	size_t room = line_room();

	return room < stream->credit ? room : stream->credit;
}

void stream_data(struct stream *stream, size_t len, bool fin)
{
	stream->credit -= len;
	line_send(FRAME_DATA, fin ? FRAME_FIN : 0, stream->id, len);
}

static void send_credit(struct stream *stream, uint8_t flags, uint32_t bytes)
{
	bridge_Credit credit = { .bytes = bytes };

	session_send(FRAME_CREDIT, flags, stream->id, bridge_Credit_fields, &credit);
}

void stream_took(struct stream *stream, size_t len)
{
	stream->took += len;
	if (stream->took < LIMIT_WINDOW / 2)
		return;
	send_credit(stream, 0, stream->took);
	stream->granted += stream->took;
	stream->took = 0;
}

void stream_refuse_data(struct stream *stream)
{
	send_credit(stream, FRAME_FIN, 0);
}

void stream_reply(struct stream *stream, const bridge_Reply *reply)
{
	session_send(FRAME_REPLY, 0, stream->id, bridge_Reply_fields, reply);
}

void stream_finish(struct stream *stream, const bridge_Reply *reply)
{
	stream_answer(stream->id, reply);
	stream_close(stream);
}

void stream_answer(uint16_t id, const bridge_Reply *reply)
{
	session_send(FRAME_REPLY, FRAME_FIN, id, bridge_Reply_fields, reply);
}

static void send_error(uint16_t id, int number, const char *format, va_list args)
{
	bridge_Error error = { .number = number };

	vsnprintf(error.text, sizeof(error.text), format, args);
	session_send(FRAME_REPLY, FRAME_FIN | FRAME_ERR, id, bridge_Error_fields, &error);
}

void stream_fail(struct stream *stream, int number, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	send_error(stream->id, number, format, args);
	va_end(args);
	stream_close(stream);
}

void stream_refuse(uint16_t id, int number, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	send_error(id, number, format, args);
	va_end(args);
}

int64_t stream_next_deadline(void)
{
	int64_t next = NEVER;

	for (int i = 0; i < LIMIT_STREAMS; i++)
		if (streams[i].id && streams[i].deadline < next)
			next = streams[i].deadline;
	return next;
}

void stream_expire(int64_t now)
{
	for (int i = 0; i < LIMIT_STREAMS; i++)
		if (streams[i].id && streams[i].deadline <= now)
			streams[i].ops->expired(&streams[i]);
}

bool outbox_ready(const struct outbox *outbox, const struct stream *stream)
{
	return outbox->sent < outbox->len && stream_room(stream);
}

/* A frame counts when its end has come: a short first one, and the host begins while the rest is on its way. */
#define FIRST_FRAME 512

bool outbox_send(struct outbox *outbox, struct stream *stream)
{
	while (outbox_ready(outbox, stream)) {
		size_t n = outbox->len - outbox->sent, room = stream_room(stream);

		if (!outbox->sent && room > FIRST_FRAME)
			room = FIRST_FRAME;
		if (n > room)
			n = room;
		memcpy(line_body(), outbox->data + outbox->sent, n);
		stream_data(stream, n, false);
		outbox->sent += n;
	}
	return outbox->sent == outbox->len;
}
