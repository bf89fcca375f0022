/* SPDX-License-Identifier: MIT */
/* What the host knows and the guest does not: the time, and chance. */
#ifndef AGENT_HOST_H
#define AGENT_HOST_H

#include <stdint.h>

#include "bridge.pb.h"

void host_set_clock(uint16_t id, const bridge_Time *time);
void host_reseed(uint16_t id, const bridge_Entropy *entropy);

#endif
