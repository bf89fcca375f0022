// SPDX-License-Identifier: MIT
// Links that are made, hung up and closed.
#include "scene.h"

#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "fault.h"
#include "links.h"

static bool open_device(void)
{
	int fd;
	bool hit = FAULTY(fd, open(ECHO, O_RDWR));

	close(fd);
	return hit;
}

static bool opens(const char *path)
{
	int fd = open(path, O_RDWR), link, before = live_tests();
	bool hit;

	hit = FAULTY(link, ioctl(fd, DDLINK_OPEN));
	if (link < 0)
		MUST(live_tests() == before);
	close(link);
	link = ioctl(fd, DDLINK_OPEN);
	MUST(link >= 0);
	close(link);
	close(fd);
	MUST(live_tests() == before);
	return hit;
}

static bool open_echo(void)
{
	return opens(ECHO);
}

static bool open_test(void)
{
	return opens(TEST);
}

static bool open_monitor(void)
{
	return opens(CONTROL);
}

static bool hangs_up(void)
{
	int link = open_link(TEST);
	struct pollfd pfd = { .fd = link };
	ssize_t ret;
	bool hit;

	MUST(say(link, "posts 1") > 0);
	hit = FAULTY(ret, say(link, "hangup 0"));
	if (ret < 0)
		MUST(say(link, "hangup 0") > 0);
	MUST(poll(&pfd, 1, 5000) == 1 && pfd.revents == POLLHUP);
	MUST(heard(link, "0"));
	MUST(empty(link));
	close(link);
	return hit;
}

static bool closes(void)
{
	int link = open_link(TEST), before, ret;
	bool hit;

	MUST(say(link, "posts 3") > 0 && say(link, "reserve 5") > 0);
	before = live_tests();
	hit = FAULTY(ret, close(link));
	MUST(live_tests() == before - 1);
	return hit;
}

const struct scene life_scenes[] = {
	{ "open the device", open_device }, { "open an echo link", open_echo },
	{ "open a test link", open_test }, { "open a monitor", open_monitor },
	{ "hang up", hangs_up }, { "close", closes },
	{ 0 },
};
