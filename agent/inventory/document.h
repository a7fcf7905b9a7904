/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_INVENTORY_DOCUMENT_H
#define VS_INVENTORY_DOCUMENT_H

#include <stddef.h>

#include "core/error.h"
#include "core/feed.h"

/**
 * vs_document_read() - read a file inventory (see vmsafe-inventory(5))
 * @name: the file's name, for errors
 * @text: its contents
 * @len: how many bytes
 * @feed: takes what is in it
 * @error: on failure, its detail is "NAME:LINE: FIELD: what is wrong"
 *
 * One VM at a time is in memory as a tree.
 *
 * Return: 0; -EINVAL: not a valid inventory; or what @feed returned.
 */
int vs_document_read(const char *name, const char *text, size_t len,
		     const struct vs_feed *feed, struct vs_error *error);

#endif
