// SPDX-License-Identifier: MIT
#include "links.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "fault.h"

int open_link(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), link = ioctl(fd, DDLINK_OPEN);

	close(fd);
	return link;
}

long say(int link, const char *text)
{
	return write(link, text, strlen(text));
}

bool heard(int link, const char *wanted)
{
	char text[256];
	ssize_t size = read(link, text, sizeof(text));

	if (size == (ssize_t)strlen(wanted) && !memcmp(text, wanted, size))
		return true;
	printf("faults: heard %zd bytes '%.*s' instead of '%s'\n", size, size > 0 ? (int)size : 0, text, wanted);
	return false;
}

bool empty(int link)
{
	char byte;

	return read(link, &byte, 1) == 0;
}

long long number_in(const char *path, const char *key)
{
	char text[512], *at;
	int fd = open(path, O_RDONLY);
	ssize_t size = read(fd, text, sizeof(text) - 1);

	close(fd);
	text[size > 0 ? size : 0] = 0;
	at = strstr(text, key);
	return at ? atoll(at + strlen(key)) : -1;
}

int live_tests(void)
{
	int link = open_link(TEST);
	char text[16] = "";

	MUST(say(link, "live") > 0 && read(link, text, sizeof(text) - 1) > 0);
	close(link);
	return atoi(text);
}
