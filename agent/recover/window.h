/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Maintenance windows: for so long, events about a VM, or about every VM, are
 * held back and counted, and told in one summary at the end. States are not
 * touched, nor are events about the host as a whole. They are in a file that
 * does not outlive a reboot; whoever finds that one has ended gives the
 * summary and removes it. Whoever opens the file sees the windows in the time
 * of day as it is now, CLOCK_REALTIME, however it was set meanwhile: a window
 * lasts as long as was asked for.
 */
#ifndef VS_RECOVER_WINDOW_H
#define VS_RECOVER_WINDOW_H

#include <jansson.h>

#include "core/buf.h"
#include "core/event.h"
#include "core/name.h"
#include "core/text.h"

/** VS_WINDOW_PATH - the file unless told otherwise */
#define VS_WINDOW_PATH "/run/vmsafe/maintenance.json"
/** VS_WINDOWS_MAX - the most windows there may be */
#define VS_WINDOWS_MAX 64
/** VS_WINDOW_KINDS - the most kinds of event that are told apart */
#define VS_WINDOW_KINDS 16
/** VS_WINDOW_LONGEST - the longest window, seconds: a week */
#define VS_WINDOW_LONGEST 604800
/** VS_WINDOW_DEFAULT - how long one is unless told otherwise, seconds */
#define VS_WINDOW_DEFAULT 3600

/** struct vs_held_back - how many events of a kind were held back */
struct vs_held_back {
	uint32_t id;
	uint32_t count;
};

/**
 * struct vs_window - a window
 * @vm: name or UUID of the VM; empty: every VM
 * @start: when it began, milliseconds since 1970
 * @end: when it ends by itself
 * @held: what was held back, by kind
 * @n_held: how many kinds
 */
struct vs_window {
	char vm[VS_NAME_MAX + 1];
	vs_time start;
	vs_time end;
	struct vs_held_back held[VS_WINDOW_KINDS];
	size_t n_held;
};

/**
 * struct vs_windows - the file, open
 * @path: its path
 * @lock: keeps others from changing it meanwhile; -1: not locked
 * @v: the windows
 * @n: how many
 * @changed: it is to be written
 */
struct vs_windows {
	const char *path;
	int lock;
	struct vs_window v[VS_WINDOWS_MAX];
	size_t n;
	bool changed;
};

/**
 * vs_windows_open() - read the file, and keep others from changing it
 * @w: filled in, empty after a failure; vs_windows_close() it in any case
 * @path: the file; one that is not there has no windows
 * @error: why it failed
 *
 * Return: 0 or a negative errno.
 */
int vs_windows_open(struct vs_windows *w, const char *path,
		    struct vs_error *error);

/** vs_windows_close() - write it if it changed; 0 or a negative errno */
int vs_windows_close(struct vs_windows *w, struct vs_error *error);

/** vs_windows_find() - the window of that VM (empty: of all), or NULL */
struct vs_window *vs_windows_find(struct vs_windows *w, const char *vm);

/**
 * vs_windows_add() - begin a window
 * @vm: name or UUID; empty: every VM
 * @now: the time
 * @seconds: for how long; one that there is already lasts that long from now
 *
 * Return: the window; NULL: there are VS_WINDOWS_MAX.
 */
struct vs_window *vs_windows_add(struct vs_windows *w, const char *vm,
				 vs_time now, unsigned int seconds);

/** vs_windows_remove() - take a window out, into @window */
void vs_windows_remove(struct vs_windows *w, struct vs_window *from,
		       struct vs_window *window);

/** vs_windows_ended() - take one that has ended out, into @window; false: there
 * is none
 */
bool vs_windows_ended(struct vs_windows *w, vs_time now,
		      struct vs_window *window);

/**
 * vs_windows_hold() - is an event to be held back?
 * @id: which kind
 * @vm: the VM it is about
 * @name: its name, or NULL
 * @now: the time
 * @count: it is new: count it
 */
bool vs_windows_hold(struct vs_windows *w, enum vs_event_id id,
		     const struct vs_uuid *vm, const char *name, vs_time now,
		     bool count);

/** vs_window_held() - how many events it has held back */
size_t vs_window_held(const struct vs_window *window);

/** vs_window_summary() - what it held back, in a line without a newline */
void vs_window_summary(struct vs_buf *buf, const struct vs_lang *lang,
		       const struct vs_window *window);

/** vs_window_json() - the window as an object */
json_t *vs_window_json(const struct vs_window *window);

#endif
