// SPDX-License-Identifier: MIT
/* How a program's life goes on and ends. */
#define _GNU_SOURCE	/* SCHED_BATCH */
#include "child.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "exec.h"

#define GRACE_MS 1000		/* from a limit's SIGKILL to the forced end */

static struct child *children;

int exec_children(void)
{
	int n = 0;

	for (struct child *child = children; child; child = child->next)
		n++;
	return n;
}

/*
 * While a program is fed, the agent does not interrupt the kernel's worker that
 * brings the bytes, and so takes them in larger parts. Else it is scheduled as
 * any program, or those that it watches would run in another order. (musl's own
 * call is a stub.)
 */
void child_schedule(void)
{
	static bool batch;
	struct sched_param param = { 0 };
	bool fed = false;

	for (struct child *child = children; child; child = child->next)
		fed |= child->in.fd >= 0 && !child->request.pty;
	if (fed == batch)
		return;
	batch = fed;
	syscall(SYS_sched_setscheduler, 0, (fed ? SCHED_BATCH : SCHED_OTHER) | SCHED_RESET_ON_FORK, &param);
}

void child_shut(struct watch *watch)
{
	watch_remove(watch);
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
	child_schedule();
}

void child_forget(struct child *child)
{
	struct child **at = &children;

	while (*at != child)
		at = &(*at)->next;
	*at = child->next;
	free(child->strings);
	free(child->input);
	free(child);
}

void child_kill(const struct child *child, int signal)
{
	if (child->pid)
		kill(-child->pid, signal);
}

/* From stream_close(), for whatever reason the stream ends. */
void child_close(struct stream *stream)
{
	struct child *child = stream->owner;
	struct stream *errors = child->errors;

	child->stream = child->errors = NULL;
	if (errors)
		stream_close(errors);
	child_shut(&child->in);
	child_shut(&child->out);
	child_shut(&child->err);
	child_kill(child, SIGKILL);
	if (!child->pid || child->reaped)
		child_forget(child);
}

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static void report_exit(struct child *child)
{
	const struct rusage *usage = &child->usage;
	bool killed = WIFSIGNALED(child->status);
	bridge_Reply reply = {
		.which_what = bridge_Reply_exited_tag,
		.what.exited = {
			.code = killed ? 0 : WEXITSTATUS(child->status),
			.signal = killed ? WTERMSIG(child->status) : 0,
			.user_us = microseconds(usage->ru_utime),
			.system_us = microseconds(usage->ru_stime),
			.max_rss_kib = usage->ru_maxrss,
			.minor_faults = usage->ru_minflt,
			.major_faults = usage->ru_majflt,
			.voluntary_switches = usage->ru_nvcsw,
			.involuntary_switches = usage->ru_nivcsw,
			.limit = child->limit,
		},
	};

	child->pid = 0;	/* what still runs of its session was let go on purpose */
	stream_finish(child->stream, &reply);
}

void child_finish_if_over(struct child *child)
{
	if (child->stream && child->reaped && child->out.fd < 0 && child->err.fd < 0)
		report_exit(child);
}

void exec_reap(void)
{
	struct rusage usage;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
		struct child *child = children;

		while (child && child->pid != pid)
			child = child->next;
		if (!child)
			continue;
		child->reaped = true;
		child->status = status;
		child->usage = usage;
		if (child->stream)
			child_finish_if_over(child);
		else
			child_forget(child);
	}
}

struct child *child_make(const bridge_Exec *request)
{
	struct child *child = calloc(1, sizeof(*child));

	if (!child)
		return NULL;
	child->request = *request;
	child->strings = malloc(request->strings);
	child->input = request->input || request->pty ? malloc(INPUT_SIZE) : NULL;
	child_prepare_io(child);
	child->time_limit = child->forced_end = NEVER;
	child->next = children;
	children = child;
	return child;
}

int64_t child_deadline(const struct child *child)
{
	int64_t at = child->time_limit;

	if (child->request.idle_limit_ms && child->last_moved + child->request.idle_limit_ms < at)
		at = child->last_moved + child->request.idle_limit_ms;
	return child->forced_end < at ? child->forced_end : at;
}

static void strike(struct child *child, bridge_Limit limit, int64_t now)
{
	child->limit = limit;
	child->time_limit = NEVER;
	child->request.idle_limit_ms = 0;
	child->forced_end = now + GRACE_MS;
	child_kill(child, SIGKILL);
}

static void force_end(struct child *child)
{
	bool both = child->out.fd >= 0 && child->err.fd >= 0;

	child->forced_end = NEVER;
	if (both)
		child_end_output(&child->err);	/* not the end: output is still open */
	if (child->out.fd >= 0)
		child_end_output(&child->out);
	else if (child->err.fd >= 0)
		child_end_output(&child->err);
}

void child_expired(struct stream *stream)
{
	struct child *child = stream->owner;
	int64_t now = now_ms();

	if (!child->pid) {
		stream_fail(stream, ETIMEDOUT, "exec: its strings stopped after %zu of %u bytes for %d s",
			    child->have, child->request.strings, LIMIT_IDLE_MS / 1000);
		return;
	}
	stream->deadline = NEVER;
	if (child->forced_end <= now)
		return force_end(child);
	if (child->time_limit <= now)
		strike(child, bridge_Limit_LIMIT_TIME, now);
	else if (child_deadline(child) <= now)
		strike(child, bridge_Limit_LIMIT_IDLE, now);
	stream->deadline = child_deadline(child);
}
