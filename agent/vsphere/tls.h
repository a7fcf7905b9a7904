/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to the SOAP client: whose certificate is right. */
#ifndef VS_VSPHERE_TLS_H
#define VS_VSPHERE_TLS_H

#include <curl/curl.h>

#include "vsphere/uri.h"

/**
 * struct vs_tls - what is known of the other side's certificate
 * @pin: the fingerprint that it must have
 * @seen: the one that it had, if it was another
 * @differs: it was
 */
struct vs_tls {
	const uint8_t *pin;
	uint8_t seen[VS_VSPHERE_PIN];
	bool differs;
};

/** vs_tls_setup() - have @easy verify as the URI says; 0 or -ENOMEM */
int vs_tls_setup(CURL *easy, const struct vs_vsphere_uri *uri,
		 struct vs_tls *tls);

#endif
