// SPDX-License-Identifier: MIT
#include "info.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bridge_Time time_of(struct timespec time)
{
	return (bridge_Time){ .seconds = time.tv_sec, .nanoseconds = time.tv_nsec };
}

bool info_read(bridge_FileInfo *info, int dir, const char *path)
{
	struct stat stat;

	if (fstatat(dir, path, &stat, AT_SYMLINK_NOFOLLOW))
		return false;
	info->mode = stat.st_mode;
	info->ino = stat.st_ino;
	info->nlink = stat.st_nlink;
	info->uid = stat.st_uid;
	info->gid = stat.st_gid;
	info->rdev = stat.st_rdev;
	info->size = stat.st_size;
	info->blocks = stat.st_blocks;
	info->has_mtime = info->has_ctime = true;
	info->mtime = time_of(stat.st_mtim);
	info->ctime = time_of(stat.st_ctim);
	if (S_ISLNK(stat.st_mode)) {
		ssize_t n = readlinkat(dir, path, info->target, sizeof(info->target) - 1);

		info->target[n > 0 ? n : 0] = '\0';
	}
	return true;
}
