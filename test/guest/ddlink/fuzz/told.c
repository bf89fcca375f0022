// SPDX-License-Identifier: MIT
#include "told.h"

#include <stdarg.h>
#include <stdio.h>

static bool saying, same;
static char told[256], first[384];

void told_begin(bool say)
{
	saying = say;
	same = true;
	*told = 0;
}

const char *told_words(void)
{
	return told;
}

bool told_same(void)
{
	return same;
}

void told_forget(void)
{
	*first = 0;
}

const char *told_first(void)
{
	return first;
}

void describe(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(told, sizeof(told), format, args);
	va_end(args);
}

void differ(const char *what, long long got, long long wanted)
{
	if (!*first)
		snprintf(first, sizeof(first), "%s: %s is %lld, the contract says %lld", told, what, got, wanted);
	if (saying)
		printf("  DIFFERS: %s is %lld, the contract says %lld\n", what, got, wanted);
	same = false;
}

void expect(const char *what, long long got, long long wanted)
{
	if (got != wanted)
		differ(what, got, wanted);
}
