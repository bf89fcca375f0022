// SPDX-License-Identifier: MIT
#include "monitor.h"

#include <stdio.h>
#include <string.h>

#include <linux/ddlink.h>

#define MONITORS	16
#define PENDING		2048	/* events that one case may leave unread */

struct event {
	unsigned long long link;
	int type;
	long result;
};

static struct watch {
	const struct model *monitor;
	unsigned long long seq;
	unsigned int first, end;
	struct event events[PENDING];
} watches[MONITORS];

static struct watch *watch_of(const struct model *monitor)
{
	for (int i = 0; i < MONITORS; i++)
		if (watches[i].monitor == monitor)
			return &watches[i];
	return NULL;
}

void monitor_gone(const struct model *monitor)
{
	struct watch *watch = watch_of(monitor);

	if (watch)
		watch->monitor = NULL;
}

void monitor_forget(void)
{
	for (int i = 0; i < MONITORS; i++)
		watches[i].monitor = NULL;
}

/* A monitor begins to watch when its first good message has been written. */
static void begin(const struct model *monitor)
{
	struct watch *watch = watch_of(NULL);

	if (watch && !watch_of(monitor))
		*watch = (struct watch){ .monitor = monitor };
}

void monitor_expect(const struct model *link, int type, long result)
{
	if (link->kind == MONITOR) {
		if (link->watching)
			begin(link);
		return;
	}
	for (int i = 0; i < MONITORS; i++) {
		struct watch *watch = &watches[i];

		if (watch->monitor && watch->end < PENDING)
			watch->events[watch->end++] = (struct event){ link->id, type, result };
	}
}

static bool checked(const struct ddlink_event *event)
{
	return event->type == DDLINK_EV_WRITE || event->type == DDLINK_EV_READ || event->type == DDLINK_EV_IOCTL;
}

bool monitor_check(struct model *monitor, const void *record, long got)
{
	const struct ddlink_event *event = record;
	struct watch *watch = watch_of(monitor);
	const struct event *wanted;

	if (!watch)
		return true;
	if (!got)
		return watch->first == watch->end;
	if (got < (long)sizeof(*event) || (long)event->size != got || got % 8 || event->seq != watch->seq++)
		return false;
	if (!checked(event))
		return true;
	wanted = &watch->events[watch->first++];
	return watch->first <= watch->end && event->link == wanted->link && event->type == wanted->type &&
	       event->result == wanted->result;
}
