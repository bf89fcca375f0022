// SPDX-License-Identifier: MIT
/* Transfers of file contents, each with the CRC-32 of what went over the line. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crc32.h"
#include "limits.h"
#include "line.h"
#include "stream.h"
#include "watch.h"

struct transfer {
	struct stream *stream;
	struct watch watch;	/* its fd is the file; only get waits for it */
	uint64_t bytes;
	uint32_t crc;
};

static void close_transfer(struct stream *stream)
{
	struct transfer *transfer = stream->owner;

	watch_remove(&transfer->watch);
	close(transfer->watch.fd);
	free(transfer);
}

static void report(struct transfer *transfer)
{
	bridge_Reply reply = {
		.which_what = bridge_Reply_transferred_tag,
		.what.transferred = { .bytes = transfer->bytes, .crc32 = transfer->crc },
	};

	stream_finish(transfer->stream, &reply);
}

static void count(struct transfer *transfer, const uint8_t *bytes, size_t len)
{
	transfer->crc = crc32(transfer->crc, bytes, len);
	transfer->bytes += len;
}

/* Takes over @fd, also when it fails. */
static struct transfer *begin(uint16_t id, const struct stream_ops *ops, int fd)
{
	struct transfer *transfer = calloc(1, sizeof(*transfer));

	if (!transfer) {
		stream_refuse(id, ENOMEM, "no memory for a transfer");
		close(fd);
		return NULL;
	}
	transfer->watch.fd = fd;
	transfer->watch.owner = transfer;
	transfer->stream = stream_open(id, ops, transfer);
	if (transfer->stream)
		return transfer;
	close(fd);
	free(transfer);
	return NULL;
}

/* Put */

static bool store(int fd, const uint8_t *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			bytes += n;
			len -= n;
		}
	}
	return true;
}

static void take_contents(struct stream *stream, const uint8_t *bytes, size_t len, bool fin)
{
	struct transfer *transfer = stream->owner;

	if (!store(transfer->watch.fd, bytes, len)) {
		stream_fail(stream, errno, "write after %llu bytes: %s",
			    (unsigned long long)transfer->bytes, strerror(errno));
		return;
	}
	count(transfer, bytes, len);
	stream->deadline = now_ms() + LIMIT_IDLE_MS;
	stream_took(stream, len);
	if (fin)
		report(transfer);
}

static void put_expired(struct stream *stream)
{
	struct transfer *transfer = stream->owner;

	stream_fail(stream, ETIMEDOUT, "put: nothing came for %d s after %llu bytes",
		    LIMIT_IDLE_MS / 1000, (unsigned long long)transfer->bytes);
}

static const struct stream_ops put_ops = {
	.name = "put",
	.data = take_contents,
	.expired = put_expired,
	.close = close_transfer,
};

void files_put(uint16_t id, const bridge_Put *request)
{
	int fd = open(request->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK, request->mode);
	struct transfer *transfer;
	struct stat info;

	if (fd < 0 || fstat(fd, &info)) {
		stream_refuse(id, errno, "open %.160s for writing: %s", request->path, strerror(errno));
		return;
	}
	if (!S_ISREG(info.st_mode)) {
		stream_refuse(id, EINVAL, "put %.160s: not a regular file", request->path);
		close(fd);
		return;
	}
	transfer = begin(id, &put_ops, fd);
	if (transfer)
		transfer->stream->deadline = now_ms() + LIMIT_IDLE_MS;
}

/* Get */

static short wants_contents(struct watch *watch)
{
	struct transfer *transfer = watch->owner;

	return stream_room(transfer->stream) ? POLLIN : 0;
}

static void send_contents(struct watch *watch, short events)
{
	struct transfer *transfer = watch->owner;
	size_t room = stream_room(transfer->stream);
	ssize_t n;

	(void)events;
	if (!room)
		return;
	n = read(watch->fd, line_body(), room);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0) {
		stream_fail(transfer->stream, errno, "read after %llu bytes: %s",
			    (unsigned long long)transfer->bytes, strerror(errno));
		return;
	}
	count(transfer, line_body(), n);
	stream_data(transfer->stream, n, !n);
	if (!n)
		report(transfer);
}

static void contents_unwanted(struct stream *stream)
{
	stream_fail(stream, ECANCELED, "get was abandoned by its reader");
}

static const struct stream_ops get_ops = {
	.name = "get",
	.unwanted = contents_unwanted,
	.close = close_transfer,
};

void files_get(uint16_t id, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct transfer *transfer;

	if (fd < 0) {
		stream_refuse(id, errno, "open %.160s: %s", path, strerror(errno));
		return;
	}
	transfer = begin(id, &get_ops, fd);
	if (!transfer)
		return;
	transfer->watch.wants = wants_contents;
	transfer->watch.ready = send_contents;
	watch_add(&transfer->watch);
}
