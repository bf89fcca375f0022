// SPDX-License-Identifier: MIT
// One fault: the next call's n-th allocation or copy of user memory fails (/proc/self/fail-nth,
// Documentation/fault-injection).
#ifndef FAULT_H
#define FAULT_H

#include <errno.h>
#include <stdbool.h>

/* The scene that is played, which of its faults, and what was not as it must be. */
extern const char *scene;
extern int nth;

void fault_wrong(const char *condition);
/* Makes ready; false if the kernel has no fault injection. */
bool fault_begin(void);
/* How many conditions did not hold. */
int fault_wrongs(void);
void arm(void);
/* Was there a fault? Keeps errno. */
bool disarm(void);

#define MUST(condition) do {						\
	if (!(condition))						\
		fault_wrong(#condition);				\
} while (0)

/* A call under test; sets hit, and what a failed one may say. */
#define FAULTY(ret, expression) ({					\
	bool was_hit;							\
	arm();								\
	(ret) = (expression);						\
	was_hit = disarm();						\
	MUST((ret) >= 0 || (was_hit && (errno == ENOMEM || errno == EFAULT)));	\
	was_hit;							\
})

#endif
