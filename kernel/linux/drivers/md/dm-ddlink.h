/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest of device mapper has to do with its links, see dm-ddlink.c.
 */
#ifndef DM_DDLINK_H
#define DM_DDLINK_H

#include <linux/device-mapper.h>
#include <uapi/linux/ddlink.h>

struct dm_ioctl;

/* dm-ioctl.c */
int dm_ctl_command(struct file *file, unsigned int cmd, struct dm_ioctl *param);

#ifdef CONFIG_DM_DDLINK

int dm_ddlink_open(void);
void dm_ddlink_tell(struct mapped_device *md, const char *what);
__printf(1, 2) void dm_ddlink_reason(const char *fmt, ...);

/* Whoever gave the command over a link gets to know, too. */
#define DM_LOG(fmt, ...) pr_err(DM_FMT(fmt), ##__VA_ARGS__)
#undef DMERR
#define DMERR(...) do { DM_LOG(__VA_ARGS__); dm_ddlink_reason(__VA_ARGS__); } while (0)

#else

static inline int dm_ddlink_open(void)
{
	return -ENOTTY;
}

static inline void dm_ddlink_tell(struct mapped_device *md, const char *what)
{
}

#endif
#endif
