/* SPDX-License-Identifier: GPL-2.0-only */
/* IP addresses as policies have them: IPv4 in the first four of 16 bytes. */
#ifndef VS_POLICY_ADDRESS_H
#define VS_POLICY_ADDRESS_H

#include <netinet/in.h>
#include <stdint.h>

/** VS_ADDRESS_STR - size of an address as text, terminator included */
#define VS_ADDRESS_STR INET6_ADDRSTRLEN

/** struct vs_address - an address */
struct vs_address {
	uint8_t family;		/* 4 or 6 */
	uint8_t b[16];
};

/** vs_address_parse() - read an address; 0 or -EINVAL */
int vs_address_parse(const char *s, struct vs_address *address);

/** vs_address_format() - print an address; returns @buf */
const char *vs_address_format(uint8_t family, const void *bytes,
			      char buf[VS_ADDRESS_STR]);

/**
 * vs_prefix_parse() - read ADDRESS or ADDRESS/LENGTH
 * @s: the text
 * @address: the address
 * @mask: the bits that matter
 *
 * Return: 0; -EINVAL: it is neither; -ERANGE: LENGTH is too large; -EDOM:
 * bits are set that do not matter.
 */
int vs_prefix_parse(const char *s, struct vs_address *address,
		    uint8_t mask[16]);

/** vs_prefix_length() - how many bits of a mask are set */
int vs_prefix_length(const void *mask);

#endif
