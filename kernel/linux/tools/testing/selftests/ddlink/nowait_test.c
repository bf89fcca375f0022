// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who does not want to wait: RWF_NOWAIT and io_uring.
 *
 *	an empty queue is 0; a handler that does not
 *	  sleep runs					nowait
 *	  0 also while somebody reads			empty_queue_is_zero_before_any_lock
 *	io_uring needs no worker for it			io_uring_needs_no_worker
 *	  but has one for a handler that may sleep	io_uring_has_a_worker_sleep
 *
 * EAGAIN where another reader or another command is in the way, and where a
 * handler may sleep: share_test and command_test.
 */
#include "link.h"
#include "stuck.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <linux/io_uring.h>

TEST_F(echo, nowait)
{
	char heard[8];
	struct iovec out = { "hello", 5 }, in = { heard, sizeof(heard) };

	EXPECT_EQ(0, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(5, syscall(SYS_pwritev2, self->link, &out, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(5, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
}

/* A text that is dropped while it is copied leaves an empty queue to its reader. */
TEST_F(component, empty_queue_is_zero_before_any_lock)
{
	struct stuck stuck = { .link = self->link };
	int uffd = missing_page(&stuck.page);
	pthread_t thread;
	char heard[8];
	struct iovec in = { heard, sizeof(heard) };

	if (uffd < 0)
		SKIP(return, "no userfaultfd");
	EXPECT_EQ(-EPERM, say(self->link, "error 1 old"));
	ASSERT_EQ(0, pthread_create(&thread, NULL, stuck_reader, &stuck));
	EXPECT_EQ(POLLIN, poll_for(uffd, POLLIN));
	EXPECT_EQ(-1, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_SAID(self->link, "deaf 0");
	EXPECT_EQ(0, info_of(self->link, "items"));
	EXPECT_EQ(0, syscall(SYS_preadv2, self->link, &in, 1, -1L, -1L, RWF_NOWAIT));
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, O_NONBLOCK));
	EXPECT_EMPTY(self->link);
	provide_page(uffd, stuck.page);
	pthread_join(thread, NULL);
	EXPECT_EQ(3, stuck.ret);
	close(uffd);
}

/* A ring with room for one request at a time. */
struct ring {
	int fd;
	struct io_uring_params params;
	char *queue;
	struct io_uring_sqe *sqes;
};

static int ring_open(struct ring *ring)
{
	size_t size;

	memset(ring, 0, sizeof(*ring));
	ring->fd = syscall(__NR_io_uring_setup, 1, &ring->params);
	if (ring->fd < 0)
		return -1;
	size = ring->params.cq_off.cqes +
	       ring->params.cq_entries * sizeof(struct io_uring_cqe);
	ring->queue = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			   ring->fd, IORING_OFF_SQ_RING);
	ring->sqes = mmap(NULL, sizeof(*ring->sqes), PROT_READ | PROT_WRITE,
			  MAP_SHARED, ring->fd, IORING_OFF_SQES);
	return ring->queue == MAP_FAILED || ring->sqes == MAP_FAILED ? -1 : 0;
}

/* One read or write through the ring; what it returned. */
static int ring_do(struct ring *ring, int op, int fd, void *data, size_t len)
{
	unsigned int *tail = (void *)(ring->queue + ring->params.sq_off.tail);
	unsigned int *array = (void *)(ring->queue + ring->params.sq_off.array);
	unsigned int *head = (void *)(ring->queue + ring->params.cq_off.head);
	struct io_uring_cqe *cqes = (void *)(ring->queue + ring->params.cq_off.cqes);
	unsigned int mask = ring->params.cq_entries - 1;
	int ret;

	ring->sqes[0] = (struct io_uring_sqe){
		.opcode = op, .fd = fd, .addr = (unsigned long)data, .len = len,
		.off = -1,
	};
	array[0] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(__NR_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) != 1)
		return -errno;
	ret = cqes[*head & mask].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return ret;
}

/* Threads of this process, io_uring's workers among them. */
static int threads(void)
{
	DIR *dir = opendir("/proc/self/task");
	int count = -2;		/* . and .. */

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

TEST_F(echo, io_uring_needs_no_worker)
{
	char heard[8] = "";
	struct ring ring;

	if (ring_open(&ring))
		SKIP(return, "no io_uring");
	EXPECT_EQ(0, ring_do(&ring, IORING_OP_READ, self->link, heard, 8));
	EXPECT_EQ(5, ring_do(&ring, IORING_OP_WRITE, self->link, "hello", 5));
	EXPECT_EQ(-EIO, ring_do(&ring, IORING_OP_READ, self->link, heard, 4));
	EXPECT_EQ(5, ring_do(&ring, IORING_OP_READ, self->link, heard, 8));
	EXPECT_STREQ("hello", heard);
	EXPECT_EQ(1, threads());
	close(ring.fd);
}

TEST_F(component, io_uring_has_a_worker_sleep)
{
	char heard[8] = "";
	struct ring ring;

	if (ring_open(&ring))
		SKIP(return, "no io_uring");
	EXPECT_EQ(9, ring_do(&ring, IORING_OP_WRITE, self->link, "post item", 9));
	EXPECT_EQ(2, threads());
	EXPECT_EQ(4, ring_do(&ring, IORING_OP_READ, self->link, heard, 8));
	EXPECT_STREQ("item", heard);
	close(ring.fd);
}

TEST_HARNESS_MAIN
