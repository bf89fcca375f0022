// SPDX-License-Identifier: MIT
/* Programs as the host asks for them: the request, its strings, and the start. */
#include "exec.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "limits.h"
#include "spawn.h"
#include "stream.h"
#include "watch.h"

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

static void watch_ends(struct child *child, const struct spawn *spawn)
{
	child->in.fd = spawn->in;
	child->out.fd = spawn->out;
	child->err.fd = spawn->err;
	if (spawn->in >= 0)
		watch_add(&child->in);
	watch_add(&child->out);
	if (spawn->err >= 0)
		watch_add(&child->err);
	child_schedule();
}

static void report_start(struct child *child)
{
	bridge_Reply reply = {
		.which_what = bridge_Reply_started_tag,
		.what.started.pid = child->pid,
	};

	stream_reply(child->stream, &reply);
	child->last_moved = now_ms();
	if (child->request.time_limit_ms)
		child->time_limit = child->last_moved + child->request.time_limit_ms;
	child->stream->deadline = child_deadline(child);
}

static int launch(struct child *child, struct spawn *how)
{
	int error = spawn(how);

	if (error) {
		stream_fail(child->stream, error, "%s %.160s: %s", how->failed, how->argv[0], strerror(error));
		return error;
	}
	child->pid = how->pid;
	watch_ends(child, how);
	report_start(child);
	return 0;
}

/* All strings are here. */
static void start(struct child *child)
{
	char *at = child->strings, *end = at + child->request.strings;
	struct spawn how = {
		.cwd = at,
		.input = child->request.input,
		.pty = child->request.pty,
		.rows = child->request.rows,
		.columns = child->request.columns,
	};
	char **cwd = cut_strings(&at, end, 1);

	how.argv = cwd ? cut_strings(&at, end, child->request.argc) : NULL;
	how.envp = how.argv ? cut_strings(&at, end, child->request.envc) : NULL;
	if (how.envp && at == end)
		launch(child, &how);
	else
		stream_fail(child->stream, EBADMSG, "exec's %u bytes are not cwd, %u arguments and %u variables",
			    child->request.strings, child->request.argc, child->request.envc);
	free(cwd);
	free(how.argv);
	free(how.envp);
}

static void take_strings(struct child *child, const uint8_t *bytes, size_t len)
{
	size_t missing = child->request.strings - child->have;

	if (len > missing) {
		stream_fail(child->stream, EPROTO, "exec's strings are longer than the %u bytes announced",
			    child->request.strings);
		return;
	}
	memcpy(child->strings + child->have, bytes, len);
	child->have += len;
	child->stream->deadline = now_ms() + LIMIT_IDLE_MS;
	stream_took(child->stream, len);
	if (child->have == child->request.strings)
		start(child);
}

static void take_data(struct stream *stream, const uint8_t *bytes, size_t len, bool fin)
{
	struct child *child = stream->owner;

	if (child->have < child->request.strings)
		take_strings(child, bytes, len);
	else
		child_take_input(child, bytes, len, fin);
}

static void take_request(struct stream *stream, const bridge_Request *request)
{
	if (request->which_what == bridge_Request_kill_tag)
		child_kill(stream->owner, request->what.kill.signal);
	else
		stream_fail(stream, EPROTO, "a program takes only kill, not request %u", request->which_what);
}

static void close_errors(struct stream *stream)
{
	struct child *child = stream->owner;

	if (child->errors != stream)
		return;	/* it has ended already */
	child->errors = NULL;
	child_shut(&child->err);
	child_finish_if_over(child);
}

static const struct stream_ops exec_ops = {
	.name = "exec",
	.data = take_data,
	.request = take_request,
	.unwanted = child_output_unwanted,
	.expired = child_expired,
	.close = child_close,
};

static const struct stream_ops errors_ops = {
	.name = "standard error",
	.unwanted = child_output_unwanted,
	.close = close_errors,
};

static bool within_limits(uint16_t id, const bridge_Exec *request)
{
	if (!request->argc)
		stream_refuse(id, EINVAL, "exec without a program: argv is empty");
	else if (exec_children() >= LIMIT_CHILDREN)
		stream_refuse(id, EAGAIN, "all %d programs are running: end one first", LIMIT_CHILDREN);
	else if (request->strings > LIMIT_STRINGS)
		stream_refuse(id, E2BIG, "argv, env and cwd are %u bytes: at most %d fit",
			      request->strings, LIMIT_STRINGS);
	else if (request->argc >= request->strings || request->envc >= request->strings)
		stream_refuse(id, EBADMSG, "exec's %u bytes are not cwd, %u arguments and %u variables",
			      request->strings, request->argc, request->envc);
	else
		return true;
	return false;
}

void exec_open(uint16_t id, const bridge_Exec *request)
{
	struct child *child;

	if (!within_limits(id, request))
		return;
	child = child_make(request);
	if (!child || !child->strings || ((request->input || request->pty) && !child->input)) {
		stream_refuse(id, ENOMEM, "no memory for another program");
		if (child)
			child_forget(child);
		return;
	}
	child->stream = stream_open(id, &exec_ops, child);
	if (!child->stream) {
		child_forget(child);
		return;
	}
	child->stream->deadline = now_ms() + LIMIT_IDLE_MS;
	if (request->pty)
		return;
	child->errors = stream_open(request->stderr_stream, &errors_ops, child);
	if (!child->errors)
		stream_fail(child->stream, EMFILE, "no stream %u for standard error", request->stderr_stream);
}
