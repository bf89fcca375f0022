/* SPDX-License-Identifier: MIT */
/* What stat(2) says, as a message. */
#ifndef AGENT_INFO_H
#define AGENT_INFO_H

#include <stdbool.h>

#include "bridge.pb.h"

/* Fills @info for @path below @dir (AT_FDCWD), itself and not its target if a symlink. */
bool info_read(bridge_FileInfo *info, int dir, const char *path);

#endif
