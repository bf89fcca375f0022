// SPDX-License-Identifier: MIT
/*
 * One stream is one link. Calls come one at a time: a write's message is
 * collected before the call, a read's item goes out after it. A poll may wait
 * beside them, because it is what one waits with while others work.
 */
#include "link.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ddlink.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "limits.h"
#include "stream.h"
#include "watch.h"

struct link {
	struct stream *stream;
	int fd;
	struct watch poll;	/* added while a poll waits */
	short poll_events;
	int64_t poll_end;
	struct watch pump;	/* sends what a read got */
	struct outbox box;	/* a read's item; its data is freed when sent */
	uint8_t *message;	/* a write's, while it is collected */
	size_t have, want;
	int64_t write_end;	/* when collecting it has taken too long */
};

static void set_deadline(struct link *link)
{
	link->stream->deadline = link->poll_end < link->write_end ? link->poll_end : link->write_end;
}

static void close_link(struct stream *stream)
{
	struct link *link = stream->owner;

	watch_remove(&link->poll);
	watch_remove(&link->pump);
	free(link->box.data);
	free(link->message);
	close(link->fd);
	free(link);
}

static bridge_LinkResult *start_result(bridge_Reply *reply, long result)
{
	*reply = (bridge_Reply)bridge_Reply_init_zero;
	reply->which_what = bridge_Reply_result_tag;
	reply->what.result.result = result < 0 ? -errno : result;
	return &reply->what.result;
}

static void answer(struct link *link, long result)
{
	static bridge_Reply reply;

	start_result(&reply, result);
	stream_reply(link->stream, &reply);
}

/*
 * Answers a command; if it failed, with the text the component left. That text
 * is read only if the queue was empty before: what stands first is otherwise
 * an item, and not ours to take.
 */
static void answer_command(struct link *link, long result, bool was_empty)
{
	static bridge_Reply reply;
	bridge_LinkResult *answer = start_result(&reply, result);

	if (result < 0 && was_empty) {
		ssize_t n = read(link->fd, answer->text, sizeof(answer->text) - 1);

		answer->text[n > 0 ? n : 0] = '\0';
	}
	stream_reply(link->stream, &reply);
}

static bool is_empty(const struct link *link)
{
	int size;

	return !ioctl(link->fd, FIONREAD, &size) && !size;
}

/* Write */

static void finish_write(struct link *link)
{
	bool was_empty = is_empty(link);
	long result = write(link->fd, link->message, link->want);

	free(link->message);
	link->message = NULL;
	link->write_end = NEVER;
	set_deadline(link);
	answer_command(link, result, was_empty);
}

static void begin_write(struct link *link, uint32_t size)
{
	if (size > LIMIT_MESSAGE) {
		stream_fail(link->stream, EMSGSIZE, "a message of %u bytes: the agent takes at most %d",
			    size, LIMIT_MESSAGE);
		return;
	}
	link->message = malloc(size ? size : 1);
	if (!link->message) {
		stream_fail(link->stream, ENOMEM, "no memory for a message of %u bytes", size);
		return;
	}
	link->have = 0;
	link->want = size;
	link->write_end = now_ms() + LIMIT_IDLE_MS;
	set_deadline(link);
	if (!size)
		finish_write(link);
}

static void take_message(struct stream *stream, const uint8_t *bytes, size_t len, bool fin)
{
	struct link *link = stream->owner;

	(void)fin;
	if (!link->message || len > link->want - link->have) {
		stream_fail(stream, EPROTO, "%zu bytes came that no write on the link announced", len);
		return;
	}
	memcpy(link->message + link->have, bytes, len);
	link->have += len;
	link->write_end = now_ms() + LIMIT_IDLE_MS;
	set_deadline(link);
	stream_took(stream, len);
	if (link->have == link->want)
		finish_write(link);
}

/* Read */

static short wants_to_send(struct watch *watch)
{
	struct link *link = watch->owner;

	return outbox_ready(&link->box, link->stream);
}

static void send_item(struct watch *watch, short events)
{
	struct link *link = watch->owner;

	(void)events;
	if (!outbox_send(&link->box, link->stream))
		return;
	free(link->box.data);
	link->box = (struct outbox){ 0 };
}

static void call_read(struct link *link, uint32_t size)
{
	uint8_t *item = malloc(size < LIMIT_MESSAGE ? size + 1 : LIMIT_MESSAGE);
	ssize_t n;

	if (!item) {
		stream_fail(link->stream, ENOMEM, "no memory for an item of up to %u bytes", size);
		return;
	}
	n = read(link->fd, item, size < LIMIT_MESSAGE ? size : LIMIT_MESSAGE);
	answer(link, n);
	if (n > 0)
		link->box = (struct outbox){ .data = item, .len = n };
	else
		free(item);
	send_item(&link->pump, 0);
}

/* Poll */

static void finish_poll(struct link *link, short events)
{
	static bridge_Reply reply;

	watch_remove(&link->poll);
	link->poll_end = NEVER;
	set_deadline(link);
	start_result(&reply, events)->poll = true;
	stream_reply(link->stream, &reply);
}

static short wants_poll(struct watch *watch)
{
	struct link *link = watch->owner;

	return link->poll_events;
}

static void poll_ready(struct watch *watch, short events)
{
	finish_poll(watch->owner, events);
}

static void begin_poll(struct link *link, const bridge_LinkPoll *request)
{
	struct pollfd now = { .fd = link->fd, .events = request->events };

	if (link->poll.added) {
		stream_fail(link->stream, EBUSY, "a poll waits on the link already: one at a time");
		return;
	}
	if (poll(&now, 1, 0) || !request->timeout_ms) {
		finish_poll(link, now.revents);
		return;
	}
	link->poll_events = request->events | POLLHUP;	/* never 0: HUP must end it */
	link->poll_end = request->timeout_ms < 0 ? NEVER : now_ms() + request->timeout_ms;
	set_deadline(link);
	watch_add(&link->poll);
}

/* ioctl */

static void call_ioctl(struct link *link, const bridge_LinkIoctl *request)
{
	static bridge_Reply reply;
	uint64_t copy[sizeof(request->argument.buffer.bytes) / sizeof(uint64_t)];	/* aligned */
	bool buffered = request->which_argument == bridge_LinkIoctl_buffer_tag;
	size_t size = buffered ? request->argument.buffer.size : 0;
	bridge_LinkResult *result;
	long returned;

	memset(copy, 0, sizeof(copy));
	if (buffered)
		memcpy(copy, request->argument.buffer.bytes, size);
	returned = ioctl(link->fd, request->command, buffered ? copy : (void *)(uintptr_t)request->argument.value);
	result = start_result(&reply, returned);
	memcpy(result->buffer.bytes, copy, size);
	result->buffer.size = size;
	stream_reply(link->stream, &reply);
}

/* The stream */

static void take_call(struct stream *stream, const bridge_Request *request)
{
	struct link *link = stream->owner;
	const bridge_LinkCall *call = &request->what.call;

	if (request->which_what != bridge_Request_call_tag)
		return stream_fail(stream, EPROTO, "a link takes only calls, not request %u", request->which_what);
	if (call->which_what == bridge_LinkCall_poll_tag)
		return begin_poll(link, &call->what.poll);
	if (link->message || link->box.data)
		return stream_fail(stream, EBUSY, "the link's last call is not over: one at a time");
	switch (call->which_what) {
	case bridge_LinkCall_write_tag:
		return begin_write(link, call->what.write);
	case bridge_LinkCall_read_tag:
		return call_read(link, call->what.read);
	case bridge_LinkCall_ioctl_tag:
		return call_ioctl(link, &call->what.ioctl);
	default:
		stream_fail(stream, EOPNOTSUPP, "this agent does not know link call %u", call->which_what);
	}
}

static void expired(struct stream *stream)
{
	struct link *link = stream->owner;

	if (link->write_end <= now_ms())
		stream_fail(stream, ETIMEDOUT, "a message stopped after %zu of %zu bytes for %d s",
			    link->have, link->want, LIMIT_IDLE_MS / 1000);
	else
		finish_poll(link, 0);
}

static const struct stream_ops link_ops = {
	.name = "a link",
	.data = take_message,
	.request = take_call,
	.expired = expired,
	.close = close_link,
};

static struct link *make(int fd)
{
	struct link *link = calloc(1, sizeof(*link));

	if (!link)
		return NULL;
	link->fd = fd;
	link->poll = (struct watch){ fd, wants_poll, poll_ready, link, false };
	link->pump = (struct watch){ -1, wants_to_send, send_item, link, false };
	link->poll_end = link->write_end = NEVER;
	return link;
}

/* The new descriptor, or -1 and errno. */
static int make_fd(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), fd, error;

	if (file < 0)
		return -1;
	fd = ioctl(file, DDLINK_OPEN);
	error = errno;
	close(file);
	errno = error;
	return fd;
}

void link_open(uint16_t id, const char *path)
{
	bridge_Reply reply = { .which_what = bridge_Reply_link_tag };
	int fd = make_fd(path);
	struct link *link;

	if (fd < 0) {
		stream_refuse(id, errno, "open a link on %.160s: %s%s", path, strerror(errno),
			      errno == ENOTTY ? ": nothing there makes links (a Tux3 volume does)" : "");
		return;
	}
	link = make(fd);
	if (!link || !(link->stream = stream_open(id, &link_ops, link))) {
		if (!link)
			stream_refuse(id, ENOMEM, "no memory for a link");
		free(link);
		close(fd);
		return;
	}
	watch_add(&link->pump);
	reply.what.link.fd = fd;
	stream_reply(link->stream, &reply);
}
