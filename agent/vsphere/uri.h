/* SPDX-License-Identifier: GPL-2.0-only */
/* What follows "vsphere:", taken apart. vmsafe-inventory(5) describes it. */
#ifndef VS_VSPHERE_URI_H
#define VS_VSPHERE_URI_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/name.h"

/** VS_VSPHERE_FORM - what it looks like, for people */
#define VS_VSPHERE_FORM \
	"vsphere://USER@HOST[:PORT]/[DATACENTER][/host/NAME][?OPTIONS]"

/** VS_VSPHERE_TEXT - size of its parts, terminator included */
#define VS_VSPHERE_TEXT 512

/** VS_VSPHERE_PIN - bytes of a certificate's fingerprint, SHA-256 */
#define VS_VSPHERE_PIN 32

/**
 * struct vs_vsphere_uri - its parts, unescaped
 * @user: who logs in
 * @host: vCenter's name or address; of an IPv6 one without brackets
 * @ipv6: it is such a one
 * @port: TCP port, 443 unless told
 * @datacenter: inventory path of the datacenter; empty: all of them
 * @node: name of the ESXi host that counts; empty: all of them
 * @password_file: where the password is; empty: the systemd credential
 * @ca_file: certificates to trust; empty: the system's
 * @pinned: only the certificate with @pin is right
 * @insecure: every certificate is right; spelled out
 */
struct vs_vsphere_uri {
	char user[VS_VSPHERE_TEXT];
	char host[256];
	bool ipv6;
	unsigned int port;
	char datacenter[VS_VSPHERE_TEXT];
	char node[VS_NAME_MAX + 1];
	char password_file[VS_VSPHERE_TEXT];
	char ca_file[VS_VSPHERE_TEXT];
	bool pinned;
	uint8_t pin[VS_VSPHERE_PIN];
	bool insecure;
};

/**
 * vs_vsphere_uri_parse() - take it apart, strictly
 * @rest: what follows "vsphere:"
 * @uri: filled in
 * @error: on failure, one clear line in its detail; never a password
 *
 * Return: 0 or -EINVAL.
 */
int vs_vsphere_uri_parse(const char *rest, struct vs_vsphere_uri *uri,
			 struct vs_error *error);

#endif
