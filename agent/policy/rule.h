/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules of an allow list, a line each:
 *
 *   in|out|both PROTOCOL SOURCE PORTS TARGET PORTS
 *
 * PROTOCOL is tcp, udp, sctp, icmp, icmpv6, a number or any; SOURCE and TARGET
 * are an address, a prefix or any; PORTS are N, N-M or any.
 */
#ifndef VS_POLICY_RULE_H
#define VS_POLICY_RULE_H

#include "policy/abi.h"
#include "policy/why.h"

/** vs_rule_parse() - read a rule, strictly; 0 or a negative errno */
int vs_rule_parse(const char *line, struct vs_policy_rule *rule,
		  struct vs_buf *why);

/** vs_rule_format() - append a rule as vs_rule_parse() reads it */
void vs_rule_format(const struct vs_policy_rule *rule, struct vs_buf *text);

#endif
