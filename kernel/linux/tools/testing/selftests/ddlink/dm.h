/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Links on /dev/mapper/control (CONFIG_DM_DDLINK), devices over /dev/ram0 and
 * /dev/ram1 (CONFIG_BLK_DEV_RAM), and the ioctls to see that both say the same.
 * What a test makes has a name that begins with "dd-".
 */
#ifndef _SELFTESTS_DDLINK_DM_H
#define _SELFTESTS_DDLINK_DM_H

#include "link.h"

#include <stdarg.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <linux/dm-ioctl.h>
#include <linux/fs.h>

#define DM	"/dev/mapper/control"
#define SECTOR	512

/* What an ioctl takes and gives. */
struct params {
	struct dm_ioctl head;
	char data[32768];
};

static inline int dm_ioctl(unsigned long cmd, struct params *params, const char *name)
{
	int fd = open(DM, O_RDWR), ret;

	params->head.version[0] = DM_VERSION_MAJOR;
	params->head.data_size = sizeof(*params);
	params->head.data_start = offsetof(struct params, data);
	if (name)
		snprintf(params->head.name, DM_NAME_LEN, "%s", name);
	ret = ioctl(fd, cmd, params) ? -errno : 0;
	close(fd);
	return ret;
}

/* An ioctl on a device that takes nothing but flags. */
static inline int dm_simple(unsigned long cmd, const char *name, unsigned int flags)
{
	struct params params = { .head.flags = flags };

	return dm_ioctl(cmd, &params, name);
}

/* One command, formatted. */
static inline __printf(2, 3) ssize_t sayf(int link, const char *format, ...)
{
	static char text[65536];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return say(link, text);
}

/* Whether the next item has these words. */
static inline bool hears(int link, const char *words)
{
	char text[4096];

	return hear(link, text, sizeof(text)) > 0 && strstr(text, words);
}

/* A command fails with an errno, and a text that has these words. */
#define EXPECT_REFUSED(link, err, command, words) do {			\
	const char *refused = (command);				\
	char refusal[4096];						\
	int to = (link);						\
	EXPECT_EQ(-(err), say(to, refused));				\
	hear(to, refusal, sizeof(refusal));				\
	EXPECT_NE(NULL, strstr(refusal, words))				\
		TH_LOG("'%s' is refused with '%s'", refused, refusal);	\
} while (0)

/* A device of one target, running; its minor, or -1. */
static inline int make_device(int link, const char *name, const char *target)
{
	unsigned int major, minor;
	char text[64];

	if (sayf(link, "create %s", name) < 0 || hear(link, text, sizeof(text)) <= 0 ||
	    sscanf(text, "%u:%u", &major, &minor) != 2 ||
	    sayf(link, "load %s\n%s", name, target) < 0 || sayf(link, "resume %s", name) < 0)
		return -1;
	return minor;
}

static inline int open_device(int minor, int flags)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/dm-%d", minor);
	return open(path, flags);
}

/* A link with little room; -1 if that cannot be. */
static inline int small_link(const char *max_bytes)
{
	char text[16];
	int link;

	if (sysctl_set("max_bytes", max_bytes))
		return -1;
	link = open_link(DM);
	sprintf(text, "%d", 2 * DDLINK_ITEM_MAX);
	sysctl_set("max_bytes", text);
	return link;
}

/* Remove what tests have made, as far as it goes. */
static inline void clean(void)
{
	static struct params params;
	struct dm_name_list *one = (void *)params.data;
	int tries;

	for (tries = 0; tries < 3; tries++) {
		memset(&params, 0, sizeof(params));
		if (dm_ioctl(DM_LIST_DEVICES, &params, NULL))
			return;
		for (one = (void *)params.data; one->dev; one = (void *)one + one->next) {
			if (!strncmp(one->name, "dd-", 3)) {
				dm_simple(DM_DEV_SUSPEND, one->name, 0);
				dm_simple(DM_DEV_REMOVE, one->name, 0);
			}
			if (!one->next)
				break;
		}
	}
}

FIXTURE(dm) {
	int link;
};

FIXTURE_SETUP(dm)
{
	self->link = open_link(DM);
	if (self->link < 0)
		SKIP(return, "no link on " DM);
	clean();
}

FIXTURE_TEARDOWN(dm)
{
	close(self->link);
	clean();
}

#endif /* _SELFTESTS_DDLINK_DM_H */
