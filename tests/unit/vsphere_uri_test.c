// SPDX-License-Identifier: GPL-2.0-only
/* The URI of vCenter, and the password that belongs to it. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "inventory/inventory.h"
#include "vsphere/password.h"
#include "vsphere/uri.h"

#define HEX "00112233445566778899aabbccddeeff" \
	    "00112233445566778899AABBCCDDEEFF"
#define PAIRS "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:" \
	      "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

static void test_good(void **state)
{
	static const struct {
		const char *rest, *user, *host, *dc, *node;
		unsigned int port;
	} cases[] = {
		{ "//u@vc/", "u", "vc", "", "", 443 },
		{ "//a@vsphere.local@vc.example.org:8443/", "a@vsphere.local",
		  "vc.example.org", "", "", 8443 },
		{ "//a%40b@192.0.2.1/DC0", "a@b", "192.0.2.1", "DC0", "",
		  443 },
		{ "//D%5Cu@[2001:db8::1]:65535/DC%200/host/esx1", "D\\u",
		  "2001:db8::1", "DC 0", "esx1", 65535 },
		{ "//u@vc/host/esx1", "u", "vc", "", "esx1", 443 },
		{ "//u@vc//host/esx1", "u", "vc", "", "esx1", 443 },
		{ "//u@vc/%68ost", "u", "vc", "host", "", 443 },
		{ "//u@vc/host/host/host", "u", "vc", "host", "host", 443 },
		{ "//u@vc/F%2FDC", "u", "vc", "F/DC", "", 443 },
		{ "//u@vc/\346\235\261\344\272\254", "u", "vc",
		  "\346\235\261\344\272\254", "", 443 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct vs_vsphere_uri uri;
		struct vs_error error;

		assert_row(i, !vs_vsphere_uri_parse(cases[i].rest, &uri,
						    &error));
		assert_row_string(i, uri.user, cases[i].user);
		assert_row_string(i, uri.host, cases[i].host);
		assert_row_string(i, uri.datacenter, cases[i].dc);
		assert_row_string(i, uri.node, cases[i].node);
		assert_row(i, uri.port == cases[i].port);
		assert_row(i, !uri.insecure && !uri.pinned);
	}
}

static void test_options(void **state)
{
	struct vs_vsphere_uri uri;
	struct vs_error error;

	(void)state;
	assert_int_equal(vs_vsphere_uri_parse("//u@vc/?password-file=/a%26b&"
					      "ca-file=/c", &uri, &error), 0);
	assert_string_equal(uri.password_file, "/a&b");
	assert_string_equal(uri.ca_file, "/c");
	assert_int_equal(vs_vsphere_uri_parse("//u@vc/?sha256=" HEX, &uri,
					      &error), 0);
	assert_true(uri.pinned && uri.pin[1] == 0x11 && uri.pin[31] == 0xff);
	assert_int_equal(vs_vsphere_uri_parse("//u@vc/?sha256=" PAIRS, &uri,
					      &error), 0);
	assert_true(uri.pinned && uri.pin[1] == 0x11 && uri.pin[31] == 0xff);
	assert_int_equal(vs_vsphere_uri_parse("//u@vc/?verify=none", &uri,
					      &error), 0);
	assert_true(uri.insecure);
}

static const char *const bad[] = {
	"u@vc/", "/u@vc/", "//vc/", "//@vc/", "//u@/", "//u@vc", "//u@vc?",
	"//u:secret@vc/", "//u@vc:0/", "//u@vc:65536/", "//u@vc:/",
	"//u@vc:080/", "//u@vc:4x/", "//u@vc:123456789/", "//u@[::1/",
	"//u@[::1]x/", "//u@[vc]/", "//u@v c/", "//u@-vc/", "//u@.vc/",
	"//u@v%63/", "//u%00@vc/", "//u%0a@vc/", "//u%4@vc/", "//u%zz@vc/",
	"//\377@vc/", "//u@vc/host", "//u@vc/DC/", "//u@vc/DC/host",
	"//u@vc/DC/host/", "//u@vc/DC/hosts/x", "//u@vc/a/host/b/c",
	"//u@vc/host/a/b", "//u@vc///", "//u@vc//host/", "//u@vc/#x",
	"//u@vc/?", "//u@vc/?x=1", "//u@vc/?verify=off", "//u@vc/?verify",
	"//u@vc/?verify=none&verify=none", "//u@vc/?verify=none&",
	"//u@vc/?password=x", "//u@vc/?password-file=x",
	"//u@vc/?password-file=", "//u@vc/?ca-file=c",
	"//u@vc/?ca-file=/a&ca-file=/b", "//u@vc/?sha256=00",
	"//u@vc/?sha256=" HEX "&sha256=" HEX, "//u@vc/?sha256=" HEX "0",
	"//u@vc/?sha256=" HEX "&verify=none", "//u@vc/?ca-file=/a&verify=none",
	"//u@vc/?ca-file=/a&sha256=" HEX, "//u@vc/?SHA256=" HEX,
};

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct vs_vsphere_uri uri;
		struct vs_error error;

		assert_row(i, vs_vsphere_uri_parse(bad[i], &uri, &error) ==
			      -EINVAL);
		assert_row(i, *error.detail && !strchr(error.detail, '\n'));
		assert_row(i, !strstr(error.detail, "secret"));
	}
}

static void test_long(void **state)
{
	char rest[2048];
	struct vs_vsphere_uri uri;
	struct vs_error error;

	(void)state;
	for (size_t n = 0; n < 1500; n += 7) {
		snprintf(rest, sizeof(rest), "//%0*d@vc/", (int)n, 0);
		assert_int_equal(vs_vsphere_uri_parse(rest, &uri, &error),
				 n < VS_VSPHERE_TEXT ? 0 : -EINVAL);
		snprintf(rest, sizeof(rest), "//u@%0*d/", (int)n, 0);
		assert_int_equal(vs_vsphere_uri_parse(rest, &uri, &error),
				 n < sizeof(uri.host) ? 0 : -EINVAL);
		snprintf(rest, sizeof(rest), "//u@vc/host/%0*d", (int)n, 0);
		assert_int_equal(vs_vsphere_uri_parse(rest, &uri, &error),
				 n <= VS_NAME_MAX ? 0 : -EINVAL);
	}
}

/* opened as an inventory; what is dangerous is said, and nothing is reached */
static void test_open(void **state)
{
	struct vs_inventory *inv;
	struct vs_error error;

	(void)state;
	assert_int_equal(vs_inventory_open("vsphere://u@vc/", &inv, &error),
			 0);
	assert_null(inv->warning);
	vs_inventory_close(inv);
	assert_int_equal(vs_inventory_open("vsphere://u@vc/?verify=none", &inv,
					   &error), 0);
	assert_non_null(inv->warning);
	assert_non_null(inv->ops->watch);
	vs_inventory_close(inv);
	assert_int_equal(vs_inventory_open("vsphere:", &inv, &error), -EINVAL);
}

#define FILE_NAME OUT_DIR "/vsphere_password"

static int read_password(const char *text, size_t len, mode_t mode,
			 char password[VS_PASSWORD_MAX + 1],
			 struct vs_error *error)
{
	FILE *f;

	unlink(FILE_NAME);
	f = fopen(FILE_NAME, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
	assert_int_equal(chmod(FILE_NAME, mode), 0);
	return vs_password_read(FILE_NAME, password, error);
}

static void test_password(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		mode_t mode;
		int ret;
	} cases[] = {
		{ "secret", 6, 0600, 0 }, { "secret\n", 7, 0640, 0 },
		{ "secret\n\n", 8, 0600, -EINVAL }, { "", 0, 0600, -EINVAL },
		{ "\n", 1, 0600, -EINVAL }, { "a\0b", 3, 0600, -EINVAL },
		{ "a\tb", 3, 0600, -EINVAL }, { "a\377b", 3, 0600, -EINVAL },
		{ "secret", 6, 0644, -EPERM }, { "secret", 6, 0602, -EPERM },
	};
	char password[VS_PASSWORD_MAX + 1], text[VS_PASSWORD_MAX + 2];
	struct vs_error error;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		error = (struct vs_error){ 0 };
		assert_int_equal(read_password(cases[i].text, cases[i].len,
					       cases[i].mode, password,
					       &error), cases[i].ret);
		if (!cases[i].ret)
			assert_string_equal(password, "secret");
		else
			assert_null(strstr(error.detail, "secret\n"));
	}
	memset(text, 'x', sizeof(text));
	assert_int_equal(read_password(text, VS_PASSWORD_MAX, 0600, password,
				       &error), 0);
	assert_int_equal(read_password(text, VS_PASSWORD_MAX + 1, 0600,
				       password, &error), -EFBIG);
	unlink(FILE_NAME);
	assert_int_equal(vs_password_read(FILE_NAME, password, &error),
			 -ENOENT);
	assert_int_equal(vs_password_read("/dev/null", password, &error),
			 -EINVAL);
}

static void test_credential(void **state)
{
	const char *name = OUT_DIR "/" VS_PASSWORD_CREDENTIAL;
	char password[VS_PASSWORD_MAX + 1];
	struct vs_error error;
	FILE *f;

	(void)state;
	unsetenv("CREDENTIALS_DIRECTORY");
	assert_int_equal(vs_password_read("", password, &error), -ENOENT);
	assert_non_null(strstr(error.detail, VS_PASSWORD_CREDENTIAL));
	setenv("CREDENTIALS_DIRECTORY", OUT_DIR, 1);
	f = fopen(name, "w");
	assert_non_null(f);
	fputs("of systemd\n", f);
	fclose(f);
	assert_int_equal(chmod(name, 0400), 0);
	assert_int_equal(vs_password_read("", password, &error), 0);
	assert_string_equal(password, "of systemd");
	unlink(name);
	unsetenv("CREDENTIALS_DIRECTORY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_password),
		cmocka_unit_test(test_credential),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
