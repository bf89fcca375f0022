// SPDX-License-Identifier: MIT
/*
 * The agent: the guest's end of the bridge. It owns one serial port, and is
 * the only one who does.
 *
 *	agent [--fd IN,OUT] [TTY]
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "crc32.h"
#include "exec.h"
#include "line.h"
#include "session.h"
#include "stream.h"
#include "watch.h"

#define DEFAULT_TTY "/dev/ttyS1"
#define CHUNK (16 << 10)

static volatile sig_atomic_t child_ended;

static void on_child(int signal)
{
	(void)signal;
	child_ended = 1;
}

/* SIGCHLD arrives only inside ppoll; a closed pipe is an errno, not a death. */
static void set_signals(void)
{
	struct sigaction action = { .sa_handler = on_child, .sa_flags = SA_NOCLDSTOP };
	sigset_t set;

	sigaction(SIGCHLD, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_SETMASK, &set, NULL);
}

/* Children rely on 0, 1 and 2 being nothing else. */
static void fill_standard_fds(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

static void die(const char *what, const char *name)
{
	fprintf(stderr, "agent: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

static void make_raw(int fd, const char *name)
{
	struct termios mode;

	if (tcgetattr(fd, &mode))
		die("not a terminal:", name);
	cfmakeraw(&mode);
	/* without CRTSCTS the kernel drops what a reader is 64 KiB behind with */
	mode.c_cflag |= CLOCAL | CREAD | CRTSCTS;
	mode.c_cc[VMIN] = 1;
	mode.c_cc[VTIME] = 0;
	if (tcsetattr(fd, TCSANOW, &mode))
		die("cannot make raw:", name);
}

static int open_tty(const char *name)
{
	int fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		die("cannot open", name);
	make_raw(fd, name);
	return fd;
}

static void prepare_fd(int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", fd);
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) || fcntl(fd, F_SETFD, FD_CLOEXEC))
		die("no such descriptor:", name);
}

static void usage(void)
{
	fputs("usage: agent [--fd IN,OUT] [TTY]    (TTY is " DEFAULT_TTY " if not given)\n", stderr);
	exit(2);
}

static void parse_arguments(int argc, char **argv, int *in, int *out)
{
	char rest;

	if (argc == 3 && !strcmp(argv[1], "--fd")) {
		if (sscanf(argv[2], "%d,%d%c", in, out, &rest) != 2)
			usage();
		prepare_fd(*in);
		prepare_fd(*out);
	} else if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		usage();
	} else {
		*in = *out = open_tty(argc == 2 ? argv[1] : DEFAULT_TTY);
	}
}

/* The line as the loop sees it: bytes that wait for the session are kept here. */
static uint8_t chunk[CHUNK];
static size_t chunk_head, chunk_len;
static bool line_gone;

static short wants_line(struct watch *watch)
{
	(void)watch;
	return chunk_len ? 0 : POLLIN;
}

/* Called when the chunk is used up. What a terminal does not give at once, 4,095 bytes at most, is told by poll again. */
static void read_line(struct watch *watch, short events)
{
	ssize_t n = read(watch->fd, chunk, sizeof(chunk));

	(void)events;
	chunk_head = 0;
	chunk_len = n > 0 ? n : 0;
	line_gone = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}

static void feed_session(void)
{
	size_t n = session_input(chunk + chunk_head, chunk_len);

	chunk_head += n;
	chunk_len -= n;
}

static short wants_flush(struct watch *watch)
{
	(void)watch;
	return line_pending() ? POLLOUT : 0;
}

static void flush(struct watch *watch, short events)
{
	(void)watch;
	(void)events;
	/* the loop flushes before each wait */
}

int main(int argc, char **argv)
{
	struct watch input = { .wants = wants_line, .ready = read_line };
	struct watch output = { .wants = wants_flush, .ready = flush };

	fill_standard_fds();
	parse_arguments(argc, argv, &input.fd, &output.fd);
	set_signals();
	crc32_init();
	line_open(output.fd);
	watch_add(&input);
	watch_add(&output);
	session_start();
	while (!line_gone && line_flush()) {
		watch_wait(stream_next_deadline());
		if (child_ended) {
			child_ended = 0;
			exec_reap();
		}
		feed_session();
		stream_expire(now_ms());
	}
	stream_close_all();
	return 0;
}
