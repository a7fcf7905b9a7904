/* SPDX-License-Identifier: GPL-2.0-only */
/* struct vs_error as a JSON object. */
#ifndef VS_DRIVER_FAULT_H
#define VS_DRIVER_FAULT_H

#include "driver/record.h"

/** vs_fault_write() - the object for an error, or NULL: out of memory */
json_t *vs_fault_write(const struct vs_error *error);

/** vs_fault_read() - the error for an object; as vs_record_read() */
int vs_fault_read(const json_t *json, struct vs_error *error,
		  const struct vs_reader *reader, const char *path);

#endif
