// SPDX-License-Identifier: MIT
/*
 * The host begins every session: SYNC names the new epoch, everything of the
 * old one is dropped, HELLO answers. After a gap in the host's frames nothing
 * but SYNC is followed: what is missing could have been anything.
 */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <pb_decode.h>
#include <pb_encode.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "exec.h"
#include "files.h"
#include "frame.h"
#include "host.h"
#include "limits.h"
#include "line.h"
#include "link.h"
#include "monitor.h"
#include "stream.h"

#ifndef AGENT_BUILD
#define AGENT_BUILD "unnamed"
#endif

#define MAGIC 0x6b6c6464
#define MAJOR 1
#define MINOR 0

static struct {
	struct decoder decoder;
	bool open;		/* a SYNC was answered and nothing is missing since */
	uint16_t epoch;
	uint16_t expected;	/* the host's next sequence number */
	uint32_t window;
	uint32_t gaps, stale;
	char boot_id[sizeof(((bridge_Hello *)0)->boot_id)];
} session;

uint32_t session_window(void)
{
	return session.window;
}

void session_send(uint8_t type, uint8_t flags, uint16_t stream, const pb_msgdesc_t *fields,
		  const void *message)
{
	pb_ostream_t out = pb_ostream_from_buffer(line_body(), line_max_body());

	if (pb_encode(&out, fields, message))
		line_send(type, flags, stream, out.bytes_written);
	else
		stream_refuse(stream, EMSGSIZE, "the answer does not fit a frame of %zu bytes",
			      line_max_body());
}

/* @message is zero, as its fields are when they do not come. */
static bool parse(const struct frame *frame, const pb_msgdesc_t *fields, void *message)
{
	pb_istream_t in = pb_istream_from_buffer(frame->body, frame->len);

	return pb_decode_ex(&in, fields, message, PB_DECODE_NOINIT);
}

static void read_boot_id(void)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, session.boot_id, sizeof(session.boot_id) - 1);

	session.boot_id[n > 0 ? n : 0] = '\0';
	session.boot_id[strcspn(session.boot_id, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

static void say_hello(uint32_t nonce)
{
	bridge_Hello hello = {
		.magic = MAGIC,
		.major = MAJOR,
		.minor = MINOR,
		.build = AGENT_BUILD,
		.capabilities = bridge_Capability_CAPABILITY_EXEC | bridge_Capability_CAPABILITY_PTY |
			bridge_Capability_CAPABILITY_FILES | bridge_Capability_CAPABILITY_LINKS |
			bridge_Capability_CAPABILITY_EVENTS | bridge_Capability_CAPABILITY_CLOCK |
			bridge_Capability_CAPABILITY_ENTROPY,
		.max_body = FRAME_BODY_MAX,
		.window = LIMIT_WINDOW,
		.epoch = session.epoch,
		.nonce = nonce,
		.pid = getpid(),
		.has_limits = true,
		.limits = { LIMIT_STREAMS, LIMIT_CHILDREN, LIMIT_STRINGS, LIMIT_MESSAGE, LIMIT_IDLE_MS },
	};

	memcpy(hello.boot_id, session.boot_id, sizeof(hello.boot_id));
	session_send(FRAME_HELLO, 0, 0, bridge_Hello_fields, &hello);
}

void session_start(void)
{
	read_boot_id();
	say_hello(0);
}

static size_t agreed_body(uint32_t theirs)
{
	if (theirs < FRAME_BODY_MIN)
		return FRAME_BODY_MIN;
	return theirs < FRAME_BODY_MAX ? theirs : FRAME_BODY_MAX;
}

/* Another major version is told ours, and gets no session. */
static void begin(const struct frame *frame)
{
	bridge_Hello host = bridge_Hello_init_zero;

	if (!parse(frame, bridge_Hello_fields, &host) || host.magic != MAGIC || !host.nonce)
		return;
	stream_close_all();
	session.open = host.major == MAJOR;
	session.epoch = session.open ? host.epoch : 0;
	session.expected = frame->sequence + 1;
	session.window = host.window;
	line_begin(session.epoch);
	say_hello(host.nonce);
	line_allow(agreed_body(host.max_body));
}

static void pong(uint32_t token)
{
	bridge_Pong pong = {
		.token = token,
		.has_line = true,
		.line = {
			.frames = session.decoder.frames,
			.bad_crc = session.decoder.bad_crc,
			.malformed = session.decoder.malformed,
			.gaps = session.gaps,
			.stale = session.stale,
		},
		.streams = stream_count(),
		.children = exec_children(),
	};

	session_send(FRAME_PONG, 0, 0, bridge_Pong_fields, &pong);
}

static void ping(const struct frame *frame)
{
	bridge_Ping message = bridge_Ping_init_zero;

	if (parse(frame, bridge_Ping_fields, &message))
		pong(message.token);
}

static void open_stream(uint16_t id, const bridge_Request *request)
{
	switch (request->which_what) {
	case bridge_Request_exec_tag:
		return exec_open(id, &request->what.exec);
	case bridge_Request_put_tag:
		return files_put(id, &request->what.put);
	case bridge_Request_get_tag:
		return files_get(id, request->what.get.path);
	case bridge_Request_stat_tag:
		return files_stat(id, request->what.stat.path);
	case bridge_Request_list_tag:
		return files_list(id, request->what.list.path);
	case bridge_Request_open_link_tag:
		return link_open(id, request->what.open_link.path);
	case bridge_Request_watch_tag:
		return monitor_open(id, &request->what.watch);
	case bridge_Request_set_clock_tag:
		return host_set_clock(id, &request->what.set_clock);
	case bridge_Request_reseed_tag:
		return host_reseed(id, &request->what.reseed);
	default:
		stream_refuse(id, EOPNOTSUPP, "this agent (%s, protocol %d.%d) does not know request %u on a new stream",
			      AGENT_BUILD, MAJOR, MINOR, request->which_what);
	}
}

static void request(const struct frame *frame, struct stream *stream)
{
	static bridge_Request message;

	message = (bridge_Request)bridge_Request_init_zero;
	if (!parse(frame, bridge_Request_fields, &message)) {
		if (stream)
			stream_close(stream);
		stream_refuse(frame->stream, EBADMSG,
			      "the request is damaged or exceeds a bound (paths: 4,095 bytes)");
	} else if (!stream) {
		open_stream(frame->stream, &message);
	} else if (stream->ops->request) {
		stream->ops->request(stream, &message);
	} else {
		stream_fail(stream, EPROTO, "%s takes no further request", stream->ops->name);
	}
}

static void data(const struct frame *frame, struct stream *stream)
{
	if (!stream)
		return;
	if (frame->len > stream->granted) {
		stream_fail(stream, EPROTO, "%zu bytes came with %u of credit", frame->len, stream->granted);
		return;
	}
	stream->granted -= frame->len;
	if (stream->ops->data)
		stream->ops->data(stream, frame->body, frame->len, frame->flags & FRAME_FIN);
	else
		stream_took(stream, frame->len);
}

static void credit(const struct frame *frame, struct stream *stream)
{
	bridge_Credit message = bridge_Credit_init_zero;

	if (!stream || !parse(frame, bridge_Credit_fields, &message))
		return;
	if (frame->flags & FRAME_FIN) {
		if (stream->ops->unwanted)
			stream->ops->unwanted(stream);
	} else if (__builtin_add_overflow(stream->credit, message.bytes, &stream->credit)) {
		stream->credit = UINT32_MAX;
	}
}

static void dispatch(const struct frame *frame)
{
	struct stream *stream = stream_find(frame->stream);

	switch (frame->type) {
	case FRAME_PING:
		return ping(frame);
	case FRAME_REQUEST:
		return request(frame, stream);
	case FRAME_DATA:
		return data(frame, stream);
	case FRAME_CREDIT:
		return credit(frame, stream);
	case FRAME_CANCEL:
		if (stream)
			stream_fail(stream, ECANCELED, "%s was cancelled", stream->ops->name);
	}
}

/* True: the frame is the next one of this session. */
static bool in_sequence(const struct frame *frame)
{
	uint16_t missing = frame->sequence - session.expected;

	if (!session.open || frame->epoch != session.epoch || missing >= 0x8000) {
		session.stale++;
		return false;
	}
	session.expected = frame->sequence + 1;
	if (missing) {
		session.gaps += missing;
		session.open = false;
		pong(0);
	}
	return !missing;
}

size_t session_input(const uint8_t *bytes, size_t len)
{
	size_t used = 0;

	while (used < len && line_takes_requests()) {
		struct frame frame;
		bool whole;

		used += decoder_push(&session.decoder, bytes + used, len - used, &frame, &whole);
		if (!whole)
			continue;
		if (frame.type == FRAME_SYNC)
			begin(&frame);
		else if (in_sequence(&frame))
			dispatch(&frame);
	}
	return used;
}
