// SPDX-License-Identifier: MIT
/*
 * The guest's first program: mounts what the others need and the Tux3 volume,
 * starts a shell on the console and the agent on the second serial port, and
 * starts either again when it ends.  Nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define DISK "/dev/sda"
#define VOLUME "/mnt"
#define DISK_WAIT_MS 5000	/* an IDE disk takes two seconds of guest time */
#define POLL_MS 10
#define RESPAWN_MS 50
#define RESPAWN_SLOW_MS 2000	/* a program that dies at once must not eat the machine */

struct service {
	const char *tty;
	const char *const *argv;
	pid_t pid;
	time_t started;	/* seconds since boot */
};

static const char *const shell[] = { "/bin/sh", "-l", NULL };
static const char *const agent[] = { "/sbin/agent", "/dev/ttyS1", NULL };
static struct service services[] = {
	{ .tty = "/dev/ttyS0", .argv = shell },
	{ .argv = agent },
};

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void say(const char *what, const char *why)
{
	char line[256];
	int n = snprintf(line, sizeof(line), "init: %s%s%s\n", what, why ? ": " : "", why ? why : "");

	if (write(STDERR_FILENO, line, n) < 0)
		return;	/* nobody to tell */
}

static void mount_or_say(const char *type, const char *where)
{
	mkdir(where, 0755);
	if (mount(type, where, type, MS_NOSUID, NULL) < 0)
		say(where, strerror(errno));
}

/* The disk is attached in the background: ENOENT, ENXIO until it is there. */
static void mount_volume(void)
{
	int waited = 0;

	mkdir(VOLUME, 0755);
	while (mount(DISK, VOLUME, "tux3", MS_RDONLY, NULL) < 0) {
		if ((errno != ENOENT && errno != ENXIO) || waited >= DISK_WAIT_MS) {
			say("no Tux3 volume at " DISK, strerror(errno));
			return;
		}
		sleep_ms(POLL_MS);
		waited += POLL_MS;
	}
}

static void take_tty(const char *path)
{
	int fd = open(path, O_RDWR);

	if (fd < 0)
		_exit(126);
	ioctl(fd, TIOCSCTTY, 1);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}

static void start(struct service *service)
{
	static char *const env[] = {
		"PATH=/bin:/sbin", "HOME=/root", "TERM=xterm-256color", "PS1=\\w # ", NULL
	};

	service->started = seconds();
	service->pid = fork();
	if (service->pid != 0)
		return;
	setsid();
	if (service->tty)
		take_tty(service->tty);
	execve(service->argv[0], (char *const *)service->argv, env);
	say(service->argv[0], strerror(errno));
	_exit(127);
}

static void start_again(pid_t pid)
{
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++) {
		if (services[i].pid != pid)
			continue;
		sleep_ms(seconds() - services[i].started < 2 ? RESPAWN_SLOW_MS : RESPAWN_MS);
		start(&services[i]);
	}
}

int main(void)
{
	mount_or_say("devtmpfs", "/dev");
	mount_or_say("proc", "/proc");
	mount_or_say("sysfs", "/sys");
	mount_or_say("devpts", "/dev/pts");
	mount_or_say("tracefs", "/sys/kernel/tracing");
	sethostname("ddlab", 5);
	mount_volume();
	if (chdir(VOLUME) < 0)
		say(VOLUME, strerror(errno));
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		start(&services[i]);
	for (;;) {
		pid_t pid = wait(NULL);

		if (pid > 0)
			start_again(pid);
		else
			sleep_ms(RESPAWN_MS);	/* a fork failed: try again later */
	}
}
