// SPDX-License-Identifier: MIT
// What steps write: bytes to an echo, commands to the test component, words to a monitor.
#ifndef MESSAGE_H
#define MESSAGE_H

#include "model.h"
#include "step.h"

/* Once, before all else: finds out what each item is charged that a message may bring about. */
void message_measure(void);
/* Puts the message of a step into the world's buffer; gives its length. */
uint32_t message(struct step step, unsigned int index, const struct model *m);

#endif
