// SPDX-License-Identifier: MIT
#include "message.h"

#include <stdio.h>
#include <string.h>

#include <linux/ddlink.h>

#include "world.h"

static const uint16_t sizes[] = { 1, 2, 7, 8, 9, 31, 64, 100, 255, 256, 257, 1000, 4000, 4096, 4097, 9000 };

/* The longest that all others may have: texts, and what is reserved. */
#define SMALL	300

void message_measure(void)
{
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		world_measure(sizes[i]);
	for (uint32_t size = 1; size <= SMALL; size++)
		world_measure(size);
	world_measure(DDLINK_ITEM_MAX);
}

static uint32_t size_for(struct step step)
{
	if (step.b % 1000 == 0)
		return DDLINK_ITEM_MAX + 1 - step.a % 2;
	if (step.b % 64 == 1)
		return 0;
	if (step.b % 16 == 2)
		return sizes[step.a % (sizeof(sizes) / sizeof(*sizes))];
	return 1 + step.a % 80;
}

/* May its limit change? Not while something is held against it. */
static bool idle(const struct model *m)
{
	return !m->count && !m->items;
}

static uint32_t command_for(struct step step, const struct model *m, char *to)
{
	static const char text[] = "a b\tc\x7f, and so on: the words that a component says when it refuses";
	int a = step.a % 6;

	switch (step.how % 24) {
	case 0 ... 4:
		return sprintf(to, "post %.*s", 1 + step.a % 60, text);
	case 5 ... 6:
		return sprintf(to, "posts %d", a);
	case 7 ... 9:
		return sprintf(to, "queues %d", a);
	case 10:
		return sprintf(to, "lose %d", a % 4);
	case 11 ... 12:
		return sprintf(to, "error %d %.*s", 1 + step.b % 40, step.a % 60, text);
	case 13:
		return sprintf(to, "fail %d", 1 + step.a % 40);
	case 14:
		return sprintf(to, "fail-after-post");
	case 15:
		return sprintf(to, "reserve %d", 1 + step.a % SMALL);
	case 16:
		return sprintf(to, "spend");
	case 17:
		return sprintf(to, "unreserve");
	case 18 ... 19:
		if (idle(m))
			return sprintf(to, "limit %d %d", 1 + step.a % 12, 64 + step.b % 2000);
		return sprintf(to, "calls");
	case 20:
		return sprintf(to, "deaf %d", step.a % 2);
	case 21:
		return sprintf(to, "live");
	case 22:
		return sprintf(to, "uid");
	default:
		return sprintf(to, "nonsense");
	}
}

static uint32_t monitor_for(struct step step, char *to)
{
	static const char *const bad[] = { "x", "Monitor", "", "snaplen=1 monitor" };

	if (step.how % 4)
		return sprintf(to, step.how % 2 ? "monitor" : "monitor snaplen=%d", step.a % 300);
	strcpy(to, bad[step.a % 4]);
	return strlen(to);
}

uint32_t message(struct step step, unsigned int index, const struct model *m)
{
	uint32_t len;

	if (m->kind == TEST)
		return command_for(step, m, (char *)buffer);
	if (m->kind == MONITOR)
		return monitor_for(step, (char *)buffer);
	len = size_for(step);
	for (uint32_t i = 0; i < len; i++)
		buffer[i] = index * 31 + i * 7 + (i >> 8);
	return len;
}
