// SPDX-License-Identifier: MIT
/*
 * ddtest: writes each word to a ddlink, reads back what it answers, and shows
 * what every call returned.
 *
 *	ddtest [-f PATH] [-b BUFSIZE] WORD...
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ddlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define MOUNT "/mnt"
#define USAGE "usage: ddtest [-f PATH] [-b BUFSIZE] WORD..."
#define SHOWN 64		/* bytes of a message or item that are printed */
#define ITEM_MAX (1 << 20)
#define BUFFER 4096

static char first[BUFFER];	/* all that most runs need: no allocation */

static void quote(const char *bytes, size_t len)
{
	putchar('"');
	for (size_t i = 0; i < len && i < SHOWN; i++) {
		unsigned char c = bytes[i];

		if (isprint(c) && c != '"' && c != '\\')
			putchar(c);
		else
			printf(isprint(c) ? "\\%c" : "\\x%02x", c);
	}
	fputs(len > SHOWN ? "\"..." : "\"", stdout);
}

static void show_failure(void)
{
	const char *name = errno == EIO ? "EIO " : errno == EMSGSIZE ? "EMSGSIZE " : "";

	printf(" = -1 %s(%s)\n", name, strerror(errno));
}

/*
 * An item waits that is bigger than our buffer: it stays first until we come with a bigger one. The old one is left
 * behind, in a program that is soon over.
 */
static void grow(int link, char **buffer, size_t *size)
{
	int next = 0;

	if (ioctl(link, FIONREAD, &next) < 0 || !(*buffer = malloc(next + 1)))
		err(1, "grow to %d bytes", next);
	printf("ioctl(FIONREAD) = 0 [%d]\n", next);
	*size = next;
}

/* Reads the next item; 0: none waits, -1: the link is of no use any more. */
static ssize_t read_item(int link, char **buffer, size_t *size)
{
	ssize_t n = read(link, *buffer, *size);

	printf("read(%zu)", *size);
	if (n < 0) {
		show_failure();
		if (errno != EIO)
			return -1;
		grow(link, buffer, size);
		return read_item(link, buffer, size);
	}
	printf(" = %zd%s", n, n ? " " : "\n");
	if (n) {
		quote(*buffer, n);
		putchar('\n');
	}
	return n;
}

/* One message, one call of the component: the whole of it or -1. */
static ssize_t write_word(int link, const char *word)
{
	size_t len = strlen(word);
	ssize_t n = write(link, word, len);

	printf("write(");
	quote(word, len);
	printf(", %zu)", len);
	if (n < 0)
		show_failure();
	else
		printf(" = %zd\n", n);
	return n;
}

static int open_link(const char *path)
{
	int file = open(path, O_RDONLY), link;

	if (file < 0)
		err(1, "cannot open %s (name a path on a Tux3 volume with -f)", path);
	link = ioctl(file, DDLINK_OPEN);
	if (link < 0 && errno == ENOTTY)
		errx(1, "%s is not on a Tux3 volume: mount one there, or name another path with -f", path);
	if (link < 0)
		err(1, "no link on %s", path);
	close(file);		/* the link lives on its own */
	return link;
}

static size_t parse_size(const char *text)
{
	char *end;
	unsigned long size = strtoul(text, &end, 0);

	if (!isdigit((unsigned char)*text) || *end || size > ITEM_MAX)
		errx(2, "-b %s: give the buffer's size as a number up to %d", text, ITEM_MAX);
	return size;
}

int main(int argc, char **argv)
{
	const char *path = MOUNT;
	size_t size = BUFFER;
	int option, link, failed = 0;
	char *buffer;

	while ((option = getopt(argc, argv, "f:b:")) != -1) {
		if (option == 'f')
			path = optarg;
		else if (option == 'b')
			size = parse_size(optarg);
		else
			errx(2, USAGE);
	}
	if (optind == argc)
		errx(2, "no word to write; " USAGE);
	setvbuf(stdout, NULL, _IOLBF, 0);
	buffer = size <= BUFFER ? first : malloc(size);
	link = open_link(path);
	for (int i = optind; i < argc && buffer; i++) {
		if (write_word(link, argv[i]) >= 0)
			continue;
		failed = 1;
		read_item(link, &buffer, &size);	/* the component's own words, if any */
	}
	while (read_item(link, &buffer, &size) > 0)
		;
	return failed;
}
