/* SPDX-License-Identifier: MIT */
/* Files: put, get, stat and list. */
#ifndef AGENT_FILES_H
#define AGENT_FILES_H

#include <stdint.h>

#include "bridge.pb.h"

void files_put(uint16_t id, const bridge_Put *request);
void files_get(uint16_t id, const char *path);
void files_stat(uint16_t id, const char *path);
void files_list(uint16_t id, const char *path);

#endif
