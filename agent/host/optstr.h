/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * QEMU's option strings: "virtio-net-pci,netdev=n0,mac=52:54:00:12:34:56".
 * A comma that belongs to a value is written twice.
 */
#ifndef VS_HOST_OPTSTR_H
#define VS_HOST_OPTSTR_H

#include <stdbool.h>
#include <stddef.h>

/**
 * vs_optstr_get() - the value of a key
 * @s: the option string
 * @key: the key
 * @implied: a first part without "=" is the value of this key; may be NULL
 *
 * As in QEMU, the last of several counts, and a part without "=" (other than
 * the implied one) is the same as "part=on".
 *
 * Return: the value, for free(), or NULL: not there, or out of memory.
 */
char *vs_optstr_get(const char *s, const char *key, const char *implied);

#endif
