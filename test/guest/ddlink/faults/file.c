// SPDX-License-Identifier: MIT
// What is done to a link besides reading and writing, and what is read of it elsewhere.
#include "scene.h"

#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "fault.h"
#include "links.h"

static bool fionread(void)
{
	int link = open_link(ECHO), ret, size = -1;
	bool hit;

	say(link, "four");
	hit = FAULTY(ret, ioctl(link, FIONREAD, &size));
	MUST(ret < 0 || size == 4);
	MUST(heard(link, "four"));
	close(link);
	return hit;
}

static bool polls(void)
{
	struct pollfd many[200];
	int link = open_link(ECHO), ret;
	bool hit;

	say(link, "x");
	for (int i = 0; i < 200; i++)
		many[i] = (struct pollfd){ .fd = link, .events = POLLIN };
	hit = FAULTY(ret, poll(many, 200, 0));
	MUST(ret < 0 || (ret == 200 && many[199].revents == POLLIN));
	MUST(heard(link, "x"));
	close(link);
	return hit;
}

static bool epolls(void)
{
	struct epoll_event event = { .events = EPOLLIN }, got = { 0 };
	int link = open_link(ECHO), ep = epoll_create1(0), ret;
	bool hit;

	hit = FAULTY(ret, epoll_ctl(ep, EPOLL_CTL_ADD, link, &event));
	if (ret < 0)
		MUST(epoll_ctl(ep, EPOLL_CTL_ADD, link, &event) == 0);
	say(link, "x");
	MUST(epoll_wait(ep, &got, 1, 1000) == 1 && got.events == EPOLLIN);
	close(ep);
	close(link);
	return hit;
}

static bool passes(void)
{
	int pair[2], link = open_link(ECHO);
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	ssize_t ret;
	bool hit;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &link, sizeof(int));
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	arm();
	ret = sendmsg(pair[0], &msg, 0);
	hit = disarm();
	/* a socket that finds no memory says that its buffer is full */
	MUST(ret == 1 || (hit && (errno == ENOBUFS || errno == ENOMEM || errno == EFAULT)));
	MUST(say(link, "mine") > 0 && heard(link, "mine"));
	close(pair[0]);
	close(pair[1]);
	close(link);
	return hit;
}

static bool fdinfo(void)
{
	int link = open_link(ECHO), fd;
	char path[64], text[512];
	ssize_t ret = -1;
	bool hit;

	say(link, "four");
	sprintf(path, "/proc/self/fdinfo/%d", link);
	hit = FAULTY(ret, (fd = open(path, O_RDONLY)) < 0 ? -1 : read(fd, text, sizeof(text)));
	close(fd);
	MUST(number_in(path, "next:") == 4);
	MUST(heard(link, "four"));
	close(link);
	return hit;
}

static bool sysctl_read(void)
{
	int fd = open("/proc/sys/fs/ddlink/max_items", O_RDONLY);
	char text[32];
	ssize_t ret;
	bool hit = FAULTY(ret, read(fd, text, sizeof(text)));

	close(fd);
	MUST(number_in("/proc/sys/fs/ddlink/max_items", "") == 1024);
	return hit;
}

static bool sysctl_write(void)
{
	int fd = open("/proc/sys/fs/ddlink/max_items", O_WRONLY);
	ssize_t ret;
	bool hit = FAULTY(ret, write(fd, "1024", 4));

	close(fd);
	MUST(number_in("/proc/sys/fs/ddlink/max_items", "") == 1024);
	return hit;
}

const struct scene file_scenes[] = {
	{ "FIONREAD", fionread }, { "poll", polls }, { "epoll", epolls },
	{ "pass over a socket", passes }, { "fdinfo", fdinfo }, { "sysctl, read", sysctl_read },
	{ "sysctl, write", sysctl_write },
	{ 0 },
};
