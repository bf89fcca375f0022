// SPDX-License-Identifier: MIT
/* treedump DIRECTORY: dump_tree() by hand. Ends with 1 if anything could not be read. */
#include <stdio.h>

#include "dump.h"

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: treedump DIRECTORY\n");
		return 2;
	}
	return dump_tree(argv[1], stdout).errors ? 1 : 0;
}
