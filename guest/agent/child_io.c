// SPDX-License-Identifier: MIT
/* What a program reads and writes, under the host's credit and ours. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "child.h"
#include "line.h"

#define TERMINAL_EOF "\004"	/* ^D */

/* Output */

static struct stream *stream_of(struct watch *watch)
{
	struct child *child = watch->owner;

	return watch == &child->out ? child->stream : child->errors;
}

static short wants_output(struct watch *watch)
{
	return stream_room(stream_of(watch)) ? POLLIN : 0;
}

void child_end_output(struct watch *watch)
{
	struct child *child = watch->owner;
	struct stream *stream = stream_of(watch);

	child_shut(watch);
	stream_data(stream, 0, true);
	if (stream == child->errors) {
		child->errors = NULL;
		stream_close(stream);
	}
	child_finish_if_over(child);
}

/* One frame of it. True: there may be more, and room for it. */
static bool move_part(struct watch *watch)
{
	struct child *child = watch->owner;
	struct stream *stream = stream_of(watch);
	size_t room = stream_room(stream);
	ssize_t n;

	if (!room)
		return false;	/* an earlier watch filled the line */
	n = read(watch->fd, line_body(), room);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	child->last_moved = now_ms();
	if (n > 0)
		stream_data(stream, n, false);
	else
		child_end_output(watch);	/* a terminal ends with EIO */
	return n == (ssize_t)room;
}

static void move_output(struct watch *watch, short events)
{
	(void)events;
	while (move_part(watch))
		;
}

void child_output_unwanted(struct stream *stream)
{
	struct child *child = stream->owner;
	struct watch *watch = stream == child->stream ? &child->out : &child->err;

	if (watch->fd >= 0)
		child_end_output(watch);
}

/* Input */

static short wants_input(struct watch *watch)
{
	struct child *child = watch->owner;

	return child->input_len ? POLLOUT : 0;
}

/* Says how many of the bytes are done with: those that a program has closed its input to are, too. */
static size_t give(struct child *child, const void *bytes, size_t len)
{
	ssize_t n = write(child->in.fd, bytes, len);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	child->last_moved = now_ms();
	if (n < 0) {
		n = len;
		child_shut(&child->in);
		stream_refuse_data(child->stream);
	}
	stream_took(child->stream, n);
	return n;
}

static void move_input(struct watch *watch, short events)
{
	struct child *child = watch->owner;
	size_t n = give(child, child->input + child->input_head, child->input_len);

	(void)events;
	child->input_head += n;
	child->input_len -= n;
	if (!child->input_len && child->input_over)
		child_shut(watch);
}

static void append_input(struct child *child, const void *bytes, size_t len)
{
	if (child->input_head + child->input_len + len > INPUT_SIZE) {
		memmove(child->input, child->input + child->input_head, child->input_len);
		child->input_head = 0;
	}
	memcpy(child->input + child->input_head + child->input_len, bytes, len);
	child->input_len += len;
}

/* Only what the program does not take at once is kept. */
void child_take_input(struct child *child, const uint8_t *bytes, size_t len, bool fin)
{
	bool eof = fin && child->request.pty;
	size_t given = 0;

	child->input_over |= fin;
	if (child->in.fd < 0) {
		stream_took(child->stream, len);
		return;
	}
	if (len && !child->input_len)
		given = give(child, bytes, len);
	append_input(child, bytes + given, len - given);
	if (eof && child->in.fd >= 0)
		append_input(child, TERMINAL_EOF, 1);
	if (child->input_over && !child->input_len && child->in.fd >= 0)
		child_shut(&child->in);
}

void child_prepare_io(struct child *child)
{
	child->in = (struct watch){ -1, wants_input, move_input, child, false };
	child->out = (struct watch){ -1, wants_output, move_output, child, false };
	child->err = child->out;
}
