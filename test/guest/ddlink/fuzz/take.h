// SPDX-License-Identifier: MIT
// The steps, each in world and model at once.
#ifndef TAKE_H
#define TAKE_H

#include "step.h"
#include "world.h"

/* Makes a call in a task, and counts it. */
long run(int task, struct call wanted);

/* transfer.c */
void take_write(struct step step, unsigned int index, int task, struct slot *slot);
void take_read(struct step step, int task, struct slot *slot);
void take_bad_fd(struct step step, int task);

/* ask.c */
void take_poll(int task, struct slot *slot);
void take_fionread(struct step step, int task, struct slot *slot);
void take_ioctl(struct step step, int task, struct slot *slot);
void take_info(int task, struct slot *slot);
void take_nonblock(struct step step, int task, struct slot *slot);

/* life.c */
void take_open(struct step step, int task);
void take_dup(int task, struct slot *slot);
void take_close(int task, struct slot *slot);
void take_fork(void);
void take_exit(int task);
void take_pass(int task, struct slot *slot);

/* elsewhere.c */
void take_hangup(struct step step, int task, struct slot *slot);
void take_later(struct step step, int task, struct slot *slot);

#endif
