// SPDX-License-Identifier: GPL-2.0-only
/*
 * One link, several tasks.
 *
 *	fork, dup and SCM_RIGHTS share link and queue	fork_shares_the_queue,
 *							queue_outlives_the_writer,
 *							dup_shares_the_queue,
 *							passed_over_a_socket
 *	each item to exactly one reader, in order	crowd_exactly_once_in_order
 *	  others that waited for it get 0		reader_that_came_second_gets_nothing
 *	a reader in a fault stops no producer, no poll
 *	  and no hang-up; other readers wait, EINTR or
 *	  EAGAIN					stuck_reader_stops_nobody_else
 */
#include "link.h"
#include "stuck.h"

#include <sys/socket.h>

TEST_F(echo, fork_shares_the_queue)
{
	int status;
	pid_t pid;

	EXPECT_SAID(self->link, "before");
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		char heard[16];

		if (hear(self->link, heard, sizeof(heard)) != 6)
			_exit(1);
		_exit(say(self->link, "child") != 5);
	}
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	EXPECT_EQ(0, status);
	EXPECT_ITEM(self->link, "child");
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, queue_outlives_the_writer)
{
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid)
		_exit(say(self->link, "left behind") != 11);
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_ITEM(self->link, "left behind");
}

TEST_F(echo, dup_shares_the_queue)
{
	int other = dup(self->link);

	EXPECT_SAID(self->link, "x");
	close(self->link);
	EXPECT_ITEM(other, "x");
	self->link = other;
}

static int send_fd(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = { };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	return sendmsg(sock, &msg, 0);
}

static int receive_fd(int sock)
{
	char control[CMSG_SPACE(sizeof(int))], byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(sock, &msg, 0) == 1 && CMSG_FIRSTHDR(&msg))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	return fd;
}

TEST_F(echo, passed_over_a_socket)
{
	int pair[2], other;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		SKIP(return, "no Unix sockets");
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(1, send_fd(pair[0], self->link));
	close(self->link);
	other = receive_fd(pair[1]);
	ASSERT_LE(0, other);
	EXPECT_ITEM(other, "x");
	self->link = other;
	close(pair[0]);
	close(pair[1]);
}

#define CROWD_ITEMS	2000

struct crowd {
	int link;
	int id;			/* of this writer */
	int *left;		/* items yet to be read, shared by the readers */
	int seen[2];		/* per writer: items read, if a reader */
	int disorder;
};

static void *crowd_writer(void *arg)
{
	struct crowd *crowd = arg;
	int n, message[2] = { crowd->id };

	for (n = 1; n <= CROWD_ITEMS; n++) {
		message[1] = n;
		while (write(crowd->link, message, sizeof(message)) < 0) {
			if (errno != ENOBUFS)
				return (void *)1;
			poll_for(crowd->link, POLLOUT);
		}
	}
	return NULL;
}

static void *crowd_reader(void *arg)
{
	struct crowd *crowd = arg;
	int last[2] = { }, item[2];

	while (__atomic_load_n(crowd->left, __ATOMIC_SEQ_CST) > 0) {
		if (read(crowd->link, item, sizeof(item)) != sizeof(item)) {
			poll(&(struct pollfd){ crowd->link, POLLIN, 0 }, 1, 10);
			continue;
		}
		__atomic_sub_fetch(crowd->left, 1, __ATOMIC_SEQ_CST);
		crowd->seen[item[0]]++;
		crowd->disorder += item[1] <= last[item[0]];
		last[item[0]] = item[1];
	}
	return NULL;
}

TEST_F(echo, crowd_exactly_once_in_order)
{
	int left = 2 * CROWD_ITEMS, i;
	struct crowd writers[2], readers[2];
	pthread_t threads[4];
	void *failed;

	for (i = 0; i < 2; i++) {
		writers[i] = (struct crowd){ .link = self->link, .id = i };
		readers[i] = (struct crowd){ .link = self->link, .left = &left };
		pthread_create(&threads[i], NULL, crowd_writer, &writers[i]);
		pthread_create(&threads[2 + i], NULL, crowd_reader, &readers[i]);
	}
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], &failed);
		EXPECT_EQ(NULL, failed);
	}
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(CROWD_ITEMS, readers[0].seen[i] + readers[1].seen[i]);
		EXPECT_EQ(0, readers[i].disorder);
	}
	EXPECT_EMPTY(self->link);
}

TEST_F(component, stuck_reader_stops_nobody_else)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;
	char byte;

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_SAID(self->link, "queues 2");
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	/* producers go on, ahead of the item being copied as well */
	EXPECT_SAID(self->link, "post first");
	EXPECT_SAID(self->link, "later 1 1");
	EXPECT_EQ(4, wait_for_items(self->link, 4));
	EXPECT_EQ(5, readable(self->link));
	EXPECT_EQ(POLLIN | POLLOUT, poll_now(self->link));
	/* other readers wait, or do not */
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, 0));
	interrupt_in(20, 0);
	EXPECT_EQ(-1, read(self->link, &byte, 1));
	EXPECT_EQ(EINTR, errno);
	no_interrupt();
	/* nor does a hang-up wait for readers */
	EXPECT_SAID(self->link, "hangup 1");
	EXPECT_NE(0, poll_for(self->link, 0) & POLLHUP);
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(1, stuck.ret);
	EXPECT_EQ('0', *stuck.page);
	EXPECT_ITEM(self->link, "first");
	EXPECT_ITEM(self->link, "1");
	EXPECT_ITEM(self->link, "0");
	EXPECT_EMPTY(self->link);
	close(uffd);
}

/* The item that it waited for went to another reader: the queue is empty. */
TEST_F(component, reader_that_came_second_gets_nothing)
{
	struct stuck first = { .link = self->link }, second = first;
	int monitor = open_link(CONTROL), uffd, i;
	pthread_t threads[2];
	char heard[64];

	second.page = heard;
	/* unwatched, and watched */
	for (i = 0; i < 2; i++) {
		uffd = missing_page(&first.page);
		if (uffd < 0)
			SKIP(return, "no userfaultfd");
		EXPECT_SAID(self->link, "queues 1");
		ASSERT_EQ(0, pthread_create(&threads[0], NULL, stuck_reader, &first));
		EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
		ASSERT_EQ(0, pthread_create(&threads[1], NULL, stuck_reader, &second));
		usleep(100000);
		provide_page(uffd, first.page);
		pthread_join(threads[0], NULL);
		pthread_join(threads[1], NULL);
		EXPECT_EQ(1, first.ret);
		EXPECT_EQ(0, second.ret);
		close(uffd);
		say(monitor, "monitor");
	}
	close(monitor);
}

TEST_HARNESS_MAIN
