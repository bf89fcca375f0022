// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "damage.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "dump.h"

#define EDITS 64
#define EDIT_BYTES 4096

/* One place of the disk that is written over, and what stood there. */
struct edit {
	long long offset;
	size_t len;
	unsigned char new[EDIT_BYTES];
	unsigned char old[EDIT_BYTES];
};

static struct edit edits[EDITS];

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? at - digits : -1;
}

static size_t decode_hex(const char *text, unsigned char *bytes)
{
	size_t len = 0;

	while (len < EDIT_BYTES && hex_digit(text[2 * len]) >= 0 && hex_digit(text[2 * len + 1]) >= 0) {
		bytes[len] = hex_digit(text[2 * len]) << 4 | hex_digit(text[2 * len + 1]);
		len++;
	}
	return len;
}

/* Take the edits off a line; its name is cut off before. */
static int parse_edits(char *state)
{
	int n = 0;
	char *offset, *bytes;

	while (n < EDITS && (offset = strtok(state, " \n")) && (bytes = strtok(NULL, " \n"))) {
		edits[n].offset = strtoll(offset, NULL, 10);
		edits[n].len = decode_hex(bytes, edits[n].new);
		n++;
		state = NULL;
	}
	return n;
}

/* What was written must be on the disk, and nothing of it in caches. */
static void settle(int fd)
{
	fsync(fd);
	ioctl(fd, BLKFLSBUF, 0);
}

static void fail(FILE *out, const char *what)
{
	fprintf(out, "{\"error\":\"%s: %s\"}\n", what, strerror(errno));
}

static void apply(int fd, int n, FILE *out)
{
	for (int i = 0; i < n; i++) {
		struct edit *e = &edits[i];

		if (pread(fd, e->old, e->len, e->offset) != (ssize_t)e->len ||
		    pwrite(fd, e->new, e->len, e->offset) != (ssize_t)e->len)
			fail(out, "apply");
	}
	settle(fd);
}

static void revert(int fd, int n, FILE *out)
{
	while (n--) {
		struct edit *e = &edits[n];

		if (pwrite(fd, e->old, e->len, e->offset) != (ssize_t)e->len)
			fail(out, "revert");
	}
	settle(fd);
}

/* Print a message of /dev/kmsg: "level,number,time,flags;text\n...". */
static void put_message(const char *message, FILE *out)
{
	const char *text = strchr(message, ';');

	putc('"', out);
	for (text = text ? text + 1 : message; *text && *text != '\n'; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', out);
		if ((unsigned char)*text >= 0x20)
			putc(*text, out);
	}
	putc('"', out);
}

static void put_log(int kmsg, FILE *out)
{
	static char message[8192];
	const char *comma = "";
	ssize_t len;

	/* EPIPE: messages were overwritten before we came; go on with what is left. */
	while ((len = read(kmsg, message, sizeof(message) - 1)) > 0 || (len < 0 && errno == EPIPE)) {
		if (len < 0)
			continue;
		message[len] = 0;
		fputs(comma, out);
		put_message(message, out);
		comma = ",";
	}
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void try_mutant(const char *disk, const char *name, int kmsg, FILE *out)
{
	FILE *nowhere = fopen("/dev/null", "w");
	struct dump_count count = { 0 };
	long long start = now_ms();
	int err = mount(disk, "/mnt", "tux3", MS_RDONLY, NULL) ? errno : 0;

	if (!err) {
		count = dump_tree("/mnt", nowhere);
		if (umount("/mnt"))
			fail(out, "umount");
	}
	fclose(nowhere);
	fprintf(out, "{\"mutant\":\"%s\",\"mount\":%d,\"paths\":%lu,\"errors\":%lu,\"lastErrno\":%d,\"ms\":%lld,\"log\":[", name,
		err, count.paths, count.errors, count.last_errno, now_ms() - start);
	put_log(kmsg, out);
	fputs("]}\n", out);
	fflush(out);
}

void damage_disk(const char *disk, const char *mutants, FILE *out)
{
	int kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	int fd = open(disk, O_RDWR);
	FILE *in = fopen(mutants, "r");
	static char line[1 << 16];

	if (kmsg < 0 || fd < 0 || !in) {
		fail(out, "open");
		return;
	}
	lseek(kmsg, 0, SEEK_END);
	while (fgets(line, sizeof(line), in)) {
		char *name = strtok(line, " \n");
		int n = parse_edits(NULL);

		fprintf(out, "{\"begin\":\"%s\"}\n", name);
		fflush(out);
		apply(fd, n, out);
		try_mutant(disk, name, kmsg, out);
		revert(fd, n, out);
	}
	fputs("{\"done\":true}\n", out);
}
