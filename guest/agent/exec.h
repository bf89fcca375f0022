/* SPDX-License-Identifier: MIT */
/* Programs: start, feed, read, kill, and the report of how they ended. */
#ifndef AGENT_EXEC_H
#define AGENT_EXEC_H

#include <stdint.h>

#include "bridge.pb.h"

void exec_open(uint16_t id, const bridge_Exec *request);

/* Collects children that have ended. */
void exec_reap(void);

/* How many programs run or have output left. */
int exec_children(void);

#endif
