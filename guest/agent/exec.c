// SPDX-License-Identifier: MIT
/*
 * One program has two streams: its own, which carries standard input, standard
 * output and the replies, and one for standard error. Its life:
 *
 *   strings come in -> started -> output flows -> both outputs ended and the
 *   program reaped -> exited, which is always the last word
 *
 * A program that leaves children behind is not over before they have closed
 * its outputs, unless a limit struck: then they get a second to do so.
 */
#include "exec.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limits.h"
#include "line.h"
#include "spawn.h"
#include "stream.h"
#include "watch.h"

#define GRACE_MS 1000		/* from a limit's SIGKILL to the forced end */
#define TERMINAL_EOF "\004"	/* ^D */
#define INPUT_SIZE (LIMIT_WINDOW + 1)	/* and the ^D */

struct exec {
	struct exec *next;
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

static struct exec *execs;

int exec_children(void)
{
	int n = 0;

	for (struct exec *exec = execs; exec; exec = exec->next)
		n++;
	return n;
}

static void shut(struct watch *watch)
{
	watch_remove(watch);
	if (watch->fd >= 0)
		close(watch->fd);
	watch->fd = -1;
}

static void forget(struct exec *exec)
{
	struct exec **at = &execs;

	while (*at != exec)
		at = &(*at)->next;
	*at = exec->next;
	free(exec->strings);
	free(exec->input);
	free(exec);
}

static void kill_session(const struct exec *exec, int signal)
{
	if (exec->pid)
		kill(-exec->pid, signal);
}

/* From stream_close(), for whatever reason the stream ends. */
static void close_exec(struct stream *stream)
{
	struct exec *exec = stream->owner;
	struct stream *errors = exec->errors;

	exec->stream = exec->errors = NULL;
	if (errors)
		stream_close(errors);
	shut(&exec->in);
	shut(&exec->out);
	shut(&exec->err);
	kill_session(exec, SIGKILL);
	if (!exec->pid || exec->reaped)
		forget(exec);
}

static uint64_t microseconds(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000 + time.tv_usec;
}

static void report_exit(struct exec *exec)
{
	const struct rusage *usage = &exec->usage;
	bool killed = WIFSIGNALED(exec->status);
	bridge_Reply reply = {
		.which_what = bridge_Reply_exited_tag,
		.what.exited = {
			.code = killed ? 0 : WEXITSTATUS(exec->status),
			.signal = killed ? WTERMSIG(exec->status) : 0,
			.user_us = microseconds(usage->ru_utime),
			.system_us = microseconds(usage->ru_stime),
			.max_rss_kib = usage->ru_maxrss,
			.minor_faults = usage->ru_minflt,
			.major_faults = usage->ru_majflt,
			.voluntary_switches = usage->ru_nvcsw,
			.involuntary_switches = usage->ru_nivcsw,
			.limit = exec->limit,
		},
	};

	exec->pid = 0;	/* what still runs of its session was let go on purpose */
	stream_finish(exec->stream, &reply);
}

static void finish_if_over(struct exec *exec)
{
	if (exec->stream && exec->reaped && exec->out.fd < 0 && exec->err.fd < 0)
		report_exit(exec);
}

void exec_reap(void)
{
	struct rusage usage;
	int status;
	pid_t pid;

	while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
		struct exec *exec = execs;

		while (exec && exec->pid != pid)
			exec = exec->next;
		if (!exec)
			continue;
		exec->reaped = true;
		exec->status = status;
		exec->usage = usage;
		if (exec->stream)
			finish_if_over(exec);
		else
			forget(exec);
	}
}

/* Output */

static struct stream *stream_of(struct watch *watch)
{
	struct exec *exec = watch->owner;

	return watch == &exec->out ? exec->stream : exec->errors;
}

static short wants_output(struct watch *watch)
{
	return stream_room(stream_of(watch)) ? POLLIN : 0;
}

static void end_output(struct watch *watch)
{
	struct exec *exec = watch->owner;
	struct stream *stream = stream_of(watch);

	shut(watch);
	stream_data(stream, 0, true);
	if (stream == exec->errors) {
		exec->errors = NULL;
		stream_close(stream);
	}
	finish_if_over(exec);
}

static void move_output(struct watch *watch, short events)
{
	struct exec *exec = watch->owner;
	struct stream *stream = stream_of(watch);
	size_t room = stream_room(stream);
	ssize_t n;

	(void)events;
	if (!room)
		return;	/* an earlier watch filled the line */
	n = read(watch->fd, line_body(), room);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	exec->last_moved = now_ms();
	if (n > 0)
		stream_data(stream, n, false);
	else
		end_output(watch);	/* a terminal ends with EIO */
}

static void output_unwanted(struct stream *stream)
{
	struct exec *exec = stream->owner;
	struct watch *watch = stream == exec->stream ? &exec->out : &exec->err;

	if (watch->fd >= 0)
		end_output(watch);
}

/* Input */

static short wants_input(struct watch *watch)
{
	struct exec *exec = watch->owner;

	return exec->input_len ? POLLOUT : 0;
}

static void move_input(struct watch *watch, short events)
{
	struct exec *exec = watch->owner;
	ssize_t n = write(watch->fd, exec->input + exec->input_head, exec->input_len);

	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	exec->last_moved = now_ms();
	if (n < 0) {	/* the program has closed it */
		n = exec->input_len;
		shut(watch);
		stream_refuse_data(exec->stream);
	}
	exec->input_head += n;
	exec->input_len -= n;
	stream_took(exec->stream, n);
	if (!exec->input_len && exec->input_over)
		shut(watch);
}

static void append_input(struct exec *exec, const void *bytes, size_t len)
{
	if (exec->input_head + exec->input_len + len > INPUT_SIZE) {
		memmove(exec->input, exec->input + exec->input_head, exec->input_len);
		exec->input_head = 0;
	}
	memcpy(exec->input + exec->input_head + exec->input_len, bytes, len);
	exec->input_len += len;
}

static void take_input(struct exec *exec, const uint8_t *bytes, size_t len, bool fin)
{
	exec->input_over |= fin;
	if (exec->in.fd < 0) {
		stream_took(exec->stream, len);
		return;
	}
	append_input(exec, bytes, len);
	if (fin && exec->request.pty)
		append_input(exec, TERMINAL_EOF, 1);
	if (exec->input_len)
		move_input(&exec->in, POLLOUT);
	else if (exec->input_over)
		shut(&exec->in);
}

/* Start */

/* Cuts the next @count strings off @at into a NULL-terminated array; NULL: they are not there. */
static char **cut_strings(char **at, char *end, size_t count)
{
	char **array = calloc(count + 1, sizeof(*array));

	for (size_t i = 0; array && i < count; i++) {
		char *nul = memchr(*at, '\0', end - *at);

		if (!nul) {
			free(array);
			return NULL;
		}
		array[i] = *at;
		*at = nul + 1;
	}
	return array;
}

static void watch_ends(struct exec *exec, const struct spawn *spawn)
{
	exec->in.fd = spawn->in;
	exec->out.fd = spawn->out;
	exec->err.fd = spawn->err;
	if (spawn->in >= 0)
		watch_add(&exec->in);
	watch_add(&exec->out);
	if (spawn->err >= 0)
		watch_add(&exec->err);
}

static int64_t earliest(const struct exec *exec)
{
	int64_t at = exec->time_limit;

	if (exec->request.idle_limit_ms && exec->last_moved + exec->request.idle_limit_ms < at)
		at = exec->last_moved + exec->request.idle_limit_ms;
	return exec->forced_end < at ? exec->forced_end : at;
}

static void report_start(struct exec *exec)
{
	bridge_Reply reply = {
		.which_what = bridge_Reply_started_tag,
		.what.started.pid = exec->pid,
	};

	stream_reply(exec->stream, &reply);
	exec->last_moved = now_ms();
	if (exec->request.time_limit_ms)
		exec->time_limit = exec->last_moved + exec->request.time_limit_ms;
	exec->stream->deadline = earliest(exec);
}

static int launch(struct exec *exec, struct spawn *how)
{
	int error = spawn(how);

	if (error) {
		stream_fail(exec->stream, error, "%s %.160s: %s", how->failed, how->argv[0], strerror(error));
		return error;
	}
	exec->pid = how->pid;
	watch_ends(exec, how);
	report_start(exec);
	return 0;
}

/* All strings are here. */
static void start(struct exec *exec)
{
	char *at = exec->strings, *end = at + exec->request.strings;
	struct spawn how = {
		.cwd = at,
		.input = exec->request.input,
		.pty = exec->request.pty,
		.rows = exec->request.rows,
		.columns = exec->request.columns,
	};
	char **cwd = cut_strings(&at, end, 1);

	how.argv = cwd ? cut_strings(&at, end, exec->request.argc) : NULL;
	how.envp = how.argv ? cut_strings(&at, end, exec->request.envc) : NULL;
	if (how.envp && at == end)
		launch(exec, &how);
	else
		stream_fail(exec->stream, EBADMSG, "exec's %u bytes are not cwd, %u arguments and %u variables",
			    exec->request.strings, exec->request.argc, exec->request.envc);
	free(cwd);
	free(how.argv);
	free(how.envp);
}

static void take_strings(struct exec *exec, const uint8_t *bytes, size_t len)
{
	size_t missing = exec->request.strings - exec->have;

	if (len > missing) {
		stream_fail(exec->stream, EPROTO, "exec's strings are longer than the %u bytes announced",
			    exec->request.strings);
		return;
	}
	memcpy(exec->strings + exec->have, bytes, len);
	exec->have += len;
	exec->stream->deadline = now_ms() + LIMIT_IDLE_MS;
	stream_took(exec->stream, len);
	if (exec->have == exec->request.strings)
		start(exec);
}

static void take_data(struct stream *stream, const uint8_t *bytes, size_t len, bool fin)
{
	struct exec *exec = stream->owner;

	if (exec->have < exec->request.strings)
		take_strings(exec, bytes, len);
	else
		take_input(exec, bytes, len, fin);
}

static void take_request(struct stream *stream, const bridge_Request *request)
{
	if (request->which_what == bridge_Request_kill_tag)
		kill_session(stream->owner, request->what.kill.signal);
	else
		stream_fail(stream, EPROTO, "a program takes only kill, not request %u", request->which_what);
}

/* Limits */

static void strike(struct exec *exec, bridge_Limit limit, int64_t now)
{
	exec->limit = limit;
	exec->time_limit = NEVER;
	exec->request.idle_limit_ms = 0;
	exec->forced_end = now + GRACE_MS;
	kill_session(exec, SIGKILL);
}

static void force_end(struct exec *exec)
{
	bool both = exec->out.fd >= 0 && exec->err.fd >= 0;

	exec->forced_end = NEVER;
	if (both)
		end_output(&exec->err);	/* not the end: output is still open */
	if (exec->out.fd >= 0)
		end_output(&exec->out);
	else if (exec->err.fd >= 0)
		end_output(&exec->err);
}

static void expired(struct stream *stream)
{
	struct exec *exec = stream->owner;
	int64_t now = now_ms();

	if (!exec->pid) {
		stream_fail(stream, ETIMEDOUT, "exec: its strings stopped after %zu of %u bytes for %d s",
			    exec->have, exec->request.strings, LIMIT_IDLE_MS / 1000);
		return;
	}
	stream->deadline = NEVER;
	if (exec->forced_end <= now)
		return force_end(exec);
	if (exec->time_limit <= now)
		strike(exec, bridge_Limit_LIMIT_TIME, now);
	else if (earliest(exec) <= now)
		strike(exec, bridge_Limit_LIMIT_IDLE, now);
	stream->deadline = earliest(exec);
}

static void close_errors(struct stream *stream)
{
	struct exec *exec = stream->owner;

	if (exec->errors != stream)
		return;	/* it has ended already */
	exec->errors = NULL;
	shut(&exec->err);
	finish_if_over(exec);
}

static const struct stream_ops exec_ops = {
	.name = "exec",
	.data = take_data,
	.request = take_request,
	.unwanted = output_unwanted,
	.expired = expired,
	.close = close_exec,
};

static const struct stream_ops errors_ops = {
	.name = "standard error",
	.unwanted = output_unwanted,
	.close = close_errors,
};

static struct exec *make(const bridge_Exec *request)
{
	struct exec *exec = calloc(1, sizeof(*exec));

	if (!exec)
		return NULL;
	exec->request = *request;
	exec->strings = malloc(request->strings);
	exec->input = request->input || request->pty ? malloc(INPUT_SIZE) : NULL;
	exec->in = (struct watch){ -1, wants_input, move_input, exec, false };
	exec->out = (struct watch){ -1, wants_output, move_output, exec, false };
	exec->err = exec->out;
	exec->time_limit = exec->forced_end = NEVER;
	exec->next = execs;
	execs = exec;
	return exec;
}

static bool within_limits(uint16_t id, const bridge_Exec *request)
{
	if (!request->argc)
		stream_refuse(id, EINVAL, "exec without a program: argv is empty");
	else if (exec_children() >= LIMIT_CHILDREN)
		stream_refuse(id, EAGAIN, "all %d programs are running: end one first", LIMIT_CHILDREN);
	else if (request->strings > LIMIT_STRINGS)
		stream_refuse(id, E2BIG, "argv, env and cwd are %u bytes: at most %d fit",
			      request->strings, LIMIT_STRINGS);
	else if (request->strings < request->argc + 1 || request->strings < request->envc + 1)
		stream_refuse(id, EBADMSG, "exec's %u bytes are not cwd, %u arguments and %u variables",
			      request->strings, request->argc, request->envc);
	else
		return true;
	return false;
}

void exec_open(uint16_t id, const bridge_Exec *request)
{
	struct exec *exec;

	if (!within_limits(id, request))
		return;
	exec = make(request);
	if (!exec || !exec->strings || ((request->input || request->pty) && !exec->input)) {
		stream_refuse(id, ENOMEM, "no memory for another program");
		if (exec)
			forget(exec);
		return;
	}
	exec->stream = stream_open(id, &exec_ops, exec);
	if (!exec->stream) {
		forget(exec);
		return;
	}
	exec->stream->deadline = now_ms() + LIMIT_IDLE_MS;
	if (request->pty)
		return;
	exec->errors = stream_open(request->stderr_stream, &errors_ops, exec);
	if (!exec->errors)
		stream_fail(exec->stream, EMFILE, "no stream %u for standard error", request->stderr_stream);
}
