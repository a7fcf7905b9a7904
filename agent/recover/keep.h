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

/**
 * vs_keep_new() - likewise, but a file that is there is left alone
 * @path: the file; its folder is made, for nobody else to read
 * @text: the text
 * @lock: locks it by its descriptor, before others can see it; 0 or a
 *        negative errno
 *
 * Return: its descriptor; -EEXIST: there is one; another negative errno.
 */
int vs_keep_new(const char *path, const char *text, int (*lock)(int fd));

/** VS_KEEP_SIZE - a text that is longer was not kept by vs_keep_write() */
#define VS_KEEP_SIZE (16 * 1024 * 1024)

/**
 * vs_keep_read() - what was kept
 * @path: the file; it is not trusted
 * @text: the text, for free() in any case; NULL on failure
 *
 * Return: 0; -EINVAL: no regular file; -EFBIG; -ELOOP: a link; another
 * negative errno.
 */
int vs_keep_read(const char *path, char **text);

/** vs_keep_sync() - have what changed in a folder on the disk */
int vs_keep_sync(const char *folder);

#endif
