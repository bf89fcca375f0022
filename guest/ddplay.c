// SPDX-License-Identifier: MIT
/*
 * ddplay: plays steps on ddlinks and shows what every call returned.
 *
 *	ddplay STEP... [/ STEP...]...
 *
 * The steps before the first "/" are the parent's. Each part after it is played by a child.
 */
#include <ctype.h>
#include <err.h>
#include <fcntl.h>
#include <linux/ddlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define STEPS "steps: open:PATH write:TEXT read[:SIZE] take poll[:MS] sleep:MS umount:PATH"
#define SHOWN 64		/* bytes of an item that are printed */
#define SIZE 4096		/* of a buffer when none is given */
#define NUMBER_MAX 65536
#define PATIENCE_MS 10000	/* no step waits longer */

static int link_fd = -1;	/* the one that was opened last */
static int watching;		/* it is a monitor: its items are records */
static int returned;		/* by the last call */

/* Calls, and prints what was called, as printf has it, and what it returned. */
#define say(call, ...) (returned = (call), printf("%d: ", (int)getpid()), printf(__VA_ARGS__), \
			printf(returned < 0 ? " = %d (%m)" : " = %d", returned))

static void show_text(const unsigned char *bytes, int len)
{
	printf(" \"");
	for (int i = 0; i < len && i < SHOWN; i++)
		printf(isprint(bytes[i]) ? "%c" : "\\x%02x", bytes[i]);
	printf(len > SHOWN ? "\"..." : "\"");
}

static void show_record(const struct ddlink_event *event)
{
	static const char *const names[] = { "overflow", "create", "write", "queue", "post", "drop", "read",
		"poll", "wake", "ioctl", "hangup", "release", "fork", "exec", "exit", "enter" };

	printf(" {%s by %.16s}", event->type <= DDLINK_EV_ENTER ? names[event->type] : "?", event->comm);
}

static void open_link(const char *path)
{
	int file = open(path, O_RDONLY);

	link_fd = file < 0 ? -1 : ioctl(file, DDLINK_OPEN);
	if (link_fd < 0)
		err(1, "no link on %s", path);
	close(file);		/* the link lives on its own */
	watching = !strcmp(path, "/dev/ddlink");
}

static int read_item(int size)
{
	static unsigned char buffer[NUMBER_MAX];
	int n = read(link_fd, buffer, size);

	say(n, "read(%d)", size);
	if (watching && n >= (int)sizeof(struct ddlink_event))
		show_record((struct ddlink_event *)buffer);
	else if (n > 0)
		show_text(buffer, n);
	putchar('\n');
	return n;
}

static int wait_for_item(int ms)
{
	struct pollfd wait = { .fd = link_fd, .events = POLLIN };
	int n = poll(&wait, 1, ms);

	say(n, "poll(IN)");
	printf("%s%s\n", wait.revents & POLLIN ? " IN" : "", wait.revents & POLLHUP ? " HUP" : "");
	return n;
}

/* Until an item was read: another reader may be faster. */
static void take_item(void)
{
	while (wait_for_item(PATIENCE_MS) > 0 && read_item(SIZE) == 0)
		;
}

/* A size or a time: what is out of bounds is taken for the nearest bound. */
static int number(const char *text, int otherwise)
{
	long value = text ? strtol(text, NULL, 10) : otherwise;

	return value < 0 ? 0 : value > NUMBER_MAX ? NUMBER_MAX : value;
}

static void step(char *word)
{
	char *given = strchr(word, ':');

	if (given)
		*given++ = 0;
	if (!strcmp(word, "open") && given)
		open_link(given);
	else if (!strcmp(word, "write") && given)
		say(write(link_fd, given, strlen(given)), "write(\"%s\")", given), putchar('\n');
	else if (!strcmp(word, "read"))
		read_item(number(given, SIZE));
	else if (!strcmp(word, "take"))
		take_item();
	else if (!strcmp(word, "poll"))
		wait_for_item(number(given, PATIENCE_MS));
	else if (!strcmp(word, "sleep") && given)
		poll(NULL, 0, number(given, 0));
	else if (!strcmp(word, "umount") && given)
		say(umount(given), "umount(\"%s\")", given), putchar('\n');
	else
		errx(2, "%s: no such step; " STEPS, word);
}

static char **play(char **steps)
{
	for (; *steps && strcmp(*steps, "/"); steps++)
		step(*steps);
	return steps;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
		errx(2, "usage: ddplay STEP... [/ STEP...]...; " STEPS);
	for (char **part = play(argv + 1); *part;) {
		pid_t child = fork();

		if (child < 0)
			err(1, "fork");
		if (!child)
			return play(part + 1), 0;
		while (*++part && strcmp(*part, "/"))
			;
	}
	while (wait(NULL) > 0)
		;
}
