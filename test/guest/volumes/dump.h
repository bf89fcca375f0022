/* SPDX-License-Identifier: MIT */
/* Tell all that can be seen of a mounted tree, one JSON object per line. */
#ifndef DUMP_H
#define DUMP_H

#include <stdio.h>

/* What a dump came across. */
struct dump_count {
	unsigned long paths;
	unsigned long errors;
	int last_errno;
};

/*
 * The first line is {"statfs": {...}}, then comes one per path with the fields
 * of the manifests in test/volumes, plus "error" where something failed.
 */
struct dump_count dump_tree(const char *mountpoint, FILE *out);

#endif
