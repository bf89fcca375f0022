// SPDX-License-Identifier: MIT
/*
 * The first and only program of the bench kernel: moves messages of each size
 * over each peer and prints what that took.
 *
 *	/init ROUNDS COUNT [PATTERN PEER SIZE]
 *
 * of all or of one.
 * A measurement moves COUNT messages, or twice as many: what is the same in
 * both (reading the clock, the loop's first and last turn) goes away in their
 * difference. The peers take turns, so that all of them see the same machine.
 * Lines on ttyS1, all sent before the measurement that follows them:
 *
 *	absent PATTERN PEER SIZE REASON
 *	begin NUMBER
 *	end NUMBER PATTERN PEER SIZE MESSAGES TICKS
 *	done
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "peer.h"

static const struct peer *const peers[] = {
	&peer_nothing, &peer_floor, &peer_ddlink, &peer_pipe, &peer_packet_pipe,
	&peer_seqpacket, &peer_mqueue, &peer_eventfd, &peer_genetlink, &peer_rpc_pipe,
};

#define PEERS (sizeof(peers) / sizeof(*peers))

static const size_t sizes[] = { 8, 16, 256, 4096, MOST_BYTES };

/* What is measured: how many messages wait at a time. */
static const struct pattern {
	const char *name;
	int waiting;
} patterns[] = {
	{ "roundtrip", 1 },	/* one out, one in */
	{ "stream", DEPTH },	/* DEPTH out, then DEPTH in */
};

#define PATTERNS (sizeof(patterns) / sizeof(*patterns))

static int port = -1;

/* A line is gone before anything else happens: no interrupt of its comes later. */
static void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vdprintf(port, format, args);
	va_end(args);
	tcdrain(port);
}

static void end(void)
{
	sync();
	reboot(LINUX_REBOOT_CMD_RESTART);
	_exit(1);
}

void die(const char *what)
{
	say("failed %s: %s\n", what, strerror(errno));
	end();
	__builtin_unreachable();
}

static uint64_t ticks(void)
{
	return __builtin_ia32_rdtsc();
}

/* ---- moving messages ---- */

static void lost(const struct peer *peer, const char *what)
{
	say("failed %s %s: %s\n", peer->name, what, strerror(errno));
	end();
}

static uint64_t measure(const struct peer *peer, struct wire *wire, int count, int waiting)
{
	long length = wire->length;
	uint64_t start = ticks();
	int i;

	for (; count > 0; count -= waiting) {
		for (i = 0; i < waiting; i++)
			if (peer->send(wire) != length)
				lost(peer, "send");
		for (i = 0; i < waiting; i++)
			if (peer->receive(wire) != length)
				lost(peer, "receive");
	}
	return ticks() - start;
}

/* No byte of it is zero, and no two of DEPTH messages are the same. */
static void fill(char *payload, size_t size, int number)
{
	for (size_t i = 0; i < size; i++)
		payload[i] = 1 + (number + i) % 251;
}

/* What is measured below must be right: each message comes back whole, in order. */
static void check(const struct peer *peer, struct wire *wire, int waiting)
{
	static char wanted[MOST_BYTES];
	int i;

	for (i = 0; i < waiting; i++) {
		fill(wire->sent + wire->header, wire->size, i);
		if (peer->send(wire) != (long)wire->length)
			lost(peer, "send");
	}
	for (i = 0; i < waiting; i++) {
		fill(wanted, wire->size, i);
		if (peer->receive(wire) != (long)wire->length)
			lost(peer, "receive");
		if (peer->echoes && memcmp(wire->received + wire->header, wanted, wire->size))
			lost(peer, "gave back another message");
	}
}

/* ---- the order of measurements ---- */

static char *buffer(void)
{
	char *bytes = malloc(MOST_BYTES + HEADER_ROOM);

	if (!bytes)
		die("malloc");
	memset(bytes, 1, MOST_BYTES + HEADER_ROOM);
	return bytes;
}

static void open_wire(const struct peer *peer, struct wire *wire, size_t size)
{
	*wire = (struct wire){ .size = size, .length = size };
	wire->sent = buffer();
	wire->received = buffer();
	peer->open(wire);
}

static void close_wire(struct wire *wire)
{
	if (wire->in >= 0)
		close(wire->in);
	if (wire->out != wire->in)
		close(wire->out);
	free(wire->sent);
	free(wire->received);
}

/* What the command line asks for; NULL and 0: all. */
static const char *only_pattern, *only_peer;
static size_t only_size;

static bool wanted(const struct peer *peer, const struct pattern *pattern, size_t size)
{
	return !only_peer || (!strcmp(only_peer, peer->name) && only_size == size &&
			      !strcmp(only_pattern, pattern->name));
}

static const char *unfit(const struct peer *peer, const struct pattern *pattern, size_t size)
{
	const char *why = peer->unfit ? peer->unfit(size) : NULL;

	if (!why && peer->adds_up && pattern->waiting > 1)
		why = "what waits is added up";
	return why;
}

static void print_one(const struct peer *peer, struct wire *wire,
		      const struct pattern *pattern, int count)
{
	static int number;
	uint64_t taken;

	say("begin %d\n", ++number);
	taken = measure(peer, wire, count, pattern->waiting);
	say("end %d %s %s %zu %d %llu\n", number, pattern->name, peer->name, wire->size,
	    count, (unsigned long long)taken);
}

static void compare(const struct pattern *pattern, size_t size, int rounds, int count)
{
	struct wire wires[PEERS];
	bool fits[PEERS];
	size_t i;

	for (i = 0; i < PEERS; i++) {
		const char *why = unfit(peers[i], pattern, size);

		fits[i] = !why && wanted(peers[i], pattern, size);
		if (why) {
			say("absent %s %s %zu %s\n", pattern->name, peers[i]->name, size, why);
		}
		if (!fits[i])
			continue;
		open_wire(peers[i], &wires[i], size);
		check(peers[i], &wires[i], pattern->waiting);
	}
	while (rounds--)
		for (i = 0; i < PEERS; i++)
			if (fits[i]) {
				print_one(peers[i], &wires[i], pattern, count);
				print_one(peers[i], &wires[i], pattern, 2 * count);
			}
	for (i = 0; i < PEERS; i++)
		if (fits[i])
			close_wire(&wires[i]);
}

/* ---- the machine ---- */

static void attach(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY)
		die(where);
}

static void load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		die(path);
	close(fd);
}

static void open_port(void)
{
	struct termios raw;

	port = open("/dev/ttyS1", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (port < 0 || tcgetattr(port, &raw))
		die("/dev/ttyS1");
	cfmakeraw(&raw);
	cfsetspeed(&raw, B115200);
	tcsetattr(port, TCSANOW, &raw);
}

int main(int argc, char **argv)
{
	int rounds = argc > 2 ? atoi(argv[1]) : 0;
	int count = argc > 2 ? atoi(argv[2]) : 0;

	if (argc > 5) {
		only_pattern = argv[3];
		only_peer = argv[4];
		only_size = atoi(argv[5]);
	}
	attach("devtmpfs", "/dev");
	open_port();
	attach("rpc_pipefs", "/rpc");
	load("/echo_genl.ko");
	load("/echo_rpc_pipe.ko");
	if (rounds <= 0 || count <= 0 || count % DEPTH)
		die("usage: /init ROUNDS COUNT [PATTERN PEER SIZE], COUNT being a multiple of 8");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (size_t j = 0; j < PATTERNS; j++)
			compare(&patterns[j], sizes[i], rounds, count);
	say("done\n");
	end();
}
