// SPDX-License-Identifier: GPL-2.0-only
/* The inventory "file:PATH". */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/name.h"
#include "inventory/document.h"
#include "inventory/provider.h"
#include "po/i18n.h"

/* far more than any host's inventory, far less than the machine's memory */
#define VS_FILE_MAX (1024L * 1024 * 1024)

struct vs_file {
	struct vs_inventory inv;
	char path[];
};

static int vs_file_open(const char *rest, struct vs_inventory **inv,
			struct vs_error *error)
{
	size_t size = strlen(rest) + 1;
	struct vs_file *f = calloc(1, sizeof(*f) + size);

	if (!f)
		return vs_error_set(error, VS_OP_OPEN_FILE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	f->inv.ops = &vs_inventory_file;
	memcpy(f->path, rest, size);
	*inv = &f->inv;
	return 0;
}

static int vs_file_fail(const struct vs_file *f, enum vs_op op, int err,
			const char *what, struct vs_error *error)
{
	char safe[128];

	vs_name_escape(safe, sizeof(safe), f->path);
	return vs_error_set(error, op, VS_WHY_UNREACHABLE, err, "%s: %s", safe,
			    what);
}

static int vs_file_read(const struct vs_file *f, int fd, char **text,
			size_t *len, struct vs_error *error)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return vs_file_fail(f, VS_OP_READ_FILE, errno,
				    strerror(errno), error);
	if (!S_ISREG(st.st_mode))
		return vs_file_fail(f, VS_OP_READ_FILE, EINVAL,
				    _("is not a regular file"), error);
	if (st.st_size > VS_FILE_MAX)
		return vs_file_fail(f, VS_OP_READ_FILE, EFBIG,
				    _("is too large"), error);
	*text = malloc(st.st_size + 1);
	if (!*text)
		return vs_error_set(error, VS_OP_READ_FILE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	/* a file that is being written is read as far as it was */
	for (*len = 0; *len < (size_t)st.st_size; *len += n) {
		n = read(fd, *text + *len, st.st_size - *len);
		if (n < 0)
			return vs_file_fail(f, VS_OP_READ_FILE, errno,
					    strerror(errno), error);
		if (!n)
			break;
	}
	return 0;
}

static int vs_file_load(struct vs_inventory *inv, const struct vs_feed *feed,
			struct vs_error *error)
{
	struct vs_file *f = (struct vs_file *)inv;
	/* a FIFO must not keep us waiting before it is refused */
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	size_t len;
	int ret;

	if (fd < 0)
		return vs_file_fail(f, VS_OP_OPEN_FILE, errno,
				    strerror(errno), error);
	ret = vs_file_read(f, fd, &text, &len, error);
	close(fd);
	if (!ret)
		ret = vs_document_read(f->path, text, len, feed, error);
	free(text);
	return ret;
}

static void vs_file_close(struct vs_inventory *inv)
{
	free(inv);
}

const struct vs_inventory_ops vs_inventory_file = {
	.scheme = "file",
	.form = "file:PATH",
	.open = vs_file_open,
	.load = vs_file_load,
	.close = vs_file_close,
};
