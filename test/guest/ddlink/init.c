// SPDX-License-Identifier: MIT
// The first process of the test machine: mounts what the tests look at, loads
// the modules beside it, runs
// the programs named on the kernel's command line after "--", each with its
// result in one line, and powers off.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void attach(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, 0, NULL) && errno != EBUSY && errno != ENODEV)
		printf("init: cannot mount %s on %s: %s\n", type, where, strerror(errno));
}

/* Every module in the root folder. */
static void load_modules(void)
{
	DIR *root = opendir("/");
	struct dirent *entry;
	int fd;

	while ((entry = readdir(root))) {
		if (!strstr(entry->d_name, ".ko"))
			continue;
		fd = openat(dirfd(root), entry->d_name, O_RDONLY);
		if (syscall(SYS_finit_module, fd, "", 0))
			printf("init: cannot load %s: %s\n", entry->d_name, strerror(errno));
		close(fd);
	}
	closedir(root);
}

#define ARGUMENTS 16

/* "program,argument,argument" */
static void run(char *program)
{
	char *argv[ARGUMENTS + 1] = { 0 };
	int status = -1, i;
	pid_t pid;

	for (i = 0; i < ARGUMENTS && program; i++)
		argv[i] = strsep(&program, ",");
	program = argv[0];
	pid = fork();
	if (!pid) {
		execv(program, argv);
		printf("init: cannot run %s: %s\n", program, strerror(errno));
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	printf("init: %s ended with status %d\n", program, status);
}

/* On a kernel with kmemleak: look for memory that nothing refers to any more. */
static void report_leaks(void)
{
	const char *path = "/sys/kernel/debug/kmemleak";
	int i, fd = open(path, O_RDWR);
	char text[4096];
	ssize_t size;

	if (fd < 0)
		return;
	for (i = 0; i < 2; i++) {
		/* younger objects than 5 s are not reported */
		sleep(6);
		if (write(fd, "scan", 4) < 0)
			printf("init: cannot scan for leaks: %s\n", strerror(errno));
	}
	while ((size = read(fd, text, sizeof(text) - 1)) > 0)
		printf("leak: %.*s", (int)size, text);
	printf("init: looked for leaks\n");
	close(fd);
}

/* One line for each file of counters: "gcov: NAME HEX". */
static int report_counters(const char *path, const struct stat *st, int type, struct FTW *where)
{
	static char hex[2 * 4096 + 1];
	unsigned char bytes[4096];
	int i, size, fd;

	(void)st;
	if (type != FTW_F || !strstr(path, "/fs/ddlink/") || !strstr(path, ".gcda"))
		return 0;
	printf("gcov: %s ", path + where->base);
	fd = open(path, O_RDONLY);
	while ((size = read(fd, bytes, sizeof(bytes))) > 0) {
		for (i = 0; i < size; i++)
			sprintf(hex + 2 * i, "%02x", bytes[i]);
		printf("%s", hex);
	}
	close(fd);
	printf("\n");
	return 0;
}

int main(int argc, char **argv)
{
	int i;

	attach("devtmpfs", "/dev");
	for (i = 0; i < 3; i++)
		dup2(open("/dev/console", O_RDWR), i);
	setvbuf(stdout, NULL, _IONBF, 0);
	attach("proc", "/proc");
	attach("sysfs", "/sys");
	attach("tracefs", "/sys/kernel/tracing");
	attach("cgroup2", "/sys/fs/cgroup");
	attach("debugfs", "/sys/kernel/debug");
	load_modules();
	for (i = 1; i < argc; i++)
		run(argv[i]);
	report_leaks();
	nftw("/sys/kernel/debug/gcov", report_counters, 16, FTW_PHYS);
	sync();
	reboot(RB_AUTOBOOT);
	return 0;
}
