// SPDX-License-Identifier: GPL-2.0-only
/* The interface for programs: what it answers. See api_hostile_test.c. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/accept.h"
#include "api/listen.h"
#include "api/page.h"
#include "api/peer.h"
#include "api/query.h"
#include "serve.h"

static void query(void **state)
{
	static const struct {
		const char *uri;
		int ret;
		const char *text;	/* parts, then parameters */
	} rows[] = {
		{ "/", 0, "|" },
		{ "/v1/vms", 0, "|v1|vms" },
		{ "/v1/vms/", 0, "|v1|vms|" },
		{ "/v1/vms/a%2Fb", 0, "|v1|vms|a/b" },
		{ "/v1/a+b?c+d=e+f", 0, "|v1|a+b?c+d=e+f" },
		{ "/x?a=1&b=%26&&c", 0, "|x?a=1?b=&?c=" },
		{ "/x?a=b=c", 0, "|x?a=b=c" },
		{ "/x?", 0, "|x" },
		{ "/%E9%9B%BB", 0, "|\351\233\273" },
		{ "x", -EINVAL, "" },
		{ "", -EINVAL, "" },
		{ "*", -EINVAL, "" },
		{ "http://x/", -EINVAL, "" },
		{ "/%", -EINVAL, "" },
		{ "/%4", -EINVAL, "" },
		{ "/%4g", -EINVAL, "" },
		{ "/x?%=1", -EINVAL, "" },
		{ "/%00", -EILSEQ, "" },
		{ "/x?a=%00", -EILSEQ, "" },
		{ "/%ff", -EILSEQ, "" },
		{ "/%c0%af", -EILSEQ, "" },
		{ "/\351\233", -EILSEQ, "" },
		{ "/1/2/3/4/5/6", 0, "|1|2|3|4|5|6" },
		{ "/1/2/3/4/5/6/7", -E2BIG, "" },
		{ "/?1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17", -E2BIG, "" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[256] = "";
		struct vs_query q;

		assert_row(i, vs_query_parse(&q, rows[i].uri) == rows[i].ret);
		for (size_t k = 0; k < q.n_path && !rows[i].ret; k++) {
			strcat(text, "|");
			strcat(text, q.path[k]);
		}
		for (size_t k = 0; k < q.n_params && !rows[i].ret; k++) {
			strcat(text, "?");
			strcat(text, q.params[k].name);
			strcat(text, "=");
			strcat(text, q.params[k].value);
		}
		assert_row_string(i, text, rows[i].text);
		vs_query_free(&q);
	}
}

static void language(void **state)
{
	static const struct {
		const char *header;
		const char *lang;
	} rows[] = {
		{ NULL, "usual" }, { "", "usual" }, { "ja", "ja" },
		{ "JA-jp", "ja" }, { "fr", "usual" }, { "*", "usual" },
		{ "fr, ja", "ja" }, { "en;q=0.5, ja;q=0.9", "ja" },
		{ "en;q=0.5,ja;q=0.4", "en" }, { "ja;q=0", "usual" },
		{ "ja;q=0.001, en;q=0.002", "en" }, { "ja;q=x, en", "en" },
		{ "ja;q=2", "usual" }, { ";;;,,,", "usual" },
		{ "japanese", "usual" }, { "en, ja", "en" },
		{ "ja ; q=0.1, en; q=0.2", "en" }, { "ja;q=", "usual" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_row_string(i, vs_accept_language(rows[i].header,
							"usual"),
				  rows[i].lang);
}

static void page(void **state)
{
	static const char *const good[] = {
		"6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01,0,7,52:54:00:AB:CD:01",
		"00000000-0000-0000-0000-000000000000,65535,7,"
		"00:00:00:00:00:00",
	};
	static const char *const bad[] = {
		"", ",,,", "x", "6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01",
		"6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01,0,7,",
		"6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01,0,7,52:54:00:ab:cd:01",
		"6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01,-1,7,52:54:00:AB:CD:01",
		"0,0,0,0", "0-0,1,2,0:0",
		"6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01,0,7,52:54:00:AB:CD:01,",
		"6f1d4f0e-5f0a-4c57-9b40-0d5a5a5e0a01,0,7,52:54:00:AB:CD:01"
		"                                                         ",
	};
	struct vs_page_key key;
	char buf[VS_PAGE_STR];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		assert_row(i, vs_page_parse(good[i], &key) == 0);
		assert_row_string(i, vs_page_format(&key, buf), good[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_row(i, vs_page_parse(bad[i], &key) == -EINVAL);
}

static void listening(void **state)
{
	char dir[] = "/tmp/vmsafe-unit-XXXXXX", path[64], other[64];
	struct vs_listen l, second;
	struct vs_error error;
	struct stat st;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/new/sock", dir);
	snprintf(other, sizeof(other), "%s/file", dir);
	assert_int_equal(vs_listen_open(&l, path, VS_PEER_NO_GROUP, &error), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* somebody is there */
	assert_int_equal(vs_listen_open(&second, path, VS_PEER_NO_GROUP,
					&error), -EADDRINUSE);
	assert_non_null(strstr(error.detail, "somebody else listens there"));
	/* killed: nobody is there, and the name stays */
	close(l.fd);
	l.fd = -1;
	assert_int_equal(vs_listen_open(&second, path, getgid(), &error), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_int_equal(st.st_gid, getgid());
	/* what is not ours any longer stays */
	vs_listen_close(&l);
	assert_int_equal(stat(path, &st), 0);
	vs_listen_close(&second);
	assert_int_equal(stat(path, &st), -1);
	/* a file is not replaced, nor is a link followed */
	fd = open(other, O_CREAT | O_WRONLY, 0600);
	close(fd);
	assert_int_equal(vs_listen_open(&l, other, VS_PEER_NO_GROUP, &error),
			 -EEXIST);
	assert_non_null(strstr(error.detail, "is no socket"));
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(vs_listen_open(&l, path, VS_PEER_NO_GROUP, &error),
			 -EEXIST);
	assert_int_equal(stat(other, &st), 0);
	unlink(path);
	unlink(other);
	snprintf(path, sizeof(path), "%s/new", dir);
	rmdir(path);
	assert_int_equal(rmdir(dir), 0);
}

static const struct {
	const char *ask;	/* method and target */
	int status;
	const char *says;
} resources[] = {
	{ "GET /v1/status", 200, "\"session\":{\"state\":\"held\",\"epoch\":7"
	  "}" },
	{ "HEAD /v1/status", 200, "Content-Type: application/json" },
	{ "GET /v1/vms", 200, "\"vm_name\":\"twin\"" },
	{ "GET /v1/vms?limit=1", 200, "\"next\":\"" },
	{ "GET /v1/vms?state=out-of-sync", 200, "\"vm_name\":\"vm1\"" },
	{ "GET /v1/vms?state=unknown", 200, "{\"vms\":[]}" },
	{ "GET /v1/vms/vm1", 200, "\"reason\":\"manager-only\"" },
	{ "GET /v1/vms/a%2Fb%20%E9%9B%BB", 200, "\"power\":\"running\"" },
	{ "GET /v1/vms/a/b", 404, "\"not-found\"" },
	{ "GET /v1/vms/twin", 409, "\"ambiguous\"" },
	{ "GET /v1/vms/nobody", 404, "\"no-such-vm\"" },
	{ "GET /v1/vms/%1b%5b31m", 404, "\\\\x1B[31m" },
	{ "GET /v1/driver", 200, "{\"settings\":{\"instance\":" },
	{ "GET /v1/driver?limit=1", 400, "\"unknown-parameter\"" },
	{ "POST /v1/driver", 405, "Allow: GET, HEAD" },
	{ "GET /v1/driver/ports", 404, "\"not-found\"" },
	{ "GET /v1/driver/vms", 200, "\"name\":\"vm2\",\"id\":20," },
	{ "GET /v1/driver/vms?limit=1", 200, "\"next\":10}" },
	{ "GET /v1/driver/vms?limit=1&after=10", 200, "\"vms\":[{\"uuid\":"
	  "\"421e0000-0000-0000-0000-000000000002\"" },
	{ "GET /v1/driver/vms?limit=1&after=10", 200, "\"vnic_count\":1}]}" },
	{ "GET /v1/driver/vms?after=20", 200, "\"vms\":[]}" },
	{ "GET /v1/driver/vms?after=x", 400, "\"bad-parameter\"" },
	{ "GET /v1/driver/vms?limit=10001", 400, "from 1 to 10000" },
	{ "GET /v1/driver/vms?stats=true", 400, "\"unknown-parameter\"" },
	{ "GET /v1/driver/vnics?limit=1", 200, "\"next\":100}" },
	{ "GET /v1/driver/vnics?after=100", 200, "\"vnics\":[{\"id\":200,"
	  "\"ifindex\":9,\"port\":\"tap9\"" },
	{ "GET /v1/driver/vnics?after=100", 200, "\"mode\":\"unbound-pass\""
	  "}]}" },
	{ "GET /v1/driver/vnics?stats=true", 200, "\"from_guest_packets\":"
	  "4711" },
	{ "GET /v1/driver/vnics?stats=1", 400, "true or false" },
	{ "GET /v1/driver/vnics?port=tap9", 200, "\"vnics\":[{\"id\":200" },
	{ "GET /v1/driver/vnics?port=ifindex:9", 200, "\"name\":\"shortcut\""
	},
	{ "GET /v1/driver/vnics?port=id:100", 200, "\"foreign\":{\"tcx\":"
	  "true,\"programs\":[]}" },
	{ "GET /v1/driver/vnics?port=tap7", 200, "\"vnics\":[]" },
	{ "GET /v1/driver/vnics?port=a%20b", 400, "\"bad-port\"" },
	{ "GET /v1/driver/vnics?vm=421e0000-0000-0000-0000-000000000001",
	  200, "\"vnics\":[{\"id\":100" },
	{ "GET /v1/driver/vnics?vm=421e0000-0000-0000-0000-000000000002",
	  200, "\"vnics\":[]}" },
	{ "GET /v1/driver/vnics?vm=vm1", 400, "a UUID" },
	{ "GET /v1/vnics", 200, "\"port\":\"tap9\"" },
	{ "GET /v1/vnics?vm=vm1&state=in-sync", 200, "\"port\":\"tap1\"" },
	{ "GET /v1/vnics?vm=nobody", 404, "\"no-such-vm\"" },
	{ "GET /v1/vnics/tap1", 200, "\"mode\":\"enforcing\"" },
	{ "GET /v1/vnics/ifindex:1", 200, "\"port\":\"tap1\"" },
	{ "GET /v1/vnics/tap1?verify=true", 200, "\"hooked\":true,"
	  "\"mac_matches\":true" },
	{ "GET /v1/vnics/tap9?verify=true", 409, "\"not-bound\"" },
	{ "GET /v1/vnics/tap1?verify=yes", 400, "true or false" },
	{ "GET /v1/vnics/tap7", 404, "\"no-such-port\"" },
	{ "GET /v1/vnics/a%20b", 400, "\"bad-port\"" },
	{ "POST /v1/vnics/tap1/forget", 409, "\"in-use\"" },
	{ "POST /v1/vnics/tap9/forget", 409, "\"not-bound\"" },
	{ "POST /v1/vnics/tap8/forget", 404, "ENODEV" },
	{ "POST /v1/vnics/tap7/forget", 503, "not loaded" },
	{ "POST /v1/vnics/tap2/forget?dry-run=true", 200,
	  "\"forgotten\":false" },
	{ "POST /v1/vnics/tap2/forget", 200, "\"forgotten\":true" },
	{ "GET /v1/events?limit=2", 200, "\"id\":295" },
	{ "GET /v1/events?after=0&limit=1", 200, "\"more\":true" },
	{ "GET /v1/events?after=0&limit=1", 200, "\"id\":5008" },
	{ "GET /v1/events?id=368", 200, "MAC: 00:50:56:00:00:02 - Device ID: "
	  "1 - Source: Manager" },
	{ "GET /v1/events?id=368&facts=true", 200, "\"facts\":{" },
	{ "GET /v1/events?level=error", 200, "\"id\":5008" },
	{ "GET /v1/events?vm=vm2", 200, "\"events\":[]" },
	{ "GET /v1/events?since=5&until=5", 400, "since must be before" },
	{ "GET /v1/events?since=soon", 400, "RFC 3339" },
	{ "GET /v1/events?id=1", 400, "ID of an event" },
	{ "GET /v1/events?level=fatal", 400, "info, warning, error" },
	{ "GET /v1/events?limit=10001", 400, "from 1 to 10000" },
	{ "GET /v1/events?limit=1&limit=2", 400, "\"repeated-parameter\"" },
	{ "GET /v1/events?page=2", 400, "\"unknown-parameter\"" },
	{ "GET /v1/events/stream?since=1", 400, "\"unknown-parameter\"" },
	{ "GET /v1/alerts", 200, "\"id\":368" },
	{ "GET /v1/alerts", 200, "\"since\":" },
	{ "GET /v1/alerts?facts=true", 200, "\"facts\":{" },
	{ "GET /v1/alerts?facts=1", 400, "true or false" },
	{ "GET /v1/check", 200, "\"steps\":[\"R1\",\"R2\"]" },
	{ "GET /v1/check?fresh=true", 200, "\"new\":false" },
	{ "GET /v1/check?facts=true", 200, "\"facts\":{" },
	{ "GET /v1/check?vm=vm2", 200, "\"events\":[]" },
	{ "GET /v1/check?vm=nobody", 404, "\"no-such-vm\"" },
	{ "GET /v1/check?vm=twin", 409, "\"ambiguous\"" },
	{ "GET /v1/check?state=unknown", 400, "\"unknown-parameter\"" },
	{ "POST /v1/check", 405, "Allow: GET, HEAD" },
	{ "GET /v1/vms/vm1/why", 200, "\"steps\":[{\"step\":\"R1\"" },
	{ "GET /v1/vms/vm1/why?fresh=true", 200, "\"exit_status\":4" },
	{ "GET /v1/vms/nobody/why", 404, "\"no-such-vm\"" },
	{ "GET /v1/vms/vm1/why?fresh=now", 400, "true or false" },
	{ "POST /v1/sync?record=false", 200, "\"exit_status\":4" },
	{ "GET /v1/events?id=9010", 200, "\"events\":[]" },
	{ "POST /v1/sync", 200, "\"exit_status\":4" },
	{ "GET /v1/events?id=9010", 200, "Ports bound by that: 0. The state "
	  "of the host: out of sync" },
	{ "POST /v1/sync?bound=3", 200, "\"exit_status\":4" },
	{ "GET /v1/events?id=9010&limit=1", 200, "\"action_by\":\"operator\"" },
	{ "GET /v1/events?id=9010&limit=1", 200, "Ports bound by that: 3." },
	{ "POST /v1/sync?bound=-1", 400, "\"bad-parameter\"" },
	{ "POST /v1/sync?record=no", 400, "true or false" },
	{ "GET /v1/recoveries", 200, "{\"recoveries\":[]}" },
	{ "GET /v1/recoveries/1", 404, "\"no-such-recovery\"" },
	{ "GET /v1/recoveries/x", 404, "\"no-such-recovery\"" },
	{ "GET /v1/sync", 405, "Allow: POST" },
	{ "POST /v1/status", 405, "Allow: GET, HEAD" },
	{ "DELETE /v1/vms/vm1", 405, "\"method-not-allowed\"" },
	{ "GET /", 404, "\"not-found\"" },
	{ "GET /v1", 404, "\"not-found\"" },
	{ "GET /v1/vms/", 404, "\"no-such-vm\"" },
	{ "GET /v2/status", 404, "\"not-found\"" },
	{ "GET /v1/vms/%zz", 400, "\"bad-uri\"" },
	{ "GET /v1/vms/%ff", 400, "\"bad-utf8\"" },
	{ "GET /metrics", 200, "# EOF\n" },
	{ "GET /metrics", 200, "vmsafe_vnics{state=\"out-of-sync\","
	  "reason=\"manager-only\"} 1\n" },
	{ "GET /metrics", 200, "vmsafe_time_to_detect_seconds_bucket{le="
	  "\"2.5\"} 1\n" },
	{ "GET /metrics", 200, "vmsafe_time_to_detect_seconds_sum 2.000\n" },
	{ "GET /metrics", 200, "vmsafe_events_total{id=\"368\"} 2\n" },
};

static void answers(void **state)
{
	static const struct serving how;

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(resources); i++) {
		const char *answer = serve_ask("%s HTTP/1.1\r\nHost: x\r\n"
					       "\r\n", resources[i].ask);

		if (serve_status(answer) != resources[i].status ||
		    !strstr(answer, resources[i].says))
			fail_msg("row %zu: %s: %s", i, resources[i].ask,
				 answer);
	}
	serve_end();
}

static void pages(void **state)
{
	static const struct serving how;
	char target[256], seen[1024] = "";
	const char *next = NULL;
	int parts = 0, status;
	json_t *doc = NULL;

	(void)state;
	serve(&how);
	do {
		json_t *row;

		snprintf(target, sizeof(target), "/v1/vnics?limit=1%s%s",
			 next ? "&after=" : "", next ? next : "");
		json_decref(doc);
		doc = json_loads(serve_get(target, &status), 0, NULL);
		assert_int_equal(status, 200);
		row = json_array_get(json_object_get(doc, "vnics"), 0);
		row = json_object_get(row, "state");
		strcat(seen, json_string_value(row));
		strcat(seen, " ");
		next = json_string_value(json_object_get(doc, "next"));
		assert_true(++parts < 10);
	} while (next);
	json_decref(doc);
	/* that of no VM, vm1's 0 and 1 */
	assert_string_equal(seen, "not-applicable in-sync out-of-sync ");
	serve_end();
}

static void japanese(void **state)
{
	static const struct serving how;
	const char *answer;

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	serve(&how);
	answer = serve_ask("GET /v1/events?id=368 HTTP/1.1\r\nHost: x\r\n"
			   "Accept-Language: ja\r\n\r\n");
	assert_non_null(strstr(answer, "Content-Language: ja"));
	assert_non_null(strstr(answer, "デバイス ID: 1 - "
				       "ダウンロード元: Manager"));
	answer = serve_ask("GET /v1/vms/x HTTP/1.1\r\nHost: x\r\n"
			   "Accept-Language: ja-JP, en;q=0.1\r\n\r\n");
	assert_non_null(strstr(answer, "仮想マシン"));
	/* the next one's language is its own */
	answer = serve_ask("GET /v1/vms/x HTTP/1.1\r\nHost: x\r\n\r\n");
	assert_non_null(strstr(answer, "no list that could be read"));
	serve_end();
	unsetenv("VMSAFE_LOCALEDIR");
}

static void stream(void **state)
{
	static const struct serving how;
	static const char ask[] = "GET /v1/events/stream HTTP/1.1\r\n"
				  "Host: x\r\n";
	const char *text;
	int fd, all;

	(void)state;
	serve(&how);
	/* from now on */
	fd = serve_dial();
	serve_send(fd, ask, sizeof(ask) - 1);
	serve_send(fd, "\r\n", 2);
	text = serve_until(fd, "retry:");
	assert_non_null(strstr(text, "Content-Type: text/event-stream"));
	serve_event();
	text = serve_until(fd, "id: 4\n");
	assert_null(strstr(text, "id: 3\n"));
	serve_event();
	serve_until(fd, "id: 5\n");
	/* from where somebody was */
	all = serve_dial();
	serve_send(all, ask, sizeof(ask) - 1);
	serve_send(all, "Last-Event-ID: 2\r\n\r\n", 20);
	text = serve_until(all, "id: 5\n");
	assert_null(strstr(text, "id: 2\n"));
	assert_non_null(strstr(text, "id: 3\n"));
	/* one that has gone is no harm to others */
	close(fd);
	serve_event();
	serve_until(all, "id: 6\n");
	close(all);
	text = serve_ask("%sLast-Event-ID: x\r\n\r\n", ask);
	assert_int_equal(serve_status(text), 400);
	serve_end();
}

static void syncs(void **state)
{
	static const struct serving how, deaf = { .deaf = true };
	static const char ask[] = "POST /v1/sync HTTP/1.1\r\nHost: x\r\n"
				  "Content-Length: 0\r\n\r\n";
	static const char *const fresh[] = {
		"/v1/check?fresh=true", "/v1/check?fresh=true&vm=vm1",
		"/v1/vms/vm1/why?fresh=true",
	};
	int fds[4], status;

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(fds); i++) {
		fds[i] = serve_dial();
		serve_send(fds[i], ask, sizeof(ask) - 1);
	}
	/* who does not wait for the answer is no harm */
	close(fds[0]);
	for (size_t i = 1; i < ARRAY_SIZE(fds); i++) {
		assert_int_equal(serve_status(serve_until(fds[i], NULL)), 200);
		close(fds[i]);
	}
	serve_end();
	serve(&deaf);
	assert_int_equal(serve_status(serve_ask("%s", ask)), 504);
	/* old lists are no answer to who asks for fresh ones */
	for (size_t i = 0; i < ARRAY_SIZE(fresh); i++) {
		assert_non_null(strstr(serve_get(fresh[i], &status),
				       "\"timeout\""));
		assert_int_equal(status, 504);
	}
	/* it ends while one waits */
	fds[0] = serve_dial();
	serve_send(fds[0], ask, sizeof(ask) - 1);
	serve_get("/v1/status", NULL);
	serve_end();
	close(fds[0]);
}

static const char *post(const char *target, const char *body)
{
	return serve_ask("POST %s HTTP/1.1\r\nHost: x\r\n"
			 "Content-Length: %zu\r\n\r\n%s", target, strlen(body),
			 body);
}

static void recovers(void **state)
{
	static const char *const bad[] = {
		"[]", "7", "{", "{\"step\":\"R99\"}", "{\"step\":1}",
		"{\"dry_run\":1}", "{\"timeout\":0}", "{\"timeout\":86401}",
		"{\"to\":\"\"}", "{\"to\":\"-oX\"}", "{\"nonsense\":true}",
		"{\"step\":\"R1\",\"step\":\"R2\"}", "{\"step\":\"\377\"}",
	};
	static const struct serving how;
	const char *answer;
	int status;

	(void)state;
	serve(&how);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_row(i, serve_status(post("/v1/vms/vm1/recover",
						bad[i])) == 400);
	assert_int_equal(serve_status(post("/v1/vms/no/recover", "")), 404);
	assert_int_equal(serve_status(post("/v1/vms/vm1/recover",
					   "{\"step\":\"R11\"}")), 409);
	answer = post("/v1/vms/vm1/recover", "{\"step\":\"R1\",\"yes\":true,"
		      "\"timeout\":5,\"dry_run\":true}");
	assert_int_equal(serve_status(answer), 202);
	assert_non_null(strstr(answer, "\"href\":\"/v1/recoveries/1\""));
	do {
		answer = serve_get("/v1/recoveries/1", &status);
		assert_int_equal(status, 200);
		usleep(1000);
	} while (strstr(answer, "\"state\":\"running\""));
	assert_non_null(strstr(answer, "this is vmsafe --json --lang en "
			       "--inventory file:/nowhere recover --dry-run "
			       "--yes --timeout 5 "));
	assert_non_null(strstr(answer, "\"done\"],\"result\":{\"done\":true}"));
	assert_non_null(strstr(answer, "\"exit_status\":4"));
	/* one that takes for ever: others are served, the VM's are not */
	assert_int_equal(serve_status(post("/v1/vms/vm1/recover",
					   "{\"step\":\"R0\"}")), 202);
	assert_int_equal(serve_status(post("/v1/vms/vm1/recover", "")), 409);
	assert_int_equal(serve_status(post("/v1/vms/vm2/recover", "")), 202);
	answer = serve_get("/v1/recoveries", &status);
	assert_non_null(strstr(answer, "\"id\":3"));
	assert_non_null(strstr(answer, "\"step\":\"R0\",\"dry_run\":false,"
			       "\"state\":\"running\""));
	serve_end_job();
	do {
		answer = serve_get("/v1/recoveries/2", &status);
		usleep(1000);
	} while (strstr(answer, "\"state\":\"running\""));
	assert_non_null(strstr(answer, "\"exit_status\":255"));
	serve_end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query),
		cmocka_unit_test(language),
		cmocka_unit_test(page),
		cmocka_unit_test(listening),
		cmocka_unit_test(answers),
		cmocka_unit_test(pages),
		cmocka_unit_test(japanese),
		cmocka_unit_test(stream),
		cmocka_unit_test(syncs),
		cmocka_unit_test(recovers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
