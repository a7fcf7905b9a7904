/* SPDX-License-Identifier: GPL-2.0-only */
/* Records of a policy's log. */
#ifndef VS_POLICY_RECORD_H
#define VS_POLICY_RECORD_H

#include <jansson.h>

#include "core/facts.h"
#include "policy/abi.h"

/**
 * struct vs_policy_line - a record of a policy's log
 * @known: it is one of ours: @record says what happened
 * @record: the record
 * @data: its bytes
 * @size: how many
 */
struct vs_policy_line {
	bool known;
	struct vs_policy_record record;
	const uint8_t *data;
	size_t size;
};

/** vs_policy_line_read() - take a record; @data is shared */
void vs_policy_line_read(struct vs_policy_line *line, const void *data,
			 size_t size);

/** vs_policy_reason_word() - "malformed", "source-mac", ... */
const char *vs_policy_reason_word(unsigned int reason);

/**
 * vs_policy_line_json() - a record as an object, all but its time
 * @line: the record
 * @port: name of the port, or NULL
 *
 * Return: the object, or NULL: out of memory.
 */
json_t *vs_policy_line_json(const struct vs_policy_line *line,
			    const char *port);

#endif
