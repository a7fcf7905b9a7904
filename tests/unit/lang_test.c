// SPDX-License-Identifier: GPL-2.0-only
/* Catalogues and the choice of a language. */
#include "unit.h"

#include <errno.h>
#include <langinfo.h>
#include <stdlib.h>
#include <unistd.h>

#include "po/i18n.h"
#include "po/mo.h"

/** struct bytes - a catalogue made by hand */
struct bytes {
	char b[512];
	size_t len;
};

static void put_word(struct bytes *f, size_t at, uint32_t word, bool swap)
{
	word = swap ? __builtin_bswap32(word) : word;
	memcpy(f->b + at, &word, 4);
}

/* two messages: "a" is "A", "b" is "B" */
static struct bytes make(bool swap)
{
	static const uint32_t words[] = {
		0x950412de, 0, 2, 28, 44, 0, 60,
		1, 60, 1, 62,		/* "a", "b" */
		1, 64, 1, 66,		/* "A", "B" */
	};
	struct bytes f = { .len = 68 };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		put_word(&f, i * 4, words[i], swap);
	memcpy(f.b + 60, "a\0b\0A\0B", 8);
	return f;
}

static int parse(struct vs_mo *mo, const struct bytes *f)
{
	char *data = malloc(f->len ? f->len : 1);

	assert_non_null(data);
	memcpy(data, f->b, f->len);
	return vs_mo_parse(mo, data, f->len);
}

static void mo_good(void **state)
{
	struct vs_mo mo;

	(void)state;
	for (int swap = 0; swap < 2; swap++) {
		struct bytes f = make(swap);

		assert_int_equal(parse(&mo, &f), 0);
		assert_string_equal(vs_mo_get(&mo, "a"), "A");
		assert_string_equal(vs_mo_get(&mo, "b"), "B");
		assert_null(vs_mo_get(&mo, ""));
		assert_null(vs_mo_get(&mo, "aa"));
		assert_null(vs_mo_get(&mo, "c"));
		vs_mo_free(&mo);
		assert_null(vs_mo_get(&mo, "a"));
	}
}

/* one word of it wrong */
static void mo_bad_words(void **state)
{
	static const struct {
		size_t at;
		uint32_t word;
	} rows[] = {
		{ 0, 0x950412df },		/* magic */
		{ 4, 2 << 16 },			/* revision */
		{ 8, 3 },			/* more than there are */
		{ 8, UINT32_MAX },
		{ 12, 61 }, { 12, UINT32_MAX },	/* tables outside */
		{ 16, 61 }, { 16, UINT32_MAX - 7 },
		{ 28, 2 }, { 28, UINT32_MAX },	/* length past the end */
		{ 32, 68 }, { 32, UINT32_MAX },	/* text outside */
		{ 32, 62 }, { 40, 60 },		/* not sorted */
		{ 48, 65 },			/* does not end there */
		{ 56, 67 },
	};
	struct vs_mo mo;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct bytes f = make(false);

		put_word(&f, rows[i].at, rows[i].word, false);
		assert_row(i, parse(&mo, &f) == -EINVAL);
	}
}

/* cut short anywhere, and any single byte changed: refused or harmless */
static void mo_bad_bytes(void **state)
{
	struct bytes good = make(false);
	struct vs_mo mo;

	(void)state;
	for (size_t len = 0; len < good.len; len++) {
		struct bytes f = good;

		f.len = len;
		assert_row(len, parse(&mo, &f) == -EINVAL);
	}
	for (size_t i = 0; i < good.len; i++) {
		for (int bit = 0; bit < 8; bit++) {
			struct bytes f = good;

			f.b[i] ^= 1 << bit;
			if (parse(&mo, &f))
				continue;
			vs_mo_get(&mo, "a");
			vs_mo_get(&mo, "b");
			vs_mo_free(&mo);
		}
	}
}

static void mo_files(void **state)
{
	struct vs_mo mo = { 0 };

	(void)state;
	assert_int_equal(vs_mo_load(&mo, "/does/not/exist"), -ENOENT);
	assert_int_equal(vs_mo_load(&mo, "/dev/null"), -EINVAL);
	assert_int_equal(vs_mo_load(&mo, "/"), -EIO);
	assert_int_equal(vs_mo_load(&mo, MO_DIR "/ja/LC_MESSAGES/vmsafe.mo"),
			 0);
	assert_string_equal(vs_mo_get(&mo, "Warning"), "警告");
	assert_non_null(strstr(vs_mo_get(&mo, ""), "charset=UTF-8"));
	vs_mo_free(&mo);
}

static void set_env(const char *all, const char *messages, const char *lang,
		    const char *language)
{
	static const char *const names[] = {
		"LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"
	};
	const char *const values[] = { all, messages, lang, language };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (values[i])
			setenv(names[i], values[i], 1);
		else
			unsetenv(names[i]);
	}
}

static void from_env(void **state)
{
	static const struct {
		const char *all, *messages, *lang, *language, *want;
	} rows[] = {
		{ NULL, NULL, NULL, NULL, "en" },
		{ NULL, NULL, "ja_JP.UTF-8", NULL, "ja" },
		{ NULL, NULL, "ja_JP.utf8", NULL, "ja" },
		{ NULL, NULL, "ja_JP", NULL, "ja" },
		{ NULL, NULL, "ja", NULL, "ja" },
		{ NULL, NULL, "ja_JP.eucJP", NULL, "en" },
		{ NULL, NULL, "jam_JM.UTF-8", NULL, "en" },
		{ NULL, NULL, "de_DE.UTF-8", NULL, "en" },
		{ NULL, "ja_JP.UTF-8", "de_DE.UTF-8", NULL, "ja" },
		{ "de_DE.UTF-8", "ja_JP.UTF-8", NULL, NULL, "en" },
		{ "", "", "ja_JP.UTF-8", NULL, "ja" },
		{ "C", NULL, "ja_JP.UTF-8", NULL, "en" },
		{ NULL, NULL, "C.UTF-8", "ja", "ja" },
		{ NULL, NULL, "C.UTF-8", "de:ja:en", "ja" },
		{ NULL, NULL, "ja_JP.UTF-8", "en:ja", "en" },
		{ NULL, NULL, "ja_JP.UTF-8", "de", "ja" },
		{ NULL, NULL, "C", "ja", "en" },
		{ NULL, NULL, "POSIX", "ja", "en" },
		{ NULL, NULL, "ja_JP.UTF-8", "", "ja" },
	};

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		set_env(rows[i].all, rows[i].messages, rows[i].lang,
			rows[i].language);
		assert_row(i, vs_i18n_init(NULL) == 0);
		assert_row_string(i, vs_i18n_name(), rows[i].want);
	}
}

/* asked for by name, it works whatever locales the machine has */
static void by_name(void **state)
{
	static const char *const locales[] = {
		"C", "C.UTF-8", "POSIX", "ja_JP.UTF-8", "no_SUCH.UTF-8", ""
	};

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	for (size_t i = 0; i < ARRAY_SIZE(locales); i++) {
		set_env(locales[i], NULL, NULL, NULL);
		assert_row(i, vs_i18n_init("ja") == 0);
		assert_row_string(i, _("Warning"), "警告");
		assert_row_string(i, vs_tr(vs_i18n_lang(), "Level"),
				  "レベル");
		assert_row_string(i, _("no such text"), "no such text");
		assert_row_string(i, nl_langinfo(CODESET), "UTF-8");
		assert_row(i, vs_i18n_init("en") == 0);
		assert_row_string(i, _("Warning"), "Warning");
		assert_row_string(i, vs_i18n_name(), "en");
	}
	assert_int_equal(vs_i18n_init("de"), -EINVAL);
	assert_int_equal(vs_i18n_init(""), -EINVAL);
	assert_int_equal(vs_i18n_init("ja_JP.UTF-8"), -EINVAL);
	assert_string_equal(_(""), "");
}

/* as in the build tree: catalogues beside the program, nothing set */
static void beside_program(void **state)
{
	(void)state;
	set_env("C", NULL, NULL, NULL);
	unsetenv("VMSAFE_LOCALEDIR");
	unlink(OUT_DIR "/po");
	assert_int_equal(symlink(MO_DIR, OUT_DIR "/po"), 0);
	assert_int_equal(vs_i18n_init("ja"), 0);
	assert_string_equal(_("Warning"), "警告");
	/* a folder that does not have it is passed over */
	setenv("VMSAFE_LOCALEDIR", "/does/not/exist", 1);
	assert_int_equal(vs_i18n_init("ja"), 0);
	unlink(OUT_DIR "/po");
}

static void no_catalogue(void **state)
{
	(void)state;
	set_env("C.UTF-8", NULL, NULL, NULL);
	setenv("VMSAFE_LOCALEDIR", "/does/not/exist", 1);
	/* unless one is installed on this machine */
	if (access("/usr/share/locale/ja/LC_MESSAGES/vmsafe.mo", R_OK) == 0)
		skip();
	assert_int_equal(vs_i18n_init("ja"), -ENOENT);
	assert_string_equal(_("Warning"), "Warning");
	assert_string_equal(vs_i18n_name(), "en");
	set_env("ja_JP.UTF-8", NULL, NULL, NULL);
	assert_int_equal(vs_i18n_init(NULL), 0);
	assert_string_equal(_("Warning"), "Warning");
}

/* one notification, two notifications; in Japanese there is no difference */
static void numbers(void **state)
{
	const char *one = "%u notification has not come";
	const char *many = "%u notifications have not come";

	(void)state;
	setenv("VMSAFE_LOCALEDIR", MO_DIR, 1);
	assert_int_equal(vs_i18n_init("ja"), 0);
	assert_string_equal(vs_ngettext(one, many, 1),
			    vs_ngettext(one, many, 2));
	assert_string_not_equal(vs_ngettext(one, many, 1), one);
	assert_int_equal(vs_i18n_init("en"), 0);
	assert_string_equal(vs_ngettext(one, many, 1), one);
	assert_string_equal(vs_ngettext(one, many, 0), many);
	assert_string_equal(vs_ngettext(one, many, 2), many);
	unsetenv("VMSAFE_LOCALEDIR");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mo_good),
		cmocka_unit_test(mo_bad_words),
		cmocka_unit_test(mo_bad_bytes),
		cmocka_unit_test(mo_files),
		cmocka_unit_test(from_env),
		cmocka_unit_test(by_name),
		cmocka_unit_test(beside_program),
		cmocka_unit_test(no_catalogue),
		cmocka_unit_test(numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
