// SPDX-License-Identifier: GPL-2.0-only
/* Answers that no vCenter gives: bombs, halves and endless ones. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "answer.h"
#include "core/buf.h"
#include "vsphere/soap.h"
#include "vsphere/watch.h"

static const char *const bad[] = {
	"", " ", "x", "<", "<a", "<a>", "<a></b>", "<a/><b/>", "<a>&x;</a>",
	"<a b='&x;'/>", "<a>\377</a>", "<a>\1</a>", "<a>&#0;</a>", "{}",
	"<!DOCTYPE a><a/>", "<!DOCTYPE a SYSTEM \"/etc/passwd\"><a/>",
	"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
	"<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>",
	"<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b "
	"\"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;\">"
	"<!ENTITY d \"&c;&c;&c;&c;&c;&c;\">]><a b='&d;'>&d;</a>",
	"<!DOCTYPE a [<!ENTITY % p SYSTEM \"http://127.0.0.1/\">%p;]><a/>",
	"<html><body>503</html>",
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		for (size_t step = 1; step < 64; step *= 3) {
			struct answer a = answer_take(NULL, bad[i],
						      strlen(bad[i]), step);

			assert_row(i, a.ret == -EINVAL && *a.why);
		}
	}
}

/* a good answer that ends early is no answer, wherever it ends */
static void test_halves(void **state)
{
	static const char xml[] = "<e:E xmlns:e='e'><B><R><r><objects><obj "
		"type='HostSystem'>h</obj><propSet><name>name</name><val>n"
		"</val></propSet></objects></r></R></B></e:E>";

	(void)state;
	assert_int_equal(answer_take(NULL, xml, sizeof(xml) - 1, 9).ret, 0);
	for (size_t n = 0; n < sizeof(xml) - 1; n++)
		assert_row(n, answer_take(NULL, xml, n, 9).ret == -EINVAL);
}

static void repeat(struct vs_buf *buf, const char *s, size_t n)
{
	while (n--)
		vs_buf_add(buf, s);
}

static struct answer take(struct vs_buf *buf)
{
	struct answer a = answer_take(NULL, vs_buf_str(buf), buf->len, 65000);

	vs_buf_free(buf);
	return a;
}

static void test_limits(void **state)
{
	struct vs_buf buf = { 0 };

	(void)state;
	repeat(&buf, "<a>", VS_TREE_DEPTH);
	repeat(&buf, "</a>", VS_TREE_DEPTH);
	assert_int_equal(take(&buf).ret, 0);
	repeat(&buf, "<a>", VS_TREE_DEPTH + 1);
	repeat(&buf, "</a>", VS_TREE_DEPTH + 1);
	assert_int_equal(take(&buf).ret, -EFBIG);
	/* one long text is fine, many elements at a time are not */
	vs_buf_add(&buf, "<a>");
	repeat(&buf, "0123456789abcdef", 65536);
	vs_buf_add(&buf, "</a>");
	assert_int_equal(take(&buf).ret, 0);
	vs_buf_add(&buf, "<a>");
	repeat(&buf, "<b/>", 400000);
	vs_buf_add(&buf, "</a>");
	assert_int_equal(take(&buf).ret, -EFBIG);
	/* what is handed out one by one may be as much as that, and more */
	vs_buf_add(&buf, "<a><b><c><d>");
	repeat(&buf, "<objects><b/><c>text</c></objects>", 400000);
	vs_buf_add(&buf, "</d></c></b></a>");
	assert_int_equal(take(&buf).ret, 0);
}

static int answer(const char *xml, struct vs_soap_call *call,
		  struct vs_error *error)
{
	struct vs_tree *tree = vs_tree_new(NULL, NULL);
	const struct vs_twig *root;
	int ret;

	assert_non_null(tree);
	assert_int_equal(vs_tree_feed(tree, xml, strlen(xml)), 0);
	assert_int_equal(vs_tree_end(tree, &root), 0);
	ret = vs_soap_answer(root, call, error);
	vs_tree_free(tree);
	return ret;
}

static void test_faults(void **state)
{
	static const struct {
		const char *xml, *fault;
		int ret;
		enum vs_why why;
	} cases[] = {
		{ "<Envelope><Body><R/></Body></Envelope>", "", 0, 0 },
		{ "<Envelope><Body/></Envelope>", "", -EINVAL,
		  VS_WHY_BAD_DATA },
		{ "<html><Body><R/></Body></html>", "", -EINVAL,
		  VS_WHY_BAD_DATA },
		{ "<Envelope><Body><Fault><faultstring>s</faultstring><detail>"
		  "<X type='InvalidLogin'/></detail></Fault></Body></Envelope>",
		  "InvalidLogin", -EREMOTEIO, VS_WHY_DENIED },
		{ "<Envelope><Body><Fault><detail><NotAuthenticatedFault "
		  "type='x:NotAuthenticated'/></detail></Fault></Body>"
		  "</Envelope>", "NotAuthenticated", -EREMOTEIO,
		  VS_WHY_DENIED },
		{ "<Envelope><Body><Fault/></Body></Envelope>", "Fault",
		  -EREMOTEIO, VS_WHY_UNREACHABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vs_soap_call call = { .op = VS_OP_CONNECT };
		struct vs_error error = { 0 };

		assert_row(i, answer(cases[i].xml, &call, &error) ==
			      cases[i].ret);
		assert_row_string(i, call.fault, cases[i].fault);
		assert_row(i, error.why == cases[i].why);
	}
}

static void test_escape(void **state)
{
	struct vs_buf buf = { 0 };

	(void)state;
	vs_soap_escape(&buf, "a<b>&amp;\"]]>");
	assert_string_equal(vs_buf_str(&buf),
			    "a&lt;b&gt;&amp;amp;\"]]&gt;");
	vs_buf_free(&buf);
}

/* it grows, has an end, and is never the same for long */
static void test_pause(void **state)
{
	unsigned int pause = 0, low = 0, high = 0, ms;

	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		unsigned int before = pause, copy = before;

		ms = vs_watch_pause(&pause, i * 2654435761U);
		assert_true(pause >= before && pause <= VS_WATCH_PAUSE_MAX);
		assert_true(ms >= pause - pause / 4);
		assert_true(ms <= pause + pause / 4 + 1);
		low = vs_watch_pause(&copy, 0);
		copy = before;
		high = vs_watch_pause(&copy, pause / 2);
		assert_true(low < high);
	}
	assert_int_equal(pause, VS_WATCH_PAUSE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_escape),
		cmocka_unit_test(test_pause),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
