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

#endif
