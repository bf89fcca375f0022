/* SPDX-License-Identifier: MIT */
/* The kernel's monitor: its records, in batches, on a stream. */
#ifndef AGENT_MONITOR_H
#define AGENT_MONITOR_H

#include <stdint.h>

#include "bridge.pb.h"

void monitor_open(uint16_t id, const bridge_Watch *request);

#endif
