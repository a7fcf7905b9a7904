/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signatures of an Intrusion Prevention policy, a line each:
 *
 *   NUMBER tcp|udp|any PORT|any "TEXT"
 *
 * In TEXT, of 4 to 32 bytes, \xHH is any byte; backslash, quote, r, n and t
 * behind a backslash are as in C.
 */
#ifndef VS_POLICY_SIGNATURE_H
#define VS_POLICY_SIGNATURE_H

#include "policy/abi.h"
#include "policy/why.h"

/** vs_signature_parse() - read a signature, strictly; 0 or a negative errno */
int vs_signature_parse(const char *line, struct vs_policy_signature *sig,
		       struct vs_buf *why);

/** vs_signature_format() - append it as vs_signature_parse() reads it */
void vs_signature_format(const struct vs_policy_signature *sig,
			 struct vs_buf *text);

#endif
