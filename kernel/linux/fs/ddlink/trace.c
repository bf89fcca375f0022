// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints ddlink:*, apart from the core so that its size is its own.
 */
#define CREATE_TRACE_POINTS
#include "internal.h"
