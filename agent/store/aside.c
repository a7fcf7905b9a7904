// SPDX-License-Identifier: GPL-2.0-only
/* A damaged file is kept, under another name, for somebody to look at. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/name.h"
#include "store/model.h"

/* files are not set aside without end: the last one is replaced */
#define VS_ASIDE_MAX 9

static char *vs_aside_name(const struct vs_history *h)
{
	char *name;

	for (int i = 1; i <= VS_ASIDE_MAX; i++) {
		if (asprintf(&name, "%s.damaged-%d", h->path, i) < 0)
			return NULL;
		if (access(name, F_OK) || i == VS_ASIDE_MAX)
			return name;
		free(name);
	}
	return NULL;
}

/* what belongs to the file; not there is fine */
static void vs_aside_other(const struct vs_history *h, const char *name,
			   const char *suffix)
{
	char *from, *to;

	if (asprintf(&from, "%s%s", h->path, suffix) < 0)
		return;
	if (name && asprintf(&to, "%s%s", name, suffix) >= 0) {
		rename(from, to);
		free(to);
	}
	unlink(from);
	free(from);
}

static void vs_aside_tell(struct vs_history *h)
{
	char safe[256];
	struct vs_event event = {
		.id = VS_EVENT_HISTORY_ASIDE,
		.level = VS_LEVEL_ERROR,
		.detail = safe,
	};

	vs_name_escape(safe, sizeof(safe), h->aside);
	vs_waiting_own(h, &event);
}

int vs_aside_set(struct vs_history *h)
{
	char *name = vs_aside_name(h);
	int ret = 0;

	if (!name)
		return -ENOMEM;
	vs_db_close(h);
	if (rename(h->path, name))
		ret = -errno;
	if (ret) {
		free(name);
		return ret;
	}
	vs_aside_other(h, name, "-wal");
	vs_aside_other(h, NULL, "-shm");
	free(h->aside);
	h->aside = name;
	vs_aside_tell(h);
	return 0;
}
