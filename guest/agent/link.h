/* SPDX-License-Identifier: MIT */
/* Links of the kernel, worked from the host: open, write, read, poll, ioctl, close. */
#ifndef AGENT_LINK_H
#define AGENT_LINK_H

#include <stdint.h>

void link_open(uint16_t id, const char *path);

#endif
