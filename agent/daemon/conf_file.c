// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file as such. inih takes it apart, but is easy to please: it cuts long
 * lines in two, takes an indented line for more of the value before it and a
 * colon for "=", and passes over what follows "[section]". Each line is
 * therefore looked at before inih sees it, and what it would misread is
 * refused there.
 */
#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "daemon/conf_file.h"
#include "po/i18n.h"

/* more problems than that are not told one by one */
#define VS_CONF_PROBLEMS 10

/* bytes; all keys there are, with comments, take some kilobytes */
#define VS_CONF_SIZE 1048576

/* /dev/null (the kernel's admin-guide/devices.txt) has nothing but defaults */
#define VS_CONF_NULL makedev(1, 3)

static const char vs_blanks[] = " \t\r\n\f\v";

int vs_conf_complain(struct vs_conf_file *f, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	f->told = f->line;
	if (f->problems++ >= VS_CONF_PROBLEMS)
		return -EINVAL;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vs_buf_addf(f->why, "%s:%u: %s\n", f->name, f->line, text);
	return -EINVAL;
}

/* "[name]" and nothing behind it but a comment */
static void vs_conf_section(struct vs_conf_file *f, const char *line)
{
	const char *end = strchr(line, ']');
	char name[64] = "", safe[256];
	const char *rest;

	f->skip = true;
	if (!end) {
		vs_conf_complain(f, _("a \"]\" is missing"));
		return;
	}
	rest = end + 1 + strspn(end + 1, vs_blanks);
	if (*rest && *rest != ';' && *rest != '#') {
		vs_conf_complain(f, _("nothing may follow \"]\""));
		return;
	}
	if ((size_t)(end - line) <= sizeof(name))
		memcpy(name, line + 1, end - line - 1);
	f->skip = !vs_conf_has_section(name);
	if (!f->skip)
		return;
	vs_name_escape(safe, sizeof(safe), name);
	vs_conf_complain(f, _("there is no section [%s]"), safe);
}

/* a line that is no section, no comment, and not empty */
static void vs_conf_pair(struct vs_conf_file *f, const char *line)
{
	size_t sign = strcspn(line, "=:");

	if (line[sign] != '=')
		vs_conf_complain(f, _("not of the form \"key = value\": the "
				      "\"=\" is missing"));
	else if (!sign)
		vs_conf_complain(f, _("nothing stands before \"=\""));
}

/* look at a line before inih does; its indentation is taken away */
static void vs_conf_line(struct vs_conf_file *f, char *line, size_t len)
{
	size_t indent = strspn(line, vs_blanks);

	if (strlen(line) != len) {
		vs_conf_complain(f, _("a NUL byte"));
		*line = '\0';
		return;
	}
	memmove(line, line + indent, len - indent + 1);
	if (*line == '[')
		vs_conf_section(f, line);
	else if (*line && *line != ';' && *line != '#')
		vs_conf_pair(f, line);
	/* what is wrong is not to be told twice */
	if (f->told == f->line || (f->skip && *line != '['))
		*line = '\0';
}

/* inih's idea of fgets(): one whole line, or a problem */
static char *vs_conf_read(char *str, int num, void *stream)
{
	struct vs_conf_file *f = stream;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	errno = 0;
	n = getline(&line, &size, f->file);
	if (n < 0) {
		/* at the end there is none */
		f->ret = -errno;
		free(line);
		return NULL;
	}
	f->line++;
	if (f->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
		memmove(line, line + 3, (n -= 3) + 1);
	vs_conf_line(f, line, n);
	if (strlen(line) >= (size_t)num) {
		vs_conf_complain(f, _("the line is longer than %d bytes"),
				 num - 1);
		*line = '\0';
	}
	strcpy(str, *line ? line : "\n");
	free(line);
	return str;
}

static int vs_conf_handler(void *user, const char *section, const char *name,
			   const char *value)
{
	struct vs_conf_file *f = user;
	int ret = vs_conf_set(f, section, name, value);

	if (ret == -ENOMEM)
		f->ret = ret;
	return 1;
}

static int vs_conf_parse(struct vs_conf_file *f)
{
	int line = ini_parse_stream(vs_conf_read, f, vs_conf_handler, f);

	if (f->ret || line < 0)
		return f->ret ? f->ret : -ENOMEM;
	/* it finds fault with what was let through: that is not told yet */
	if (line > 0 && !f->problems) {
		f->line = line;
		vs_conf_complain(f, _("not of the form \"key = value\": the "
				      "\"=\" is missing"));
	}
	if (!f->problems)
		vs_conf_agree(f);
	if (f->problems > VS_CONF_PROBLEMS)
		vs_buf_addf(f->why, vs_ngettext("%s: and %u problem more\n",
						"%s: and %u problems more\n",
						f->problems -
						VS_CONF_PROBLEMS),
			    f->name, f->problems - VS_CONF_PROBLEMS);
	return f->problems ? -EINVAL : 0;
}

/*
 * A pipe would make us wait, a device go on for ever. A file that is being
 * written may be empty for a moment, and no defaults are meant by that.
 */
static const char *vs_conf_unfit(const struct stat *st)
{
	if (S_ISCHR(st->st_mode) && st->st_rdev == VS_CONF_NULL)
		return NULL;
	if (!S_ISREG(st->st_mode))
		return _("is not a regular file");
	if (!st->st_size)
		return _("is empty; for the defaults, have a comment in it");
	return st->st_size > VS_CONF_SIZE ?
	       _("is too large for a configuration") : NULL;
}

static int vs_conf_open(struct vs_conf_file *f, const char *path,
			const char **what)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), ret = 0;
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		ret = -errno;
	else
		*what = vs_conf_unfit(&st);
	if (!ret && *what)
		ret = -EINVAL;
	if (!ret) {
		f->file = fdopen(fd, "r");
		ret = f->file ? 0 : -errno;
	}
	if (ret && fd >= 0)
		close(fd);
	return ret;
}

int vs_conf_load(struct vs_conf **conf, const char *path, struct vs_buf *why)
{
	char safe[VS_NAME_ESCAPED];
	struct vs_conf_file f = { .name = safe, .why = why };
	const char *what = NULL;
	int ret;

	vs_name_escape(safe, sizeof(safe), path ? path : VS_CONF_PATH);
	*conf = f.conf = calloc(1, sizeof(**conf));
	if (!f.conf || vs_conf_defaults(f.conf))
		return -ENOMEM;
	ret = vs_conf_open(&f, path ? path : VS_CONF_PATH, &what);
	if (ret) {
		if (!path && ret == -ENOENT)
			return 0;
		vs_buf_addf(why, "%s: %s\n", safe,
			    what ? what : strerror(-ret));
		return ret;
	}
	ret = vs_conf_parse(&f);
	if (ret && ret != -EINVAL && ret != -ENOMEM)
		vs_buf_addf(why, "%s: %s\n", safe, strerror(-ret));
	fclose(f.file);
	return ret;
}
