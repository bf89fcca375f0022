// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "dump.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "sha256.h"

#define WHOLE_HASH_LIMIT (256LL << 20)	/* above it a file is told by its extents */
#define HOLE_SAMPLE (64 << 10)		/* bytes read at both ends of a hole */
#define DEPTH_LIMIT 400			/* each level keeps a descriptor open */

static FILE *out;
static struct dump_count count;
static char path[1 << 16];		/* of the object at hand, from the root of the mount */

static void put_string(const char *text, size_t len)
{
	putc('"', out);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = text[i];

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

static void put_base64(const unsigned char *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	putc('"', out);
	for (size_t i = 0; i < len; i += 3) {
		uint32_t v = data[i] << 16 | (i + 1 < len ? data[i + 1] << 8 : 0) | (i + 2 < len ? data[i + 2] : 0);

		putc(digits[v >> 18], out);
		putc(digits[v >> 12 & 63], out);
		putc(i + 1 < len ? digits[v >> 6 & 63] : '=', out);
		putc(i + 2 < len ? digits[v & 63] : '=', out);
	}
	putc('"', out);
}

/* Add an "error" to the line at hand. Readers keep the last one. */
static void fail(const char *what, int err)
{
	count.errors++;
	count.last_errno = err;
	fprintf(out, ",\"error\":\"%s: %s\"", what, strerror(err));
}

/* Add [offset, offset + length) to a hash. Returns false if it cannot be read. */
static bool hash_range(int fd, struct sha256 *ctx, long long offset, long long length)
{
	static char buffer[64 << 10];

	while (length > 0) {
		size_t want = length < (long long)sizeof(buffer) ? (size_t)length : sizeof(buffer);
		ssize_t n = pread(fd, buffer, want, offset);

		if (n <= 0) {
			errno = n ? errno : ENODATA;
			return false;
		}
		sha256_add(ctx, buffer, n);
		offset += n;
		length -= n;
	}
	return true;
}

static bool put_hash(int fd, long long offset, long long length)
{
	struct sha256 ctx;
	char hex[65];

	sha256_init(&ctx);
	if (!hash_range(fd, &ctx, offset, length)) {
		fputs("null", out);
		return false;
	}
	sha256_hex(&ctx, hex);
	fprintf(out, "\"%s\"", hex);
	return true;
}

static bool zeroes(int fd, long long offset, long long length)
{
	static char buffer[HOLE_SAMPLE];
	ssize_t n = pread(fd, buffer, length < HOLE_SAMPLE ? (size_t)length : HOLE_SAMPLE, offset);

	for (ssize_t i = 0; i < n; i++)
		if (buffer[i])
			return false;
	return n > 0;
}

/* A hole is too large to be read whole: its ends must do. */
static void check_hole(int fd, long long offset, long long end)
{
	long long tail = end - offset < HOLE_SAMPLE ? offset : end - HOLE_SAMPLE;

	if (end > offset && (!zeroes(fd, offset, end - offset) || !zeroes(fd, tail, end - tail)))
		fail("a hole does not read as zero", EIO);
}

static void put_extents(int fd, long long size)
{
	long long data, end = 0;
	const char *comma = "";

	fputs(",\"sha256\":null,\"extents\":[", out);
	while (end < size && (data = lseek(fd, end, SEEK_DATA)) >= 0) {
		long long hole = end;

		end = lseek(fd, data, SEEK_HOLE);
		if (end <= data)
			break;
		fprintf(out, "%s{\"offset\":%lld,\"length\":%lld,\"sha256\":", comma, data, end - data);
		put_hash(fd, data, end - data);
		putc('}', out);
		comma = ",";
		check_hole(fd, hole, data);
	}
	putc(']', out);
	if (end < size && errno != ENXIO)
		fail("seek", errno);
	else
		check_hole(fd, end, size);
}

static void put_contents(const char *name, long long size)
{
	int fd = open(name, O_RDONLY | O_LARGEFILE | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0) {
		fputs(",\"sha256\":null", out);
		fail("open", errno);
		return;
	}
	if (size > WHOLE_HASH_LIMIT) {
		put_extents(fd, size);
	} else {
		fputs(",\"sha256\":", out);
		if (!put_hash(fd, 0, size))
			fail("read", errno);
	}
	close(fd);
}

static void put_target(const char *name)
{
	static char target[PATH_MAX + 1];
	ssize_t len = readlink(name, target, sizeof(target));

	if (len < 0) {
		fail("readlink", errno);
		return;
	}
	fputs(",\"target\":", out);
	put_string(target, len);
}

/* The VFS keeps user. attributes of devices and symlinks from everyone: null. */
static void put_xattr(const char *name, const char *attr)
{
	static unsigned char value[64 << 10];
	ssize_t len = lgetxattr(name, attr, value, sizeof(value));

	put_string(attr, strlen(attr));
	putc(':', out);
	if (len >= 0) {
		put_base64(value, len);
		return;
	}
	fputs("null", out);
}

static void put_xattrs(const char *name)
{
	static char list[64 << 10];
	ssize_t len = llistxattr(name, list, sizeof(list));
	const char *comma = "";

	if (len < 0 && errno != ENOTSUP)
		fail("listxattr", errno);
	if (len <= 0)
		return;
	fputs(",\"xattr\":{", out);
	for (const char *attr = list; attr < list + len; attr += strlen(attr) + 1) {
		fputs(comma, out);
		put_xattr(name, attr);
		comma = ",";
	}
	putc('}', out);
}

static const char *type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return "file";
	case S_IFDIR: return "dir";
	case S_IFLNK: return "symlink";
	case S_IFCHR: return "char";
	case S_IFBLK: return "block";
	case S_IFIFO: return "fifo";
	case S_IFSOCK: return "socket";
	default: return "unknown";
	}
}

static void put_stat(const struct stat *st)
{
	fprintf(out, ",\"type\":\"%s\",\"mode\":\"%04o\",\"uid\":%lu,\"gid\":%lu,\"nlink\":%lu,\"ino\":%llu",
		type_name(st->st_mode), (unsigned int)st->st_mode & 07777, (unsigned long)st->st_uid,
		(unsigned long)st->st_gid, (unsigned long)st->st_nlink, (unsigned long long)st->st_ino);
	fprintf(out, ",\"size\":%lld,\"blocks\":%lld,\"mtime\":[%lld,%ld],\"ctime\":[%lld,%ld]",
		(long long)st->st_size, (long long)st->st_blocks, (long long)st->st_mtim.tv_sec,
		st->st_mtim.tv_nsec, (long long)st->st_ctim.tv_sec, st->st_ctim.tv_nsec);
}

/* Print the line of one object, known as @name where we stand. */
static bool dump_object(const char *name, const struct dirent *de, struct stat *st)
{
	bool ok = lstat(name, st) == 0;

	count.paths++;
	fputs("{\"path\":", out);
	put_string(*path ? path : "/", *path ? strlen(path) : 1);
	if (ok) {
		put_stat(st);
		if (de && (de->d_ino != st->st_ino || de->d_type != IFTODT(st->st_mode)))
			fail("the directory says otherwise", EIO);
		if (S_ISREG(st->st_mode))
			put_contents(name, st->st_size);
		else if (S_ISLNK(st->st_mode))
			put_target(name);
		else if (S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode))
			fprintf(out, ",\"rdev\":[%u,%u]", major(st->st_rdev), minor(st->st_rdev));
		put_xattrs(name);
	} else {
		fail("stat", errno);
	}
	fputs("}\n", out);
	return ok;
}

static void problem(const char *what, int err)
{
	fputs("{\"path\":", out);
	put_string(*path ? path : "/", *path ? strlen(path) : 1);
	fail(what, err);
	fputs("}\n", out);
}

static void dump_dir(int depth);

static void dump_entry(DIR *dir, const struct dirent *de, int depth)
{
	size_t len = strlen(path);
	struct stat st;

	if (len + strlen(de->d_name) + 2 > sizeof(path))
		return problem("path", ENAMETOOLONG);
	sprintf(path + len, "/%s", de->d_name);
	if (dump_object(de->d_name, de, &st) && S_ISDIR(st.st_mode)) {
		if (depth >= DEPTH_LIMIT) {
			problem("directory", ELOOP);
		} else if (chdir(de->d_name)) {
			problem("chdir", errno);
		} else {
			dump_dir(depth + 1);
			if (fchdir(dirfd(dir)))
				problem("fchdir", errno);
		}
	}
	path[len] = 0;
}

/* Going back to a position must find the entry that was there. */
static void check_position(DIR *dir, long position, const char *name)
{
	const struct dirent *de;

	seekdir(dir, position);
	de = readdir(dir);
	if (!de || strcmp(de->d_name, name))
		problem("seekdir finds another entry", EIO);
}

/* Tell the contents of the directory where we stand. */
static void dump_dir(int depth)
{
	DIR *dir = opendir(".");
	char name[NAME_MAX + 1] = "";
	long before = 0, position = 0;
	struct dirent *de;

	if (!dir)
		return problem("opendir", errno);
	while (errno = 0, before = telldir(dir), (de = readdir(dir))) {
		if (!strcmp(de->d_name, ".") || !strcmp(de->d_name, ".."))
			continue;
		strcpy(name, de->d_name);
		position = before;
		dump_entry(dir, de, depth);
	}
	if (errno)
		problem("readdir", errno);
	else if (*name)
		check_position(dir, position, name);
	closedir(dir);
}

static void dump_statfs(void)
{
	struct statfs st;

	if (statfs(".", &st)) {
		fputs("{\"path\":\"/\"", out);
		fail("statfs", errno);
		fputs("}\n", out);
		return;
	}
	fprintf(out, "{\"statfs\":{\"type\":%lu,\"bsize\":%lu,\"blocks\":%llu,\"bfree\":%llu,\"bavail\":%llu",
		(unsigned long)st.f_type, (unsigned long)st.f_bsize, (unsigned long long)st.f_blocks,
		(unsigned long long)st.f_bfree, (unsigned long long)st.f_bavail);
	fprintf(out, ",\"files\":%llu,\"ffree\":%llu,\"namelen\":%lu}}\n", (unsigned long long)st.f_files,
		(unsigned long long)st.f_ffree, (unsigned long)st.f_namelen);
}

struct dump_count dump_tree(const char *mountpoint, FILE *stream)
{
	int back = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	out = stream;
	count = (struct dump_count){ 0 };
	*path = 0;
	if (back < 0 || chdir(mountpoint)) {
		problem("chdir", errno);
	} else {
		dump_statfs();
		if (dump_object(".", NULL, &st))
			dump_dir(0);
		if (fchdir(back))
			problem("fchdir", errno);
	}
	close(back);
	return count;
}
