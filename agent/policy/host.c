// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include "core/mac.h"
#include "core/name.h"
#include "po/i18n.h"
#include "policy/host.h"
#include "policy/words.h"

static int vs_host_no(struct vs_buf *why, const char *word, const char *text)
{
	char safe[160];

	vs_name_escape(safe, sizeof(safe), word);
	return vs_why_not(why, -EINVAL, "\"%s\" %s", safe, text);
}

static int vs_host_address(const char *word, struct vs_host *host,
			   struct vs_buf *why)
{
	struct vs_address a;

	if (vs_address_parse(word, &a))
		return vs_host_no(why, word, _("is no IP address, and neither "
					       "dhcp-server nor router"));
	for (int i = 0; i < host->n; i++) {
		if (memcmp(&host->addresses[i], &a, sizeof(a)) == 0)
			return vs_host_no(why, word, _("is there twice"));
	}
	if (host->n == VS_HOST_ADDRESSES)
		return vs_host_no(why, word, _("is one address too many"));
	host->addresses[host->n++] = a;
	host->flags |= a.family == 4 ? VS_POLICY_HOST_IPV4 :
				       VS_POLICY_HOST_IPV6;
	return 0;
}

static int vs_host_words(const struct vs_words_of *w, struct vs_host *host,
			 struct vs_buf *why)
{
	struct vs_mac mac;
	int ret = 0;

	if (!w->n)
		return vs_why_not(why, -EINVAL, _("a guest is a line: MAC "
						  "[ADDRESS...] [dhcp-server] "
						  "[router]"));
	if (vs_mac_parse_guest(w->v[0], &mac))
		return vs_host_no(why, w->v[0], _("is no MAC address that a "
						  "vNIC can have"));
	memcpy(host->mac, mac.b, sizeof(host->mac));
	for (int i = 1; i < w->n && !ret; i++) {
		if (strcmp(w->v[i], "dhcp-server") == 0)
			host->flags |= VS_POLICY_HOST_DHCP_SERVER;
		else if (strcmp(w->v[i], "router") == 0)
			host->flags |= VS_POLICY_HOST_ROUTER;
		else
			ret = vs_host_address(w->v[i], host, why);
	}
	return ret;
}

int vs_host_parse(const char *line, struct vs_host *host, struct vs_buf *why)
{
	struct vs_words_of w;
	int ret = vs_words_split(&w, line);

	memset(host, 0, sizeof(*host));
	if (ret == -ENOMEM)
		return vs_why_not(why, ret, "%s", _("out of memory"));
	if (ret)
		return vs_why_not(why, ret, _("the line has too many words"));
	ret = vs_host_words(&w, host, why);
	vs_words_free(&w);
	return ret;
}

void vs_host_format(const struct vs_host *host, struct vs_buf *text)
{
	char buf[VS_ADDRESS_STR], mac[VS_MAC_STR];
	struct vs_mac m;

	memcpy(m.b, host->mac, sizeof(m.b));
	vs_buf_add(text, vs_mac_format(&m, mac));
	for (int i = 0; i < host->n; i++)
		vs_buf_addf(text, " %s",
			    vs_address_format(host->addresses[i].family,
					      host->addresses[i].b, buf));
	if (host->flags & VS_POLICY_HOST_DHCP_SERVER)
		vs_buf_add(text, " dhcp-server");
	if (host->flags & VS_POLICY_HOST_ROUTER)
		vs_buf_add(text, " router");
}
