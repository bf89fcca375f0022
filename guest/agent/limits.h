/* SPDX-License-Identifier: MIT */
/* The agent's limits: HELLO tells the host, each has its own error text, PROTOCOL.md lists them. */
#ifndef AGENT_LIMITS_H
#define AGENT_LIMITS_H

#define LIMIT_STREAMS	64
#define LIMIT_CHILDREN	16
#define LIMIT_STRINGS	(512 << 10)	/* argv, env and cwd of one exec; the kernel takes 128 KiB a string */
#define LIMIT_MESSAGE	(2 << 20)	/* one link message: above the kernel's 1 MiB, so that the kernel answers */
/* A half-sent request. So long because an unpaced machine skips its idle time: seconds pass in no time. */
#define LIMIT_IDLE_MS	3600000
#define LIMIT_WINDOW	(256 << 10)	/* bytes taken on a stream before more is granted */
#define LIMIT_WATCHES	(3 * LIMIT_STREAMS + 2)	/* and the line's two */

#endif
