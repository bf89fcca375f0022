// SPDX-License-Identifier: MIT
// What the monitors must tell: every write, read and ioctl on a link, once, in order, with its result.
#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>

#include "model.h"

/* A call on a link has ended: each monitor that watches will say so. */
void monitor_expect(const struct model *link, int type, long result);
/* Is this what the monitor was to give? @got: what its read returned. */
bool monitor_check(struct model *monitor, const void *record, long got);
void monitor_gone(const struct model *monitor);
/* All cases begin without. */
void monitor_forget(void);

#endif
