// SPDX-License-Identifier: MIT
// What one link must answer, from the contract alone: a queue in three parts
// (error text, posts, asynchronous items), its limits, and whether the kernel
// side is still there. Results are counts or -errno, as the kernel gives them.
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RESERVED 4	/* items that the test component's "reserve" makes */

enum kind { ECHO, TEST, MONITOR };

struct item {
	struct item *next;
	uint32_t size;
	uint32_t charge;	/* what it takes of max_bytes; 0: nothing */
	bool overflow;		/* tells of lost items */
	bool any;		/* text whose words are not in the contract */
	unsigned char data[];
};

struct model {
	enum kind kind;
	unsigned long long id;
	int refs;		/* descriptors, over all tasks */
	bool gone, deaf, watching, full;
	struct item *text, *posts, *late;
	uint32_t items, bytes, count, charge, max_items, max_bytes, peak, lost;
	unsigned long long dropped;
	uint32_t calls;		/* commands that reached the test component */
	struct item *reserved[RESERVED];
};

/* What an item of so many bytes is charged; measured, see world.c. */
uint32_t charge_of(uint32_t size);
/* Links of the test component that are open. */
extern int live_tests;

struct item *model_item(const void *data, uint32_t size);
void model_open(struct model *m, enum kind kind, uint32_t max_items, uint32_t max_bytes);
void model_close(struct model *m);
void model_hangup(struct model *m);
/* Appended by nobody's command: a number, as the test component makes them. */
void model_late(struct model *m, int count);

struct item *model_first(const struct model *m);
long model_read(struct model *m, unsigned char *to, uint32_t len, bool fault);
/* A message; @fault: its memory is not all there. */
long model_write(struct model *m, const char *msg, uint32_t len, bool fault, bool nowait);
long model_ioctl(struct model *m, unsigned int cmd, unsigned long arg);
short model_poll(const struct model *m);

#endif
