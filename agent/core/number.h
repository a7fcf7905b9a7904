/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_NUMBER_H
#define VS_CORE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/** VS_DEVICE_ID_MAX - device IDs run from 0 to this one */
#define VS_DEVICE_ID_MAX 4095
/** VS_DEVICE_ID_NONE - stands for "device ID not known" */
#define VS_DEVICE_ID_NONE UINT16_MAX

/**
 * vs_number_parse() - read a decimal number strictly
 * @s: digits only: no sign, blank, prefix or needless leading zero
 * @min: the smallest allowed
 * @max: the largest allowed
 * @out: written only on success
 *
 * Return: 0; -EINVAL: not a number; -ERANGE: outside @min..@max.
 */
int vs_number_parse(const char *s, uint64_t min, uint64_t max, uint64_t *out);

/** VS_NUMBER_STR - room for every number; there is no terminator */
#define VS_NUMBER_STR 20

/** vs_number_format() - write a number in decimal; its length */
size_t vs_number_format(int64_t n, char buf[VS_NUMBER_STR]);

/**
 * vs_device_id_parse() - read a device ID, 0 to VS_DEVICE_ID_MAX
 * @s: as for vs_number_parse()
 * @id: written only on success
 *
 * Return: 0, -EINVAL or -ERANGE, as vs_number_parse().
 */
int vs_device_id_parse(const char *s, uint16_t *id);

#endif
