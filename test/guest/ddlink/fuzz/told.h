// SPDX-License-Identifier: MIT
// What a step does, in words, and what differs when it does.
#ifndef TOLD_H
#define TOLD_H

#include <stdbool.h>

/* A new step: nothing is told of it yet. @say: print what differs. */
void told_begin(bool say);
/* What was described; empty if nothing. */
const char *told_words(void);
/* A new case: nothing differs yet; afterwards, what differed first, and in which step. */
void told_forget(void);
const char *told_first(void);
/* Do world and model agree, since told_begin()? */
bool told_same(void);

__attribute__((format(printf, 1, 2)))
void describe(const char *format, ...);
void differ(const char *what, long long got, long long wanted);
void expect(const char *what, long long got, long long wanted);

#endif
