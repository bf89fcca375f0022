/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A link that watches the others, and its records.
 */
#ifndef _SELFTESTS_DDLINK_MONITOR_H
#define _SELFTESTS_DDLINK_MONITOR_H

#include "link.h"

FIXTURE(monitor) {
	int link;
	char record[sizeof(struct ddlink_event) + DDLINK_SNAPLEN_MAX];
	struct ddlink_event *event;
};

FIXTURE_SETUP(monitor)
{
	self->event = (void *)self->record;
	self->link = open_link(CONTROL);
	if (self->link < 0)
		SKIP(return, "no " CONTROL);
	ASSERT_EQ(7, say(self->link, "monitor"));
}

FIXTURE_TEARDOWN(monitor)
{
	close(self->link);
}

/* The next event of @type, or of any if negative; 0 if there is none. */
static inline ssize_t next_event(int link, int type, struct ddlink_event *event)
{
	ssize_t ret;

	do {
		memset(event, 0xff, sizeof(*event));
		ret = read(link, event, sizeof(*event) + DDLINK_SNAPLEN_MAX);
	} while (ret > 0 && type >= 0 && event->type != type);
	return ret;
}

#define EXPECT_EVENT(kind) do {						\
	ssize_t got = next_event(self->link, -1, event);		\
	EXPECT_EQ(event->size, got);					\
	EXPECT_EQ(DDLINK_EV_##kind, event->type);			\
	EXPECT_EQ(seq++, event->seq);					\
	EXPECT_EQ(0, event->size % 8);					\
	EXPECT_EQ(getpid(), event->pid);				\
	EXPECT_EQ(getpid(), event->tgid);				\
} while (0)

#define EXPECT_PAYLOAD(text) do {					\
	const char *expected = (text);					\
	EXPECT_EQ(strlen(expected), event->len);			\
	EXPECT_EQ(strlen(expected), event->snap);			\
	EXPECT_EQ(0, memcmp(expected, event->payload, event->snap));	\
} while (0)

#endif /* _SELFTESTS_DDLINK_MONITOR_H */
