/* SPDX-License-Identifier: MIT */
/* One session with the host: hello, epochs, sequence numbers, and who gets which frame. */
#ifndef AGENT_SESSION_H
#define AGENT_SESSION_H

#include <pb.h>
#include <stddef.h>
#include <stdint.h>

/* Says hello without having been asked: an agent has started here. */
void session_start(void);

/* Bytes came from the host. Takes all of them unless the line has no room for answers. */
size_t session_input(const uint8_t *bytes, size_t len);

/* DATA that the host takes on each new stream. */
uint32_t session_window(void);

/* Encodes a message and sends it. */
void session_send(uint8_t type, uint8_t flags, uint16_t stream, const pb_msgdesc_t *fields,
		  const void *message);

#endif
