// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands: writes and ioctls of a link, one at a time.
 *
 *	one at a time; others wait, EINTR or EAGAIN;
 *	  reads, FIONREAD and poll go on meanwhile	commands_come_one_at_a_time
 *	not restarted once they may have had an effect	commands_are_not_restarted
 *	an ioctl is the component's			ioctl_belongs_to_the_component
 *	  ENOTTY if nobody knows it			unknown_ioctl
 *	FIONREAD is the size of the next item		fionread_is_the_next_item
 */
#include "link.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <sys/uio.h>

static void *sleep_in_handler(void *arg)
{
	return (void *)say(*(int *)arg, "sleep 1000");
}

/* Wait until a handler sleeps, at most 5 s. */
static void wait_for_sleeper(void)
{
	int link = open_link(TEST_DEV), i;
	char count[16] = "0";

	for (i = 0; i < 1000 && !atoi(count); i++) {
		usleep(5000);
		say(link, "sleepers");
		hear(link, count, sizeof(count));
	}
	close(link);
}

TEST_F(component, commands_come_one_at_a_time)
{
	char heard[16];
	struct iovec in = { heard, sizeof(heard) }, out = { "calls", 5 };
	pthread_t thread;
	void *ret;

	EXPECT_SAID(self->link, "queues 2");
	ASSERT_EQ(0, pthread_create(&thread, NULL, sleep_in_handler, &self->link));
	wait_for_sleeper();
	/* reads go on meanwhile, and FIONREAD, and poll */
	EXPECT_EQ(1, readable(self->link));
	EXPECT_ITEM(self->link, "0");
	EXPECT_EQ(1, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(POLLOUT, poll_now(self->link));
	/* another command must not wait if it is told so */
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-EAGAIN, say(self->link, "calls"));
	EXPECT_EQ(-1, ioctl(self->link, _IO(0xdc, 1), 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, 0));
	/* may be interrupted before it begins */
	interrupt_in(20, 0);
	EXPECT_EQ(-EINTR, say(self->link, "calls"));
	no_interrupt();
	/* or waits */
	EXPECT_SAID(self->link, "calls");
	EXPECT_ITEM(self->link, "3");
	pthread_join(thread, &ret);
	EXPECT_EQ(10, (long)ret);
	/* a handler that may sleep is not for io_uring's fast path */
	EXPECT_EQ(-1, syscall(SYS_pwritev2, self->link, &out, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EMPTY(self->link);
}

TEST_F(component, commands_are_not_restarted)
{
	interrupt_in(20, SA_RESTART);
	EXPECT_EQ(-EINTR, say(self->link, "sleep 3000"));
	EXPECT_EQ(-1, ioctl(self->link, _IO(0xdc, 2), 3000));
	EXPECT_EQ(EINTR, errno);
	no_interrupt();
	EXPECT_SAID(self->link, "calls");
	EXPECT_ITEM(self->link, "2");
}

TEST_F(component, ioctl_belongs_to_the_component)
{
	EXPECT_EQ(7, ioctl(self->link, _IO(0xdc, 1), 42));
	EXPECT_ITEM(self->link, "42");
	EXPECT_EQ(-1, ioctl(self->link, _IO(0xdc, 3)));
	EXPECT_EQ(EPERM, errno);
	EXPECT_ITEM(self->link, "not by ioctl");
	EXPECT_EQ(-1, ioctl(self->link, _IO(0xdc, 99)));
	EXPECT_EQ(ENOTTY, errno);
}

TEST_F(echo, unknown_ioctl)
{
	EXPECT_EQ(-1, ioctl(self->link, DDLINK_OPEN));
	EXPECT_EQ(ENOTTY, errno);
}

TEST_F(echo, fionread_is_the_next_item)
{
	EXPECT_EQ(0, readable(self->link));
	EXPECT_SAID(self->link, "four");
	EXPECT_SAID(self->link, "seven..");
	EXPECT_EQ(4, readable(self->link));
	EXPECT_ITEM(self->link, "four");
	EXPECT_EQ(7, readable(self->link));
	EXPECT_EQ(-1, ioctl(self->link, FIONREAD, NULL));
	EXPECT_EQ(EFAULT, errno);
}

TEST_HARNESS_MAIN
