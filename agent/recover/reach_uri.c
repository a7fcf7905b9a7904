// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <libxml/uri.h>
#include <stdio.h>
#include <string.h>

#include "recover/reach.h"

/* the port that a transport of libvirt uses; 0: none */
static unsigned int vs_reach_port(const char *transport)
{
	static const struct {
		const char *transport;
		unsigned int port;
	} rows[] = {
		{ "tls", 16514 }, { "tcp", 16509 }, { "ssh", 22 },
		{ "libssh", 22 }, { "libssh2", 22 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (strcmp(rows[i].transport, transport) == 0)
			return rows[i].port;
	}
	return 0;
}

static void vs_reach_sockets(struct vs_reach_uri *uri, const char *driver,
			     const char *query)
{
	const char *given = query ? strstr(query, "socket=") : NULL;
	size_t size = sizeof(*uri->socket);

	if (given && (given == query || given[-1] == '&')) {
		given += strlen("socket=");
		snprintf(uri->socket[0], size, "%.*s",
			 (int)strcspn(given, "&"), given);
		uri->n_sockets = 1;
		return;
	}
	snprintf(uri->socket[0], size, "/run/libvirt/virt%sd-sock-ro", driver);
	snprintf(uri->socket[1], size, "/run/libvirt/libvirt-sock-ro");
	uri->n_sockets = 2;
}

/* "[::1]" is the address ::1 */
static void vs_reach_host(struct vs_reach_uri *uri, const char *server)
{
	size_t len = strlen(server);
	bool quoted = len > 2 && *server == '[' && server[len - 1] == ']';

	snprintf(uri->host, sizeof(uri->host), "%.*s",
		 (int)(quoted ? len - 2 : len), server + quoted);
}

static void vs_reach_fill(struct vs_reach_uri *uri, const xmlURI *x)
{
	char driver[32], *plus;
	const char *transport;

	snprintf(driver, sizeof(driver), "%s", x->scheme);
	plus = strchr(driver, '+');
	if (plus)
		*plus = '\0';
	transport = plus ? plus + 1 : x->server ? "tls" : "unix";
	if (x->server)
		vs_reach_host(uri, x->server);
	if (x->server && vs_reach_port(transport))
		uri->port = x->port > 0 ? (unsigned int)x->port :
					  vs_reach_port(transport);
	/* that of a session is started on demand, and "test" is in libvirt */
	else if (strcmp(transport, "unix") == 0 &&
		 strcmp(driver, "test") != 0 &&
		 (!x->path || strcmp(x->path, "/session") != 0))
		vs_reach_sockets(uri, driver, x->query_raw);
}

int vs_reach_parse(struct vs_reach_uri *uri, const char *text)
{
	xmlURI *x = xmlParseURI(text);
	int ret = -EINVAL;

	*uri = (struct vs_reach_uri){ 0 };
	if (x && x->scheme) {
		vs_reach_fill(uri, x);
		ret = 0;
	}
	if (x)
		xmlFreeURI(x);
	return ret;
}
