// SPDX-License-Identifier: MIT
/*
 * POSIX message queues have calls of their own: a round trip is one mq_send and
 * one mq_receive, entered as all others.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "peer.h"

#define NAME "/peers"

static void open_mqueue(struct wire *wire)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct mq_attr attr = { .mq_maxmsg = DEPTH, .mq_msgsize = wire->size };

	/* an ordinary user gets messages of 8 KiB at most */
	if (setrlimit(RLIMIT_MSGQUEUE, &all))
		die("setrlimit(RLIMIT_MSGQUEUE)");
	wire->in = wire->out = mq_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600, &attr);
	if (wire->in < 0 || mq_unlink(NAME))
		die("mq_open");
}

static long send_mqueue(struct wire *wire)
{
	int err = syscall(SYS_mq_timedsend, wire->out, wire->sent, wire->length, 0, NULL);

	return err ? err : (long)wire->length;
}

static long receive_mqueue(struct wire *wire)
{
	return syscall(SYS_mq_timedreceive, wire->in, wire->received, wire->length,
		       NULL, NULL);
}

const struct peer peer_mqueue = {
	.name = "mqueue",
	.echoes = true,
	.open = open_mqueue,
	.send = send_mqueue,
	.receive = receive_mqueue,
};
