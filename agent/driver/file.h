/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_DRIVER_FILE_H
#define VS_DRIVER_FILE_H

#include <jansson.h>
#include <sys/types.h>

#include "core/error.h"

/**
 * vs_file_write_json() - write a JSON document, whole or not at all
 * @path: the file; replaced in one step. It must not exist yet, or be a
 *        regular file
 * @doc: the document
 * @mode: its permissions
 * @error: why it failed
 *
 * Return: 0 or a negative errno; then the file is as it was.
 */
int vs_file_write_json(const char *path, const json_t *doc, mode_t mode,
		       struct vs_error *error);

/**
 * vs_file_read_json() - read a JSON document
 * @path: the file, a regular one
 * @doc: the document, for json_decref(), on success
 * @error: why it failed, with the line where it is not JSON
 *
 * Return: 0 or a negative errno.
 */
int vs_file_read_json(const char *path, json_t **doc, struct vs_error *error);

/**
 * vs_file_lock() - let one at a time read a file and write it anew
 * @path: the file, which need not be there; what is locked is one beside it,
 *        with ".lock" behind its name, for the file is replaced
 * @usual: where it is by default: then the folder is made if need be
 *
 * Return: a descriptor to be closed; -1 with errno: EWOULDBLOCK, when another
 * process keeps it locked for longer than it takes to read and write.
 */
int vs_file_lock(const char *path, const char *usual);

/** vs_file_locked() - say that another process keeps a file locked; -EBUSY */
int vs_file_locked(const char *path, struct vs_error *error);

#endif
