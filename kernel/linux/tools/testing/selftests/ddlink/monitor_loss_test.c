// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records that a monitor loses as nobody reads them.
 *
 *	how many is told at their place, and numbers
 *	  count them					own_losses
 *	  also while that is being read
 *					seq_of_losses_while_the_overflow_item_is_read
 */
#include "monitor.h"
#include "stuck.h"

/* Seconds for tens of thousands of calls on a kernel with every check on. */
#define MANY_CALLS	120

TEST_F_TIMEOUT(monitor, own_losses, MANY_CALLS)
{
	struct ddlink_event *event = self->event;
	unsigned long long last = 0, lost = 0, got = 0;
	int link = open_link(ECHO), i;

	for (i = 0; i < 20000; i++)
		poll_now(link);
	close(link);
	while (next_event(self->link, -1, event) > 0) {
		if (event->type == DDLINK_EV_OVERFLOW) {
			EXPECT_EQ(0, lost);
			EXPECT_EQ(last + 1, event->seq);
			lost = event->value;
			continue;
		}
		last = event->seq;
		got++;
	}
	EXPECT_LT(0, lost);
	EXPECT_EQ(20002, got + lost);
	EXPECT_EQ((long long)lost, info_of(self->link, "dropped"));
}

TEST_F_TIMEOUT(monitor, seq_of_losses_while_the_overflow_item_is_read,
	       MANY_CALLS)
{
	struct ddlink_event *event = self->event;
	unsigned long long first = 0;
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page), link = open_link(ECHO), i;
	pthread_t thread;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	for (i = 0; i < 20000; i++)
		poll_now(link);
	/* the overflow item is left, and the queue has room again */
	for (i = info_of(self->link, "items"); i > 1; i--) {
		ASSERT_LT(0, read(self->link, event, sizeof(self->record)));
		first = event->seq;
	}
	stuck.size = sizeof(*event);
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	for (i = 0; i < 20000; i++)
		poll_now(link);
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(sizeof(*event), stuck.ret);
	EXPECT_EQ(first + 1, ((struct ddlink_event *)stuck.page)->seq);
	first = 0;
	while (next_event(self->link, -1, event) > 0) {
		if (event->type == DDLINK_EV_OVERFLOW) {
			EXPECT_EQ(first + 1, event->seq);
			break;
		}
		first = event->seq;
	}
	EXPECT_EQ(DDLINK_EV_OVERFLOW, event->type);
	close(link);
	close(uffd);
}

TEST_HARNESS_MAIN
