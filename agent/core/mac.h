/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_MAC_H
#define VS_CORE_MAC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/** VS_MAC_STR - size of the text form, terminator included */
#define VS_MAC_STR 18

/** struct vs_mac - an Ethernet address */
struct vs_mac {
	uint8_t b[6];
};

/**
 * vs_mac_parse() - read a MAC address strictly
 * @s: "00:50:56:85:00:b6", "00-50-56-85-00-b6", "0050.5685.00b6" or
 *     "0050568500b6"; any case, one kind of separator
 * @mac: written only on success
 *
 * Return: 0; -EINVAL: not a MAC address.
 */
int vs_mac_parse(const char *s, struct vs_mac *mac);

/**
 * vs_mac_parse_guest() - read a MAC address that a vNIC may have
 * @s: as for vs_mac_parse()
 * @mac: written only on success
 *
 * Return: 0; -EINVAL: not a MAC address; -ERANGE: zero or multicast.
 */
int vs_mac_parse_guest(const char *s, struct vs_mac *mac);

/**
 * vs_mac_format() - print a MAC address, upper case with colons
 * @mac: what to print
 * @buf: where to
 *
 * Return: @buf.
 */
char *vs_mac_format(const struct vs_mac *mac, char buf[VS_MAC_STR]);

/** vs_mac_cmp() - order two addresses; <0, 0, >0 like memcmp() */
static inline int vs_mac_cmp(const struct vs_mac *a, const struct vs_mac *b)
{
	return memcmp(a, b, sizeof(*a));
}

/** vs_mac_is_zero() - true for 00:00:00:00:00:00, "no MAC known" */
static inline bool vs_mac_is_zero(const struct vs_mac *mac)
{
	static const struct vs_mac zero;

	return vs_mac_cmp(mac, &zero) == 0;
}

/** vs_mac_is_guest() - true for a unicast address other than zero */
static inline bool vs_mac_is_guest(const struct vs_mac *mac)
{
	return !(mac->b[0] & 1) && !vs_mac_is_zero(mac);
}

#endif
