/* SPDX-License-Identifier: MIT */
/* What a mount does apart from showing its tree. */
#ifndef CHECKS_H
#define CHECKS_H

#include <stdio.h>

/*
 * @plain holds the example volume, @huge the same with /link made larger than a
 * 32-bit machine can address. Prints {"check":NAME,"got":N,"want":N} for each.
 */
void check_mount(const char *plain, const char *huge, FILE *out);

#endif
