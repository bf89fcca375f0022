/* SPDX-License-Identifier: MIT */
/* What the one loop waits for: descriptors, work that waits for room on the line, and time. */
#ifndef AGENT_WATCH_H
#define AGENT_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct watch {
	int fd;					/* -1: ready whenever it wants to be */
	short (*wants)(struct watch *watch);	/* poll events, or 0 for not now */
	void (*ready)(struct watch *watch, short events);
	void *owner;
	bool added;
};

/* Both are safe at any time, from ready() too. Removing what was not added is nothing. */
void watch_add(struct watch *watch);
void watch_remove(struct watch *watch);

/* Waits until something is ready or @deadline (in now_ms() time) and runs it. */
void watch_wait(int64_t deadline);

/* CLOCK_MONOTONIC in milliseconds. */
int64_t now_ms(void);
#define NEVER INT64_MAX

#endif
