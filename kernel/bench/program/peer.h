/* SPDX-License-Identifier: MIT */
/*
 * What is compared: ways for a message to get into the kernel and out again.
 */
#ifndef PEER_H
#define PEER_H

#include <stdbool.h>
#include <stddef.h>

/* Messages that a peer must hold at a time: as many as each of them can. */
#define DEPTH		8
#define MOST_BYTES	65536
/* Headers before the payload, where a peer has some. */
#define HEADER_ROOM	64

/* An open peer for messages of one size. What goes out and comes in are whole
 * buffers; the payload of @size bytes begins @header bytes into each. */
struct wire {
	size_t size;
	size_t header;
	size_t length;		/* header and payload */
	int out;		/* written to */
	int in;			/* read from */
	char *sent;
	char *received;
};

struct peer {
	const char *name;
	/* What comes in is what went out. */
	bool echoes;
	/* Messages that nobody has read become one: no streams. */
	bool adds_up;
	/* NULL, or why a message of this size cannot be carried as one. */
	const char *(*unfit)(size_t size);
	/* Sets @in and @out, and the header if it has one. */
	void (*open)(struct wire *wire);
	/* Each moves one message by one system call: the wire's length, or -1. */
	long (*send)(struct wire *wire);
	long (*receive)(struct wire *wire);
};

/* Ends the program with a message and the meaning of errno. */
void die(const char *what) __attribute__((noreturn));

extern const struct peer peer_nothing, peer_floor, peer_ddlink, peer_pipe,
	peer_packet_pipe, peer_seqpacket, peer_mqueue, peer_eventfd,
	peer_genetlink, peer_rpc_pipe;

long send_by_write(struct wire *wire);
long receive_by_read(struct wire *wire);

#endif
