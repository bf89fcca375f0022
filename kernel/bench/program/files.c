// SPDX-License-Identifier: MIT
/*
 * The peers that are written and read like files. A round trip of each is one
 * write(2) and one read(2) by one task, and all of them enter the kernel the
 * same way.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <linux/ddlink.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "peer.h"

/* Queues that count memory, not messages, count what they spend on them, too. */
#define ROOM		(4 * DEPTH * MOST_BYTES)

long send_by_write(struct wire *wire)
{
	return syscall(SYS_write, wire->out, wire->sent, wire->length);
}

long receive_by_read(struct wire *wire)
{
	return syscall(SYS_read, wire->in, wire->received, wire->length);
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		die(path);
	return fd;
}

/* Calls that do nothing: what the loop itself costs. */
static long no_call(struct wire *wire)
{
	return wire->length;
}

static void open_nothing(struct wire *wire)
{
	wire->in = wire->out = -1;
}

const struct peer peer_nothing = {
	.name = "nothing",
	.open = open_nothing,
	.send = no_call,
	.receive = no_call,
};

/* The floor: two calls that move as many bytes and do nothing else. */
static void open_floor(struct wire *wire)
{
	wire->out = open_file("/dev/null", O_WRONLY);
	wire->in = open_file("/dev/zero", O_RDONLY);
}

const struct peer peer_floor = {
	.name = "floor",
	.open = open_floor,
	.send = send_by_write,
	.receive = receive_by_read,
};

/* ddlink: the sample component, which posts what it is written. */
static void open_ddlink(struct wire *wire)
{
	int device = open_file("/dev/ddecho", O_RDWR);

	wire->in = wire->out = ioctl(device, DDLINK_OPEN);
	if (wire->in < 0)
		die("ioctl(DDLINK_OPEN) on /dev/ddecho");
	close(device);
}

const struct peer peer_ddlink = {
	.name = "ddlink",
	.echoes = true,
	.open = open_ddlink,
	.send = send_by_write,
	.receive = receive_by_read,
};

static void open_pipe_with(struct wire *wire, int flags)
{
	int ends[2];

	if (pipe2(ends, flags))
		die("pipe2");
	wire->in = ends[0];
	wire->out = ends[1];
	if (fcntl(wire->out, F_SETPIPE_SZ, DEPTH * MOST_BYTES) < 0)
		die("fcntl(F_SETPIPE_SZ)");
}

/* A pipe has no messages: that its reader knows their size is taken for granted. */
static void open_pipe(struct wire *wire)
{
	open_pipe_with(wire, 0);
}

const struct peer peer_pipe = {
	.name = "pipe",
	.echoes = true,
	.open = open_pipe,
	.send = send_by_write,
	.receive = receive_by_read,
};

static void open_packet_pipe(struct wire *wire)
{
	open_pipe_with(wire, O_DIRECT);
}

static const char *packet_pipe_unfit(size_t size)
{
	return size > PIPE_BUF ? "a packet is at most PIPE_BUF (4096) bytes; more are split" : NULL;
}

const struct peer peer_packet_pipe = {
	.name = "packet_pipe",
	.echoes = true,
	.unfit = packet_pipe_unfit,
	.open = open_packet_pipe,
	.send = send_by_write,
	.receive = receive_by_read,
};

static void open_seqpacket(struct wire *wire)
{
	int ends[2], room = ROOM;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends))
		die("socketpair");
	wire->out = ends[0];
	wire->in = ends[1];
	if (setsockopt(wire->out, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		die("setsockopt(SO_SNDBUFFORCE)");
}

const struct peer peer_seqpacket = {
	.name = "seqpacket",
	.echoes = true,
	.open = open_seqpacket,
	.send = send_by_write,
	.receive = receive_by_read,
};

static void open_eventfd(struct wire *wire)
{
	wire->in = wire->out = eventfd(0, 0);
	if (wire->in < 0)
		die("eventfd");
}

static const char *eventfd_unfit(size_t size)
{
	return size != 8 ? "it carries a counter of 8 bytes" : NULL;
}

const struct peer peer_eventfd = {
	.name = "eventfd",
	.echoes = true,
	.adds_up = true,
	.unfit = eventfd_unfit,
	.open = open_eventfd,
	.send = send_by_write,
	.receive = receive_by_read,
};

/* The bench's own module, on the real rpc_pipefs: each downcall is an upcall. */
static void open_rpc_pipe(struct wire *wire)
{
	wire->in = wire->out = open_file("/rpc/nfs/ddecho", O_RDWR);
}

const struct peer peer_rpc_pipe = {
	.name = "rpc_pipe",
	.echoes = true,
	.open = open_rpc_pipe,
	.send = send_by_write,
	.receive = receive_by_read,
};
