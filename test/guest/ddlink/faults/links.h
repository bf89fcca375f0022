// SPDX-License-Identifier: MIT
// Links, and short words for what is done to them without a fault.
#ifndef LINKS_H
#define LINKS_H

#include <stdbool.h>

#define ECHO	"/dev/ddecho"
#define TEST	"/dev/ddtest"
#define CONTROL	"/dev/ddlink"

int open_link(const char *path);
/* One message. */
long say(int link, const char *text);
/* Is the next item this text? */
bool heard(int link, const char *wanted);
bool empty(int link);
/* The number behind @key in a file of /proc; -1 if there is none. */
long long number_in(const char *path, const char *key);
/* Links of the test component that are not released yet. */
int live_tests(void);

#endif
