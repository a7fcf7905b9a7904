// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/hex.h"
#include "core/number.h"
#include "po/i18n.h"
#include "vsphere/uri.h"

#define VS_VSPHERE_PORT 443

/** struct vs_span - a part of the text */
struct vs_span {
	const char *at;
	size_t len;
};

static int vs_uri_fail(struct vs_error *error, const char *why)
{
	return vs_error_set(error, VS_OP_CONNECT, VS_WHY_NONE, EINVAL, "%s: %s",
			    VS_VSPHERE_FORM, why);
}

/* all up to one of @stop, or the end; @s goes on behind it */
static struct vs_span vs_uri_until(const char **s, const char *stop)
{
	struct vs_span span = { *s, strcspn(*s, stop) };

	*s += span.len;
	return span;
}

static bool vs_span_is(struct vs_span span, const char *word)
{
	return span.len == strlen(word) && !memcmp(span.at, word, span.len);
}

/* unescape; what is no text without control characters is refused */
static bool vs_span_text(struct vs_span span, char *to, size_t size)
{
	uint8_t byte;
	uint32_t cp;
	size_t n = 0, step;

	for (size_t i = 0; i < span.len; i++) {
		byte = span.at[i];
		if (byte == '%') {
			if (span.len - i < 3 ||
			    !vs_hex_byte(span.at + i + 1, &byte))
				return false;
			i += 2;
		}
		if (byte < ' ' || byte == 0x7f || n + 1 >= size)
			return false;
		to[n++] = byte;
	}
	to[n] = '\0';
	for (const char *s = to; *s; s += step) {
		step = vs_utf8_next(s, &cp);
		if (!step || (cp >= 0x80 && cp < 0xa0))
			return false;
	}
	return n;
}

static bool vs_uri_host_ok(const char *s, bool ipv6)
{
	const char *good = ipv6 ? "0123456789abcdefABCDEF:." :
		"0123456789abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ.-_";

	return *s && s[strspn(s, good)] == '\0' && *s != '.' && *s != '-';
}

static int vs_uri_port(struct vs_span span, struct vs_vsphere_uri *uri,
		       struct vs_error *error)
{
	char text[8] = "";
	uint64_t n;

	if (span.len < sizeof(text))
		memcpy(text, span.at, span.len);
	if (vs_number_parse(text, 1, 65535, &n))
		return vs_uri_fail(error, _("the port is not a number from 1 "
					    "to 65535"));
	uri->port = n;
	return 0;
}

static int vs_uri_where(struct vs_span span, struct vs_vsphere_uri *uri,
			struct vs_error *error)
{
	struct vs_span host = span;
	const char *end;

	uri->port = VS_VSPHERE_PORT;
	uri->ipv6 = span.len && *span.at == '[';
	if (uri->ipv6) {
		end = memchr(span.at, ']', span.len);
		if (!end)
			return vs_uri_fail(error, _("a \"]\" is missing"));
		host = (struct vs_span){ span.at + 1, end - span.at - 1 };
		end++;
	} else {
		end = memchr(span.at, ':', span.len);
		end = end ? end : span.at + span.len;
		host.len = end - span.at;
	}
	if (host.len < sizeof(uri->host))
		memcpy(uri->host, host.at, host.len);
	if (!vs_uri_host_ok(uri->host, uri->ipv6))
		return vs_uri_fail(error, _("HOST is neither the name nor the "
					    "address of a host"));
	span.len -= end - span.at;
	span.at = end;
	if (!span.len)
		return 0;
	if (*span.at != ':')
		return vs_uri_fail(error, _("only \":PORT\" may follow \"]\""));
	return vs_uri_port((struct vs_span){ span.at + 1, span.len - 1 }, uri,
			   error);
}

/* USER@HOST[:PORT]; users of vCenter have an "@" in their names */
static int vs_uri_authority(struct vs_span span, struct vs_vsphere_uri *uri,
			    struct vs_error *error)
{
	const char *at = memrchr(span.at, '@', span.len);
	struct vs_span user = { span.at, at ? at - span.at : 0 };

	if (!at)
		return vs_uri_fail(error, _("\"USER@\" is missing"));
	if (memchr(user.at, ':', user.len))
		return vs_uri_fail(error, _("a password does not belong in a "
					    "URI; put it into a file and say "
					    "password-file=FILE"));
	if (!vs_span_text(user, uri->user, sizeof(uri->user)))
		return vs_uri_fail(error, _("USER is not the name of a user"));
	span.len -= at + 1 - span.at;
	span.at = at + 1;
	return vs_uri_where(span, uri, error);
}

/* "/", "/DATACENTER", "/DATACENTER/host/NAME", "/host/NAME", "//host/NAME" */
static int vs_uri_path(struct vs_span path, struct vs_vsphere_uri *uri,
		       struct vs_error *error)
{
	struct vs_span part[4] = { 0 };
	size_t n = 0, host = 0;

	for (size_t i = 0; i < path.len && n <= 3; i++) {
		if (path.at[i] == '/')
			part[n++].at = path.at + i + 1;
		else
			part[n - 1].len++;
	}
	if (n == 1 && !part[0].len)
		return 0;
	if (n > 1)
		host = vs_span_is(part[0], "host") && n == 2 ? 1 : 2;
	if (n > 3 || (n > 1 && n != host + 1) ||
	    (host && !vs_span_is(part[host - 1], "host")) ||
	    (n == 1 && vs_span_is(part[0], "host")))
		return vs_uri_fail(error, _("the path is neither /, "
					    "/DATACENTER, /host/NAME nor "
					    "/DATACENTER/host/NAME"));
	if (host && (!vs_span_text(part[host], uri->node, sizeof(uri->node))))
		return vs_uri_fail(error, _("NAME is not the name of a host"));
	if (host != 1 && part[0].len &&
	    !vs_span_text(part[0], uri->datacenter, sizeof(uri->datacenter)))
		return vs_uri_fail(error, _("DATACENTER is not the name of a "
					    "datacenter"));
	return 0;
}

/* 64 hexadecimal digits, or 32 pairs of them with colons between */
static bool vs_uri_pin(const char *s, uint8_t pin[VS_VSPHERE_PIN])
{
	bool colons = strlen(s) == 3 * VS_VSPHERE_PIN - 1;

	if (!colons && strlen(s) != 2 * VS_VSPHERE_PIN)
		return false;
	for (size_t i = 0; i < VS_VSPHERE_PIN; i++) {
		if (!vs_hex_byte(s, &pin[i]))
			return false;
		s += 2;
		if (colons && *s && *s++ != ':')
			return false;
	}
	return true;
}

static int vs_uri_file(char *to, const char *value, const char *key,
		       struct vs_error *error)
{
	char why[96];

	if (*value == '/' && !*to) {
		strcpy(to, value);
		return 0;
	}
	snprintf(why, sizeof(why), *to ? _("\"%s\" was given before") :
		 _("%s= needs an absolute path"), key);
	return vs_uri_fail(error, why);
}

static int vs_uri_option(struct vs_span key, const char *value,
			 struct vs_vsphere_uri *uri, struct vs_error *error)
{
	if (vs_span_is(key, "password-file"))
		return vs_uri_file(uri->password_file, value, "password-file",
				   error);
	if (vs_span_is(key, "ca-file"))
		return vs_uri_file(uri->ca_file, value, "ca-file", error);
	if (vs_span_is(key, "sha256")) {
		if (uri->pinned)
			return vs_uri_fail(error, _("\"sha256\" was given "
						    "before"));
		uri->pinned = vs_uri_pin(value, uri->pin);
		return uri->pinned ? 0 :
		       vs_uri_fail(error, _("sha256= needs the fingerprint of "
					    "a certificate: 64 hexadecimal "
					    "digits, or 32 pairs of them with "
					    "colons between"));
	}
	if (vs_span_is(key, "verify")) {
		if (uri->insecure || strcmp(value, "none") != 0)
			return vs_uri_fail(error, _("verify= takes \"none\", "
						    "once, and nothing else"));
		uri->insecure = true;
		return 0;
	}
	return vs_uri_fail(error, _("the options are password-file=FILE, "
				    "ca-file=FILE, sha256=FINGERPRINT and "
				    "verify=none"));
}

/* KEY=VALUE[&KEY=VALUE...] */
static int vs_uri_options(const char *s, struct vs_vsphere_uri *uri,
			  struct vs_error *error)
{
	char value[VS_VSPHERE_TEXT];
	struct vs_span key;
	int ret;

	for (;;) {
		key = vs_uri_until(&s, "=&");
		if (*s == '=')
			s++;
		*value = '\0';
		if (!vs_span_text(vs_uri_until(&s, "&"), value, sizeof(value)))
			*value = '\0';
		ret = vs_uri_option(key, value, uri, error);
		if (ret || !*s)
			return ret;
		s++;
	}
}

static int vs_uri_agree(const struct vs_vsphere_uri *uri,
			struct vs_error *error)
{
	if (uri->insecure + uri->pinned + !!*uri->ca_file > 1)
		return vs_uri_fail(error, _("only one of ca-file=, sha256= and "
					    "verify=none can be given"));
	return 0;
}

int vs_vsphere_uri_parse(const char *rest, struct vs_vsphere_uri *uri,
			 struct vs_error *error)
{
	struct vs_span authority, path;
	int ret;

	*uri = (struct vs_vsphere_uri){ 0 };
	if (strncmp(rest, "//", 2) != 0)
		return vs_uri_fail(error, _("\"//\" is missing"));
	rest += 2;
	if (strchr(rest, '#'))
		return vs_uri_fail(error, _("a \"#\" has to be written %23"));
	authority = vs_uri_until(&rest, "/?");
	path = vs_uri_until(&rest, "?");
	ret = vs_uri_authority(authority, uri, error);
	if (ret)
		return ret;
	if (!path.len)
		return vs_uri_fail(error, _("a \"/\" has to follow HOST"));
	ret = vs_uri_path(path, uri, error);
	if (!ret && *rest)
		ret = vs_uri_options(rest + 1, uri, error);
	return ret ? ret : vs_uri_agree(uri, error);
}
