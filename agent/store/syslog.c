// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/name.h"
#include "po/i18n.h"
#include "store/cef.h"
#include "store/syslog.h"

static int vs_syslog_refuse(const char *s, struct vs_error *error)
{
	char safe[128];

	vs_name_escape(safe, sizeof(safe), s);
	return vs_error_set(error, VS_OP_PARSE, VS_WHY_NONE, EINVAL,
			    _("\"%s\" is no receiver of syslog messages; give "
			      "udp:ADDRESS:PORT or tcp:ADDRESS:PORT, with an "
			      "IP address, one of IPv6 in brackets"), safe);
}

static bool vs_syslog_address(const char *host, uint16_t port, bool v6,
			      struct vs_sink *sink, bool stream)
{
	struct sockaddr_in6 six = {
		.sin6_family = AF_INET6, .sin6_port = htons(port),
	};
	struct sockaddr_in four = {
		.sin_family = AF_INET, .sin_port = htons(port),
	};

	if (inet_pton(v6 ? AF_INET6 : AF_INET, host,
		      v6 ? (void *)&six.sin6_addr : &four.sin_addr) != 1)
		return false;
	if (v6)
		vs_sink_init(sink, (struct sockaddr *)&six, sizeof(six),
			     stream);
	else
		vs_sink_init(sink, (struct sockaddr *)&four, sizeof(four),
			     stream);
	return true;
}

int vs_syslog_target(const char *s, struct vs_sink *sink,
		     struct vs_error *error)
{
	bool stream = strncmp(s, "tcp:", 4) == 0, v6;
	const char *colon = strrchr(s, ':');
	char host[64] = "";
	const char *start;
	uint64_t port;
	size_t len;

	if ((!stream && strncmp(s, "udp:", 4) != 0) || colon < s + 5)
		return vs_syslog_refuse(s, error);
	v6 = s[4] == '[';
	start = s + 4 + v6;
	len = colon - start - v6;
	if (colon < start + v6 || len >= sizeof(host) ||
	    (v6 && colon[-1] != ']') ||
	    vs_number_parse(colon + 1, 1, UINT16_MAX, &port))
		return vs_syslog_refuse(s, error);
	memcpy(host, start, len);
	return vs_syslog_address(host, port, v6, sink, stream) ? 0 :
	       vs_syslog_refuse(s, error);
}

/* 1 to 255 printable characters of ASCII without blanks, or "-" */
static void vs_syslog_host(struct vs_buf *buf, const char *host)
{
	size_t n = 0;

	for (; host && *host && n < 255; host++, n++)
		vs_buf_addf(buf, "%c", *host > ' ' && *host < 0x7f ? *host :
								      '?');
	vs_buf_add(buf, n ? " " : "- ");
}

static void vs_syslog_time(struct vs_buf *buf, vs_time time)
{
	time_t seconds = time / 1000;
	char date[40];
	struct tm tm;

	if (time < 0 || !gmtime_r(&seconds, &tm) || tm.tm_year > 8099 ||
	    !strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm))
		vs_buf_add(buf, "- ");
	else
		vs_buf_addf(buf, "%s.%03dZ ", date, (int)(time % 1000));
}

void vs_syslog_write(struct vs_buf *buf, bool counted,
		     const struct vs_lang *lang, const struct vs_event *event,
		     pid_t pid)
{
	static const int severity[VS_LEVEL_COUNT] = { 6, 4, 3 };
	struct vs_buf line = { 0 };

	vs_buf_addf(&line, "<%d>1 ",
		    VS_SYSLOG_FACILITY * 8 + severity[event->level]);
	vs_syslog_time(&line, event->time);
	vs_syslog_host(&line, event->host);
	vs_buf_addf(&line, "vmsafe-agent %d %u - ", (int)pid, event->id);
	vs_cef_line(&line, lang, event);
	if (counted)
		vs_buf_addf(buf, "%zu ", line.len);
	vs_buf_add(buf, vs_buf_str(&line));
	buf->failed |= line.failed;
	vs_buf_free(&line);
}
