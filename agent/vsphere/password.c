// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/name.h"
#include "po/i18n.h"
#include "vsphere/password.h"

static int vs_password_fail(const char *path, int err, const char *why,
			    struct vs_error *error)
{
	char safe[192];

	vs_name_escape(safe, sizeof(safe), path);
	return vs_error_set(error, VS_OP_READ_FILE, VS_WHY_UNREACHABLE, err,
			    "%s: %s", safe, why);
}

/* one line of text, which XML can carry */
static const char *vs_password_check(const char *s, size_t len)
{
	uint32_t cp;
	size_t step;

	if (!len)
		return _("there is no password in it");
	if (strlen(s) != len)
		return _("a password has no control characters");
	for (; *s; s += step) {
		step = vs_utf8_next(s, &cp);
		if (!step)
			return _("a password has to be UTF-8");
		if (cp < ' ')
			return _("a password has no control characters, and "
				 "is one line");
	}
	return NULL;
}

static int vs_password_from(const char *path, int fd, char *password,
			    struct vs_error *error)
{
	const char *why;
	struct stat st;
	size_t len = 0;
	ssize_t n;

	if (fstat(fd, &st))
		return vs_password_fail(path, errno, strerror(errno), error);
	if (!S_ISREG(st.st_mode))
		return vs_password_fail(path, EINVAL,
					_("is not a regular file"), error);
	if (st.st_mode & 07)
		return vs_password_fail(path, EPERM,
					_("others can read or write it; use "
					  "chmod o= on it"), error);
	do {
		n = read(fd, password + len, VS_PASSWORD_MAX + 1 - len);
		if (n < 0)
			return vs_password_fail(path, errno, strerror(errno),
						error);
		len += n;
	} while (n && len <= VS_PASSWORD_MAX);
	if (len > VS_PASSWORD_MAX)
		return vs_password_fail(path, EFBIG, _("is too large"), error);
	if (len && password[len - 1] == '\n')
		len--;
	password[len] = '\0';
	why = vs_password_check(password, len);
	return why ? vs_password_fail(path, EINVAL, why, error) : 0;
}

int vs_password_read(const char *path, char password[VS_PASSWORD_MAX + 1],
		     struct vs_error *error)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	char name[1024];
	int fd, ret;

	if (!*path && !dir)
		return vs_error_set(error, VS_OP_READ_FILE, VS_WHY_UNREACHABLE,
				    ENOENT, _("no password: give "
					      "password-file=FILE in the URI, "
					      "or the systemd credential %s"),
				    VS_PASSWORD_CREDENTIAL);
	if (!*path)
		snprintf(name, sizeof(name), "%s/%s", dir,
			 VS_PASSWORD_CREDENTIAL);
	else
		snprintf(name, sizeof(name), "%s", path);
	fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return vs_password_fail(name, errno, strerror(errno), error);
	ret = vs_password_from(name, fd, password, error);
	close(fd);
	if (ret)
		explicit_bzero(password, VS_PASSWORD_MAX + 1);
	return ret;
}
