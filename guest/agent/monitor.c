// SPDX-License-Identifier: MIT
/*
 * Whole records are read until the batch is full or the queue empty, then they
 * go out. Without credit nothing is read: the kernel then drops by itself, says
 * how many by an overflow record, and nobody in the guest ever waits for us.
 */
#include "monitor.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ddlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stream.h"
#include "watch.h"

#define RECORD_MAX (sizeof(struct ddlink_event) + DDLINK_SNAPLEN_MAX)
#define BATCH (16 << 10)

struct monitor {
	struct stream *stream;
	struct watch watch;	/* its fd is the link */
	struct watch pump;	/* sends what is left of a batch */
	struct outbox box;
	uint8_t batch[BATCH];
};

static void close_monitor(struct stream *stream)
{
	struct monitor *monitor = stream->owner;

	watch_remove(&monitor->watch);
	watch_remove(&monitor->pump);
	close(monitor->watch.fd);
	free(monitor);
}

static bool batch_waits(const struct monitor *monitor)
{
	return monitor->box.sent < monitor->box.len;
}

static short wants_records(struct watch *watch)
{
	struct monitor *monitor = watch->owner;

	return !batch_waits(monitor) && stream_room(monitor->stream) ? POLLIN : 0;
}

static short wants_to_send(struct watch *watch)
{
	struct monitor *monitor = watch->owner;

	return outbox_ready(&monitor->box, monitor->stream);
}

static void send_batch(struct watch *watch, short events)
{
	struct monitor *monitor = watch->owner;

	(void)events;
	outbox_send(&monitor->box, monitor->stream);
}

/* What the last read returned. */
static ssize_t fill(struct monitor *monitor)
{
	struct outbox *box = &monitor->box;
	ssize_t n = 1;

	box->len = box->sent = 0;
	while (n > 0 && box->len + RECORD_MAX <= BATCH) {
		n = read(monitor->watch.fd, monitor->batch + box->len, BATCH - box->len);
		if (n > 0)
			box->len += n;
	}
	return n;
}

static void move_records(struct watch *watch, short events)
{
	struct monitor *monitor = watch->owner;
	ssize_t n = fill(monitor);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		stream_fail(monitor->stream, errno, "read from the monitor: %s", strerror(errno));
	else if (!n && !monitor->box.len && events & (POLLHUP | POLLERR))
		stream_fail(monitor->stream, ENODEV, "the kernel hung the monitor up");
	else
		send_batch(watch, 0);
}

static void unwanted(struct stream *stream)
{
	stream_fail(stream, ECANCELED, "the monitor was abandoned by its reader");
}

static const struct stream_ops monitor_ops = {
	.name = "the monitor",
	.unwanted = unwanted,
	.close = close_monitor,
};

static int start_monitor(int link, unsigned int snaplen)
{
	char message[40];
	int len = snprintf(message, sizeof(message), "monitor snaplen=%u", snaplen);

	return write(link, message, len) == len ? 0 : -1;
}

/* The link, or -1 and the host has been told. */
static int open_link(uint16_t id, unsigned int snaplen)
{
	int device = open("/dev/ddlink", O_RDWR | O_CLOEXEC);
	int link = device < 0 ? -1 : ioctl(device, DDLINK_OPEN);

	if (link < 0) {
		stream_refuse(id, errno, "open the monitor on /dev/ddlink: %s", strerror(errno));
	} else if (start_monitor(link, snaplen)) {
		int error = errno;
		char text[160];
		ssize_t n = read(link, text, sizeof(text));

		stream_refuse(id, error, "monitor snaplen=%u: %s: %.*s", snaplen, strerror(error),
			      n > 0 ? (int)n : 0, text);
		close(link);
		link = -1;
	}
	if (device >= 0)
		close(device);
	return link;
}

void monitor_open(uint16_t id, const bridge_Watch *request)
{
	static const bridge_Reply started = { .which_what = bridge_Reply_link_tag };
	struct monitor *monitor;
	int link = open_link(id, request->snaplen);

	if (link < 0)
		return;
	monitor = malloc(sizeof(*monitor));
	if (!monitor)
		stream_refuse(id, ENOMEM, "no memory for the monitor");
	else if (!(monitor->stream = stream_open(id, &monitor_ops, monitor)))
		free(monitor);
	else
		goto start;
	close(link);
	return;
start:
	monitor->box = (struct outbox){ .data = monitor->batch };
	monitor->watch = (struct watch){ link, wants_records, move_records, monitor, false };
	monitor->pump = (struct watch){ -1, wants_to_send, send_batch, monitor, false };
	watch_add(&monitor->watch);
	watch_add(&monitor->pump);
	stream_reply(monitor->stream, &started);
}
