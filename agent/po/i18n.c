// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <langinfo.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "po/i18n.h"
#include "po/mo.h"

#ifndef VS_LOCALEDIR
#define VS_LOCALEDIR "/usr/share/locale"
#endif

static struct vs_mo vs_catalogue;
static const char *vs_name = "en";

static const char *const vs_known[] = { "en", "ja" };

static const char *vs_i18n_tr(void *ctx, const char *msgid)
{
	const char *text = vs_mo_get(ctx, msgid);

	return text && *text ? text : msgid;
}

static struct vs_lang vs_language;

/* a known language that @s starts with: "ja", "ja_JP.UTF-8", "ja:en" */
static const char *vs_i18n_known(const char *s)
{
	for (size_t i = 0; i < sizeof(vs_known) / sizeof(*vs_known); i++) {
		if (strncmp(s, vs_known[i], 2) == 0 &&
		    strchr("_.@:", s[2]))
			return vs_known[i];
	}
	return NULL;
}

/* is what we print, UTF-8, what the locale @s reads? */
static bool vs_i18n_utf8(const char *s)
{
	const char *codeset = strchr(s, '.');

	return !codeset || strncasecmp(codeset, ".utf8", 5) == 0 ||
	       strncasecmp(codeset, ".utf-8", 6) == 0;
}

static const char *vs_i18n_env(const char *name)
{
	const char *s = getenv(name);

	return s && *s ? s : NULL;
}

/* as gettext does: the locale, and LANGUAGE before it unless it is C */
static const char *vs_i18n_from_env(void)
{
	const char *locale = vs_i18n_env("LC_ALL");
	const char *language = vs_i18n_env("LANGUAGE");
	const char *known;

	if (!locale)
		locale = vs_i18n_env("LC_MESSAGES");
	if (!locale)
		locale = vs_i18n_env("LANG");
	if (!locale || strcmp(locale, "C") == 0 ||
	    strcmp(locale, "POSIX") == 0 || !vs_i18n_utf8(locale))
		return "en";
	for (; language; language = strchr(language, ':')) {
		language += *language == ':';
		known = vs_i18n_known(language);
		if (known)
			return known;
	}
	known = vs_i18n_known(locale);
	return known ? known : "en";
}

static int vs_i18n_try(struct vs_mo *mo, const char *dir, const char *name)
{
	char path[PATH_MAX];
	int len = snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES/vmsafe.mo",
			   dir, name);

	if (len >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return vs_mo_load(mo, path);
}

/* build/agent/vmsafe has its catalogues in build/agent/po */
static int vs_i18n_try_beside(struct vs_mo *mo, const char *name)
{
	char exe[PATH_MAX], dir[PATH_MAX + 4];
	ssize_t len = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (len < 0)
		return -errno;
	exe[len] = '\0';
	snprintf(dir, sizeof(dir), "%s/po", dirname(exe));
	return vs_i18n_try(mo, dir, name);
}

static int vs_i18n_find(struct vs_mo *mo, const char *name)
{
	const char *dir = secure_getenv("VMSAFE_LOCALEDIR");

	if ((!dir || vs_i18n_try(mo, dir, name)) &&
	    vs_i18n_try_beside(mo, name) &&
	    vs_i18n_try(mo, VS_LOCALEDIR, name))
		return -ENOENT;
	return 0;
}

static int vs_i18n_load(const char *name)
{
	vs_mo_free(&vs_catalogue);
	vs_language = (struct vs_lang){ 0 };
	vs_name = "en";
	if (strcmp(name, "en") == 0)
		return 0;
	if (vs_i18n_find(&vs_catalogue, name))
		return -ENOENT;
	vs_language = (struct vs_lang){ vs_i18n_tr, &vs_catalogue };
	vs_name = name;
	return 0;
}

int vs_i18n_init(const char *lang)
{
	const char *name = NULL;

	setlocale(LC_ALL, "");
	/* whatever the locale, what is printed is UTF-8 */
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	if (!lang) {
		vs_i18n_load(vs_i18n_from_env());
		return 0;
	}
	for (size_t i = 0; i < sizeof(vs_known) / sizeof(*vs_known); i++) {
		if (strcmp(lang, vs_known[i]) == 0)
			name = vs_known[i];
	}
	return name ? vs_i18n_load(name) : -EINVAL;
}

const char *vs_gettext(const char *msgid)
{
	return vs_tr(&vs_language, msgid);
}

const char *vs_ngettext(const char *one, const char *many, size_t n)
{
	const char *text = vs_gettext(one);

	/* not translated: it is English */
	return text != one || n == 1 ? text : many;
}

const struct vs_lang *vs_i18n_lang(void)
{
	return &vs_language;
}

const struct vs_lang *vs_i18n_of(const char **name)
{
	static const struct vs_lang english;
	static struct vs_mo mo;
	static struct vs_lang japanese;
	static bool tried;

	if (strcmp(*name, vs_name) == 0)
		return &vs_language;
	if (strcmp(*name, "ja") == 0 && !tried) {
		tried = true;
		if (!vs_i18n_find(&mo, *name))
			japanese = (struct vs_lang){ vs_i18n_tr, &mo };
	}
	if (strcmp(*name, "ja") == 0 && japanese.tr)
		return &japanese;
	*name = "en";
	return &english;
}

const char *vs_i18n_name(void)
{
	return vs_name;
}
