/* SPDX-License-Identifier: MIT */
/* The line to the host: frames go out through one bounded buffer. */
#ifndef AGENT_LINE_H
#define AGENT_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void line_open(int out);

/* A new session: frames count from 0 again, bodies are as small as before HELLO. */
void line_begin(uint16_t epoch);
/* Bodies may have @max_body bytes from now on. */
void line_allow(size_t max_body);

/* Bytes that a DATA frame may carry now: 0 while the line is busy. */
size_t line_room(void);

/* True while answers to further requests still have room. */
bool line_takes_requests(void);

/* Where the body of the next frame may be prepared, FRAME_BODY_MAX bytes. */
uint8_t *line_body(void);

/* Sends what was prepared at line_body(). */
void line_send(uint8_t type, uint8_t flags, uint16_t stream, size_t len);

/* Largest body of this session. */
size_t line_max_body(void);

/* Writes as much as the line takes. False: it is gone. */
bool line_flush(void);
bool line_pending(void);

#endif
