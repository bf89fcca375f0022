// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a monitor does not show.
 *
 *	itself, and other monitors			never_sees_monitors
 *	without CAP_PERFMON, links of other users and
 *	  the payload of others				other_users_see_less
 *	  nor may there be many				few_for_those_without_rights
 */
#include "monitor.h"

TEST_F(monitor, never_sees_monitors)
{
	int other = open_link(CONTROL);
	char text[256];

	EXPECT_EQ(7, say(other, "monitor"));
	EXPECT_EQ(0, hear(other, text, sizeof(text)));
	EXPECT_EQ(POLLOUT, poll_now(other));
	EXPECT_EQ(0, next_event(self->link, -1, self->event));
	EXPECT_EQ(0, next_event(other, -1, self->event));
	close(other);
	EXPECT_EQ(0, next_event(self->link, -1, self->event));
}

TEST_F(monitor, other_users_see_less)
{
	struct ddlink_event *event = self->event;
	int link, monitor, status;
	pid_t pid;

	if (geteuid())
		SKIP(return, "not root");
	ASSERT_EQ(0, setresuid(0, 1000, 0));
	monitor = open_link(CONTROL);
	ASSERT_LE(0, monitor);
	EXPECT_EQ(7, say(monitor, "monitor"));
	link = open_link(ECHO);
	EXPECT_SAID(link, "mine");
	close(link);
	EXPECT_LT(0, next_event(monitor, DDLINK_EV_ENTER, event));
	EXPECT_EQ(4, event->snap);
	EXPECT_LT(0, next_event(monitor, DDLINK_EV_RELEASE, event));

	ASSERT_EQ(0, setresuid(0, 0, 0));
	link = open_link(ECHO);
	EXPECT_SAID(link, "secret");
	close(link);
	EXPECT_EQ(0, next_event(monitor, -1, event));

	/* of the processes of others, that they are there, not their path */
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		execl("/proc/self/exe", "renamed", "-?", NULL);
		_exit(3);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_LT(0, next_event(monitor, DDLINK_EV_EXEC, event));
	EXPECT_EQ(pid, event->pid);
	EXPECT_EQ(DDLINK_EVF_HIDDEN, event->flags & DDLINK_EVF_HIDDEN);
	EXPECT_EQ(0, event->snap);
	close(monitor);
}

TEST_F(monitor, few_for_those_without_rights)
{
	int links[20], i, refused = 0;
	char text[128];

	if (geteuid())
		SKIP(return, "not root");
	ASSERT_EQ(0, setresuid(0, 1000, 0));
	for (i = 0; i < 20; i++) {
		links[i] = open_link(CONTROL);
		ASSERT_LE(0, links[i]);
		if (say(links[i], "monitor") == -EBUSY) {
			refused++;
			EXPECT_LT(10, hear(links[i], text, sizeof(text)));
		}
	}
	EXPECT_EQ(4, refused);
	close(links[0]);
	EXPECT_EQ(7, say(links[19], "monitor"));
	for (i = 1; i < 20; i++)
		close(links[i]);
	ASSERT_EQ(0, setresuid(0, 0, 0));
}

TEST_HARNESS_MAIN
