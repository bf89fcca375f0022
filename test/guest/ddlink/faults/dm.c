// SPDX-License-Identifier: MIT
// Links on /dev/mapper/control: a command that fails has done nothing, and does it when it is told again.
#include "scene.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "fault.h"
#include "links.h"

#define DM	"/dev/mapper/control"

static void drain(int link)
{
	char text[4096];

	while (read(link, text, sizeof(text)) > 0)
		;
}

static bool says(int link, const char *command)
{
	return say(link, command) == (long)strlen(command);
}

/* Does the answer to @command have these words? */
static bool tells(int link, const char *command, const char *words)
{
	char text[512] = "";

	drain(link);
	return says(link, command) && read(link, text, sizeof(text) - 1) > 0 && strstr(text, words);
}

/* A command with a fault. Where device mapper itself does not say ENOMEM, it is ENXIO. */
static bool told(int link, const char *command, bool *done)
{
	bool hit;

	drain(link);
	arm();
	*done = says(link, command);
	hit = disarm();
	MUST(*done || (hit && (errno == ENOMEM || errno == EFAULT || errno == ENXIO)));
	return hit;
}

/* A device with a table, active or not yet. */
static int device(bool active)
{
	int link = open_link(DM);

	MUST(says(link, "create dd-f"));
	MUST(says(link, "load dd-f\n0 8 linear /dev/ram0 0\n8 8 error"));
	MUST(!active || says(link, "resume dd-f"));
	drain(link);
	return link;
}

static void remove_device(int link)
{
	MUST(says(link, "remove dd-f"));
	close(link);
}

static bool opens_link(void)
{
	int link;
	bool hit;

	link = open_link(DM);
	MUST(link >= 0);
	close(link);
	arm();
	link = open_link(DM);
	hit = disarm();
	MUST(link >= 0 || (hit && (errno == ENOMEM || errno == EBADF)));
	if (link >= 0)
		close(link);
	return hit;
}

static bool creates(void)
{
	int link = open_link(DM);
	bool done, hit = told(link, "create dd-f uuid=u", &done);

	if (!done) {
		drain(link);
		MUST(!says(link, "status dd-f") && errno == ENXIO);
		MUST(!says(link, "status uuid=u") && errno == ENXIO);
		MUST(says(link, "create dd-f uuid=u"));
	}
	MUST(tells(link, "status dd-f", "dd-f uuid=u"));
	remove_device(link);
	return hit;
}

static bool loads(void)
{
	int link = device(true);
	bool done, hit = told(link, "load dd-f\n0 8 linear /dev/ram1 0\n8 8 error", &done);

	if (!done) {
		MUST(!tells(link, "status dd-f", "inactive"));
		MUST(says(link, "load dd-f\n0 8 linear /dev/ram1 0\n8 8 error"));
	}
	MUST(tells(link, "table dd-f inactive", "0 8 linear 1:1 0"));
	MUST(tells(link, "table dd-f", "0 8 linear 1:0 0"));
	remove_device(link);
	return hit;
}

/* A resume that fails to bind a table drops it, as by ioctl. */
static bool resumes(void)
{
	int link = device(false);
	bool done, hit = told(link, "resume dd-f", &done);

	if (!done) {
		MUST(says(link, "load dd-f\n0 8 linear /dev/ram0 0"));
		MUST(says(link, "resume dd-f"));
	}
	MUST(tells(link, "table dd-f", "0 8 linear 1:0 0"));
	remove_device(link);
	return hit;
}

static bool suspends(void)
{
	int link = device(true);
	bool done, hit = told(link, "suspend dd-f", &done);

	if (!done) {
		MUST(!tells(link, "status dd-f", "suspended"));
		MUST(says(link, "suspend dd-f"));
	}
	MUST(tells(link, "status dd-f", "suspended"));
	remove_device(link);
	return hit;
}

/* Its answer is whole, or not there. */
static bool asks(const char *command, int items)
{
	int link = device(true), count = 0;
	char text[512];
	bool done, hit = told(link, command, &done);

	if (!done) {
		MUST(read(link, text, sizeof(text)) < 64);
		MUST(read(link, text, sizeof(text)) == 0);
		MUST(says(link, command));
	}
	while (read(link, text, sizeof(text)) > 0)
		count++;
	MUST(count >= items);
	remove_device(link);
	return hit;
}

static bool lists(void)
{
	return asks("list", 1);
}

static bool asks_table(void)
{
	return asks("table dd-f", 2);
}

static bool asks_targets(void)
{
	return asks("targets", 3);
}

static bool asks_status(void)
{
	return asks("status dd-f", 1);
}

static bool asks_deps(void)
{
	return asks("deps dd-f", 1);
}

static bool asks_version(void)
{
	return asks("version", 1);
}

static bool sends_message(void)
{
	int link = device(true);
	bool done, hit = told(link, "message dd-f 0 @stats_create - /2", &done);

	if (!done) {
		MUST(!tells(link, "message dd-f 0 @stats_list", "0:"));
		MUST(says(link, "message dd-f 0 @stats_create - /2"));
	}
	MUST(tells(link, "message dd-f 0 @stats_list", "0: 0+16"));
	remove_device(link);
	return hit;
}

static bool renames(void)
{
	int link = device(true);
	bool done, hit = told(link, "rename dd-f dd-g", &done);

	if (!done) {
		MUST(tells(link, "status dd-f", "dd-f"));
		MUST(says(link, "rename dd-f dd-g"));
	}
	MUST(says(link, "rename dd-g dd-f"));
	remove_device(link);
	return hit;
}

static bool removes(void)
{
	int link = device(true);
	bool done, hit = told(link, "remove dd-f", &done);

	if (!done)
		MUST(says(link, "remove dd-f"));
	MUST(!says(link, "status dd-f") && errno == ENXIO);
	close(link);
	return hit;
}

static bool watches(void)
{
	int link = open_link(DM);
	bool done, hit = told(link, "watch", &done);

	MUST(done || says(link, "watch"));
	close(link);
	return hit;
}

/* Nobody is told nothing: it is the news, or that they are lost. */
static bool tells_watchers(void)
{
	int link = device(true), watch = open_link(DM);
	char text[512];
	bool done, hit;
	ssize_t size;

	MUST(says(watch, "watch"));
	hit = told(link, "suspend dd-f", &done);
	size = read(watch, text, sizeof(text));
	MUST(!done || size == sizeof(struct ddlink_overflow) || (size > 8 && !memcmp(text, "suspend ", 8)));
	close(watch);
	remove_device(link);
	return hit;
}

const struct scene dm_scenes[] = {
	{ "dm: open a link", opens_link }, { "dm: create", creates }, { "dm: load", loads },
	{ "dm: resume", resumes }, { "dm: suspend", suspends }, { "dm: list", lists },
	{ "dm: table", asks_table }, { "dm: targets", asks_targets }, { "dm: status", asks_status },
	{ "dm: deps", asks_deps }, { "dm: version", asks_version }, { "dm: message", sends_message },
	{ "dm: rename", renames }, { "dm: remove", removes }, { "dm: watch", watches },
	{ "dm: news", tells_watchers },
	{ 0 },
};
