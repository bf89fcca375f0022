/* SPDX-License-Identifier: MIT */
/* Streams: what a request opens, and the credit that flows on it. */
#ifndef AGENT_STREAM_H
#define AGENT_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bridge.pb.h"

struct stream;

struct stream_ops {
	const char *name;
	/* DATA from the host. Must take all of it, and say stream_took() when its room is free again. */
	void (*data)(struct stream *stream, const uint8_t *bytes, size_t len, bool fin);
	/* A further request on the open stream. */
	void (*request)(struct stream *stream, const bridge_Request *request);
	/* The host wants no more DATA. */
	void (*unwanted)(struct stream *stream);
	/* stream->deadline has passed. */
	void (*expired)(struct stream *stream);
	/* Gives everything back. The stream is free afterwards. */
	void (*close)(struct stream *stream);
};

struct stream {
	uint16_t id;			/* 0: free */
	const struct stream_ops *ops;
	void *owner;
	uint32_t credit;		/* DATA bytes that the host still takes */
	uint32_t granted;		/* DATA bytes that we still take */
	uint32_t took;			/* room that is free again but not granted yet */
	int64_t deadline;		/* or NEVER */
};

/* NULL if @id is in use or all streams are; the host has been told. */
struct stream *stream_open(uint16_t id, const struct stream_ops *ops, void *owner);
struct stream *stream_find(uint16_t id);
int stream_count(void);

/* Ends a stream without a word / all of them. */
void stream_close(struct stream *stream);
void stream_close_all(void);

/* DATA bytes that may go out on the stream now. */
size_t stream_room(const struct stream *stream);
/* Sends what was prepared at line_body(), at most stream_room() bytes; FIN alone needs no room. */
void stream_data(struct stream *stream, size_t len, bool fin);
/* @len bytes from the host have been used up. */
void stream_took(struct stream *stream, size_t len);
/* Tells the host that its DATA is not wanted any more. */
void stream_refuse_data(struct stream *stream);

void stream_reply(struct stream *stream, const bridge_Reply *reply);
/* The last reply; closes the stream. */
void stream_finish(struct stream *stream, const bridge_Reply *reply);
/* The last reply is an error; closes the stream. */
__attribute__((format(printf, 3, 4)))
void stream_fail(struct stream *stream, int number, const char *format, ...);
/* One reply, the first and last, for a stream that need not be opened. */
void stream_answer(uint16_t id, const bridge_Reply *reply);
/* An error for a stream that could not be opened. */
__attribute__((format(printf, 3, 4)))
void stream_refuse(uint16_t id, int number, const char *format, ...);

int64_t stream_next_deadline(void);
void stream_expire(int64_t now);

/* Bytes that wait for credit and room on the line. */
struct outbox {
	uint8_t *data;
	size_t len, sent;
};

/* True: it has something and it may go now. */
bool outbox_ready(const struct outbox *outbox, const struct stream *stream);
/* Sends what may go. True: nothing is left. */
bool outbox_send(struct outbox *outbox, struct stream *stream);

#endif
