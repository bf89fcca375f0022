/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Readers and writers that are stuck in their own memory, until it is provided.
 */
#ifndef _SELFTESTS_DDLINK_STUCK_H
#define _SELFTESTS_DDLINK_STUCK_H

#include <pthread.h>
#include <sys/syscall.h>
#include <linux/userfaultfd.h>

struct stuck {
	int link;
	char *page;		/* not there until somebody provides it */
	size_t size;		/* of the buffer; 64 if 0 */
	ssize_t ret;
};

static inline void *stuck_reader(void *arg)
{
	struct stuck *stuck = arg;

	stuck->ret = read(stuck->link, stuck->page, stuck->size ?: 64);
	return NULL;
}

/* A writer in its own memory has not begun: nobody waits for it. */
static inline void *stuck_writer(void *arg)
{
	struct stuck *stuck = arg;

	stuck->ret = write(stuck->link, stuck->page, 5);
	return NULL;
}

static inline int missing_page(char **page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	long size = sysconf(_SC_PAGESIZE);
	int uffd = syscall(__NR_userfaultfd, O_CLOEXEC | O_NONBLOCK);

	if (uffd < 0)
		return -1;
	*page = mmap(NULL, size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	area.range.start = (unsigned long)*page;
	area.range.len = size;
	if (ioctl(uffd, UFFDIO_API, &api) || ioctl(uffd, UFFDIO_REGISTER, &area))
		return -1;
	return uffd;
}

static inline void provide_page(int uffd, char *page)
{
	struct uffdio_zeropage zero = {
		.range.start = (unsigned long)page,
		.range.len = sysconf(_SC_PAGESIZE),
	};

	ioctl(uffd, UFFDIO_ZEROPAGE, &zero);
}

#endif /* _SELFTESTS_DDLINK_STUCK_H */
