// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll(), select() and epoll.
 *
 *	IN when an item waits, for as long		poll_level
 *	OUT unless the queue is full, by items		poll_full
 *	  or by bytes					poll_full_by_bytes
 *	what makes room wakes				poll_woken_by_room, epoll_edge_for_room,
 *							epoll_edge_for_room_of_a_large_item
 *	an item wakes					poll_and_select_wait
 *	interrupted by a signal				poll_interrupted
 *	level, edge and one-shot			epoll_edge_and_oneshot
 *	the handler may say otherwise			poll_is_the_handlers_to_change
 *
 * HUP when the kernel side is gone: lifetime_test.
 */
#include "link.h"

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>

TEST_F(echo, poll_level)
{
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(POLLOUT, poll_now(self->link));
}

TEST_F(echo, poll_full)
{
	int i, err = 0;

	for (i = 0; i < sysctl_get("max_items"); i++)
		err |= write(self->link, "x", 1) != 1;
	EXPECT_EQ(0, err);
	EXPECT_EQ(POLLIN, poll_now(self->link));
	EXPECT_EQ(-ENOBUFS, say(self->link, "x"));
	EXPECT_EQ(sysctl_get("max_items"), info_of(self->link, "items"));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
}

static void *read_later(void *arg)
{
	char heard[64];

	usleep(50000);
	return (void *)hear(*(int *)arg, heard, sizeof(heard));
}

TEST_F(component, poll_full_by_bytes)
{
	pthread_t thread;
	char limit[32];

	sprintf(limit, "limit 100 %lld", 2 * charge_of(self->link, "post x"));
	EXPECT_SAID(self->link, limit);
	EXPECT_SAID(self->link, "post x");
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	EXPECT_SAID(self->link, "post x");
	EXPECT_EQ(POLLIN, poll_now(self->link));
	EXPECT_EQ(-ENOBUFS, say(self->link, "post x"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_later, &self->link));
	EXPECT_EQ(POLLOUT, poll_for(self->link, POLLOUT));
	pthread_join(thread, NULL);
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
}

TEST_F(echo, poll_woken_by_room)
{
	pthread_t thread;
	int i;

	for (i = 0; i < sysctl_get("max_items"); i++)
		EXPECT_SAID(self->link, "x");
	EXPECT_EQ(POLLIN, poll_now(self->link));
	ASSERT_EQ(0, pthread_create(&thread, NULL, read_later, &self->link));
	EXPECT_EQ(POLLOUT, poll_for(self->link, POLLOUT));
	pthread_join(thread, NULL);
}

static void *write_later(void *arg)
{
	usleep(50000);
	return (void *)say(*(int *)arg, "x");
}

TEST_F(echo, poll_and_select_wait)
{
	struct timeval limit = { .tv_sec = 5 };
	pthread_t thread;
	fd_set in;

	ASSERT_EQ(0, pthread_create(&thread, NULL, write_later, &self->link));
	EXPECT_EQ(POLLIN, poll_for(self->link, POLLIN));
	pthread_join(thread, NULL);
	EXPECT_ITEM(self->link, "x");
	ASSERT_EQ(0, pthread_create(&thread, NULL, write_later, &self->link));
	FD_ZERO(&in);
	FD_SET(self->link, &in);
	EXPECT_EQ(1, select(self->link + 1, &in, NULL, NULL, &limit));
	/* woken, for select() looks again at its end: there is time left */
	EXPECT_LT(0, limit.tv_sec);
	pthread_join(thread, NULL);
}

TEST_F(echo, poll_interrupted)
{
	struct pollfd pfd = { .fd = self->link, .events = POLLIN };

	interrupt_in(20, SA_RESTART);
	EXPECT_EQ(-1, poll(&pfd, 1, 5000));
	EXPECT_EQ(EINTR, errno);
	no_interrupt();
}

TEST_F(echo, epoll_edge_and_oneshot)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET }, got;
	int ep = epoll_create1(0);

	ASSERT_LE(0, ep);
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->link, &event));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	EXPECT_SAID(self->link, "y");
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));

	event.events = EPOLLIN | EPOLLONESHOT;
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_MOD, self->link, &event));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));
	EXPECT_SAID(self->link, "z");
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));

	event.events = EPOLLIN;
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_MOD, self->link, &event));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	close(ep);
}

TEST_F(echo, epoll_edge_for_room)
{
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET }, got;
	int ep = epoll_create1(0), i;

	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->link, &event));
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 0));
	for (i = 0; i < sysctl_get("max_items"); i++)
		EXPECT_SAID(self->link, "x");
	while (epoll_wait(ep, &got, 1, 0) > 0)
		;
	EXPECT_EQ(-ENOBUFS, say(self->link, "x"));
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));
	EXPECT_EQ(EPOLLOUT, got.events);
	close(ep);
}

/* Who was refused waits for room, even where a smaller item would have fit. */
TEST_F(component, epoll_edge_for_room_of_a_large_item)
{
	struct epoll_event event = { .events = EPOLLOUT | EPOLLET }, got;
	long long small = charge_of(self->link, "post x");
	char large[2000] = "post ", limit[32];
	int ep = epoll_create1(0);

	memset(large + 5, 'y', sizeof(large) - 6);
	sprintf(limit, "limit 100 %lld", charge_of(self->link, large) + small - 1);
	EXPECT_SAID(self->link, limit);
	EXPECT_SAID(self->link, "post x");
	ASSERT_EQ(0, epoll_ctl(ep, EPOLL_CTL_ADD, self->link, &event));
	while (epoll_wait(ep, &got, 1, 0) > 0)
		;
	EXPECT_EQ(-ENOBUFS, say(self->link, large));
	/* for which there is room, so that it neither waits nor wakes */
	EXPECT_SAID(self->link, "post x");
	EXPECT_EQ(0, epoll_wait(ep, &got, 1, 0));
	EXPECT_ITEM(self->link, "x");
	EXPECT_EQ(1, epoll_wait(ep, &got, 1, 1000));
	EXPECT_ITEM(self->link, "x");
	EXPECT_SAID(self->link, large);
	close(ep);
}

static void *hearing_again(void *arg)
{
	usleep(50000);
	return (void *)say(*(int *)arg, "deaf 0");
}

TEST_F(component, poll_is_the_handlers_to_change)
{
	pthread_t thread;

	EXPECT_SAID(self->link, "deaf 1");
	EXPECT_EQ(0, poll_now(self->link));
	EXPECT_SAID(self->link, "deaf 0");
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	/* and to tell of */
	EXPECT_SAID(self->link, "deaf 1");
	ASSERT_EQ(0, pthread_create(&thread, NULL, hearing_again, &self->link));
	EXPECT_EQ(POLLOUT, poll_for(self->link, POLLOUT));
	pthread_join(thread, NULL);
}

TEST_HARNESS_MAIN
