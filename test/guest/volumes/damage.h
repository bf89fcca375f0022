/* SPDX-License-Identifier: MIT */
/* Mount damaged variants of a volume and tell what the kernel made of each. */
#ifndef DAMAGE_H
#define DAMAGE_H

#include <stdio.h>

/*
 * @mutants is a text, one mutant a line: a name without blanks, then pairs of a
 * byte offset and the bytes that stand there instead, in hexadecimal. Each is
 * written to @disk, mounted, read whole, unmounted and taken back. Prints
 *
 *	{"mutant":NAME,"mount":ERRNO,"paths":N,"errors":N,"ms":N,"log":[LINE...]}
 *
 * with the kernel's log of that time.
 */
void damage_disk(const char *disk, const char *mutants, FILE *out);

#endif
