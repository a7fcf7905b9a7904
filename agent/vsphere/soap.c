// SPDX-License-Identifier: GPL-2.0-only
#include <curl/curl.h>
#include <errno.h>
#include <openssl/x509_vfy.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hex.h"
#include "po/i18n.h"
#include "vsphere/soap.h"
#include "vsphere/tls.h"

/* the oldest API that we need */
#define VS_SOAP_ACTION "SOAPAction: \"urn:vim25/6.5\""

/**
 * struct vs_soap - see soap.h
 * @uri: where to
 * @multi: has the connections, and can be woken
 * @easy: the request
 * @headers: of all requests
 * @tree: the answer; kept until the next call
 * @tls: of certificates
 * @stop: interrupted
 * @meanwhile: called while a call waits; NULL: nothing is
 * @ctx: its
 * @begun: an answer is coming in
 * @count: what went over the line
 * @text: libcurl's words for what failed
 */
struct vs_soap {
	const struct vs_vsphere_uri *uri;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	struct vs_tree *tree;
	struct vs_tls tls;
	atomic_bool stop;
	bool (*meanwhile)(void *ctx);
	void *ctx;
	bool begun;
	struct vs_soap_count count;
	char text[CURL_ERROR_SIZE];
};

static pthread_once_t vs_soap_once = PTHREAD_ONCE_INIT;

static void vs_soap_init(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

/* answers that are neither success nor fault are not looked into */
static size_t vs_soap_write(char *bytes, size_t size, size_t n, void *ctx)
{
	struct vs_soap *s = ctx;
	long status = 0;

	(void)size;
	s->begun = true;
	s->count.received += n;
	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200 && status != 500)
		return n;
	return vs_tree_feed(s->tree, bytes, n) ? 0 : n;
}

static bool vs_soap_headers(struct vs_soap *s)
{
	static const char *const headers[] = {
		"Content-Type: text/xml; charset=utf-8",
		VS_SOAP_ACTION,
		"Expect:",
	};

	for (size_t i = 0; i < sizeof(headers) / sizeof(*headers); i++) {
		struct curl_slist *list = curl_slist_append(s->headers,
							    headers[i]);

		if (!list)
			return false;
		s->headers = list;
	}
	return true;
}

static int vs_soap_setup(struct vs_soap *s)
{
	const struct vs_vsphere_uri *uri = s->uri;
	char url[320];
	bool bad;

	snprintf(url, sizeof(url), "https://%s%s%s:%u/sdk",
		 uri->ipv6 ? "[" : "", uri->host, uri->ipv6 ? "]" : "",
		 uri->port);
	s->multi = curl_multi_init();
	s->easy = curl_easy_init();
	if (!s->multi || !s->easy || !vs_soap_headers(s))
		return -ENOMEM;
	bad = curl_easy_setopt(s->easy, CURLOPT_URL, url);
	bad |= curl_easy_setopt(s->easy, CURLOPT_PROTOCOLS_STR, "https");
	bad |= curl_easy_setopt(s->easy, CURLOPT_HTTPHEADER, s->headers);
	bad |= curl_easy_setopt(s->easy, CURLOPT_POST, 1L);
	bad |= curl_easy_setopt(s->easy, CURLOPT_NOPROXY, "*");
	bad |= curl_easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
	bad |= curl_easy_setopt(s->easy, CURLOPT_QUICK_EXIT, 1L);
	bad |= curl_easy_setopt(s->easy, CURLOPT_HTTP_VERSION,
				(long)CURL_HTTP_VERSION_1_1);
	bad |= curl_easy_setopt(s->easy, CURLOPT_ACCEPT_ENCODING, "");
	bad |= curl_easy_setopt(s->easy, CURLOPT_COOKIEFILE, "");
	bad |= curl_easy_setopt(s->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	bad |= curl_easy_setopt(s->easy, CURLOPT_ERRORBUFFER, s->text);
	bad |= curl_easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, vs_soap_write);
	bad |= curl_easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
	return bad ? -ENOMEM : vs_tls_setup(s->easy, uri, &s->tls);
}

int vs_soap_new(const struct vs_vsphere_uri *uri, struct vs_soap **soap,
		struct vs_error *error)
{
	struct vs_soap *s = calloc(1, sizeof(*s));
	int ret = -ENOMEM;

	pthread_once(&vs_soap_once, vs_soap_init);
	if (s) {
		s->uri = uri;
		ret = vs_soap_setup(s);
	}
	if (ret) {
		vs_soap_free(s);
		return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NO_MEMORY,
				    ret, NULL);
	}
	*soap = s;
	return 0;
}

void vs_soap_free(struct vs_soap *s)
{
	if (!s)
		return;
	vs_tree_free(s->tree);
	curl_easy_cleanup(s->easy);
	curl_multi_cleanup(s->multi);
	curl_slist_free_all(s->headers);
	free(s);
}

void vs_soap_interrupt(struct vs_soap *s)
{
	atomic_store(&s->stop, true);
	curl_multi_wakeup(s->multi);
}

void vs_soap_resume(struct vs_soap *s)
{
	atomic_store(&s->stop, false);
}

void vs_soap_meanwhile(struct vs_soap *s, bool (*fn)(void *ctx), void *ctx)
{
	s->meanwhile = fn;
	s->ctx = ctx;
}

void vs_soap_nudge(struct vs_soap *s)
{
	curl_multi_wakeup(s->multi);
}

void vs_soap_forget(struct vs_soap *s)
{
	curl_easy_setopt(s->easy, CURLOPT_COOKIELIST, "ALL");
}

struct vs_soap_count vs_soap_count(const struct vs_soap *s)
{
	return s->count;
}

/* interrupted, or to be called off? */
static bool vs_soap_ends(struct vs_soap *s, bool wait)
{
	return atomic_load(&s->stop) ||
	       (wait && !s->begun && s->meanwhile && s->meanwhile(s->ctx));
}

/* until it is done; CURLE_ABORTED_BY_CALLBACK: it was ended before */
static CURLcode vs_soap_perform(struct vs_soap *s, bool wait)
{
	CURLcode code = CURLE_ABORTED_BY_CALLBACK;
	CURLMsg *msg;
	int running = 1, n;

	if (curl_multi_add_handle(s->multi, s->easy))
		return CURLE_OUT_OF_MEMORY;
	while (running && !vs_soap_ends(s, wait)) {
		if (curl_multi_perform(s->multi, &running) ||
		    (running && curl_multi_poll(s->multi, NULL, 0, 1000,
						NULL))) {
			code = CURLE_OUT_OF_MEMORY;
			break;
		}
	}
	while (!running && (msg = curl_multi_info_read(s->multi, &n))) {
		if (msg->msg == CURLMSG_DONE)
			code = msg->data.result;
	}
	curl_multi_remove_handle(s->multi, s->easy);
	return code;
}

/* "node:443: what is wrong" */
static int vs_soap_fail(struct vs_soap *s, const struct vs_soap_call *call,
			enum vs_why why, int err, const char *what,
			struct vs_error *error)
{
	char safe[256];

	vs_name_escape(safe, sizeof(safe), what);
	return vs_error_set(error, call->op, why, err, "%s:%u: %s",
			    s->uri->host, s->uri->port, safe);
}

static int vs_soap_pin_fail(struct vs_soap *s, const struct vs_soap_call *call,
			    struct vs_error *error)
{
	char hex[2 * VS_VSPHERE_PIN + 1], what[256];

	vs_hex_text(hex, s->tls.seen, VS_VSPHERE_PIN);
	snprintf(what, sizeof(what), _("its certificate is another one, of the "
				       "fingerprint %s; if that is right, say "
				       "so with sha256="), hex);
	return vs_soap_fail(s, call, VS_WHY_UNREACHABLE, EKEYREJECTED, what,
			    error);
}

/* why a certificate is refused; libcurl's own words are English */
static const char *vs_soap_distrust(struct vs_soap *s, const char *text)
{
	long verdict = 0;

	curl_easy_getinfo(s->easy, CURLINFO_SSL_VERIFYRESULT, &verdict);
	switch (verdict) {
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return _("its certificate has expired");
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return _("its certificate is not valid yet; is the clock "
			 "right?");
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return _("nobody who is trusted here vouches for its "
			 "certificate; give ca-file= or sha256=");
	default:
		return text;
	}
}

static int vs_soap_curl_fail(struct vs_soap *s,
			     const struct vs_soap_call *call, CURLcode code,
			     struct vs_error *error)
{
	const char *text = *s->text ? s->text : curl_easy_strerror(code);

	switch (code) {
	case CURLE_OUT_OF_MEMORY:
		return vs_error_set(error, call->op, VS_WHY_NO_MEMORY, ENOMEM,
				    NULL);
	case CURLE_OPERATION_TIMEDOUT:
		return vs_soap_fail(s, call, VS_WHY_TIMEOUT, ETIMEDOUT, text,
				    error);
	case CURLE_PEER_FAILED_VERIFICATION:
		if (s->tls.differs)
			return vs_soap_pin_fail(s, call, error);
		return vs_soap_fail(s, call, VS_WHY_UNREACHABLE, EKEYREJECTED,
				    vs_soap_distrust(s, text), error);
	case CURLE_SSL_CACERT_BADFILE:
		return vs_soap_fail(s, call, VS_WHY_UNREACHABLE, EBADF, text,
				    error);
	default:
		return vs_soap_fail(s, call, VS_WHY_UNREACHABLE, ENOTCONN, text,
				    error);
	}
}

static int vs_soap_tree_fail(struct vs_soap *s,
			     const struct vs_soap_call *call, int ret,
			     struct vs_error *error)
{
	char what[256];

	/* who took its elements has said what was wrong */
	if (error->err || error->why)
		return ret;
	snprintf(what, sizeof(what), _("its answer cannot be used: %s"),
		 vs_tree_why(s->tree));
	return vs_soap_fail(s, call, ret == -ENOMEM ? VS_WHY_NO_MEMORY :
			    VS_WHY_BAD_DATA, ret, what, error);
}

static int vs_soap_status(struct vs_soap *s, const struct vs_soap_call *call,
			  struct vs_error *error)
{
	const char *redirect = NULL;
	char what[256];
	long status = 0;

	curl_easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(s->easy, CURLINFO_REDIRECT_URL, &redirect);
	if (status == 200 || status == 500)
		return 0;
	if (redirect)
		snprintf(what, sizeof(what), _("it sends us elsewhere, which "
					       "is not followed: %s"),
			 redirect);
	else
		snprintf(what, sizeof(what), _("it answers HTTP %ld"), status);
	return vs_soap_fail(s, call, VS_WHY_UNREACHABLE, EPROTO, what, error);
}

static bool vs_soap_envelope(struct vs_buf *buf, const char *body)
{
	vs_buf_add(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
		   "<Envelope xmlns=\"http://schemas.xmlsoap.org/soap/"
		   "envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-"
		   "instance\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">"
		   "<Body>");
	vs_buf_add(buf, body);
	vs_buf_add(buf, "</Body></Envelope>");
	return !buf->failed;
}

static int vs_soap_send(struct vs_soap *s, struct vs_soap_call *call,
			const struct vs_buf *buf, struct vs_error *error)
{
	const struct vs_twig *root;
	CURLcode code;
	int ret;

	*s->text = '\0';
	curl_easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)call->deadline);
	curl_easy_setopt(s->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 (long)call->deadline);
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDSIZE, (long)buf->len);
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, buf->data);
	s->count.requests++;
	s->count.sent += buf->len;
	s->begun = false;
	code = vs_soap_perform(s, call->wait);
	/* it is ours, and is wiped */
	curl_easy_setopt(s->easy, CURLOPT_POSTFIELDS, "");
	if (atomic_load(&s->stop))
		return -ECANCELED;
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return -EAGAIN;
	if (code == CURLE_WRITE_ERROR)
		return vs_soap_tree_fail(s, call,
					 vs_tree_end(s->tree, &root), error);
	if (code)
		return vs_soap_curl_fail(s, call, code, error);
	ret = vs_soap_status(s, call, error);
	if (ret)
		return ret;
	ret = vs_tree_end(s->tree, &root);
	if (ret)
		return vs_soap_tree_fail(s, call, ret, error);
	return vs_soap_answer(root, call, error);
}

int vs_soap_call(struct vs_soap *s, struct vs_soap_call *call,
		 struct vs_error *error)
{
	struct vs_buf buf = { 0 };
	int ret = -ENOMEM;

	call->answer = NULL;
	*call->fault = '\0';
	*error = (struct vs_error){ 0 };
	vs_tree_free(s->tree);
	s->tree = vs_tree_new(call->fn, call->ctx);
	if (s->tree && vs_soap_envelope(&buf, call->body))
		ret = vs_soap_send(s, call, &buf, error);
	else
		vs_error_set(error, call->op, VS_WHY_NO_MEMORY, ENOMEM, NULL);
	/* there may be a password in it */
	if (buf.data)
		explicit_bzero(buf.data, buf.cap);
	vs_buf_free(&buf);
	return ret;
}

void vs_soap_escape(struct vs_buf *buf, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&':
			vs_buf_add(buf, "&amp;");
			break;
		case '<':
			vs_buf_add(buf, "&lt;");
			break;
		case '>':
			vs_buf_add(buf, "&gt;");
			break;
		default:
			vs_buf_addf(buf, "%c", *s);
		}
	}
}

/* faults by which vCenter says that we may not */
static enum vs_why vs_soap_why(const char *fault)
{
	static const char *const denied[] = {
		"InvalidLogin", "NoPermission", "NotAuthenticated",
		"InvalidLocale", "PasswordExpired", "RestrictedVersion",
	};

	for (size_t i = 0; i < sizeof(denied) / sizeof(*denied); i++) {
		if (strcmp(fault, denied[i]) == 0)
			return VS_WHY_DENIED;
	}
	return VS_WHY_UNREACHABLE;
}

static int vs_soap_fault(const struct vs_twig *fault,
			 struct vs_soap_call *call, struct vs_error *error)
{
	const struct vs_twig *detail = vs_twig_find(fault, "detail");
	const char *text = vs_twig_text(fault, "faultstring");
	const char *name = "Fault";
	char safe[256], what[VS_SOAP_FAULT * 4];

	detail = detail ? detail->child : NULL;
	if (detail)
		name = detail->type ? detail->type : detail->name;
	snprintf(call->fault, sizeof(call->fault), "%s", name);
	vs_name_escape(safe, sizeof(safe), text ? text : "");
	vs_name_escape(what, sizeof(what), call->fault);
	vs_error_set(error, call->op, vs_soap_why(call->fault), EREMOTEIO,
		     "%s: %s", what, safe);
	return -EREMOTEIO;
}

int vs_soap_answer(const struct vs_twig *root, struct vs_soap_call *call,
		   struct vs_error *error)
{
	const struct vs_twig *body = vs_twig_find(root, "Body");

	if (strcmp(root->name, "Envelope") != 0 || !body || !body->child)
		return vs_error_set(error, call->op, VS_WHY_BAD_DATA, EINVAL,
				    _("what answers there speaks no SOAP"));
	call->answer = body->child;
	if (strcmp(body->child->name, "Fault") == 0)
		return vs_soap_fault(body->child, call, error);
	return 0;
}
