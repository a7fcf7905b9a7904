/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What "check" remembers between two runs, in a small file: which events are
 * open, so that their end is told once, and since when a difference has been
 * seen. Each pair of inventory and driver has an entry of its own.
 */
#ifndef VS_CLI_MEMORY_H
#define VS_CLI_MEMORY_H

#include <jansson.h>

#include "core/alert.h"

/** VS_MEMORY_PATH - the file unless told otherwise */
#define VS_MEMORY_PATH "/run/vmsafe/check.json"

/**
 * struct vs_memory - the file
 * @path: its path; NULL: nothing is remembered
 * @inventory: key of our entry
 * @driver: likewise
 * @entry: our entry as it was; NULL: none
 */
struct vs_memory {
	const char *path;
	const char *inventory;
	const char *driver;
	json_t *entry;
};

/**
 * vs_memory_load() - read our entry
 * @m: path and keys are set
 *
 * A damaged file is said once and then taken for an empty one.
 */
void vs_memory_load(struct vs_memory *m);

/** vs_memory_restore() - tell a new engine; 0 or -ENOMEM */
int vs_memory_restore(const struct vs_memory *m, struct vs_engine *e);

/**
 * vs_memory_save() - remember what the engine knows now
 * @m: the memory
 * @e: the engine
 * @only: a check of this VM alone: what is remembered of others stays; NULL:
 *        of all
 *
 * Return: true; false when it could not be written, which was said.
 */
bool vs_memory_save(const struct vs_memory *m, const struct vs_engine *e,
		    const struct vs_uuid *only);

/** vs_memory_free() - release it */
void vs_memory_free(struct vs_memory *m);

#endif
