/* SPDX-License-Identifier: MIT */
/*
 * One program while it lives. It has two streams: its own, which carries
 * standard input, standard output and the replies, and one for standard error.
 *
 *   strings come in -> started -> output flows -> both outputs ended and the
 *   program reaped -> exited, which is always the last word
 *
 * A program that leaves children behind is not over before they have closed
 * its outputs, unless a limit struck: then they get a second to do so.
 */
#ifndef AGENT_CHILD_H
#define AGENT_CHILD_H

#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "bridge.pb.h"
#include "limits.h"
#include "stream.h"
#include "watch.h"

#define INPUT_SIZE (LIMIT_WINDOW + 1)	/* and the ^D of a terminal */

struct child {
	struct child *next;
	struct stream *stream;	/* NULL: the host has left, only the child must be reaped */
	struct stream *errors;	/* NULL: none or ended */
	bridge_Exec request;
	char *strings;
	size_t have;		/* of strings; request.strings when started */
	pid_t pid;		/* 0: not started */
	bool reaped;
	int status;
	struct rusage usage;
	struct watch in, out, err;
	char *input;		/* INPUT_SIZE bytes: what the program has not read yet */
	size_t input_head, input_len;
	bool input_over;	/* close it when what is left has been read */
	int64_t time_limit;	/* when, or NEVER */
	int64_t last_moved;	/* when output or input last flowed */
	int64_t forced_end;	/* when, or NEVER */
	bridge_Limit limit;
};

/* Makes one that is not started yet; NULL: no memory. */
struct child *child_make(const bridge_Exec *request);
void child_forget(struct child *child);

/* The two ends of its life that the host brings about: closing its stream, and a signal. */
void child_close(struct stream *stream);
void child_kill(const struct child *child, int signal);

/* Says so if nothing is left of it. */
void child_finish_if_over(struct child *child);

/* Its limits: when the next one strikes, and striking it. */
int64_t child_deadline(const struct child *child);
void child_expired(struct stream *stream);

/* Closes one of our ends. */
void child_shut(struct watch *watch);

/* Suits the agent's own scheduling to who is fed: call when an end has been opened. */
void child_schedule(void);

/* Input and output (child_io.c) */
void child_prepare_io(struct child *child);
void child_take_input(struct child *child, const uint8_t *bytes, size_t len, bool fin);
void child_end_output(struct watch *watch);
void child_output_unwanted(struct stream *stream);

#endif
