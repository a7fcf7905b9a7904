// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "core/hex.h"
#include "core/name.h"
#include "core/number.h"
#include "po/i18n.h"
#include "policy/signature.h"

static int vs_signature_form(struct vs_buf *why)
{
	return vs_why_not(why, -EINVAL,
			  _("a signature is: NUMBER tcp|udp|any PORT|any "
			    "\"TEXT\""));
}

static int vs_signature_no(struct vs_buf *why, const char *word,
			   const char *text)
{
	char safe[160];

	vs_name_escape(safe, sizeof(safe), word);
	return vs_why_not(why, -EINVAL, "\"%s\" %s", safe, text);
}

/* the next word, of at most 15 bytes; false: there is none, or it is longer */
static bool vs_signature_word(const char **at, char word[16])
{
	size_t len;

	*at += strspn(*at, " \t");
	len = strcspn(*at, " \t\"");
	if (!len || len > 15)
		return false;
	memcpy(word, *at, len);
	word[len] = '\0';
	*at += len;
	return true;
}

static int vs_signature_protocol(const char *s,
				 struct vs_policy_signature *sig,
				 struct vs_buf *why)
{
	if (strcmp(s, "tcp") == 0)
		sig->protocol = IPPROTO_TCP;
	else if (strcmp(s, "udp") == 0)
		sig->protocol = IPPROTO_UDP;
	else if (strcmp(s, "any") != 0)
		return vs_signature_no(why, s, _("is none of tcp, udp, any"));
	return 0;
}

static int vs_signature_numbers(const char **at,
				struct vs_policy_signature *sig,
				struct vs_buf *why)
{
	char number[16], protocol[16], port[16];
	uint64_t n;

	if (!vs_signature_word(at, number) ||
	    !vs_signature_word(at, protocol) || !vs_signature_word(at, port))
		return vs_signature_form(why);
	if (vs_number_parse(number, 1, UINT32_MAX, &n))
		return vs_signature_no(why, number,
				       _("is not a number from 1 to "
					 "4294967295"));
	sig->number = n;
	if (vs_signature_protocol(protocol, sig, why))
		return -EINVAL;
	if (strcmp(port, "any") == 0)
		return 0;
	if (vs_number_parse(port, 1, UINT16_MAX, &n))
		return vs_signature_no(why, port,
				       _("is no port and not any"));
	sig->port = n;
	return 0;
}

/* what a backslash stands for; -1: nothing */
static int vs_signature_escape(const char **at)
{
	static const char escapes[] = "\\\"rnt", bytes[] = "\\\"\r\n\t";
	const char *found;
	int high, low;

	if (**at == 'x') {
		high = vs_hex_digit((*at)[1]);
		low = high < 0 ? -1 : vs_hex_digit((*at)[2]);
		*at += 3;
		return low < 0 ? -1 : high * 16 + low;
	}
	found = **at ? strchr(escapes, **at) : NULL;
	++*at;
	return found ? (uint8_t)bytes[found - escapes] : -1;
}

static int vs_signature_length(struct vs_buf *why)
{
	return vs_why_not(why, -EINVAL, _("TEXT has to have %d to %d bytes"),
			  VS_POLICY_TEXT_MIN, VS_POLICY_TEXT_MAX);
}

static int vs_signature_text(const char **at, struct vs_policy_signature *sig,
			     struct vs_buf *why)
{
	uint8_t *text = (uint8_t *)sig->text;
	int byte;

	while (**at != '"') {
		byte = (uint8_t)*(*at)++;
		if (byte == '\\')
			byte = vs_signature_escape(at);
		if (byte < 0)
			return vs_why_not(why, -EINVAL,
					  _("in TEXT there are \\xHH, \\\\, "
					    "\\\", \\r, \\n and \\t"));
		if (!byte && !(*at)[-1])
			return vs_why_not(why, -EINVAL,
					  _("TEXT does not end with a quote"));
		if (sig->length == VS_POLICY_TEXT_MAX)
			return vs_signature_length(why);
		text[sig->length++] = byte;
	}
	if (sig->length < VS_POLICY_TEXT_MIN)
		return vs_signature_length(why);
	++*at;
	memset(sig->mask, 0xff, sig->length);
	return 0;
}

int vs_signature_parse(const char *line, struct vs_policy_signature *sig,
		       struct vs_buf *why)
{
	const char *at = line;

	memset(sig, 0, sizeof(*sig));
	if (vs_signature_numbers(&at, sig, why))
		return -EINVAL;
	at += strspn(at, " \t");
	if (*at++ != '"')
		return vs_signature_form(why);
	if (vs_signature_text(&at, sig, why))
		return -EINVAL;
	at += strspn(at, " \t");
	return *at && *at != '#' ? vs_signature_form(why) : 0;
}

void vs_signature_format(const struct vs_policy_signature *sig,
			 struct vs_buf *text)
{
	const uint8_t *bytes = (const uint8_t *)sig->text;

	vs_buf_addf(text, "%u %s ", sig->number,
		    sig->protocol == IPPROTO_TCP ? "tcp" :
		    sig->protocol == IPPROTO_UDP ? "udp" : "any");
	if (sig->port)
		vs_buf_addf(text, "%u \"", sig->port);
	else
		vs_buf_add(text, "any \"");
	for (int i = 0; i < sig->length; i++) {
		if (bytes[i] == '\\' || bytes[i] == '"')
			vs_buf_addf(text, "\\%c", bytes[i]);
		else if (bytes[i] < 0x20 || bytes[i] > 0x7e)
			vs_buf_addf(text, "\\x%02X", bytes[i]);
		else
			vs_buf_addf(text, "%c", bytes[i]);
	}
	vs_buf_add(text, "\"");
}
