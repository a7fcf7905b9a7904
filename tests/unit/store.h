/* SPDX-License-Identifier: GPL-2.0-only */
/* A history in a folder of its own, and events to fill it with. */
#ifndef STORE_H
#define STORE_H

#include "store/history.h"

/** store_path() - path of a database in a new, empty folder of its own */
const char *store_path(void);

/** store_open() - open it for writing; the test fails if that fails */
struct vs_history *store_open(const char *path);
/** store_reader() - likewise, for reading */
struct vs_history *store_reader(const char *path);

/** STORE_SAMPLES - how many different events store_sample() has */
#define STORE_SAMPLES 32

/**
 * store_sample() - an event with everything that its kind has
 * @i: which; every ID and form is among them
 *
 * Return: the event; lives until the next call.
 */
const struct vs_event *store_sample(unsigned int i);

/** store_event() - a plain event about a VM (0: about the host) */
const struct vs_event *store_event(unsigned int id, vs_time time,
				   unsigned int vm);

/** store_put() - record one in a transaction of its own */
void store_put(struct vs_history *h, const struct vs_event *event);

/** store_count() - how many events it has */
size_t store_count(struct vs_history *h);

/** store_sql() - run SQL on the file, past the history */
void store_sql(const char *path, const char *sql);
/** store_lock() - keep others from writing to it */
void store_lock(const char *path);
/** store_unlock() - let them again */
void store_unlock(void);
/** store_number() - the number that some SQL yields */
long store_number(const char *path, const char *sql);

#endif
