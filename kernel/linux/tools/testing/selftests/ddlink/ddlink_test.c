// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contract of ddlink (Documentation/filesystems/ddlink.rst), clause by
 * clause, through /dev/ddecho (CONFIG_SAMPLE_DDLINK), /dev/ddtest
 * (CONFIG_SAMPLE_DDLINK_TEST) and /dev/ddlink (CONFIG_DDLINK_MONITOR).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <linux/ddlink.h>
#include <linux/io_uring.h>
#include <linux/userfaultfd.h>

#include "../kselftest_harness.h"

#ifndef RWF_NOWAIT
#define RWF_NOWAIT 8
#endif

#define ECHO	"/dev/ddecho"
#define TEST_DEV	"/dev/ddtest"
#define CONTROL	"/dev/ddlink"

static int open_link(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), link;

	if (fd < 0)
		return -1;
	link = ioctl(fd, DDLINK_OPEN);
	close(fd);
	return link;
}

/* One message; the result as -errno. */
static ssize_t say(int link, const char *text)
{
	ssize_t ret = write(link, text, strlen(text));

	return ret < 0 ? -errno : ret;
}

/* One item as a string; -errno on failure, 0 when there is none. */
static ssize_t hear(int link, char *text, size_t size)
{
	ssize_t ret = read(link, text, size - 1);

	text[ret > 0 ? ret : 0] = 0;
	return ret < 0 ? -errno : ret;
}

static int readable(int link)
{
	int size = -1;

	return ioctl(link, FIONREAD, &size) ? -errno : size;
}

static short poll_now(int link)
{
	struct pollfd pfd = { .fd = link, .events = POLLIN | POLLOUT };

	return poll(&pfd, 1, 0) < 0 ? -1 : pfd.revents;
}

/* Wait until poll says something of @events, at most 5 s. */
static short poll_for(int link, short events)
{
	struct pollfd pfd = { .fd = link, .events = events };

	return poll(&pfd, 1, 5000) < 0 ? -1 : pfd.revents;
}

static long long info_of(int link, const char *key)
{
	char path[64], line[256];
	long long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", link);
	file = fopen(path, "r");
	if (!file)
		return -1;
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			value = strtoll(line + strlen(key) + 1, NULL, 10);
	}
	fclose(file);
	return value;
}

static long long sysctl_get(const char *name)
{
	char path[64], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/fs/ddlink/%s", name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return -1;
	close(fd);
	return atoll(text);
}

static int sysctl_set(const char *name, const char *value)
{
	char path[64];
	int fd, ret;

	snprintf(path, sizeof(path), "/proc/sys/fs/ddlink/%s", name);
	fd = open(path, O_WRONLY);
	ret = fd < 0 ? -1 : write(fd, value, strlen(value));
	ret = ret < 0 ? -errno : 0;
	close(fd);
	return ret;
}

#define EXPECT_ITEM(link, text) do {					\
	const char *expected = (text);					\
	char heard[4096];						\
	ssize_t len = hear(link, heard, sizeof(heard));			\
	EXPECT_EQ((ssize_t)strlen(expected), len);			\
	EXPECT_STREQ(expected, heard);					\
} while (0)

#define EXPECT_EMPTY(link) do {						\
	char heard[4096];						\
	EXPECT_EQ(0, hear(link, heard, sizeof(heard)))			\
		TH_LOG("unexpected item '%s'", heard);			\
} while (0)

#define EXPECT_SAID(link, text)	do {					\
	const char *said = (text);					\
	EXPECT_EQ((ssize_t)strlen(said), say(link, said));		\
} while (0)

static void on_alarm(int signal)
{
	(void)signal;
}

/* A signal that interrupts what sleeps, in @ms, and every 100 ms after. */
static void interrupt_in(int ms, int flags)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = flags };
	struct itimerval timer = {
		.it_value.tv_usec = ms * 1000,
		.it_interval.tv_usec = 100000,
	};

	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
}

static void no_interrupt(void)
{
	struct itimerval timer = { };

	setitimer(ITIMER_REAL, &timer, NULL);
}

/* ---- making links ---- */

TEST(open_is_close_on_exec)
{
	int link = open_link(ECHO);

	ASSERT_LE(0, link);
	EXPECT_EQ(FD_CLOEXEC, fcntl(link, F_GETFD));
	EXPECT_EQ(O_RDWR, fcntl(link, F_GETFL) & O_ACCMODE);
	close(link);
}

TEST(open_command_is_0xdd)
{
	int fd = open(ECHO, O_RDWR);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0xdd, DDLINK_OPEN);
	EXPECT_EQ(-1, ioctl(fd, 0xde));
	EXPECT_EQ(ENOTTY, errno);
	close(fd);
}

TEST(devices_are_for_everyone)
{
	struct stat st;

	EXPECT_EQ(0, stat(ECHO, &st));
	EXPECT_EQ(0666, st.st_mode & 0777);
	EXPECT_EQ(0, stat(CONTROL, &st));
	EXPECT_EQ(0666, st.st_mode & 0777);
}

TEST(descriptor_limit)
{
	struct rlimit old, limit;
	int fd = open(ECHO, O_RDWR);

	ASSERT_LE(0, fd);
	getrlimit(RLIMIT_NOFILE, &old);
	limit = old;
	limit.rlim_cur = fd + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-1, ioctl(fd, DDLINK_OPEN));
	EXPECT_EQ(EMFILE, errno);
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	close(fd);
}

TEST(failed_open_releases_the_component)
{
	struct rlimit old, limit;
	int fd = open(TEST_DEV, O_RDWR), link;
	char live[16];

	if (fd < 0)
		SKIP(return, "no " TEST_DEV);
	getrlimit(RLIMIT_NOFILE, &old);
	limit = old;
	limit.rlim_cur = fd + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_EQ(-1, ioctl(fd, DDLINK_OPEN));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	link = open_link(TEST_DEV);
	EXPECT_SAID(link, "live");
	EXPECT_LT(0, hear(link, live, sizeof(live)));
	EXPECT_EQ(1, atoi(live));
	close(link);
	close(fd);
}

/* ---- reading and writing ---- */

FIXTURE(echo) {
	int link;
};

FIXTURE_SETUP(echo)
{
	self->link = open_link(ECHO);
	ASSERT_LE(0, self->link);
}

FIXTURE_TEARDOWN(echo)
{
	close(self->link);
}

TEST_F(echo, message_comes_back)
{
	EXPECT_SAID(self->link, "hello");
	EXPECT_ITEM(self->link, "hello");
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, items_keep_their_bounds_and_order)
{
	EXPECT_SAID(self->link, "one");
	EXPECT_SAID(self->link, "two");
	EXPECT_SAID(self->link, "three");
	EXPECT_ITEM(self->link, "one");
	EXPECT_ITEM(self->link, "two");
	EXPECT_ITEM(self->link, "three");
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, every_byte_value_passes)
{
	unsigned char out[256], in[300];
	int i;

	for (i = 0; i < 256; i++)
		out[i] = i;
	EXPECT_EQ(256, write(self->link, out, 256));
	EXPECT_EQ(256, read(self->link, in, sizeof(in)));
	EXPECT_EQ(0, memcmp(out, in, 256));
}

TEST_F(echo, empty_read_is_zero_at_once)
{
	char byte;

	EXPECT_EQ(0, read(self->link, &byte, 1));
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(0, read(self->link, &byte, 1));
}

TEST_F(echo, short_buffer_is_eio_and_keeps_the_item)
{
	char heard[8];
	int size;

	EXPECT_SAID(self->link, "hello");
	for (size = 0; size < 5; size++) {
		EXPECT_EQ(-1, read(self->link, heard, size));
		EXPECT_EQ(EIO, errno);
		EXPECT_EQ(5, readable(self->link));
	}
	EXPECT_EQ(5, read(self->link, heard, 5));
	EXPECT_EQ(0, memcmp(heard, "hello", 5));
}

TEST_F(echo, read_of_length_zero)
{
	char byte;

	EXPECT_EQ(0, read(self->link, &byte, 0));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(-1, read(self->link, &byte, 0));
	EXPECT_EQ(EIO, errno);
	EXPECT_ITEM(self->link, "x");
}

TEST_F(echo, write_of_length_zero)
{
	EXPECT_EQ(0, write(self->link, "", 0));
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, faults_keep_the_item)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, munmap(map + page, page));
	EXPECT_SAID(self->link, "hello");
	EXPECT_EQ(-1, read(self->link, NULL, 5));
	EXPECT_EQ(EFAULT, errno);
	/* a fault in the middle of the buffer */
	EXPECT_EQ(-1, read(self->link, map + page - 2, 5));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(5, readable(self->link));
	EXPECT_ITEM(self->link, "hello");
	/* and of the message */
	EXPECT_EQ(-1, write(self->link, map + page - 2, 5));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EMPTY(self->link);
	munmap(map, page);
}

TEST_F(echo, largest_message)
{
	size_t size = DDLINK_ITEM_MAX, i;
	char *out = malloc(size + 1), *in = malloc(size + 1);

	ASSERT_NE(NULL, out);
	ASSERT_NE(NULL, in);
	for (i = 0; i <= size; i++)
		out[i] = i * 7 + i / 4096;
	EXPECT_EQ(-1, write(self->link, out, size + 1));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ((ssize_t)size, write(self->link, out, size));
	EXPECT_EQ((int)size, readable(self->link));
	EXPECT_EQ((ssize_t)size, read(self->link, in, size + 1));
	EXPECT_EQ(0, memcmp(out, in, size));
	free(out);
	free(in);
}

TEST_F(echo, vectors_are_one_message_and_one_item)
{
	char a[3], b[4] = "";
	struct iovec out[] = { { "hel", 3 }, { "", 0 }, { "lo", 2 } };
	struct iovec in[] = { { a, 3 }, { b, 3 } };
	struct iovec none[] = { { a, 0 }, { b, 0 } };

	EXPECT_EQ(5, writev(self->link, out, 3));
	EXPECT_EQ(0, readv(self->link, none, 2));
	in[1].iov_len = 1;
	EXPECT_EQ(-1, readv(self->link, in, 2));
	EXPECT_EQ(EIO, errno);
	in[1].iov_len = 3;
	EXPECT_EQ(5, readv(self->link, in, 2));
	EXPECT_EQ(0, memcmp(a, "hel", 3));
	EXPECT_STREQ("lo", b);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, writev(self->link, none, 2));
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, no_positions)
{
	char byte;

	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(-1, pread(self->link, &byte, 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pwrite(self->link, &byte, 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, lseek(self->link, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_ITEM(self->link, "x");
}

TEST_F(echo, no_splice)
{
	int pipefd[2];

	ASSERT_EQ(0, pipe(pipefd));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(-1, splice(self->link, NULL, pipefd[1], NULL, 1, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(1, write(pipefd[1], "y", 1));
	EXPECT_EQ(-1, splice(pipefd[0], NULL, self->link, NULL, 1, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_ITEM(self->link, "x");
	close(pipefd[0]);
	close(pipefd[1]);
}

TEST_F(echo, nowait)
{
	char heard[8];
	struct iovec out = { "hello", 5 }, in = { heard, sizeof(heard) };

	EXPECT_EQ(0, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(5, syscall(SYS_pwritev2, self->link, &out, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(5, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
}

TEST_F(echo, fionread_is_the_next_item)
{
	EXPECT_EQ(0, readable(self->link));
	EXPECT_SAID(self->link, "four");
	EXPECT_SAID(self->link, "seven..");
	EXPECT_EQ(4, readable(self->link));
	EXPECT_ITEM(self->link, "four");
	EXPECT_EQ(7, readable(self->link));
	EXPECT_EQ(-1, ioctl(self->link, FIONREAD, NULL));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(echo, unknown_ioctl)
{
	EXPECT_EQ(-1, ioctl(self->link, DDLINK_OPEN));
	EXPECT_EQ(ENOTTY, errno);
}

TEST_F(echo, fdinfo_tells)
{
	long long first;
	int other;

	EXPECT_SAID(self->link, "four");
	EXPECT_SAID(self->link, "seven..");
	EXPECT_EQ(2, info_of(self->link, "items"));
	EXPECT_EQ(11, info_of(self->link, "bytes"));
	EXPECT_EQ(4, info_of(self->link, "next"));
	EXPECT_EQ(2, info_of(self->link, "charged-items"));
	EXPECT_LT(11, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(sysctl_get("max_items"), info_of(self->link, "max-items"));
	EXPECT_EQ(sysctl_get("max_bytes"), info_of(self->link, "max-bytes"));
	EXPECT_EQ(0, info_of(self->link, "dropped"));
	EXPECT_ITEM(self->link, "four");
	EXPECT_ITEM(self->link, "seven..");
	EXPECT_EQ(0, info_of(self->link, "items"));
	EXPECT_EQ(0, info_of(self->link, "bytes"));
	EXPECT_EQ(0, info_of(self->link, "charged-items"));
	EXPECT_EQ(0, info_of(self->link, "charged-bytes"));
	EXPECT_EQ(2, info_of(self->link, "peak"));
	first = info_of(self->link, "link");
	other = open_link(ECHO);
	EXPECT_LT(first, info_of(other, "link"));
	close(other);
}

/* ---- poll ---- */

TEST_F(echo, poll_level)
{
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(POLLOUT, poll_now(self->link));
}

TEST_F(echo, poll_full)
{
	int i, err = 0;
	char *big = calloc(1, DDLINK_ITEM_MAX);

	ASSERT_NE(NULL, big);
	/* by count */
	for (i = 0; i < sysctl_get("max_items"); i++)
		err |= write(self->link, "x", 1) != 1;
	EXPECT_EQ(0, err);
	EXPECT_EQ(POLLIN, poll_now(self->link));
	EXPECT_EQ(-ENOBUFS, say(self->link, "x"));
	EXPECT_EQ(sysctl_get("max_items"), info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	while (readable(self->link))
		EXPECT_ITEM(self->link, "x");
	/* by bytes: what comes while there is room is let in */
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_EQ(DDLINK_ITEM_MAX, write(self->link, big, DDLINK_ITEM_MAX));
	EXPECT_EQ(POLLIN, poll_now(self->link));
	EXPECT_EQ(-ENOBUFS, say(self->link, "x"));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(POLLIN, poll_now(self->link));
	EXPECT_EQ(DDLINK_ITEM_MAX, read(self->link, big, DDLINK_ITEM_MAX));
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	free(big);
}

static void *read_later(void *arg)
{
	char heard[64];

	usleep(50000);
	return (void *)hear(*(int *)arg, heard, sizeof(heard));
}

TEST_F(echo, poll_woken_by_room)
{
	pthread_t thread;
	int i;

	for (i = 0; i < sysctl_get("max_items"); i++)
		EXPECT_SAID(self->link, "x");
	EXPECT_EQ(POLLIN, poll_now(self->link));
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_later, &self->link));
	EXPECT_EQ(POLLOUT, poll_for(self->link, POLLOUT));
	pthread_join(thread, NULL);
}

static void *write_later(void *arg)
{
	usleep(50000);
	return (void *)say(*(int *)arg, "x");
}

TEST_F(echo, poll_and_select_wait)
{
	struct timeval limit = { .tv_sec = 5 };
	pthread_t thread;
	fd_set in;

	ASSERT_EQ(0, pthread_create(&thread, NULL, write_later, &self->link));
	EXPECT_EQ(POLLIN, poll_for(self->link, POLLIN));
	pthread_join(thread, NULL);
	EXPECT_ITEM(self->link, "x");
	ASSERT_EQ(0, pthread_create(&thread, NULL, write_later, &self->link));
	FD_ZERO(&in);
	FD_SET(self->link, &in);
	EXPECT_EQ(1, select(self->link + 1, &in, NULL, NULL, &limit));
	pthread_join(thread, NULL);
}

TEST_F(echo, poll_interrupted)
{
	struct pollfd pfd = { .fd = self->link, .events = POLLIN };

	interrupt_in(20, SA_RESTART);
	EXPECT_EQ(-1, poll(&pfd, 1, 5000));
	EXPECT_EQ(EINTR, errno);
	no_interrupt();
}

TEST_F(echo, epoll_edge_and_oneshot)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET }, got;
	int ep = epoll_create1(0);

	ASSERT_LE(0, ep);
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->link, &event));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	EXPECT_SAID(self->link, "y");
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));

	event.events = EPOLLIN | EPOLLONESHOT;
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_MOD, self->link, &event));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));
	EXPECT_SAID(self->link, "z");
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));

	event.events = EPOLLIN;
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_MOD, self->link, &event));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	close(ep);
}

TEST_F(echo, epoll_edge_for_room)
{
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET }, got;
	int ep = epoll_create1(0), i;

	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->link, &event));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	for (i = 0; i < sysctl_get("max_items"); i++)
		EXPECT_SAID(self->link, "x");
	while (epoll_wait(ep, &got, 1, 0) > 0)
		;
	EXPECT_EQ(-ENOBUFS, say(self->link, "x"));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));
	EXPECT_EQ(EPOLLOUT, got.events);
	close(ep);
}

/* ---- sharing ---- */

TEST_F(echo, fork_shares_the_queue)
{
	int status;
	pid_t pid;

	EXPECT_SAID(self->link, "before");
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		char heard[16];

		if (hear(self->link, heard, sizeof(heard)) != 6)
			_exit(1);
		_exit(say(self->link, "child") != 5);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_ITEM(self->link, "child");
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, queue_outlives_the_writer)
{
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid)
		_exit(say(self->link, "left behind") != 11);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_ITEM(self->link, "left behind");
}

TEST_F(echo, dup_shares_the_queue)
{
	int other = dup(self->link);

	EXPECT_SAID(self->link, "x");
	close(self->link);
	EXPECT_ITEM(other, "x");
	self->link = other;
}

static int send_fd(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	return sendmsg(sock, &msg, 0);
}

static int receive_fd(int sock)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(sock, &msg, 0) == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	return fd;
}

TEST_F(echo, passed_over_a_socket)
{
	int pair[2], other;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		SKIP(return, "no Unix sockets");
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(1, send_fd(pair[0], self->link));
	close(self->link);
	other = receive_fd(pair[1]);
	ASSERT_LE(0, other);
	EXPECT_ITEM(other, "x");
	self->link = other;
	close(pair[0]);
	close(pair[1]);
}

#define CROWD_ITEMS	2000

struct crowd {
	int link;
	int id;			/* of this writer */
	int *left;		/* items yet to be read, shared by the readers */
	int seen[2];		/* per writer: items read, if a reader */
	int disorder;
};

static void *crowd_writer(void *arg)
{
	struct crowd *crowd = arg;
	int n, message[2] = { crowd->id };

	for (n = 1; n <= CROWD_ITEMS; n++) {
		message[1] = n;
		while (write(crowd->link, message, sizeof(message)) < 0) {
			if (errno != ENOBUFS)
				return (void *)1;
			poll_for(crowd->link, POLLOUT);
		}
	}
	return NULL;
}

static void *crowd_reader(void *arg)
{
	struct crowd *crowd = arg;
	int last[2] = { }, item[2];

	while (__atomic_load_n(crowd->left, __ATOMIC_SEQ_CST) > 0) {
		if (read(crowd->link, item, sizeof(item)) != sizeof(item)) {
			poll(&(struct pollfd){ crowd->link, POLLIN, 0 }, 1, 10);
			continue;
		}
		__atomic_sub_fetch(crowd->left, 1, __ATOMIC_SEQ_CST);
		crowd->seen[item[0]]++;
		crowd->disorder += item[1] <= last[item[0]];
		last[item[0]] = item[1];
	}
	return NULL;
}

TEST_F(echo, crowd_exactly_once_in_order)
{
	int left = 2 * CROWD_ITEMS, i;
	struct crowd writers[2], readers[2];
	pthread_t threads[4];
	void *failed;

	for (i = 0; i < 2; i++) {
		writers[i] = (struct crowd){ .link = self->link, .id = i };
		readers[i] = (struct crowd){ .link = self->link, .left = &left };
		pthread_create(&threads[i], NULL, crowd_writer, &writers[i]);
		pthread_create(&threads[2 + i], NULL, crowd_reader, &readers[i]);
	}
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], &failed);
		EXPECT_EQ(NULL, failed);
	}
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(CROWD_ITEMS, readers[0].seen[i] + readers[1].seen[i]);
		EXPECT_EQ(0, readers[i].disorder);
	}
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, close_frees_what_is_queued)
{
	int i, j, link;

	for (i = 0; i < 64; i++) {
		link = open_link(ECHO);
		ASSERT_LE(0, link);
		for (j = 0; j < 32; j++)
			EXPECT_SAID(link, "never read");
		close(link);
	}
}

/* ---- io_uring ---- */

/* A ring with room for one request at a time. */
struct ring {
	int fd;
	struct io_uring_params params;
	char *queue;
	struct io_uring_sqe *sqes;
};

static int ring_open(struct ring *ring)
{
	size_t size;

	memset(ring, 0, sizeof(*ring));
	ring->fd = syscall(__NR_io_uring_setup, 1, &ring->params);
	if (ring->fd < 0)
		return -1;
	size = ring->params.cq_off.cqes +
	       ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->queue = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			   ring->fd, IORING_OFF_SQ_RING);
	ring->sqes = mmap(NULL, sizeof(*ring->sqes), PROT_READ | PROT_WRITE,
			  MAP_SHARED, ring->fd, IORING_OFF_SQES);
	return ring->queue == MAP_FAILED || ring->sqes == MAP_FAILED ? -1 : 0;
}

/* One read or write through the ring; what it returned. */
static int ring_do(struct ring *ring, int op, int fd, void *data, size_t len)
{
	unsigned int *tail = (void *)(ring->queue + ring->params.sq_off.tail);
	unsigned int *array = (void *)(ring->queue + ring->params.sq_off.array);
	unsigned int *head = (void *)(ring->queue + ring->params.cq_off.head);
	struct io_uring_cqe *cqes = (void *)(ring->queue + ring->params.cq_off.cqes);
	unsigned int mask = ring->params.cq_entries - 1;
	int ret;

	ring->sqes[0] = (struct io_uring_sqe){
		.opcode = op, .fd = fd, .addr = (unsigned long)data, .len = len,
		.off = -1,
	};
	array[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		return -errno;
	ret = cqes[*head & mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return ret;
}

/* Threads of this process, io_uring's workers among them. */
static int threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int count = -2;		/* . and .. */

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

TEST_F(echo, io_uring_needs_no_worker)
{
	char heard[8] = "";
	struct ring ring;

	if (ring_open(&ring))
		SKIP(return, "no io_uring");
	EXPECT_EQ(0, ring_do(&ring, IORING_OP_READ, self->link, heard, 8));
	EXPECT_EQ(5, ring_do(&ring, IORING_OP_WRITE, self->link, "hello", 5));
	EXPECT_EQ(-EIO, ring_do(&ring, IORING_OP_READ, self->link, heard, 4));
	EXPECT_EQ(5, ring_do(&ring, IORING_OP_READ, self->link, heard, 8));
	EXPECT_STREQ("hello", heard);
	EXPECT_EQ(1, threads());
	close(ring.fd);
}

/* ---- sysctls ---- */

TEST(sysctls)
{
	long long items = sysctl_get("max_items"), bytes = sysctl_get("max_bytes");
	static char big[8192];
	char text[16];
	int link;

	EXPECT_EQ(1024, items);
	EXPECT_EQ(2 * DDLINK_ITEM_MAX, bytes);
	if (sysctl_set("max_items", "3"))
		SKIP(return, "not root");
	EXPECT_EQ(-EINVAL, sysctl_set("max_items", "0"));
	link = open_link(ECHO);
	EXPECT_SAID(link, "1");
	EXPECT_SAID(link, "2");
	EXPECT_SAID(link, "3");
	EXPECT_EQ(-ENOBUFS, say(link, "4"));
	close(link);
	sprintf(text, "%lld", items);
	EXPECT_EQ(0, sysctl_set("max_items", text));

	EXPECT_EQ(0, sysctl_set("max_bytes", "4096"));
	link = open_link(ECHO);
	EXPECT_SAID(link, "fits");
	/* there is room, though not for all of it: let in, and then full */
	EXPECT_EQ(sizeof(big), write(link, big, sizeof(big)));
	EXPECT_EQ(POLLIN, poll_now(link));
	EXPECT_EQ(-ENOBUFS, say(link, "full"));
	close(link);
	sprintf(text, "%lld", bytes);
	EXPECT_EQ(0, sysctl_set("max_bytes", text));
}

/* ---- what a component may do ---- */

FIXTURE(component) {
	int link;
};

FIXTURE_SETUP(component)
{
	self->link = open_link(TEST_DEV);
	if (self->link < 0)
		SKIP(return, "no " TEST_DEV);
}

FIXTURE_TEARDOWN(component)
{
	close(self->link);
}

TEST_F(component, posts_come_before_queued_in_order)
{
	EXPECT_SAID(self->link, "queues 2");
	EXPECT_SAID(self->link, "posts 3");
	EXPECT_SAID(self->link, "post last");
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_SAID(self->link, "post more");
	EXPECT_ITEM(self->link, "2");
	EXPECT_ITEM(self->link, "last");
	EXPECT_ITEM(self->link, "more");
	EXPECT_ITEM(self->link, "0");
	EXPECT_SAID(self->link, "post now");
	EXPECT_ITEM(self->link, "now");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, error_text)
{
	EXPECT_EQ(-EPERM, say(self->link, "error 1 not for you"));
	EXPECT_ITEM(self->link, "not for you");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(-EPERM, say(self->link, "fail 1"));
	EXPECT_EMPTY(self->link);
}

TEST_F(component, error_text_comes_first)
{
	EXPECT_SAID(self->link, "queues 1");
	EXPECT_SAID(self->link, "post early");
	EXPECT_EQ(-EIO, say(self->link, "fail-after-post"));
	EXPECT_ITEM(self->link, "posted first");
	EXPECT_ITEM(self->link, "early");
	EXPECT_ITEM(self->link, "1");
	EXPECT_SAID(self->link, "post late");
	EXPECT_ITEM(self->link, "late");
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, unread_error_text_is_dropped)
{
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 new"));
	EXPECT_ITEM(self->link, "new");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_SAID(self->link, "post data");
	EXPECT_ITEM(self->link, "data");
	EXPECT_EMPTY(self->link);
	/* by an ioctl as well, but not by FIONREAD, nor by a write of nothing */
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(3, readable(self->link));
	EXPECT_EQ(0, write(self->link, "", 0));
	EXPECT_EQ(3, readable(self->link));
	EXPECT_EQ(7, ioctl(self->link, _IO('t', 1), 5));
	EXPECT_ITEM(self->link, "5");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, refused_message_drops_the_error_text)
{
	static char big[DDLINK_ITEM_MAX + 1];

	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(-1, write(self->link, big, sizeof(big)));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(-1, write(self->link, NULL, 5));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EMPTY(self->link);
	/* what is no command leaves it: isatty() for one */
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	EXPECT_EQ(0, isatty(self->link));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_ITEM(self->link, "old");
}

TEST_F(component, short_read_of_error_text_leaves_it)
{
	char byte;

	EXPECT_EQ(-EPERM, say(self->link, "error 1 text"));
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_EQ(EIO, errno);
	EXPECT_ITEM(self->link, "text");
	EXPECT_EQ(-EPERM, say(self->link, "error 1 text"));
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_SAID(self->link, "post data");
	EXPECT_ITEM(self->link, "data");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, error_text_is_escaped_and_bounded)
{
	char out[1000], in[2000];
	ssize_t len;

	EXPECT_EQ(-EPERM, say(self->link, "error 1 a\x1b[2Jb\nc\x7f\xc3\xa4"));
	EXPECT_ITEM(self->link, "a\\x1b[2Jb\\x0ac\\x7f\\xc3\\xa4");
	memset(out, '\n', sizeof(out));
	memcpy(out, "error 1 ", 8);
	EXPECT_EQ(-1, write(self->link, out, sizeof(out)));
	EXPECT_EQ(EPERM, errno);
	len = hear(self->link, in, sizeof(in));
	EXPECT_LT(100, len);
	EXPECT_GT(1000, len);
}

TEST_F(component, error_text_needs_no_room)
{
	EXPECT_SAID(self->link, "limit 2 4096");
	EXPECT_SAID(self->link, "posts 2");
	EXPECT_EQ(-ENOBUFS, say(self->link, "posts 1"));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 full"));
	EXPECT_EQ(3, info_of(self->link, "items"));
	EXPECT_EQ(-ENOBUFS, say(self->link, "posts 1"));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 full"));
	EXPECT_ITEM(self->link, "full");
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, reservation_comes_before_effect)
{
	EXPECT_SAID(self->link, "limit 5 1048576");
	EXPECT_SAID(self->link, "reserve 4");
	EXPECT_EQ(0, info_of(self->link, "items"));
	EXPECT_SAID(self->link, "posts 1");
	EXPECT_EQ(0, poll_now(self->link) & POLLOUT);
	EXPECT_EQ(-ENOBUFS, say(self->link, "posts 1"));
	/* what is reserved still fits */
	EXPECT_SAID(self->link, "spend");
	EXPECT_EQ(5, info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "0");
	/* given back unused */
	while (readable(self->link)) {
		char heard[16];

		EXPECT_EQ(4, hear(self->link, heard, sizeof(heard)));
	}
	EXPECT_SAID(self->link, "reserve 4");
	EXPECT_SAID(self->link, "unreserve");
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	EXPECT_SAID(self->link, "limit 3 1048576");
	EXPECT_EQ(-ENOBUFS, say(self->link, "reserve 4"));
	EXPECT_EQ(0, poll_now(self->link));
}

TEST_F(component, undone_reservation_is_room)
{
	EXPECT_SAID(self->link, "limit 4 1048576");
	EXPECT_SAID(self->link, "posts 1");
	EXPECT_EQ(-ENOBUFS, say(self->link, "reserve 4"));
	EXPECT_EQ(POLLIN, poll_now(self->link));
	EXPECT_SAID(self->link, "unreserve");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_ITEM(self->link, "0");
}

TEST_F(component, zero_size_items_are_refused)
{
	EXPECT_EQ(-EMSGSIZE, say(self->link, "post"));
	EXPECT_EMPTY(self->link);
}

TEST_F(component, losses_are_told_in_their_place)
{
	struct ddlink_overflow overflow;

	EXPECT_SAID(self->link, "limit 2 4096");
	EXPECT_SAID(self->link, "queues 5");
	EXPECT_EQ(3, info_of(self->link, "dropped"));
	EXPECT_EQ(3, info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "0");
	EXPECT_SAID(self->link, "queues 1");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EQ((int)sizeof(overflow), readable(self->link));
	/* while it waits, its count grows */
	EXPECT_SAID(self->link, "lose 4");
	EXPECT_EQ((ssize_t)sizeof(overflow),
		  read(self->link, &overflow, sizeof(overflow)));
	EXPECT_EQ(DDLINK_OVERFLOW_MAGIC, overflow.magic);
	EXPECT_EQ(7, overflow.lost);
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(7, info_of(self->link, "dropped"));
	/* and a new one begins at the next loss */
	EXPECT_SAID(self->link, "lose 1");
	EXPECT_EQ((ssize_t)sizeof(overflow),
		  read(self->link, &overflow, sizeof(overflow)));
	EXPECT_EQ(1, overflow.lost);
	EXPECT_EMPTY(self->link);
}

TEST_F(component, items_from_interrupt_context)
{
	EXPECT_SAID(self->link, "later 20 3");
	EXPECT_EQ(POLLIN, poll_for(self->link, POLLIN));
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_ITEM(self->link, "2");
	EXPECT_EMPTY(self->link);
}

TEST_F(component, close_with_results_on_their_way)
{
	int i, link;

	for (i = 0; i < 20; i++) {
		link = open_link(TEST_DEV);
		EXPECT_SAID(link, "later 1 100");
		usleep(i * 200);
		close(link);
	}
}

TEST_F(component, ioctl_belongs_to_the_component)
{
	EXPECT_EQ(7, ioctl(self->link, _IO('t', 1), 42));
	EXPECT_ITEM(self->link, "42");
	EXPECT_EQ(-1, ioctl(self->link, _IO('t', 3)));
	EXPECT_EQ(EPERM, errno);
	EXPECT_ITEM(self->link, "not by ioctl");
	EXPECT_EQ(-1, ioctl(self->link, _IO('t', 99)));
	EXPECT_EQ(ENOTTY, errno);
}

static void *hearing_again(void *arg)
{
	usleep(50000);
	return (void *)say(*(int *)arg, "deaf 0");
}

TEST_F(component, poll_is_the_handlers_to_change)
{
	pthread_t thread;

	EXPECT_SAID(self->link, "deaf 1");
	EXPECT_EQ(0, poll_now(self->link));
	EXPECT_SAID(self->link, "deaf 0");
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	/* and to tell of */
	EXPECT_SAID(self->link, "deaf 1");
	ASSERT_EQ(0, pthread_create(&thread, NULL, hearing_again, &self->link));
	EXPECT_EQ(POLLOUT, poll_for(self->link, POLLOUT));
	pthread_join(thread, NULL);
}

TEST_F(component, rights_are_the_makers)
{
	EXPECT_SAID(self->link, "uid");
	EXPECT_ITEM(self->link, "0");
	if (seteuid(1000))
		SKIP(return, "not root");
	EXPECT_SAID(self->link, "uid");
	EXPECT_ITEM(self->link, "0");
	EXPECT_EQ(0, seteuid(0));
}

static void *sleep_in_handler(void *arg)
{
	return (void *)say(*(int *)arg, "sleep 1000");
}

/* Wait until a handler sleeps, at most 5 s. */
static void wait_for_sleeper(void)
{
	int link = open_link(TEST_DEV), i;
	char count[16] = "0";

	for (i = 0; i < 1000 && !atoi(count); i++) {
		usleep(5000);
		say(link, "sleepers");
		hear(link, count, sizeof(count));
	}
	close(link);
}

TEST_F(component, commands_come_one_at_a_time)
{
	char heard[16];
	struct iovec in = { heard, sizeof(heard) }, out = { "calls", 5 };
	pthread_t thread;
	void *ret;

	EXPECT_SAID(self->link, "queues 2");
	ASSERT_EQ(0, pthread_create(&thread, NULL, sleep_in_handler, &self->link));
	wait_for_sleeper();
	/* reads go on meanwhile, and FIONREAD, and poll */
	EXPECT_EQ(1, readable(self->link));
	EXPECT_ITEM(self->link, "0");
	EXPECT_EQ(1, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	/* another command must not wait if it is told so */
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-EAGAIN, say(self->link, "calls"));
	EXPECT_EQ(-1, ioctl(self->link, _IO('t', 1), 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, 0));
	/* may be interrupted before it begins */
	interrupt_in(20, 0);
	EXPECT_EQ(-EINTR, say(self->link, "calls"));
	no_interrupt();
	/* or waits */
	EXPECT_SAID(self->link, "calls");
	EXPECT_ITEM(self->link, "3");
	pthread_join(thread, &ret);
	EXPECT_EQ(10, (long)ret);
	/* a handler that may sleep is not for io_uring's fast path */
	EXPECT_EQ(-1, syscall(SYS_pwritev2, self->link, &out, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EMPTY(self->link);
}

TEST_F(component, commands_are_not_restarted)
{
	interrupt_in(20, SA_RESTART);
	EXPECT_EQ(-EINTR, say(self->link, "sleep 3000"));
	EXPECT_EQ(-1, ioctl(self->link, _IO('t', 2), 3000));
	EXPECT_EQ(EINTR, errno);
	no_interrupt();
	EXPECT_SAID(self->link, "calls");
	EXPECT_ITEM(self->link, "2");
}

TEST_F(component, hangup)
{
	struct timeval limit = { .tv_sec = 5 };
	fd_set out;
	int size;

	EXPECT_SAID(self->link, "posts 2");
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
	EXPECT_EQ(POLLIN | POLLHUP, poll_now(self->link));
	/* select() for writing returns, for write to say why */
	FD_ZERO(&out);
	FD_SET(self->link, &out);
	EXPECT_EQ(1, select(self->link + 1, NULL, &out, NULL, &limit));
	EXPECT_EQ(-ENODEV, say(self->link, "post x"));
	EXPECT_EQ(-1, ioctl(self->link, _IO('t', 1), 1));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, ioctl(self->link, FIONREAD, &size));
	EXPECT_EQ(1, size);
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(POLLHUP, poll_now(self->link));
	EXPECT_EQ(0, readable(self->link));
}

static void *wait_exclusively(void *arg)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int ep = epoll_create1(0), link = *(int *)arg;
	long ret;

	epoll_ctl(ep, EPOLL_CTL_ADD, link, &event);
	ret = epoll_wait(ep, &event, 1, 5000);
	close(ep);
	return (void *)ret;
}

TEST_F(component, hangup_wakes_everybody)
{
	pthread_t threads[2];
	void *ret;
	int i;

	EXPECT_SAID(self->link, "deaf 1");
	EXPECT_SAID(self->link, "hangup 300");
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, wait_exclusively,
					    &self->link));
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], &ret);
		EXPECT_EQ(1, (long)ret) TH_LOG("waiter %d", i);
	}
}

TEST_F(component, hangup_stops_queueing)
{
	EXPECT_SAID(self->link, "later 100 3");
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
	usleep(200000);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, info_of(self->link, "dropped"));
}

TEST_F(component, hangup_waits_for_the_command)
{
	EXPECT_SAID(self->link, "hangup 50");
	EXPECT_SAID(self->link, "sleep 300");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
}

TEST_F(component, hangup_of_a_group)
{
	int other = open_link(TEST_DEV), third = open_link(TEST_DEV);

	EXPECT_SAID(other, "posts 1");
	close(third);
	EXPECT_SAID(self->link, "hangup-all 1");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
	EXPECT_EQ(POLLHUP, poll_for(other, 0));
	EXPECT_ITEM(other, "0");
	EXPECT_EMPTY(other);
	close(other);
	other = open_link(TEST_DEV);
	EXPECT_EQ(POLLOUT, poll_now(other));
	close(other);
}

TEST_F(component, queueing_after_the_last_close)
{
	int other = open_link(TEST_DEV);
	char epipe[16];

	EXPECT_SAID(other, "keep");
	close(other);
	EXPECT_SAID(self->link, "late");
	sprintf(epipe, "%d", -EPIPE);
	EXPECT_ITEM(self->link, epipe);
}

TEST_F(component, last_close_tells_the_component)
{
	int other = open_link(TEST_DEV), copy = dup(other);

	EXPECT_SAID(self->link, "live");
	EXPECT_ITEM(self->link, "2");
	EXPECT_SAID(other, "posts 5");
	EXPECT_SAID(other, "reserve 10");
	close(other);
	EXPECT_SAID(self->link, "live");
	EXPECT_ITEM(self->link, "2");
	close(copy);
	EXPECT_SAID(self->link, "live");
	EXPECT_ITEM(self->link, "1");
}

TEST_F(component, io_uring_has_a_worker_sleep)
{
	char heard[8] = "";
	struct ring ring;

	if (ring_open(&ring))
		SKIP(return, "no io_uring");
	EXPECT_EQ(9, ring_do(&ring, IORING_OP_WRITE, self->link, "post item", 9));
	EXPECT_EQ(2, threads());
	EXPECT_EQ(4, ring_do(&ring, IORING_OP_READ, self->link, heard, 8));
	EXPECT_STREQ("item", heard);
	close(ring.fd);
}

/* ---- readers that are stuck in their own memory ---- */

struct stuck {
	int link;
	char *page;		/* not there until somebody provides it */
	size_t size;		/* of the buffer; 64 if 0 */
	ssize_t ret;
};

static void *stuck_reader(void *arg)
{
	struct stuck *stuck = arg;

	stuck->ret = read(stuck->link, stuck->page, stuck->size ?: 64);
	return NULL;
}

/* Wait until so many items are queued, at most 5 s. */
static long long wait_for_items(int link, long long items)
{
	int i;

	for (i = 0; i < 1000 && info_of(link, "items") != items; i++)
		usleep(5000);
	return info_of(link, "items");
}

static int missing_page(char **page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	long size = sysconf(_SC_PAGESIZE);
	int uffd = syscall(__NR_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (uffd < 0)
		return -1;
	*page = mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	area.range.start = (unsigned long)*page;
	area.range.len = size;
	if (ioctl(uffd, UFFDIO_API, &api) || ioctl(uffd, UFFDIO_REGISTER, &area))
		return -1;
	return uffd;
}

static void provide_page(int uffd, char *page)
{
	struct uffdio_zeropage zero = {
		.range.start = (unsigned long)page,
		.range.len = sysconf(_SC_PAGESIZE),
	};

	ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
}

TEST_F(component, stuck_reader_stops_nobody_else)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;
	char byte;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_SAID(self->link, "queues 2");
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	/* producers go on, ahead of the item being copied as well */
	EXPECT_SAID(self->link, "post first");
	EXPECT_SAID(self->link, "later 1 1");
	EXPECT_EQ(4, wait_for_items(self->link, 4));
	EXPECT_EQ(5, readable(self->link));
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	/* other readers wait, or do not */
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, 0));
	interrupt_in(20, 0);
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_EQ(EINTR, errno);
	no_interrupt();
	/* nor does a hang-up wait for readers */
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_NE(0, poll_for(self->link, 0) & POLLHUP);
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(1, stuck.ret);
	EXPECT_EQ('0', *stuck.page);
	EXPECT_ITEM(self->link, "first");
	EXPECT_ITEM(self->link, "1");
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
	close(uffd);
}

TEST_F(component, error_text_being_copied_counts_as_read)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_EQ(-EPERM, say(self->link, "error 1 new"));
	EXPECT_EQ(1, info_of(self->link, "items"));
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(3, stuck.ret);
	EXPECT_EQ(0, memcmp(stuck.page, "old", 3));
	EXPECT_ITEM(self->link, "new");
	EXPECT_EMPTY(self->link);
	close(uffd);
}

TEST_F(component, losses_while_the_overflow_item_is_copied)
{
	struct ddlink_overflow *overflow, later;
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_SAID(self->link, "lose 2");
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_SAID(self->link, "lose 1");
	EXPECT_SAID(self->link, "queues 1");
	EXPECT_SAID(self->link, "lose 2");
	EXPECT_EQ(3, info_of(self->link, "items"));
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	overflow = (void *)stuck.page;
	EXPECT_EQ(sizeof(*overflow), stuck.ret);
	EXPECT_EQ(2, overflow->lost);
	EXPECT_EQ(sizeof(later), read(self->link, &later, sizeof(later)));
	EXPECT_EQ(3, later.lost);
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
	close(uffd);
}

/* A writer in its own memory has not begun: nobody waits for it. */
static void *stuck_writer(void *arg)
{
	struct stuck *stuck = arg;

	stuck->ret = write(stuck->link, stuck->page, 5);
	return NULL;
}

TEST_F(component, stuck_writer_delays_no_hangup)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_writer, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_SAID(self->link, "posts 1");
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_NE(0, poll_for(self->link, 0) & POLLHUP);
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(-1, stuck.ret);
	close(uffd);
}

/* ---- memory ---- */

#define CGROUP	"/sys/fs/cgroup/"

static int cgroup_set(const char *file, const char *value)
{
	char path[128];
	int fd, ret;

	snprintf(path, sizeof(path), CGROUP "%s", file);
	fd = open(path, O_WRONLY);
	ret = fd < 0 ? -1 : write(fd, value, strlen(value));
	close(fd);
	return ret;
}

static long long cgroup_get(const char *file)
{
	char path[128], text[32] = "";
	int fd;

	snprintf(path, sizeof(path), CGROUP "%s", file);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return -1;
	close(fd);
	return atoll(text);
}

TEST(charged_to_the_makers_cgroup)
{
	static char message[16000];
	long long before, other;
	char limit[32];
	int link, i;

	if (cgroup_set("cgroup.subtree_control", "+memory") < 0 ||
	    mkdir(CGROUP "maker", 0755) || mkdir(CGROUP "writer", 0755))
		SKIP(return, "no memory cgroups");
	ASSERT_LT(0, cgroup_set("maker/cgroup.procs", "0"));
	link = open_link(ECHO);
	ASSERT_LE(0, link);
	ASSERT_LT(0, cgroup_set("writer/cgroup.procs", "0"));
	before = cgroup_get("maker/memory.current");
	other = cgroup_get("writer/memory.current");
	for (i = 0; i < 64; i++)
		EXPECT_EQ(sizeof(message), write(link, message, sizeof(message)));
	EXPECT_LT(before + 800000, cgroup_get("maker/memory.current"));
	EXPECT_GT(other + 200000, cgroup_get("writer/memory.current"));

	/* the maker's limit is the limit, and nobody is killed for it */
	sprintf(limit, "%lld", cgroup_get("maker/memory.current") + 200000);
	ASSERT_LT(0, cgroup_set("maker/memory.max", limit));
	for (i = 0; i < 40; i++) {
		if (write(link, message, sizeof(message)) < 0)
			break;
	}
	EXPECT_EQ(ENOMEM, errno);
	EXPECT_GT(40, i);
	close(link);
	EXPECT_GT(before + 200000, cgroup_get("maker/memory.current"));
	cgroup_set("cgroup.procs", "0");
	rmdir(CGROUP "maker");
	rmdir(CGROUP "writer");
}

#define MANY_LINKS	2000
#define LINK_LEAST	200	/* bytes that a link takes itself, at the very least */

/* What @count descriptors cost this task's cgroup, "maker". */
static long long cost_of(int (*make)(void), int count)
{
	long long before = cgroup_get("maker/memory.current"), after;
	int *fds = calloc(count, sizeof(*fds)), i, missing = 0;

	for (i = 0; i < count; i++) {
		fds[i] = make();
		missing += fds[i] < 0;
	}
	after = cgroup_get("maker/memory.current");
	for (i = 0; i < count; i++)
		close(fds[i]);
	free(fds);
	return missing ? -1 : after - before;
}

static int make_echo(void)
{
	return open_link(ECHO);
}

static int make_userfaultfd(void)
{
	return syscall(__NR_userfaultfd, O_CLOEXEC);
}

static int make_eventfd(void)
{
	return eventfd(0, EFD_CLOEXEC);
}

/* A file of the same make whose own part is not charged: with an inode, or not. */
static int (*likeness(void))(void)
{
	int links[2] = { open_link(ECHO), open_link(ECHO) };
	struct stat a, b;

	fstat(links[0], &a);
	fstat(links[1], &b);
	close(links[0]);
	close(links[1]);
	return a.st_ino == b.st_ino ? make_eventfd : make_userfaultfd;
}

/* Links are bounded by descriptors (descriptor_limit) and by what they cost. */
TEST(links_are_charged_to_the_makers_cgroup)
{
	struct rlimit limit = { 2 * MANY_LINKS, 2 * MANY_LINKS };
	long long files, links;

	if (cgroup_set("cgroup.subtree_control", "+memory") < 0 ||
	    mkdir(CGROUP "maker", 0755))
		SKIP(return, "no memory cgroups");
	ASSERT_LT(0, cgroup_set("maker/cgroup.procs", "0"));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	/* have the table of descriptors grow before */
	ASSERT_EQ(2 * MANY_LINKS - 1, dup2(0, 2 * MANY_LINKS - 1));
	files = cost_of(likeness(), MANY_LINKS);
	links = cost_of(make_echo, MANY_LINKS);
	EXPECT_LT(0, files);
	EXPECT_LT(files + MANY_LINKS * LINK_LEAST, links);
	cgroup_set("cgroup.procs", "0");
	rmdir(CGROUP "maker");
}

/* ---- the monitor ---- */

FIXTURE(monitor) {
	int link;
	char record[sizeof(struct ddlink_event) + DDLINK_SNAPLEN_MAX];
	struct ddlink_event *event;
};

FIXTURE_SETUP(monitor)
{
	self->event = (void *)self->record;
	self->link = open_link(CONTROL);
	if (self->link < 0)
		SKIP(return, "no " CONTROL);
	ASSERT_EQ(7, say(self->link, "monitor"));
}

FIXTURE_TEARDOWN(monitor)
{
	close(self->link);
}

/* The next event of @type, or of any if negative; 0 if there is none. */
static ssize_t next_event(int link, int type, struct ddlink_event *event)
{
	ssize_t ret;

	do {
		memset(event, 0xff, sizeof(*event));
		ret = read(link, event, sizeof(*event) + DDLINK_SNAPLEN_MAX);
	} while (ret > 0 && type >= 0 && event->type != type);
	return ret;
}

#define EXPECT_EVENT(kind) do {						\
	ssize_t got = next_event(self->link, -1, event);		\
	EXPECT_EQ(event->size, got);					\
	EXPECT_EQ(DDLINK_EV_##kind, event->type);			\
	EXPECT_EQ(seq++, event->seq);					\
	EXPECT_EQ(0, event->size % 8);					\
	EXPECT_EQ(getpid(), event->pid);				\
	EXPECT_EQ(getpid(), event->tgid);				\
} while (0)

#define EXPECT_PAYLOAD(text) do {					\
	const char *expected = (text);					\
	EXPECT_EQ(strlen(expected), event->len);			\
	EXPECT_EQ(strlen(expected), event->snap);			\
	EXPECT_EQ(0, memcmp(expected, event->payload, event->snap));	\
} while (0)

TEST_F(monitor, record_layout)
{
	EXPECT_EQ(88, sizeof(struct ddlink_event));
	EXPECT_EQ(8, offsetof(struct ddlink_event, seq));
	EXPECT_EQ(40, offsetof(struct ddlink_event, result));
	EXPECT_EQ(72, offsetof(struct ddlink_event, comm));
	EXPECT_EQ(88, offsetof(struct ddlink_event, payload));
}

TEST_F(monitor, echo_event_by_event)
{
	struct ddlink_event *event = self->event;
	unsigned long long seq = 0, id, item;
	char byte;
	int link;

	link = open_link(ECHO);
	EXPECT_SAID(link, "hello");
	EXPECT_EQ(-1, read(link, &byte, 1));
	EXPECT_ITEM(link, "hello");
	EXPECT_EMPTY(link);
	EXPECT_EQ(POLLOUT, poll_now(link));
	EXPECT_EQ(0, readable(link));
	EXPECT_SAID(link, "bye");
	close(link);

	EXPECT_EVENT(CREATE);
	EXPECT_PAYLOAD("echo");
	id = event->link;
	EXPECT_LT(0, id);
	EXPECT_EVENT(ENTER);
	EXPECT_EQ(id, event->link);
	EXPECT_PAYLOAD("hello");
	EXPECT_EQ(0, event->items);
	EXPECT_EVENT(POST);
	EXPECT_PAYLOAD("hello");
	EXPECT_EQ(1, event->items);
	EXPECT_EQ(5, event->bytes);
	item = event->item;
	EXPECT_EQ(id << 32 | 1, item);
	EXPECT_EVENT(WRITE);
	EXPECT_EQ(5, event->result);
	EXPECT_EQ(5, event->len);
	EXPECT_EVENT(READ);
	EXPECT_EQ(-EIO, event->result);
	EXPECT_EQ(1, event->value);
	EXPECT_EQ(item, event->item);
	EXPECT_EVENT(READ);
	EXPECT_EQ(5, event->result);
	EXPECT_EQ(item, event->item);
	EXPECT_EQ(0, event->items);
	EXPECT_EQ(0, event->bytes);
	EXPECT_PAYLOAD("hello");
	EXPECT_EVENT(READ);
	EXPECT_EQ(0, event->result);
	EXPECT_EQ(0, event->item);
	EXPECT_EVENT(POLL);
	EXPECT_EQ(EPOLLOUT | EPOLLWRNORM, event->value);
	EXPECT_EVENT(IOCTL);
	EXPECT_EQ(FIONREAD, event->value);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(POST);
	EXPECT_EQ(id << 32 | 2, event->item);
	EXPECT_EVENT(WRITE);
	EXPECT_EVENT(RELEASE);
	EXPECT_EQ(1, event->items);
	EXPECT_EQ(3, event->bytes);
	EXPECT_EQ(0, next_event(self->link, -1, event));
}

TEST_F(monitor, refused_calls)
{
	struct ddlink_event *event = self->event;
	unsigned long long seq = 0;
	static char big[DDLINK_ITEM_MAX + 1];
	int link = open_link(TEST_DEV);

	if (link < 0)
		SKIP(return, "no " TEST_DEV);
	EXPECT_EQ(-1, write(link, big, sizeof(big)));
	EXPECT_EQ(-EPERM, say(link, "error 1 text"));
	EXPECT_SAID(link, "limit 1 4096");
	EXPECT_SAID(link, "queues 2");
	EXPECT_EVENT(CREATE);
	EXPECT_EVENT(WRITE);
	EXPECT_EQ(-EMSGSIZE, event->result);
	EXPECT_EQ(sizeof(big), event->len);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(POST);
	EXPECT_EQ(DDLINK_EVF_TEXT, event->flags);
	EXPECT_PAYLOAD("text");
	EXPECT_EVENT(WRITE);
	EXPECT_EQ(-EPERM, event->result);
	EXPECT_EVENT(DROP);
	EXPECT_EQ(DDLINK_DROP_STALE_TEXT, event->value);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(WRITE);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(QUEUE);
	EXPECT_EVENT(DROP);
	EXPECT_EQ(DDLINK_DROP_FULL, event->value);
	EXPECT_EVENT(QUEUE);
	EXPECT_EQ(sizeof(struct ddlink_overflow), event->len);
	EXPECT_EQ(2, event->items);
	EXPECT_EVENT(WRITE);
	close(link);
}

TEST_F(monitor, wake_and_hangup)
{
	struct ddlink_event *event = self->event;
	int link = open_link(TEST_DEV);

	if (link < 0)
		SKIP(return, "no " TEST_DEV);
	EXPECT_SAID(link, "later 50 1");
	EXPECT_EQ(POLLIN, poll_for(link, POLLIN));
	EXPECT_SAID(link, "hangup 1");
	EXPECT_EQ(POLLHUP, poll_for(link, 0));
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_QUEUE, event));
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_WAKE, event));
	EXPECT_EQ(EPOLLIN | EPOLLRDNORM, event->value);
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_HANGUP, event));
	close(link);
}

TEST_F(monitor, fork_exec_exit)
{
	struct ddlink_event *event = self->event;
	int status;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		execl("/proc/self/exe", "renamed", "-?", NULL);
		_exit(3);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_FORK, event));
	EXPECT_EQ(getpid(), event->pid);
	EXPECT_EQ((__u32)pid, event->value);
	EXPECT_EQ(0, event->link);
	EXPECT_EQ(0, event->flags & DDLINK_EVF_THREAD);
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_EXEC, event));
	EXPECT_EQ(pid, event->pid);
	EXPECT_PAYLOAD("/proc/self/exe");
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_EXIT, event));
	EXPECT_EQ(pid, event->pid);
	EXPECT_EQ(status, event->result);
}

static void *do_nothing(void *arg)
{
	return arg;
}

TEST_F(monitor, threads)
{
	struct ddlink_event *event = self->event;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, do_nothing, NULL));
	pthread_join(thread, NULL);
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_FORK, event));
	EXPECT_EQ(DDLINK_EVF_THREAD, event->flags);
	/* a thread is joined a little before it has exited */
	while (next_event(self->link, DDLINK_EV_EXIT, event) <= 0)
		ASSERT_EQ(POLLIN, poll_for(self->link, POLLIN));
	EXPECT_EQ(DDLINK_EVF_THREAD, event->flags);
	EXPECT_EQ(getpid(), event->tgid);
	EXPECT_NE(getpid(), event->pid);
}

TEST_F(monitor, never_sees_monitors)
{
	int other = open_link(CONTROL);
	char text[256];

	EXPECT_EQ(7, say(other, "monitor"));
	EXPECT_EQ(0, hear(other, text, sizeof(text)));
	EXPECT_EQ(POLLOUT, poll_now(other));
	EXPECT_EQ(0, next_event(self->link, -1, self->event));
	EXPECT_EQ(0, next_event(other, -1, self->event));
	close(other);
	EXPECT_EQ(0, next_event(self->link, -1, self->event));
}

TEST_F(monitor, bad_messages)
{
	int link = open_link(CONTROL), i;
	char text[256];
	static const char * const bad[] = {
		"echo", "monito", "monitors", "monitor snap=3", "monitor x",
		"monitor snaplen=", "monitor snaplen=-1", "monitor snaplen=4097",
		"monitor snaplen=9999999999", " ", "\n",
	};

	for (i = 0; i < (int)ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, say(link, bad[i])) TH_LOG("%s", bad[i]);
		EXPECT_LT(10, hear(link, text, sizeof(text))) TH_LOG("%s", bad[i]);
		EXPECT_EMPTY(link);
	}
	EXPECT_EQ(-1, ioctl(link, DDLINK_OPEN));
	EXPECT_EQ(ENOTTY, errno);
	/* what asks whether this is a terminal leaves the text alone */
	EXPECT_EQ(-EINVAL, say(link, "echo"));
	EXPECT_EQ(0, isatty(link));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_LT(10, hear(link, text, sizeof(text)));
	EXPECT_SAID(link, "monitor  snaplen=4096\n");
	EXPECT_EQ(-EINVAL, say(link, "monitor"));
	EXPECT_ITEM(link, "this link is a monitor already");
	close(link);
}

TEST_F(monitor, snaplen)
{
	struct ddlink_event *event = self->event;
	int monitor = open_link(CONTROL), link;
	unsigned int len, size;

	for (len = 0; len < 10; len++) {
		char text[32];

		close(monitor);
		monitor = open_link(CONTROL);
		sprintf(text, "monitor snaplen=%u", len);
		EXPECT_SAID(monitor, text);
		link = open_link(ECHO);
		EXPECT_SAID(link, "12345");
		close(link);
		EXPECT_LT(0, next_event(monitor, DDLINK_EV_ENTER, event));
		size = len < 5 ? len : 5;
		EXPECT_EQ(5, event->len);
		EXPECT_EQ(size, event->snap);
		EXPECT_EQ(len < 5, !!(event->flags & DDLINK_EVF_TRUNCATED));
		EXPECT_EQ((sizeof(*event) + size + 7) / 8 * 8, event->size);
		EXPECT_EQ(0, memcmp(event->payload, "12345", size));
		for (; sizeof(*event) + size < event->size; size++)
			EXPECT_EQ(0, event->payload[size]);
	}
	close(monitor);
}

TEST_F(monitor, own_losses)
{
	struct ddlink_event *event = self->event;
	unsigned long long last = 0, lost = 0, got = 0;
	int link = open_link(ECHO), i;

	for (i = 0; i < 20000; i++)
		poll_now(link);
	close(link);
	while (next_event(self->link, -1, event) > 0) {
		if (event->type == DDLINK_EV_OVERFLOW) {
			EXPECT_EQ(0, lost);
			EXPECT_EQ(last + 1, event->seq);
			lost = event->value;
			continue;
		}
		last = event->seq;
		got++;
	}
	EXPECT_LT(0, lost);
	EXPECT_EQ(20002, got + lost);
	EXPECT_EQ((long long)lost, info_of(self->link, "dropped"));
}

TEST_F(monitor, seq_of_losses_while_the_overflow_item_is_read)
{
	struct ddlink_event *event = self->event;
	unsigned long long first = 0;
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page), link = open_link(ECHO), i;
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	for (i = 0; i < 20000; i++)
		poll_now(link);
	/* the overflow item is left, and the queue has room again */
	for (i = info_of(self->link, "items"); i > 1; i--) {
		ASSERT_LT(0, read(self->link, event, sizeof(self->record)));
		first = event->seq;
	}
	stuck.size = sizeof(*event);
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	for (i = 0; i < 20000; i++)
		poll_now(link);
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(sizeof(*event), stuck.ret);
	EXPECT_EQ(first + 1, ((struct ddlink_event *)stuck.page)->seq);
	first = 0;
	while (next_event(self->link, -1, event) > 0) {
		if (event->type == DDLINK_EV_OVERFLOW) {
			EXPECT_EQ(first + 1, event->seq);
			break;
		}
		first = event->seq;
	}
	EXPECT_EQ(DDLINK_EV_OVERFLOW, event->type);
	close(link);
	close(uffd);
}

TEST_F(monitor, few_for_those_without_rights)
{
	int links[20], i, refused = 0;
	char text[128];

	if (geteuid())
		SKIP(return, "not root");
	ASSERT_EQ(0, setresuid(0, 1000, 0));
	for (i = 0; i < 20; i++) {
		links[i] = open_link(CONTROL);
		ASSERT_LE(0, links[i]);
		if (say(links[i], "monitor") == -EBUSY) {
			refused++;
			EXPECT_LT(10, hear(links[i], text, sizeof(text)));
		}
	}
	EXPECT_EQ(4, refused);
	close(links[0]);
	EXPECT_EQ(7, say(links[19], "monitor"));
	for (i = 1; i < 20; i++)
		close(links[i]);
	ASSERT_EQ(0, setresuid(0, 0, 0));
}

TEST_F(monitor, other_users_see_less)
{
	struct ddlink_event *event = self->event;
	int link, monitor, status;
	pid_t pid;

	if (geteuid())
		SKIP(return, "not root");
	ASSERT_EQ(0, setresuid(0, 1000, 0));
	monitor = open_link(CONTROL);
	ASSERT_LE(0, monitor);
	EXPECT_EQ(7, say(monitor, "monitor"));
	link = open_link(ECHO);
	EXPECT_SAID(link, "mine");
	close(link);
	EXPECT_LT(0, next_event(monitor, DDLINK_EV_ENTER, event));
	EXPECT_EQ(4, event->snap);
	EXPECT_LT(0, next_event(monitor, DDLINK_EV_RELEASE, event));

	ASSERT_EQ(0, setresuid(0, 0, 0));
	link = open_link(ECHO);
	EXPECT_SAID(link, "secret");
	close(link);
	EXPECT_EQ(0, next_event(monitor, -1, event));

	/* of the processes of others, that they are there, not their path */
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		execl("/proc/self/exe", "renamed", "-?", NULL);
		_exit(3);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_LT(0, next_event(monitor, DDLINK_EV_EXEC, event));
	EXPECT_EQ(pid, event->pid);
	EXPECT_EQ(DDLINK_EVF_HIDDEN, event->flags & DDLINK_EVF_HIDDEN);
	EXPECT_EQ(0, event->snap);
	close(monitor);
}

/* ---- tracefs against the monitor ---- */

#define TRACEFS	"/sys/kernel/tracing/"
#define TRACE_FORMAT							\
	": ddlink_%15[a-z]: link=%llu kind=%15s item=%llu len=%u value=%x " \
	"result=%d items=%u bytes=%u flags=%x data=%79s"

static int trace_set(const char *name, const char *value)
{
	char path[128];
	int fd, ret;

	snprintf(path, sizeof(path), TRACEFS "%s", name);
	fd = open(path, O_WRONLY | O_TRUNC);
	ret = fd < 0 ? -1 : write(fd, value, strlen(value));
	close(fd);
	return ret;
}

static void busy_afternoon(int *links)
{
	char heard[64], byte;
	int i, status;

	for (i = 0; i < 2; i++) {
		say(links[i], "post something");
		readable(links[i]);
		read(links[i], &byte, 1);
		hear(links[i], heard, sizeof(heard));
		hear(links[i], heard, sizeof(heard));
		poll_now(links[i]);
		say(links[i], "a message that is longer than what tracefs shows of it");
		fcntl(links[i], F_SETFL, O_NONBLOCK);
		hear(links[i], heard, 4);
		if (!fork())
			_exit(hear(links[i], heard, sizeof(heard)) < 0);
		wait(&status);
	}
	say(links[1], "error 22 text");
	say(links[1], "limit 3 4096");
	say(links[1], "queues 5");
	say(links[1], "posts 3");
	say(links[1], "later 1 2");
	say(links[1], "hangup 20");
	poll_for(links[1], 0);
	while (hear(links[1], heard, sizeof(heard)) > 0)
		;
	say(links[1], "post x");
	close(links[0]);
	close(links[1]);
}

/* The event type of a tracepoint. */
static int type_by_name(const char *name)
{
	static const char * const names[] = {
		[DDLINK_EV_CREATE] = "create", [DDLINK_EV_WRITE] = "write",
		[DDLINK_EV_QUEUE] = "queue", [DDLINK_EV_POST] = "post",
		[DDLINK_EV_DROP] = "drop", [DDLINK_EV_READ] = "read",
		[DDLINK_EV_POLL] = "poll", [DDLINK_EV_WAKE] = "wake",
		[DDLINK_EV_IOCTL] = "ioctl", [DDLINK_EV_HANGUP] = "hangup",
		[DDLINK_EV_RELEASE] = "release", [DDLINK_EV_ENTER] = "enter",
	};
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(names); i++) {
		if (names[i] && !strcmp(names[i], name))
			return i;
	}
	return -1;
}

/* The next event of a link, or what read() returned instead. */
static ssize_t next_link_event(int monitor, struct ddlink_event *event)
{
	ssize_t ret;

	do {
		ret = next_event(monitor, -1, event);
	} while (ret > 0 && !event->link);
	return ret;
}

TEST_F(monitor, agrees_with_tracefs)
{
	struct ddlink_event *event = self->event;
	unsigned int types = 0, got = 0, i;
	int links[2];
	char line[1024];
	FILE *trace;

	if (trace_set("events/ddlink/enable", "1") < 0)
		SKIP(return, "no tracefs");
	trace_set("trace", "");
	links[0] = open_link(ECHO);
	links[1] = open_link(TEST_DEV);
	if (links[1] < 0)
		SKIP(return, "no " TEST_DEV);
	busy_afternoon(links);
	trace_set("events/ddlink/enable", "0");

	trace = fopen(TRACEFS "trace", "r");
	ASSERT_NE(NULL, trace);
	while (fgets(line, sizeof(line), trace)) {
		char name[16], kind[16], data[80] = "", hex[80] = "", *at;
		unsigned int len, value, items, bytes, flags;
		unsigned long long link, item;
		int result, pid, fields;

		at = strstr(line, ": ddlink_");
		if (*line == '#' || !at)
			continue;
		fields = sscanf(at, TRACE_FORMAT, name, &link, kind, &item, &len,
				&value, &result, &items, &bytes, &flags, data);
		ASSERT_LE(10, fields) TH_LOG("%s", line);
		ASSERT_LT(0, next_link_event(self->link, event));
		got++;
		EXPECT_EQ(type_by_name(name), event->type);
		types |= 1U << event->type;
		EXPECT_EQ(link, event->link);
		EXPECT_EQ(item, event->item);
		EXPECT_EQ(value, event->value);
		EXPECT_EQ(result, event->result);
		EXPECT_EQ(items, event->items);
		EXPECT_EQ(bytes, event->bytes);
		if (event->type == DDLINK_EV_CREATE) {
			EXPECT_EQ(0, memcmp(kind, event->payload, event->snap));
		} else if (event->type == DDLINK_EV_WRITE) {
			EXPECT_EQ(value, event->len);
		} else {
			EXPECT_EQ(len, event->len);
			for (i = 0; i < len && i < 32; i++)
				sprintf(hex + 2 * i, "%02x", event->payload[i]);
			EXPECT_STREQ(data, hex);
			flags &= ~DDLINK_EVF_TRUNCATED;
			EXPECT_EQ(flags, event->flags);
		}
		/* TASK-PID in front; 0 in the record if it is nobody's doing */
		for (at = strstr(line, " ["); at > line && at[-1] != '-'; at--)
			;
		pid = atoi(at);
		EXPECT_EQ(event->pid ?: pid, pid);
	}
	fclose(trace);
	EXPECT_EQ(0, next_link_event(self->link, event));
	EXPECT_LT(60, got);
	for (i = DDLINK_EV_CREATE; i <= DDLINK_EV_ENTER; i++) {
		if (i < DDLINK_EV_FORK || i > DDLINK_EV_EXIT)
			EXPECT_NE(0, types & 1U << i) TH_LOG("type %u never seen", i);
	}
}

TEST_HARNESS_MAIN
