/* SPDX-License-Identifier: MIT */
/* Starting a program: pipes or a terminal, a session of its own, and vfork. */
#ifndef AGENT_SPAWN_H
#define AGENT_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

struct spawn {
	char *cwd;		/* "": the agent's */
	char **argv, **envp;
	bool input;		/* else /dev/null */
	bool pty;
	unsigned short rows, columns;
	/* Set by spawn(): our ends, non-blocking; -1 where there is none. */
	int in, out, err;
	pid_t pid;
	const char *failed;	/* what went wrong, when it did */
};

/* 0, or an errno with spawn->failed set and nothing left open. */
int spawn(struct spawn *spawn);

#endif
