// SPDX-License-Identifier: MIT
/*
 * Each scene's first allocation or copy of user memory is made to fail, then
 * its second, and so on until it gets through without a failure. Whatever
 * failed, nothing may be lost or out of order, and the same call again must
 * succeed.
 *
 * Needs CONFIG_FAILSLAB, CONFIG_FAIL_PAGE_ALLOC, CONFIG_FAULT_INJECTION_USERCOPY.
 */
#include <stddef.h>
#include <stdio.h>

#include "fault.h"
#include "scene.h"

#define MOST	5000	/* more faults than any call has places for */

static unsigned int calls, all;

static void play(const struct scene *one)
{
	scene = one->name;
	for (nth = 1; nth < MOST && one->play(); nth++)
		;
	printf("faults: %s: %d\n", scene, nth - 1);
	MUST(nth < MOST);
	all += nth - 1;
	calls++;
}

int main(void)
{
	static const struct scene *const acts[] = {
		life_scenes, transfer_scenes, component_scenes, file_scenes, monitor_scenes, dm_scenes,
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!fault_begin()) {
		printf("faults: no /proc/self/fail-nth: the kernel has no fault injection\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof(acts) / sizeof(*acts); i++)
		for (const struct scene *one = acts[i]; one->play; one++)
			play(one);
	printf("faults: %u faults in %u calls, %d wrong\n", all, calls, fault_wrongs());
	return fault_wrongs() ? 1 : 0;
}
