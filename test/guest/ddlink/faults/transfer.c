// SPDX-License-Identifier: MIT
// Messages and items of all sizes.
#include "scene.h"

#include <stddef.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <linux/ddlink.h>

#include "fault.h"
#include "links.h"

#define PARTS	20	/* of a vector: too many for the kernel's stack */

static bool writes(size_t size)
{
	static char message[DDLINK_ITEM_MAX], back[DDLINK_ITEM_MAX];
	int link = open_link(ECHO);
	ssize_t ret;
	bool hit;

	/* the largest one needs a queue for itself */
	bool alone = size == sizeof(message);

	for (size_t i = 0; i < size; i++)
		message[i] = i * 7 + nth;
	MUST(alone || (say(link, "one") == 3 && say(link, "two") == 3));
	hit = FAULTY(ret, write(link, message, size));
	if (ret < 0)
		MUST(write(link, message, size) == (ssize_t)size);
	MUST(alone || (heard(link, "one") && heard(link, "two")));
	MUST(read(link, back, sizeof(back)) == (ssize_t)size && !memcmp(message, back, size));
	MUST(empty(link));
	close(link);
	return hit;
}

static bool write_small(void)
{
	return writes(5);
}

static bool write_pages(void)
{
	return writes(3 * 65536);
}

static bool write_largest(void)
{
	return writes(DDLINK_ITEM_MAX);
}

static void cut(struct iovec *parts, char *data, size_t each)
{
	for (int i = 0; i < PARTS; i++)
		parts[i] = (struct iovec){ data + i * each, each };
}

static bool write_vector(void)
{
	char data[PARTS * 2 + 1] = "a vector of twenty parts, two bytes each";
	struct iovec parts[PARTS];
	int link = open_link(ECHO);
	ssize_t ret;
	bool hit;

	cut(parts, data, 2);
	hit = FAULTY(ret, writev(link, parts, PARTS));
	if (ret < 0)
		MUST(writev(link, parts, PARTS) == 2 * PARTS);
	MUST(heard(link, data));
	MUST(empty(link));
	close(link);
	return hit;
}

static bool reads(ssize_t (*get)(int link, char *to))
{
	int link = open_link(ECHO);
	char text[2 * PARTS];
	ssize_t ret;
	bool hit;

	say(link, "one");
	say(link, "two");
	hit = FAULTY(ret, get(link, text));
	if (ret < 0)
		MUST(get(link, text) == 3);
	MUST(!memcmp(text, "one", 3));
	MUST(heard(link, "two"));
	MUST(empty(link));
	close(link);
	return hit;
}

static ssize_t get_plain(int link, char *to)
{
	return read(link, to, 2 * PARTS);
}

static ssize_t get_vector(int link, char *to)
{
	struct iovec parts[PARTS];

	cut(parts, to, 2);
	return readv(link, parts, PARTS);
}

static bool read_item(void)
{
	return reads(get_plain);
}

static bool read_vector(void)
{
	return reads(get_vector);
}

static bool read_largest(void)
{
	static char data[DDLINK_ITEM_MAX];
	int link = open_link(ECHO);
	ssize_t ret;
	bool hit;

	MUST(write(link, data, sizeof(data)) == sizeof(data));
	hit = FAULTY(ret, read(link, data, sizeof(data)));
	if (ret < 0)
		MUST(read(link, data, sizeof(data)) == sizeof(data));
	MUST(empty(link));
	close(link);
	return hit;
}

const struct scene transfer_scenes[] = {
	{ "write 5 bytes", write_small }, { "write 192 KiB", write_pages },
	{ "write 1 MiB", write_largest }, { "writev", write_vector }, { "read", read_item },
	{ "readv", read_vector }, { "read 1 MiB", read_largest },
	{ 0 },
};
