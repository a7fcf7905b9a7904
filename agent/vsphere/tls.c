// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <string.h>

#include "vsphere/tls.h"

/* in place of a chain up to an authority: this certificate, or none */
static int vs_tls_verify(X509_STORE_CTX *store, void *ctx)
{
	X509 *leaf = X509_STORE_CTX_get0_cert(store);
	struct vs_tls *tls = ctx;
	unsigned int len = 0;

	tls->differs = false;
	if (leaf && X509_digest(leaf, EVP_sha256(), tls->seen, &len) &&
	    len == VS_VSPHERE_PIN && !memcmp(tls->seen, tls->pin, len)) {
		X509_STORE_CTX_set_error(store, X509_V_OK);
		return 1;
	}
	tls->differs = len == VS_VSPHERE_PIN;
	X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
	return 0;
}

static CURLcode vs_tls_pin(CURL *easy, void *ssl, void *ctx)
{
	(void)easy;
	SSL_CTX_set_cert_verify_callback(ssl, vs_tls_verify, ctx);
	return CURLE_OK;
}

int vs_tls_setup(CURL *easy, const struct vs_vsphere_uri *uri,
		 struct vs_tls *tls)
{
	bool bad = false;

	bad |= curl_easy_setopt(easy, CURLOPT_SSLVERSION,
				(long)CURL_SSLVERSION_TLSv1_2);
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER,
				uri->insecure ? 0L : 1L);
	/* a pinned certificate says whose it is, whatever name it bears */
	bad |= curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST,
				uri->insecure || uri->pinned ? 0L : 2L);
	if (*uri->ca_file) {
		bad |= curl_easy_setopt(easy, CURLOPT_CAINFO, uri->ca_file);
		/* those and no others */
		bad |= curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (uri->pinned) {
		tls->pin = uri->pin;
		bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION,
					vs_tls_pin);
		bad |= curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, tls);
		/* each handshake shows the certificate */
		bad |= curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
	}
	return bad ? -ENOMEM : 0;
}
