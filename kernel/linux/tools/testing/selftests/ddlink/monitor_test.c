// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the monitor records.
 *
 *	the layout of a record				record_layout
 *	each event of a link				echo_event_by_event, refused_calls,
 *							wake_and_hangup,
 *							text_that_its_reader_loses
 *	fork, exec and exit of tasks			fork_exec_exit, threads
 *	the first bytes of the payload			snaplen
 *	EINVAL and a text for any other message		bad_messages
 *
 * Lost records: monitor_loss_test. Whose links: monitor_rights_test.
 */
#include "monitor.h"
#include "stuck.h"

#include <stddef.h>
#include <sys/epoll.h>

TEST_F(monitor, record_layout)
{
	EXPECT_EQ(88, sizeof(struct ddlink_event));
	EXPECT_EQ(8, offsetof(struct ddlink_event, seq));
	EXPECT_EQ(40, offsetof(struct ddlink_event, result));
	EXPECT_EQ(72, offsetof(struct ddlink_event, comm));
	EXPECT_EQ(88, offsetof(struct ddlink_event, payload));
}

TEST_F(monitor, echo_event_by_event)
{
	struct ddlink_event *event = self->event;
	unsigned long long seq = 0, id, item;
	char byte;
	int link;

	link = open_link(ECHO);
	EXPECT_SAID(link, "hello");
	EXPECT_EQ(-1, read(link, &byte, 1));
	EXPECT_ITEM(link, "hello");
	EXPECT_EMPTY(link);
	EXPECT_EQ(POLLOUT, poll_now(link));
	EXPECT_EQ(0, readable(link));
	EXPECT_SAID(link, "bye");
	close(link);

	EXPECT_EVENT(CREATE);
	EXPECT_PAYLOAD("echo");
	id = event->link;
	EXPECT_LT(0, id);
	EXPECT_EVENT(ENTER);
	EXPECT_EQ(id, event->link);
	EXPECT_PAYLOAD("hello");
	EXPECT_EQ(0, event->items);
	EXPECT_EVENT(POST);
	EXPECT_PAYLOAD("hello");
	EXPECT_EQ(1, event->items);
	EXPECT_EQ(5, event->bytes);
	item = event->item;
	EXPECT_EQ(id << 32 | 1, item);
	EXPECT_EVENT(WRITE);
	EXPECT_EQ(5, event->result);
	EXPECT_EQ(5, event->len);
	EXPECT_EVENT(READ);
	EXPECT_EQ(-EIO, event->result);
	EXPECT_EQ(1, event->value);
	EXPECT_EQ(item, event->item);
	EXPECT_EVENT(READ);
	EXPECT_EQ(5, event->result);
	EXPECT_EQ(item, event->item);
	EXPECT_EQ(0, event->items);
	EXPECT_EQ(0, event->bytes);
	EXPECT_PAYLOAD("hello");
	EXPECT_EVENT(READ);
	EXPECT_EQ(0, event->result);
	EXPECT_EQ(0, event->item);
	EXPECT_EVENT(POLL);
	EXPECT_EQ(EPOLLOUT | EPOLLWRNORM, event->value);
	EXPECT_EVENT(IOCTL);
	EXPECT_EQ(FIONREAD, event->value);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(POST);
	EXPECT_EQ(id << 32 | 2, event->item);
	EXPECT_EVENT(WRITE);
	EXPECT_EVENT(RELEASE);
	EXPECT_EQ(1, event->items);
	EXPECT_EQ(3, event->bytes);
	EXPECT_EQ(0, next_event(self->link, -1, event));
}

TEST_F(monitor, refused_calls)
{
	struct ddlink_event *event = self->event;
	unsigned long long seq = 0;
	static char big[DDLINK_ITEM_MAX + 1];
	int link = open_link(TEST_DEV);

	if (link < 0)
		SKIP(return, "no " TEST_DEV);
	EXPECT_EQ(-1, write(link, big, sizeof(big)));
	EXPECT_EQ(-EPERM, say(link, "error 1 text"));
	EXPECT_SAID(link, "limit 1 4096");
	EXPECT_SAID(link, "queues 2");
	EXPECT_EVENT(CREATE);
	EXPECT_EVENT(WRITE);
	EXPECT_EQ(-EMSGSIZE, event->result);
	EXPECT_EQ(sizeof(big), event->len);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(POST);
	EXPECT_EQ(DDLINK_EVF_TEXT, event->flags);
	EXPECT_PAYLOAD("text");
	EXPECT_EVENT(WRITE);
	EXPECT_EQ(-EPERM, event->result);
	EXPECT_EVENT(DROP);
	EXPECT_EQ(DDLINK_DROP_STALE_TEXT, event->value);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(WRITE);
	EXPECT_EVENT(ENTER);
	EXPECT_EVENT(QUEUE);
	EXPECT_EVENT(DROP);
	EXPECT_EQ(DDLINK_DROP_FULL, event->value);
	EXPECT_EVENT(QUEUE);
	EXPECT_EQ(sizeof(struct ddlink_overflow), event->len);
	EXPECT_EQ(2, event->items);
	EXPECT_EVENT(WRITE);
	close(link);
}

/* The next command takes an error text from the queue; its reader still has it. */
TEST_F(monitor, text_that_its_reader_loses)
{
	struct ddlink_event *event = self->event;
	struct stuck stuck = { .link = open_link(TEST_DEV) };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;

	if (stuck.link < 0 || uffd < 0)
		SKIP(return, "no " TEST_DEV " or no userfaultfd");
	EXPECT_EQ(-EPERM, say(stuck.link, "error 1 text"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_SAID(stuck.link, "calls");
	munmap(stuck.page, sysconf(_SC_PAGESIZE));
	close(uffd);
	pthread_join(thread, NULL);
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_DROP, event));
	EXPECT_EQ(DDLINK_DROP_STALE_TEXT, event->value);
	EXPECT_EQ(DDLINK_EVF_TEXT, event->flags);
	EXPECT_PAYLOAD("text");
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_READ, event));
	EXPECT_EQ(-EFAULT, event->result);
	EXPECT_EQ(0, next_event(self->link, DDLINK_EV_DROP, event));
	close(stuck.link);
}

TEST_F(monitor, wake_and_hangup)
{
	struct ddlink_event *event = self->event;
	int link = open_link(TEST_DEV);

	if (link < 0)
		SKIP(return, "no " TEST_DEV);
	EXPECT_SAID(link, "later 50 1");
	EXPECT_EQ(POLLIN, poll_for(link, POLLIN));
	EXPECT_SAID(link, "hangup 1");
	EXPECT_EQ(POLLHUP, poll_for(link, 0));
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_QUEUE, event));
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_WAKE, event));
	EXPECT_EQ(EPOLLIN | EPOLLRDNORM, event->value);
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_HANGUP, event));
	close(link);
}

TEST_F(monitor, fork_exec_exit)
{
	struct ddlink_event *event = self->event;
	int status;
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		execl("/proc/self/exe", "renamed", "-?", NULL);
		_exit(3);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_FORK, event));
	EXPECT_EQ(getpid(), event->pid);
	EXPECT_EQ((__u32)pid, event->value);
	EXPECT_EQ(0, event->link);
	EXPECT_EQ(0, event->flags & DDLINK_EVF_THREAD);
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_EXEC, event));
	EXPECT_EQ(pid, event->pid);
	EXPECT_PAYLOAD("/proc/self/exe");
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_EXIT, event));
	EXPECT_EQ(pid, event->pid);
	EXPECT_EQ(status, event->result);
}

static void *do_nothing(void *arg)
{
	return arg;
}

TEST_F(monitor, threads)
{
	struct ddlink_event *event = self->event;
	pthread_t thread;

	ASSERT_EQ(0, pthread_create(&thread, NULL, do_nothing, NULL));
	pthread_join(thread, NULL);
	EXPECT_LT(0, next_event(self->link, DDLINK_EV_FORK, event));
	EXPECT_EQ(DDLINK_EVF_THREAD, event->flags);
	/* a thread is joined a little before it has exited */
	while (next_event(self->link, DDLINK_EV_EXIT, event) <= 0)
		ASSERT_EQ(POLLIN, poll_for(self->link, POLLIN));
	EXPECT_EQ(DDLINK_EVF_THREAD, event->flags);
	EXPECT_EQ(getpid(), event->tgid);
	EXPECT_NE(getpid(), event->pid);
}

TEST_F(monitor, snaplen)
{
	struct ddlink_event *event = self->event;
	int monitor = open_link(CONTROL), link;
	unsigned int len, size;

	for (len = 0; len < 10; len++) {
		char text[32];

		close(monitor);
		monitor = open_link(CONTROL);
		sprintf(text, "monitor snaplen=%u", len);
		EXPECT_SAID(monitor, text);
		link = open_link(ECHO);
		EXPECT_SAID(link, "12345");
		close(link);
		EXPECT_LT(0, next_event(monitor, DDLINK_EV_ENTER, event));
		size = len < 5 ? len : 5;
		EXPECT_EQ(5, event->len);
		EXPECT_EQ(size, event->snap);
		EXPECT_EQ(len < 5, !!(event->flags & DDLINK_EVF_TRUNCATED));
		EXPECT_EQ((sizeof(*event) + size + 7) / 8 * 8, event->size);
		EXPECT_EQ(0, memcmp(event->payload, "12345", size));
		for (; sizeof(*event) + size < event->size; size++)
			EXPECT_EQ(0, event->payload[size]);
	}
	close(monitor);
}

TEST_F(monitor, bad_messages)
{
	int link = open_link(CONTROL), i;
	char text[256];
	static const char * const bad[] = {
		"echo", "monito", "monitors", "monitor snap=3", "monitor x",
		"monitor snaplen=", "monitor snaplen=-1", "monitor snaplen=4097",
		"monitor snaplen=9999999999", " ", "\n",
	};

	for (i = 0; i < (int)ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(-EINVAL, say(link, bad[i])) TH_LOG("%s", bad[i]);
		EXPECT_LT(10, hear(link, text, sizeof(text))) TH_LOG("%s", bad[i]);
		EXPECT_EMPTY(link);
	}
	EXPECT_EQ(-1, ioctl(link, DDLINK_OPEN));
	EXPECT_EQ(ENOTTY, errno);
	/* what asks whether this is a terminal leaves the text alone */
	EXPECT_EQ(-EINVAL, say(link, "echo"));
	EXPECT_EQ(0, isatty(link));
	EXPECT_EQ(ENOTTY, errno);
	EXPECT_LT(10, hear(link, text, sizeof(text)));
	EXPECT_SAID(link, "monitor  snaplen=4096\n");
	EXPECT_EQ(-EINVAL, say(link, "monitor"));
	EXPECT_ITEM(link, "this link is a monitor already");
	close(link);
}

TEST_HARNESS_MAIN
