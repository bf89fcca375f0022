// SPDX-License-Identifier: MIT
// What a component does in the course of a command.
#include "scene.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "fault.h"
#include "links.h"

/* Posts before the one that failed stay; the command says that it failed. */
static bool posts(void)
{
	int link = open_link(TEST), done = 0, size;
	char number[12];
	ssize_t ret;
	bool hit;

	hit = FAULTY(ret, say(link, "posts 3"));
	while (!ioctl(link, FIONREAD, &size) && size) {
		sprintf(number, "%d", done++);
		MUST(heard(link, number));
	}
	MUST(ret < 0 ? done < 3 : done == 3);
	MUST(say(link, "post x") > 0);
	MUST(heard(link, "x"));
	close(link);
	return hit;
}

/* What is lost is told in its place, and the rest comes in order. */
static bool queues(void)
{
	int link = open_link(TEST), seen = 0, lost = 0;
	union {
		struct ddlink_overflow overflow;
		char text[16];
	} item = { .text = "" };
	ssize_t ret, size;
	bool hit;

	hit = FAULTY(ret, say(link, "queues 4"));
	if (ret < 0)
		MUST(say(link, "queues 4") > 0);
	while ((size = read(link, &item, sizeof(item))) > 0) {
		if (size == sizeof(item.overflow) && item.overflow.magic == DDLINK_OVERFLOW_MAGIC)
			lost += item.overflow.lost;
		else
			MUST(size == 1 && item.text[0] == '0' + seen + lost);
		seen += size == 1;
	}
	MUST(seen + lost == 4);
	close(link);
	return hit;
}

static bool reserve(void)
{
	int link = open_link(TEST);
	char item[16];
	ssize_t ret;
	bool hit;

	hit = FAULTY(ret, say(link, "reserve 4"));
	MUST(empty(link));
	if (ret < 0)
		MUST(say(link, "reserve 4") > 0);
	MUST(say(link, "spend") > 0);
	for (int i = 0; i < 4; i++)
		MUST(read(link, item, sizeof(item)) == 4 && item[0] == '0' + i);
	MUST(empty(link));
	close(link);
	return hit;
}

/* The text may be missing, the error may not. */
static bool tell_error(int link)
{
	char text[64];
	ssize_t ret, size;
	bool hit;

	arm();
	ret = say(link, "error 1 new");
	hit = disarm();
	MUST(ret < 0 && (errno == EPERM || (hit && (errno == ENOMEM || errno == EFAULT))));
	if (errno == EPERM) {
		size = read(link, text, sizeof(text));
		MUST(size == 0 || (size == 3 && !memcmp(text, "new", 3)));
	}
	MUST(say(link, "post x") > 0);
	MUST(heard(link, "x"));
	close(link);
	return hit;
}

static bool first_error_text(void)
{
	return tell_error(open_link(TEST));
}

/* An older text is gone, and what it leaves behind serves the new one. */
static bool next_error_text(void)
{
	int link = open_link(TEST);

	MUST(say(link, "error 1 old") < 0);
	return tell_error(link);
}

static bool command_ioctl(void)
{
	int link = open_link(TEST), ret;
	bool hit;

	hit = FAULTY(ret, ioctl(link, _IO(0xdc, 1), 42));
	if (ret < 0)
		MUST(ioctl(link, _IO(0xdc, 1), 42) == 7);
	MUST(heard(link, "42"));
	MUST(empty(link));
	close(link);
	return hit;
}

const struct scene component_scenes[] = {
	{ "post", posts }, { "queue", queues }, { "reserve", reserve },
	{ "first error text", first_error_text }, { "next error text", next_error_text },
	{ "ioctl", command_ioctl },
	{ 0 },
};
