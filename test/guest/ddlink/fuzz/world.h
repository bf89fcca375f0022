// SPDX-License-Identifier: MIT
// The real side: up to three tasks with descriptors of their own, and calls that any of them makes.
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "model.h"

#define TASKS	3
#define FDS	6		/* links that a task holds, at most */
#define ROOM	(DDLINK_ITEM_MAX + 4096)

enum call_type {
	CALL_READ, CALL_READV, CALL_READ_NOWAIT, CALL_WRITE, CALL_WRITEV, CALL_WRITE_NOWAIT,
	CALL_IOCTL, CALL_FIONREAD, CALL_POLL, CALL_WAIT_HANGUP, CALL_OPEN, CALL_DUP, CALL_CLOSE,
	CALL_NONBLOCK,
	CALL_SEND,		/* a descriptor to the first task; gives the new one */
	CALL_RECEIVE,		/* one of the first task's; gives the new one */
};

/* One system call, with its memory: lies in pages that all tasks share. */
struct call {
	enum call_type type;
	int fd;
	int sock;		/* to the first task */
	uint32_t len;
	uint32_t split;		/* of vectors: bytes in the first part */
	uint32_t there;		/* bytes of the buffer before the hole, if fault */
	bool fault;
	unsigned int cmd;
	unsigned long arg;
	char path[16];
	long ret;		/* -errno on failure */
	int value;		/* FIONREAD's */
};

struct slot {
	int fd;
	struct model *model;	/* NULL: free */
};

struct task {
	int pid;		/* 0: not there; the first is this process */
	int sock;
	struct slot slots[FDS];
};

extern struct task tasks[TASKS];
extern struct call *call;
extern unsigned char *buffer;	/* ROOM bytes that the tasks share; a hole behind */

void world_begin(void);
/* Finds out what items of so many bytes are charged, for charge_of(). */
void world_measure(uint32_t size);
/* Makes the call in a task, and gives back call->ret. */
long world_call(int task);
int world_fork(int task);
void world_exit(int task);
/* The end of a case: every descriptor and every task is gone. */
void world_clear(void);
/* Reads the fdinfo of a link of this or another task, */
void world_look(int task, int fd);
/* and gives a number of it; -1 if there is none. */
long long world_info(const char *key);

#endif
