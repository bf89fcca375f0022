// SPDX-License-Identifier: MIT
/*
 * First program of a guest that looks at volumes: mounts every disk that is
 * there and tells its tree on the second serial port, then resets the machine.
 *
 *	{"disk":"sda","mount":0}	0 or the errno of mount(2)
 *	...				dump_tree()
 *	{"end":"sda"}
 *
 * With /mutants in the file system it damages the first disk over and over
 * instead (damage.c), with /checks it tries what else a mount does (checks.c).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "checks.h"
#include "damage.h"
#include "dump.h"

#define DISK_WAIT_MS 20000	/* an emulated IDE disk takes its time */
#define POLL_MS 20

static FILE *open_port(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY);
	struct termios raw;

	if (fd < 0 || tcgetattr(fd, &raw))
		return NULL;
	cfmakeraw(&raw);
	tcsetattr(fd, TCSANOW, &raw);
	return fdopen(fd, "w");
}

/* Disks are attached in the background. */
static int wait_for(const char *path)
{
	for (int ms = 0; ms < DISK_WAIT_MS; ms += POLL_MS) {
		int fd = open(path, O_RDONLY);

		if (fd >= 0)
			return close(fd);
		nanosleep(&(struct timespec){ .tv_nsec = POLL_MS * 1000000L }, NULL);
	}
	return -1;
}

static void dump_disk(const char *name, FILE *out)
{
	char device[32];
	int err;

	snprintf(device, sizeof(device), "/dev/%s", name);
	err = mount(device, "/mnt", "tux3", MS_RDONLY, NULL) ? errno : 0;
	fprintf(out, "{\"disk\":\"%s\",\"mount\":%d}\n", name, err);
	if (!err) {
		dump_tree("/mnt", out);
		if (umount("/mnt"))
			fprintf(out, "{\"path\":\"/\",\"error\":\"umount: %s\"}\n", strerror(errno));
	}
	fprintf(out, "{\"end\":\"%s\"}\n", name);
}

static void work(FILE *out)
{
	if (wait_for("/dev/sda")) {
		fputs("{\"error\":\"no disk\"}\n", out);
	} else if (!access("/mutants", R_OK)) {
		damage_disk("/dev/sda", "/mutants", out);
	} else if (!access("/checks", R_OK)) {
		check_mount("/dev/sda", "/dev/sdb", out);
	} else {
		dump_disk("sda", out);
		if (!access("/dev/sdb", F_OK))
			dump_disk("sdb", out);
	}
}

int main(void)
{
	FILE *out;

	mkdir("/dev", 0755);
	mkdir("/mnt", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	out = open_port("/dev/ttyS1");
	if (!out)
		fprintf(stderr, "no /dev/ttyS1: %s\n", strerror(errno));
	else
		work(out);
	if (out && (fflush(out) || tcdrain(fileno(out))))
		fprintf(stderr, "/dev/ttyS1: %s\n", strerror(errno));
	reboot(RB_AUTOBOOT);
	return 1;
}
