// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of links: the last close, and the hang-up.
 *
 *	the last close tells the component		last_close_tells_the_component
 *	  and frees the queue				close_frees_what_is_queued,
 *							close_with_results_on_their_way
 *	queueing after it is EPIPE			queueing_after_the_last_close
 *	after a hang-up what is queued drains, then 0;
 *	  ENODEV; FIONREAD works; poll is HUP, not OUT	hangup
 *	  everybody who waits is woken			hangup_wakes_everybody
 *	  nothing is queued any more			hangup_stops_queueing
 *	  it waits for the command that runs		hangup_waits_for_the_command
 *	  not for a writer that has not begun		stuck_writer_delays_no_hangup
 *	the module of the operations stays		owner_is_pinned
 *	all links of an object, as at umount		hangup_of_a_group
 */
#include "link.h"
#include "stuck.h"

#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/syscall.h>

TEST_F(component, last_close_tells_the_component)
{
	int other = open_link(TEST_DEV), copy = dup(other);

	EXPECT_SAID(self->link, "live");
	EXPECT_ITEM(self->link, "2");
	EXPECT_SAID(other, "posts 5");
	EXPECT_SAID(other, "reserve 10");
	close(other);
	EXPECT_SAID(self->link, "live");
	EXPECT_ITEM(self->link, "2");
	close(copy);
	EXPECT_SAID(self->link, "live");
	EXPECT_ITEM(self->link, "1");
}

TEST_F(echo, close_frees_what_is_queued)
{
	int i, j, link;

	for (i = 0; i < 64; i++) {
		link = open_link(ECHO);
		ASSERT_LE(0, link);
		for (j = 0; j < 32; j++)
			EXPECT_SAID(link, "never read");
		close(link);
	}
}

TEST_F(component, close_with_results_on_their_way)
{
	int i, link;

	for (i = 0; i < 20; i++) {
		link = open_link(TEST_DEV);
		EXPECT_SAID(link, "later 1 100");
		usleep(i * 200);
		close(link);
	}
}

TEST_F(component, queueing_after_the_last_close)
{
	int other = open_link(TEST_DEV);
	char epipe[16];

	EXPECT_SAID(other, "keep");
	close(other);
	EXPECT_SAID(self->link, "late");
	sprintf(epipe, "%d", -EPIPE);
	EXPECT_ITEM(self->link, epipe);
}

TEST_F(component, hangup)
{
	struct timeval limit = { .tv_sec = 5 };
	fd_set out;
	int size;

	EXPECT_SAID(self->link, "posts 2");
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
	EXPECT_EQ(POLLIN | POLLHUP, poll_now(self->link));
	/* select() for writing returns, for write to say why */
	FD_ZERO(&out);
	FD_SET(self->link, &out);
	EXPECT_EQ(1, select(self->link + 1, NULL, &out, NULL, &limit));
	EXPECT_EQ(-ENODEV, say(self->link, "post x"));
	EXPECT_EQ(-1, ioctl(self->link, _IO(0xdc, 1), 1));
	EXPECT_EQ(ENODEV, errno);
	EXPECT_EQ(0, ioctl(self->link, FIONREAD, &size));
	EXPECT_EQ(1, size);
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(POLLHUP, poll_now(self->link));
	EXPECT_EQ(0, readable(self->link));
}

static void *wait_exclusively(void *arg)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };
	int ep = epoll_create1(0), link = *(int *)arg;
	long ret;

	epoll_ctl(ep, EPOLL_CTL_ADD, link, &event);
	ret = epoll_wait(ep, &event, 1, 5000);
	close(ep);
	return (void *)ret;
}

TEST_F(component, hangup_wakes_everybody)
{
	pthread_t threads[2];
	void *ret;
	int i;

	EXPECT_SAID(self->link, "deaf 1");
	EXPECT_SAID(self->link, "hangup 300");
	for (i = 0; i < 2; i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, wait_exclusively,
					    &self->link));
	for (i = 0; i < 2; i++) {
		pthread_join(threads[i], &ret);
		EXPECT_EQ(1, (long)ret) TH_LOG("waiter %d", i);
	}
}

TEST_F(component, hangup_stops_queueing)
{
	EXPECT_SAID(self->link, "later 100 3");
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
	usleep(200000);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, info_of(self->link, "dropped"));
}

TEST_F(component, hangup_waits_for_the_command)
{
	EXPECT_SAID(self->link, "hangup 50");
	EXPECT_SAID(self->link, "sleep 300");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
}

TEST_F(component, stuck_writer_delays_no_hangup)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_writer, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_SAID(self->link, "posts 1");
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_NE(0, poll_for(self->link, 0) & POLLHUP);
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(-1, stuck.ret);
	close(uffd);
}

TEST_F(component, hangup_of_a_group)
{
	int other = open_link(TEST_DEV), third = open_link(TEST_DEV);

	EXPECT_SAID(other, "posts 1");
	close(third);
	EXPECT_SAID(self->link, "hangup-all 1");
	EXPECT_EQ(POLLHUP, poll_for(self->link, 0));
	EXPECT_EQ(POLLHUP, poll_for(other, 0));
	EXPECT_ITEM(other, "0");
	EXPECT_EMPTY(other);
	close(other);
	other = open_link(TEST_DEV);
	EXPECT_EQ(POLLOUT, poll_now(other));
	close(other);
}

#define MODULE	"ddlink_test"

/* How many hold the module of the test component; -1 if it is none. */
static int module_users(void)
{
	FILE *file = fopen("/sys/module/" MODULE "/refcnt", "r");
	int users = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%d", &users) != 1)
		users = -1;
	fclose(file);
	return users;
}

TEST_F(component, owner_is_pinned)
{
	int users = module_users(), other;

	if (users < 0)
		SKIP(return, "the test component is no module");
	EXPECT_EQ(1, users);
	EXPECT_EQ(-1, syscall(SYS_delete_module, MODULE, O_NONBLOCK));
	EXPECT_EQ(EWOULDBLOCK, errno);
	other = open_link(TEST_DEV);
	EXPECT_EQ(2, module_users());
	/* also by a link whose file is gone */
	EXPECT_SAID(other, "keep");
	close(other);
	EXPECT_EQ(2, module_users());
	EXPECT_SAID(self->link, "late");
	EXPECT_EQ(1, module_users());
}

TEST_HARNESS_MAIN
