// SPDX-License-Identifier: MIT
#include "fault.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEBUGFS	"/sys/kernel/debug/"

const char *scene;
int nth;

static int nth_fd, wrong;

void fault_wrong(const char *condition)
{
	printf("faults: %s, fault %d: not so: %s (errno %d)\n", scene, nth, condition, errno);
	wrong++;
}

int fault_wrongs(void)
{
	return wrong;
}

void arm(void)
{
	char text[16];
	int size = sprintf(text, "%d", nth);

	MUST(pwrite(nth_fd, text, size, 0) == size);
}

bool disarm(void)
{
	int err = errno, left = 1;
	char text[16] = "";

	/* reading what is left is a copy of user memory, too */
	if (pread(nth_fd, text, sizeof(text) - 1, 0) > 0)
		left = atoi(text);
	while (pwrite(nth_fd, "0", 1, 0) != 1)
		;
	errno = err;
	return !left;
}

static void set(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), DEBUGFS "%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, value, strlen(value)) < 0) {
		printf("faults: cannot set %s: %s\n", path, strerror(errno));
		wrong++;
	}
	close(fd);
}

bool fault_begin(void)
{
	nth_fd = open("/proc/self/fail-nth", O_RDWR);
	if (nth_fd < 0)
		return false;
	set("failslab/ignore-gfp-wait", "N");
	set("fail_page_alloc/ignore-gfp-wait", "N");
	set("fail_page_alloc/ignore-gfp-highmem", "N");
	set("fail_page_alloc/min-order", "0");
	set("failslab/verbose", "0");
	set("fail_page_alloc/verbose", "0");
	set("fail_usercopy/verbose", "0");
	return true;
}
