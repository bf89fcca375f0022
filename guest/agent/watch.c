// SPDX-License-Identifier: MIT
/*
 * ppoll(2) over a small table. SIGCHLD is blocked except inside ppoll, so a
 * child that ends between the check and the wait cannot be missed.
 */
#define _GNU_SOURCE
#include "watch.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "limits.h"

static struct watch *watches[LIMIT_WATCHES];
static int count;

void watch_add(struct watch *watch)
{
	if (watch->added)
		return;
	if (count == LIMIT_WATCHES) {
		fputs("agent: more watches than all streams together can have\n", stderr);
		abort();
	}
	watches[count++] = watch;
	watch->added = true;
}

/* Leaves a hole: the loop that calls ready() goes by position. */
void watch_remove(struct watch *watch)
{
	for (int i = 0; i < count; i++)
		if (watches[i] == watch)
			watches[i] = NULL;
	watch->added = false;
}

static void close_holes(void)
{
	int kept = 0;

	for (int i = 0; i < count; i++)
		if (watches[i])
			watches[kept++] = watches[i];
	count = kept;
}

int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int wait_for(struct pollfd *polled, int n, int64_t deadline)
{
	struct timespec timeout = { 0 };
	sigset_t none;

	sigemptyset(&none);
	if (deadline != NEVER) {
		int64_t left = deadline - now_ms();

		if (left < 0)
			left = 0;
		timeout.tv_sec = left / 1000;
		timeout.tv_nsec = left % 1000 * 1000000;
	}
	return ppoll(polled, n, deadline == NEVER ? NULL : &timeout, &none);
}

void watch_wait(int64_t deadline)
{
	struct pollfd polled[LIMIT_WATCHES];
	int n;

	close_holes();
	n = count;
	for (int i = 0; i < n; i++) {
		short events = watches[i]->wants(watches[i]);

		polled[i] = (struct pollfd){ .fd = events ? watches[i]->fd : -1, .events = events };
		if (events && watches[i]->fd < 0)
			deadline = 0;
	}
	if (wait_for(polled, n, deadline) < 0)
		return;
	for (int i = 0; i < n; i++) {
		short events = polled[i].fd < 0 ? polled[i].events : polled[i].revents;

		if (watches[i] && events)
			watches[i]->ready(watches[i], events);
	}
}
