/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_RECOVER_KEEP_H
#define VS_RECOVER_KEEP_H

#include "core/buf.h"
#include "core/uuid.h"

/**
 * vs_keep_path() - where a VM's definition is kept
 * @path: "FOLDER/UUID.xml"
 */
void vs_keep_path(struct vs_buf *path, const char *folder,
		  const struct vs_uuid *uuid);

/**
 * vs_keep_write() - keep a text, so that it outlives a crash
 * @path: the file; its folder is made, for nobody else to read
 * @text: the text
 *
 * An earlier file of that name is replaced, in one step.
 *
 * Return: 0: it is on the disk; or a negative errno.
 */
int vs_keep_write(const char *path, const char *text);

#endif
