// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "checks.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define DDLINK_OPEN 0xdd		/* _IO(0, 0xdd) of linux/ddlink.h */
#define HUGE_SIZE (1LL << 45)		/* twice what 2^32 pages hold */

static FILE *out;

static void check(const char *name, long long got, long long want)
{
	fprintf(out, "{\"check\":\"%s\",\"got\":%lld,\"want\":%lld}\n", name, got, want);
}

/* The result of a call, or its errno, negative. */
static long long result(long long value)
{
	return value < 0 ? -errno : value;
}

static void check_read_only(void)
{
	struct statvfs st = { 0 };

	check("a writable mount becomes a read-only one", statvfs("/mnt", &st) || !(st.f_flag & ST_RDONLY), 0);
	check("create", result(open("/mnt/new", O_CREAT | O_WRONLY, 0600)), -EROFS);
	check("open for writing", result(open("/mnt/link", O_WRONLY)), -EROFS);
	check("remount for writing", result(mount("none", "/mnt", NULL, MS_REMOUNT, NULL)), -EROFS);
	check("an unknown option", result(mount("/dev/sdb", "/", "tux3", MS_RDONLY, "colour=red")), -EINVAL);
}

static int check_link(const char *path)
{
	int fd = open(path, O_RDONLY), link;
	char buffer[8] = "";

	check("another ioctl", result(ioctl(fd, 0xde)), -ENOTTY);
	link = ioctl(fd, DDLINK_OPEN);
	close(fd);
	check("link", link >= 0, 1);
	check("write", result(write(link, "hello", 5)), 5);
	check("read", result(read(link, buffer, sizeof(buffer))), 5);
	check("the same", memcmp(buffer, "hello", 5), 0);
	check("read when empty", result(read(link, buffer, sizeof(buffer))), 0);
	return link;
}

/* An open link never holds up umount; what is queued drains. */
static void check_hangup(int link)
{
	struct pollfd poll_for = { .fd = link, .events = POLLIN | POLLOUT };
	char buffer[8];

	check("write before umount", result(write(link, "last", 4)), 4);
	check("umount with an open link", result(umount("/mnt")), 0);
	check("poll", poll(&poll_for, 1, 0), 1);
	check("events", poll_for.revents, POLLIN | POLLHUP);
	check("write after umount", result(write(link, "late", 4)), -ENODEV);
	check("read what was queued", result(read(link, buffer, sizeof(buffer))), 4);
	check("read at the end", result(read(link, buffer, sizeof(buffer))), 0);
	close(link);
}

static void check_huge(void)
{
	struct stat st = { 0 };

	check("stat", result(stat("/mnt/link", &st)), 0);
	check("size", st.st_size, HUGE_SIZE);
	check("open", result(open("/mnt/link", O_RDONLY | O_LARGEFILE)), -EOVERFLOW);
	check("its neighbour", open("/mnt/late", O_RDONLY) >= 0, 1);
}

void check_mount(const char *plain, const char *huge, FILE *stream)
{
	int on_dir, on_file;

	out = stream;
	check("mount", result(mount(plain, "/mnt", "tux3", 0, NULL)), 0);
	check_read_only();
	on_dir = check_link("/mnt/dir");
	on_file = check_link("/mnt/dir/hello");
	close(on_dir);
	check_hangup(on_file);
	check("mount again", result(mount(huge, "/mnt", "tux3", MS_RDONLY, NULL)), 0);
	check_huge();
	fputs("{\"done\":true}\n", out);
}
