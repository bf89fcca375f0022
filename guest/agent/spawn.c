// SPDX-License-Identifier: MIT
/*
 * vfork, because copying page tables for a program that is replaced at once
 * costs more than starting it. The child therefore shares our memory until
 * execve: it only makes system calls, and leaves its errno in *failure.
 */
#define _GNU_SOURCE
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#define PAIRS 3
/* Of a program's input and output, so that it and the agent take turns less often: as much as a window. */
#define PIPE_SIZE (256 << 10)

/* pair[k][0] becomes the child's descriptor k, pair[k][1] is ours. */
struct ends {
	int pair[PAIRS][2];
};

static void close_ends(struct ends *ends, int side)
{
	for (int k = 0; k < PAIRS; k++)
		if (ends->pair[k][side] >= 0)
			close(ends->pair[k][side]);
}

static int make_pipe(int *child, int *ours, bool child_reads)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -1;
	*child = fds[child_reads ? 0 : 1];
	*ours = fds[child_reads ? 1 : 0];
	return fcntl(*ours, F_SETFL, O_NONBLOCK);
}

static int make_pipes(struct ends *ends, bool input)
{
	if (input) {
		if (make_pipe(&ends->pair[0][0], &ends->pair[0][1], true))
			return -1;
		fcntl(ends->pair[0][1], F_SETPIPE_SZ, PIPE_SIZE);	/* refused: smaller ones do too */
	} else {
		ends->pair[0][0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (ends->pair[0][0] < 0)
			return -1;
	}
	if (make_pipe(&ends->pair[1][0], &ends->pair[1][1], false))
		return -1;
	fcntl(ends->pair[1][1], F_SETPIPE_SZ, PIPE_SIZE);
	return make_pipe(&ends->pair[2][0], &ends->pair[2][1], false);
}

/* The child has the terminal three times, we have it once for writing and once for reading. */
static int make_terminal(struct ends *ends, const struct spawn *spawn)
{
	struct winsize size = { .ws_row = spawn->rows, .ws_col = spawn->columns };
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	ends->pair[1][1] = master;
	if (master < 0 || grantpt(master) || unlockpt(master))
		return -1;
	ends->pair[0][1] = fcntl(master, F_DUPFD_CLOEXEC, 0);
	ends->pair[0][0] = open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (ends->pair[0][0] < 0 || ends->pair[0][1] < 0 || ioctl(master, TIOCSWINSZ, &size))
		return -1;
	ends->pair[1][0] = fcntl(ends->pair[0][0], F_DUPFD_CLOEXEC, 0);
	ends->pair[2][0] = fcntl(ends->pair[0][0], F_DUPFD_CLOEXEC, 0);
	return ends->pair[1][0] < 0 || ends->pair[2][0] < 0 ? -1 : 0;
}

/* execve resets handlers by itself, but neither what is ignored nor what is blocked. */
static void reset_signals(void)
{
	sigset_t none;

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* In the child, on our memory. */
static void become(const struct spawn *spawn, const struct ends *ends)
{
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int k = 0; k < PAIRS; k++)
		if (dup2(ends->pair[k][0], k) < 0)
			return;
	if (spawn->pty && ioctl(0, TIOCSCTTY, 0))
		return;
	if (*spawn->cwd && chdir(spawn->cwd))
		return;
	reset_signals();
	execvp(spawn->argv[0], spawn->argv);
}

/* All signals stay blocked meanwhile: a handler must not run in the child on our memory. */
static pid_t start(struct spawn *spawn, const struct ends *ends, int *failure)
{
	extern char **environ;
	char **saved = environ;
	volatile int error = 0;
	sigset_t all, before;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	environ = spawn->envp;	/* execvp looks for PATH there */
	pid = vfork();
	if (!pid) {
		become(spawn, ends);
		error = errno;
		_exit(127);
	}
	*failure = pid < 0 ? errno : error;
	environ = saved;
	sigprocmask(SIG_SETMASK, &before, NULL);
	return pid;
}

int spawn(struct spawn *spawn)
{
	struct ends ends = { { { -1, -1 }, { -1, -1 }, { -1, -1 } } };
	int failure;

	spawn->failed = spawn->pty ? "no terminal for" : "no pipes for";
	if (spawn->pty ? make_terminal(&ends, spawn) : make_pipes(&ends, spawn->input)) {
		failure = errno;
		goto fail;
	}
	spawn->failed = "cannot start";
	spawn->pid = start(spawn, &ends, &failure);
	if (failure)
		goto fail;
	close_ends(&ends, 0);
	spawn->in = ends.pair[0][1];
	spawn->out = ends.pair[1][1];
	spawn->err = ends.pair[2][1];
	return 0;
fail:
	close_ends(&ends, 0);
	close_ends(&ends, 1);
	return failure;
}
