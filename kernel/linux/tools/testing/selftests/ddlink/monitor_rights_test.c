// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a monitor does not show.
 *
 *	itself, and other monitors			never_sees_monitors
 *	without CAP_PERFMON, links of other users and
 *	  the payload of others				other_users_see_less
 *	  nor may there be many				few_for_those_without_rights
 *	  nor what comes after the last close		closed_links_are_for_the_privileged
 *	the rights are those of the link's maker	rights_are_the_makers
 *	pids and tasks are those of its namespace	pids_are_of_the_makers_namespace
 */
#include "monitor.h"

#include <sched.h>

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

/* Who holds the link of another does not see more for it, nor less. */
TEST_F(monitor, rights_are_the_makers)
{
	struct ddlink_event *event = self->event;
	int roots, users, link;

	if (geteuid())
		SKIP(return, "not root");
	roots = open_link(CONTROL);
	ASSERT_EQ(0, setresuid(0, 1000, 0));
	users = open_link(CONTROL);
	EXPECT_SAID(roots, "monitor");
	ASSERT_EQ(0, setresuid(0, 0, 0));
	EXPECT_SAID(users, "monitor");
	link = open_link(ECHO);
	EXPECT_SAID(link, "roots");
	close(link);
	EXPECT_LT(0, next_event(roots, DDLINK_EV_ENTER, event));
	EXPECT_PAYLOAD("roots");
	EXPECT_EQ(0, next_event(users, -1, event));
	close(roots);
	close(users);
}

/* In a namespace of its own: watch, let the others do something, look. */
static int watch_inside(int go[2], int done[2], struct ddlink_event *event)
{
	int monitor = open_link(CONTROL), link;
	char byte = 0;

	if (say(monitor, "monitor") != 7 || write(go[1], &byte, 1) != 1 ||
	    read(done[0], &byte, 1) != 1)
		return 1;
	/* a link of somebody whom this namespace does not know */
	if (next_event(monitor, DDLINK_EV_CREATE, event) <= 0 || event->pid ||
	    event->tgid)
		return 2;
	link = open_link(ECHO);
	close(link);
	do {
		if (next_event(monitor, -1, event) <= 0)
			return 3;
		/* nor does it hear of the tasks that came and went */
		if (event->type >= DDLINK_EV_FORK && event->type <= DDLINK_EV_EXIT)
			return 4;
	} while (event->type != DDLINK_EV_CREATE);
	return event->pid == 1 && event->tgid == 1 ? 0 : 5;
}

TEST_F(monitor, pids_are_of_the_makers_namespace)
{
	int go[2], done[2], status, link;
	char byte = 0;
	pid_t pid;

	ASSERT_EQ(0, pipe(go));
	ASSERT_EQ(0, pipe(done));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (unshare(CLONE_NEWPID))
			_exit(KSFT_SKIP);
		pid = fork();
		if (!pid)
			_exit(watch_inside(go, done, self->event));
		waitpid(pid, &status, 0);
		_exit(WEXITSTATUS(status));
	}
	close(go[1]);
	if (read(go[0], &byte, 1) == 1) {
		link = open_link(ECHO);
		close(link);
		if (!fork())
			_exit(0);
		wait(&status);
		EXPECT_EQ(1, write(done[1], &byte, 1));
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	if (WEXITSTATUS(status) == KSFT_SKIP)
		SKIP(return, "no namespace of its own");
	EXPECT_EQ(0, status);
	close(go[0]);
	close(done[0]);
	close(done[1]);
}

/* Whose link it was is not known any more once it is closed. */
TEST_F(monitor, closed_links_are_for_the_privileged)
{
	struct ddlink_event *event = self->event;
	int monitor, link, other;

	if (geteuid())
		SKIP(return, "not root");
	ASSERT_EQ(0, setresuid(0, 1000, 0));
	monitor = open_link(CONTROL);
	EXPECT_SAID(monitor, "monitor");
	link = open_link(TEST_DEV);
	other = open_link(TEST_DEV);
	ASSERT_EQ(0, setresuid(0, 0, 0));
	if (link < 0)
		SKIP(return, "no " TEST_DEV);
	EXPECT_SAID(link, "keep");
	close(link);
	EXPECT_SAID(other, "late");
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_DROP, event));
	EXPECT_EQ(DDLINK_DROP_RELEASED, event->value);
	EXPECT_LT(0, next_event(monitor, DDLINK_EV_RELEASE, event));
	EXPECT_EQ(0, next_event(monitor, DDLINK_EV_DROP, event));
	close(other);
	close(monitor);
}

TEST_HARNESS_MAIN
