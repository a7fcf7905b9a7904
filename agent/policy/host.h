/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guests of an anti-spoof policy, a line each:
 *
 *   MAC [ADDRESS...] [dhcp-server] [router]
 */
#ifndef VS_POLICY_HOST_H
#define VS_POLICY_HOST_H

#include "policy/abi.h"
#include "policy/address.h"
#include "policy/why.h"

/** VS_HOST_ADDRESSES - the most addresses that a line has */
#define VS_HOST_ADDRESSES 60

/**
 * struct vs_host - a guest
 * @mac: its MAC
 * @flags: VS_POLICY_HOST_*
 * @addresses: the addresses it may use
 * @n: how many
 */
struct vs_host {
	uint8_t mac[6];
	uint32_t flags;
	struct vs_address addresses[VS_HOST_ADDRESSES];
	int n;
};

/** vs_host_parse() - read a guest, strictly; 0 or a negative errno */
int vs_host_parse(const char *line, struct vs_host *host, struct vs_buf *why);

/** vs_host_format() - append a guest as vs_host_parse() reads it */
void vs_host_format(const struct vs_host *host, struct vs_buf *text);

#endif
