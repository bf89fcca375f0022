// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tracepoints ddlink:*
 *
 *	each event, with the fields and in the order of
 *	  the monitor's records				agrees_with_tracefs
 */
#include "monitor.h"

#define TRACEFS	"/sys/kernel/tracing/"
#define TRACE_FORMAT							\
	": ddlink_%15[a-z]: link=%llu kind=%15s item=%llu len=%u value=%x " \
	"result=%d items=%u bytes=%u flags=%x data=%79s"

static int trace_set(const char *name, const char *value)
{
	char path[128];
	int fd, ret;

	snprintf(path, sizeof(path), TRACEFS "%s", name);
	fd = open(path, O_WRONLY | O_TRUNC);
	ret = fd < 0 ? -1 : write(fd, value, strlen(value));
	close(fd);
	return ret;
}

static void busy_afternoon(int *links)
{
	char heard[64], byte;
	int i, status;

	for (i = 0; i < 2; i++) {
		say(links[i], "post something");
		readable(links[i]);
		read(links[i], &byte, 1);
		hear(links[i], heard, sizeof(heard));
		hear(links[i], heard, sizeof(heard));
		poll_now(links[i]);
		say(links[i], "a message that is longer than what tracefs shows of it");
		fcntl(links[i], F_SETFL, O_NONBLOCK);
		hear(links[i], heard, 4);
		if (!fork())
			_exit(hear(links[i], heard, sizeof(heard)) < 0);
		wait(&status);
	}
	say(links[1], "error 22 text");
	say(links[1], "limit 3 4096");
	say(links[1], "queues 5");
	say(links[1], "posts 3");
	say(links[1], "later 1 2");
	say(links[1], "hangup 20");
	poll_for(links[1], 0);
	while (hear(links[1], heard, sizeof(heard)) > 0)
		;
	say(links[1], "post x");
	close(links[0]);
	close(links[1]);
}

/* The event type of a tracepoint. */
static int type_by_name(const char *name)
{
	static const char * const names[] = {
		[DDLINK_EV_CREATE] = "create", [DDLINK_EV_WRITE] = "write",
		[DDLINK_EV_QUEUE] = "queue", [DDLINK_EV_POST] = "post",
		[DDLINK_EV_DROP] = "drop", [DDLINK_EV_READ] = "read",
		[DDLINK_EV_POLL] = "poll", [DDLINK_EV_WAKE] = "wake",
		[DDLINK_EV_IOCTL] = "ioctl", [DDLINK_EV_HANGUP] = "hangup",
		[DDLINK_EV_RELEASE] = "release", [DDLINK_EV_ENTER] = "enter",
	};
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(names); i++) {
		if (names[i] && !strcmp(names[i], name))
			return i;
	}
	return -1;
}

/* The next event of a link, or what read() returned instead. */
static ssize_t next_link_event(int monitor, struct ddlink_event *event)
{
	ssize_t ret;

	do {
		ret = next_event(monitor, -1, event);
	} while (ret > 0 && !event->link);
	return ret;
}

TEST_F(monitor, agrees_with_tracefs)
{
	struct ddlink_event *event = self->event;
	unsigned int types = 0, got = 0, i;
	int links[2];
	char line[1024];
	FILE *trace;

	if (trace_set("events/ddlink/enable", "1") < 0)
		SKIP(return, "no tracefs");
	trace_set("trace", "");
	links[0] = open_link(ECHO);
	links[1] = open_link(TEST_DEV);
	if (links[1] < 0)
		SKIP(return, "no " TEST_DEV);
	busy_afternoon(links);
	trace_set("events/ddlink/enable", "0");

	trace = fopen(TRACEFS "trace", "r");
	ASSERT_NE(NULL, trace);
	while (fgets(line, sizeof(line), trace)) {
		char name[16], kind[16], data[80] = "", hex[80] = "", *at;
		unsigned int len, value, items, bytes, flags;
		unsigned long long link, item;
		int result, pid, fields;

		at = strstr(line, ": ddlink_");
		if (*line == '#' || !at)
			continue;
		fields = sscanf(at, TRACE_FORMAT, name, &link, kind, &item, &len,
				&value, &result, &items, &bytes, &flags, data);
		ASSERT_LE(10, fields) TH_LOG("%s", line);
		ASSERT_LT(0, next_link_event(self->link, event));
		got++;
		EXPECT_EQ(type_by_name(name), event->type);
		types |= 1U << event->type;
		EXPECT_EQ(link, event->link);
		EXPECT_EQ(item, event->item);
		EXPECT_EQ(value, event->value);
		EXPECT_EQ(result, event->result);
		EXPECT_EQ(items, event->items);
		EXPECT_EQ(bytes, event->bytes);
		if (event->type == DDLINK_EV_CREATE) {
			EXPECT_EQ(0, memcmp(kind, event->payload, event->snap));
		} else if (event->type == DDLINK_EV_WRITE) {
			EXPECT_EQ(value, event->len);
		} else {
			EXPECT_EQ(len, event->len);
			for (i = 0; i < len && i < 32; i++)
				sprintf(hex + 2 * i, "%02x", event->payload[i]);
			EXPECT_STREQ(data, hex);
			flags &= ~DDLINK_EVF_TRUNCATED;
			EXPECT_EQ(flags, event->flags);
		}
		/* TASK-PID in front; 0 in the record if it is nobody's doing */
		for (at = strstr(line, " ["); at > line && at[-1] != '-'; at--)
			;
		pid = atoi(at);
		EXPECT_EQ(event->pid ?: pid, pid);
	}
	fclose(trace);
	EXPECT_EQ(0, next_link_event(self->link, event));
	EXPECT_LT(60, got);
	for (i = DDLINK_EV_CREATE; i <= DDLINK_EV_ENTER; i++) {
		if (i < DDLINK_EV_FORK || i > DDLINK_EV_EXIT)
			EXPECT_NE(0, types & 1U << i) TH_LOG("type %u never seen", i);
	}
}

TEST_HARNESS_MAIN
