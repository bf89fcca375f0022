// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ddlink.h>

#define HANGUP_MS	5000
#ifndef RWF_NOWAIT
#define RWF_NOWAIT	8
#endif

struct task tasks[TASKS];
struct call *call;
unsigned char *buffer;

static uint32_t charges[DDLINK_ITEM_MAX + 1];	/* by size of the item; 0 if not measured */

static void die(const char *what)
{
	printf("fuzz: %s: %s\n", what, strerror(errno));
	exit(2);
}

static int open_link(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), link;

	if (fd < 0)
		return -1;
	link = ioctl(fd, DDLINK_OPEN);
	close(fd);
	return link;
}

void world_begin(void)
{
	long page = sysconf(_SC_PAGESIZE);
	unsigned char *map = mmap(NULL, ROOM + 2 * page, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED || mprotect(map + page + ROOM, page, PROT_NONE))
		die("cannot map memory");
	call = (void *)map;
	buffer = map + page;
	tasks[0].pid = getpid();
}

/*
 * An item is charged with its header and slack. How much that is, fdinfo tells:
 * of as many items as have room, for a large one is alone.
 */
void world_measure(uint32_t size)
{
	char text[64];
	int link = open_link("/dev/ddtest"), len = sprintf(text, "reserve %u", size);

	if (write(link, text, len) != len && errno != ENOBUFS)
		die("cannot reserve room");
	world_look(0, link);
	charges[size] = world_info("charged-bytes") / world_info("charged-items");
	if (charges[size] <= size)
		die("an item is charged less than it holds");
	close(link);
}

uint32_t charge_of(uint32_t size)
{
	uint32_t charge = charges[size];

	if (!charge) {
		printf("fuzz: nobody measured what %u bytes are charged\n", size);
		exit(2);
	}
	return charge;
}

/* ---- calls, as the task that makes them ---- */

static int send_fd(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
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

	if (recvmsg(sock, &msg, MSG_CMSG_CLOEXEC) == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	return fd;
}

static long poll_mask(struct call *c)
{
	bool wait = c->type == CALL_WAIT_HANGUP;
	struct pollfd pfd = { .fd = c->fd, .events = wait ? 0 : POLLIN | POLLOUT };

	return poll(&pfd, 1, wait ? HANGUP_MS : 0) < 0 ? -1 : pfd.revents;
}

static long vector(struct call *c, unsigned char *at)
{
	uint32_t first = c->split < c->len ? c->split : c->len;
	struct iovec iov[] = { { at, first }, { at, 0 }, { at + first, c->len - first } };

	switch (c->type) {
	case CALL_READV:
		return readv(c->fd, iov, 3);
	case CALL_WRITEV:
		return writev(c->fd, iov, 3);
	case CALL_READ_NOWAIT:
		return syscall(SYS_preadv2, c->fd, iov, 3, -1L, -1L, RWF_NOWAIT);
	default:
		return syscall(SYS_pwritev2, c->fd, iov, 3, -1L, -1L, RWF_NOWAIT);
	}
}

static long make(struct call *c)
{
	unsigned char *at = c->fault ? buffer + ROOM - c->there : buffer;

	switch (c->type) {
	case CALL_READ:
		return read(c->fd, at, c->len);
	case CALL_WRITE:
		return write(c->fd, at, c->len);
	case CALL_READV:
	case CALL_WRITEV:
	case CALL_READ_NOWAIT:
	case CALL_WRITE_NOWAIT:
		return vector(c, at);
	case CALL_IOCTL:
		return ioctl(c->fd, c->cmd, c->arg);
	case CALL_FIONREAD:
		return ioctl(c->fd, FIONREAD, c->fault ? buffer + ROOM : (void *)&c->value);
	case CALL_POLL:
	case CALL_WAIT_HANGUP:
		return poll_mask(c);
	case CALL_OPEN:
		return open_link(c->path);
	case CALL_DUP:
		return fcntl(c->fd, F_DUPFD_CLOEXEC, 0);
	case CALL_CLOSE:
		return close(c->fd);
	case CALL_NONBLOCK:
		return fcntl(c->fd, F_SETFL, c->arg ? O_NONBLOCK : 0);
	case CALL_SEND:
		return send_fd(c->sock, c->fd);
	case CALL_RECEIVE:
		return receive_fd(c->sock);
	default:
		return 0;
	}
}

static void make_call(void)
{
	call->ret = make(call);
	if (call->ret < 0)
		call->ret = -errno;
}

/* ---- tasks ---- */

/* A task makes one call for each byte it gets, until there are no more. */
static void serve(int sock)
{
	char byte;

	while (read(sock, &byte, 1) == 1) {
		call->sock = sock;
		make_call();
		if (write(sock, &byte, 1) != 1)
			break;
	}
	_exit(0);
}

long world_call(int task)
{
	char byte = 0;

	int sock = tasks[task].sock, got = -1;

	if (!task) {
		make_call();
		return call->ret;
	}
	if (write(sock, &byte, 1) != 1 || (call->type == CALL_RECEIVE && send_fd(sock, call->fd) != 1))
		die("a task is gone");
	if (call->type == CALL_SEND)
		got = receive_fd(sock);
	if (read(sock, &byte, 1) != 1)
		die("a task is gone");
	if (call->type == CALL_SEND)
		call->ret = got;
	return call->ret;
}

int world_fork(int task)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	tasks[task].pid = fork();
	if (tasks[task].pid < 0)
		die("fork");
	if (!tasks[task].pid) {
		close(pair[0]);
		for (int i = 1; i < TASKS; i++)
			if (i != task && tasks[i].pid > 0)
				close(tasks[i].sock);
		serve(pair[1]);
	}
	close(pair[1]);
	tasks[task].sock = pair[0];
	return tasks[task].pid;
}

void world_exit(int task)
{
	close(tasks[task].sock);
	waitpid(tasks[task].pid, NULL, 0);
	tasks[task].pid = 0;
}

void world_clear(void)
{
	for (int i = TASKS; i--;) {
		for (int j = 0; j < FDS; j++)
			if (!i && tasks[i].slots[j].model)
				close(tasks[i].slots[j].fd);
		if (i && tasks[i].pid)
			world_exit(i);
		memset(tasks[i].slots, 0, sizeof(tasks[i].slots));
	}
}

static char info[512];		/* fdinfo, as world_look() read it */

void world_look(int task, int fd)
{
	char path[64];
	ssize_t size;
	int file;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", tasks[task].pid, fd);
	file = open(path, O_RDONLY | O_CLOEXEC);
	size = file < 0 ? 0 : read(file, info, sizeof(info) - 1);
	close(file);
	info[size > 0 ? size : 0] = 0;
}

long long world_info(const char *key)
{
	/* keys begin lines: "items" is not "charged-items" */
	for (const char *at = info; at; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (!strncmp(at, key, strlen(key)) && at[strlen(key)] == ':')
			return strtoll(at + strlen(key) + 1, NULL, 10);
	}
	return -1;
}
