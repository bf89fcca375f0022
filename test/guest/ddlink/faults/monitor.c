// SPDX-License-Identifier: MIT
// Monitors.
#include "scene.h"

#include <stddef.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "fault.h"
#include "links.h"

static bool monitor_starts(void)
{
	int link = open_link(CONTROL);
	char text[256];
	ssize_t ret;
	bool hit;

	hit = FAULTY(ret, say(link, "monitor"));
	if (ret < 0) {
		while (read(link, text, sizeof(text)) > 0)
			;
		MUST(say(link, "monitor") > 0);
	}
	close(link);
	return hit;
}

/* Records and those that the overflow record tells of are all events. */
static bool monitor_loses_by_count(void)
{
	int monitor = open_link(CONTROL), link = open_link(ECHO);
	union {
		struct ddlink_event event;
		char bytes[1024];
	} record;
	unsigned long long next = 0;
	ssize_t ret;
	bool hit;

	MUST(say(monitor, "monitor") > 0);
	hit = FAULTY(ret, say(link, "hello"));
	if (ret < 0)
		MUST(say(link, "hello") > 0);
	close(link);
	while (read(monitor, &record, sizeof(record)) > 0) {
		MUST(record.event.seq == next);
		next += record.event.type == DDLINK_EV_OVERFLOW ? record.event.value : 1;
	}
	/* enter, post, write and release; one more write if the first failed */
	MUST(next >= 4 && next <= 5);
	close(monitor);
	return hit;
}

static bool monitor_read(void)
{
	int monitor = open_link(CONTROL), link;
	union {
		struct ddlink_event event;
		char bytes[1024];
	} record;
	ssize_t ret;
	bool hit;

	MUST(say(monitor, "monitor") > 0);
	link = open_link(ECHO);
	hit = FAULTY(ret, read(monitor, &record, sizeof(record)));
	if (ret < 0)
		MUST(read(monitor, &record, sizeof(record)) > 0);
	MUST(record.event.type == DDLINK_EV_CREATE && record.event.seq == 0);
	close(link);
	close(monitor);
	return hit;
}

const struct scene monitor_scenes[] = {
	{ "start a monitor", monitor_starts }, { "monitored write", monitor_loses_by_count },
	{ "read a monitor", monitor_read },
	{ 0 },
};
