// SPDX-License-Identifier: MIT
// A scene is a few calls on links, one of which is under test: true as long as that had a fault.
#ifndef SCENE_H
#define SCENE_H

#include <stdbool.h>

struct scene {
	const char *name;
	bool (*play)(void);
};

/* Each ends with an empty one. */
extern const struct scene life_scenes[], transfer_scenes[], component_scenes[], file_scenes[], monitor_scenes[],
	dm_scenes[];

#endif
