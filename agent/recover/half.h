/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Steps that were cut short. One that takes a VM away before it brings it back
 * writes down first what it is about to do, in FOLDER/UUID.json, and keeps that
 * file locked until the VM is back. So a file that nobody keeps locked is a
 * step that is left half done: its process was killed, or the host lost power.
 */
#ifndef VS_RECOVER_HALF_H
#define VS_RECOVER_HALF_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/cause.h"
#include "core/error.h"
#include "core/event.h"
#include "core/name.h"
#include "core/uuid.h"

/**
 * struct vs_half - a step that is half done
 * @step: R1, R2 or R5
 * @vm: the VM
 * @name: its name, escaped
 * @uri: libvirt's
 * @began: when
 * @autostart: of R5: the VM starts with the host
 * @new_macs: of R5: it is to be registered with new MAC addresses
 */
struct vs_half {
	enum vs_step step;
	struct vs_uuid vm;
	char name[VS_NAME_ESCAPED];
	char uri[512];
	vs_time began;
	bool autostart;
	bool new_macs;
};

/** vs_half_path() - where it is written down: "FOLDER/UUID.json" */
void vs_half_path(struct vs_buf *path, const char *folder,
		  const struct vs_uuid *uuid);

/**
 * vs_half_write() - write it down, so that it outlives a crash
 * @folder: made if need be, for nobody else to read
 * @h: it
 *
 * Return: a descriptor that keeps it locked: to be closed, after
 * vs_half_remove() when the VM is back. Else a negative errno; -EEXIST: there
 * is one, of a process that works on it or left it.
 */
int vs_half_write(const char *folder, const struct vs_half *h);

/**
 * vs_half_take() - lock one that was left
 * @folder: where it is
 * @vm: the VM
 *
 * Return: as vs_half_write(); -EBUSY: another process works on it; -ENOENT: it
 * is there no longer.
 */
int vs_half_take(const char *folder, const struct vs_uuid *vm);

/** vs_half_remove() - the VM is back; 0 or a negative errno */
int vs_half_remove(const char *folder, const struct vs_uuid *vm);

/**
 * typedef vs_half_fn - takes one that was left
 * @path: the file
 * @h: what it says; NULL: not what a step writes there
 */
typedef void (*vs_half_fn)(void *ctx, const char *path,
			   const struct vs_half *h);

/**
 * vs_half_each() - those that were left, and not those that are worked on
 * @folder: where they are; it need not be there
 * @fn: takes them
 * @ctx: handed to @fn
 *
 * Return: 0; -errno: the folder cannot be read.
 */
int vs_half_each(const char *folder, vs_half_fn fn, void *ctx);

/**
 * vs_half_find() - the one that was left of a VM
 * @folder: where it is
 * @vm: name or UUID
 * @h: filled in
 *
 * Return: 0; -ENOENT: none; -ENOTUNIQ: of several VMs of that name; another
 * negative errno: the folder cannot be read.
 */
int vs_half_find(const char *folder, const char *vm, struct vs_half *h);

/** vs_half_command() - what finishes it: "vmsafe recover NAME" */
void vs_half_command(struct vs_buf *text, const struct vs_half *h);

/** vs_half_text() - what became of the VM, and what finishes it, in a line */
void vs_half_text(struct vs_buf *text, const struct vs_lang *lang,
		  const struct vs_half *h);

#endif
