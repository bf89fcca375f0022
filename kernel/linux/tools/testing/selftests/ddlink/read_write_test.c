// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages and items: whole, or not at all.
 *
 *	a read gives one whole item			message_comes_back,
 *							items_keep_their_bounds_and_order,
 *							every_byte_value_passes
 *	0 at once when the queue is empty		empty_read_is_zero_at_once
 *	EIO if the buffer is smaller; the item stays	short_buffer_is_eio_and_keeps_the_item
 *	a read of length 0 is 0, or EIO if items wait	read_of_length_zero
 *	a write runs the handler once, and is all or
 *	  -errno; one of length 0 is 0 and runs it not	one_call_of_the_handler_a_message,
 *							write_of_length_zero
 *	EFAULT keeps the item				faults_keep_the_item
 *	1 MiB at most, EMSGSIZE				largest_message
 *	a vector is one message, one item; one of no
 *	  bytes is answered 0 by the VFS		vectors_are_one_message_and_one_item
 *	pread, pwrite, lseek: ESPIPE			no_positions
 *	splice: EINVAL					no_splice
 */
#include "link.h"

#include <sys/syscall.h>
#include <sys/uio.h>

TEST_F(echo, message_comes_back)
{
	EXPECT_SAID(self->link, "hello");
	EXPECT_ITEM(self->link, "hello");
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, items_keep_their_bounds_and_order)
{
	EXPECT_SAID(self->link, "one");
	EXPECT_SAID(self->link, "two");
	EXPECT_SAID(self->link, "three");
	EXPECT_ITEM(self->link, "one");
	EXPECT_ITEM(self->link, "two");
	EXPECT_ITEM(self->link, "three");
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, every_byte_value_passes)
{
	unsigned char out[256], in[300];
	int i;

	for (i = 0; i < 256; i++)
		out[i] = i;
	EXPECT_EQ(256, write(self->link, out, 256));
	EXPECT_EQ(256, read(self->link, in, sizeof(in)));
	EXPECT_EQ(0, memcmp(out, in, 256));
}

TEST_F(echo, empty_read_is_zero_at_once)
{
	char byte;

	EXPECT_EQ(0, read(self->link, &byte, 1));
	EXPECT_EQ(0, fcntl(self->link, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(0, read(self->link, &byte, 1));
}

TEST_F(echo, short_buffer_is_eio_and_keeps_the_item)
{
	char heard[8];
	int size;

	EXPECT_SAID(self->link, "hello");
	for (size = 0; size < 5; size++) {
		EXPECT_EQ(-1, read(self->link, heard, size));
		EXPECT_EQ(EIO, errno);
		EXPECT_EQ(5, readable(self->link));
	}
	EXPECT_EQ(5, read(self->link, heard, 5));
	EXPECT_EQ(0, memcmp(heard, "hello", 5));
}

TEST_F(echo, read_of_length_zero)
{
	char byte;

	EXPECT_EQ(0, read(self->link, &byte, 0));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(-1, read(self->link, &byte, 0));
	EXPECT_EQ(EIO, errno);
	EXPECT_ITEM(self->link, "x");
}

TEST_F(echo, write_of_length_zero)
{
	EXPECT_EQ(0, write(self->link, "", 0));
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, faults_keep_the_item)
{
	long page = sysconf(_SC_PAGESIZE);
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, map);
	ASSERT_EQ(0, munmap(map + page, page));
	EXPECT_SAID(self->link, "hello");
	EXPECT_EQ(-1, read(self->link, nowhere, 5));
	EXPECT_EQ(EFAULT, errno);
	/* a fault in the middle of the buffer */
	EXPECT_EQ(-1, read(self->link, map + page - 2, 5));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(5, readable(self->link));
	EXPECT_ITEM(self->link, "hello");
	/* and of the message */
	EXPECT_EQ(-1, write(self->link, map + page - 2, 5));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EMPTY(self->link);
	munmap(map, page);
}

TEST_F(echo, largest_message)
{
	size_t size = DDLINK_ITEM_MAX, i;
	char *out = malloc(size + 1), *in = malloc(size + 1);

	ASSERT_NE(NULL, out);
	ASSERT_NE(NULL, in);
	for (i = 0; i <= size; i++)
		out[i] = i * 7 + i / 4096;
	EXPECT_EQ(-1, write(self->link, out, size + 1));
	EXPECT_EQ(EMSGSIZE, errno);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ((ssize_t)size, write(self->link, out, size));
	EXPECT_EQ((int)size, readable(self->link));
	EXPECT_EQ((ssize_t)size, read(self->link, in, size + 1));
	EXPECT_EQ(0, memcmp(out, in, size));
	free(out);
	free(in);
}

TEST_F(echo, vectors_are_one_message_and_one_item)
{
	char a[3], b[4] = "";
	struct iovec out[] = { { "hel", 3 }, { "", 0 }, { "lo", 2 } };
	struct iovec in[] = { { a, 3 }, { b, 3 } };
	struct iovec none[] = { { a, 0 }, { b, 0 } };

	EXPECT_EQ(5, writev(self->link, out, 3));
	EXPECT_EQ(0, readv(self->link, none, 2));
	in[1].iov_len = 1;
	EXPECT_EQ(-1, readv(self->link, in, 2));
	EXPECT_EQ(EIO, errno);
	in[1].iov_len = 3;
	EXPECT_EQ(5, readv(self->link, in, 2));
	EXPECT_EQ(0, memcmp(a, "hel", 3));
	EXPECT_STREQ("lo", b);
	EXPECT_EMPTY(self->link);
	EXPECT_EQ(0, writev(self->link, none, 2));
	EXPECT_EMPTY(self->link);
}

TEST_F(component, one_call_of_the_handler_a_message)
{
	struct iovec out[] = { { "po", 2 }, { "sts", 3 }, { " 2", 2 } };

	EXPECT_EQ(7, writev(self->link, out, 3));
	EXPECT_EQ(0, write(self->link, "", 0));
	EXPECT_EQ(0, writev(self->link, out, 0));
	/* all or nothing, as the handler says */
	EXPECT_EQ(-EPERM, say(self->link, "fail 1"));
	EXPECT_SAID(self->link, "calls");
	EXPECT_ITEM(self->link, "0");
	EXPECT_ITEM(self->link, "1");
	EXPECT_ITEM(self->link, "3");
	EXPECT_EMPTY(self->link);
}

TEST_F(echo, no_positions)
{
	char byte;

	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(-1, pread(self->link, &byte, 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, pwrite(self->link, &byte, 1, 0));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_EQ(-1, lseek(self->link, 0, SEEK_SET));
	EXPECT_EQ(ESPIPE, errno);
	EXPECT_ITEM(self->link, "x");
}

TEST_F(echo, no_splice)
{
	int pipefd[2];

	ASSERT_EQ(0, pipe(pipefd));
	EXPECT_SAID(self->link, "x");
	EXPECT_EQ(-1, splice(self->link, NULL, pipefd[1], NULL, 1, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(1, write(pipefd[1], "y", 1));
	EXPECT_EQ(-1, splice(pipefd[0], NULL, self->link, NULL, 1, 0));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_ITEM(self->link, "x");
	close(pipefd[0]);
	close(pipefd[1]);
}

TEST_HARNESS_MAIN
