// SPDX-License-Identifier: GPL-2.0-only
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK	": vsn_"

static int trace_write(const struct trace *t, const char *name,
		       const char *text)
{
	char path[128];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%s/%s", t->dir, name);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_TRUNC);
	if (fd < 0)
		return -errno;
	if (*text && write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int trace_begin(struct trace *t)
{
	struct stat ns;
	char filter[64];
	int err;

	snprintf(t->dir, sizeof(t->dir), TRACE_ROOT "/instances/vsn-%d",
		 getpid());
	if (stat("/proc/thread-self/ns/net", &ns) || mkdir(t->dir, 0700))
		return -errno;
	snprintf(filter, sizeof(filter), "netns == %u",
		 (unsigned int)ns.st_ino);
	err = trace_write(t, "events/vmsafe_net/filter", filter) ?:
	      trace_write(t, "events/vmsafe_net/enable", "1");
	if (err)
		trace_end(t);
	return err;
}

int trace_begin_slow(struct trace *t)
{
	int err = trace_begin(t);

	if (err)
		return err;
	err = trace_write(t, "options/stacktrace", "1");
	if (err)
		trace_end(t);
	return err;
}

void trace_end(struct trace *t)
{
	trace_write(t, "events/vmsafe_net/enable", "0");
	rmdir(t->dir);
}

int trace_take(struct trace *t)
{
	size_t len = 0;
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/trace", t->dir);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	do {
		n = read(fd, t->text + len, TRACE_TEXT - 1 - len);
		len += n > 0 ? n : 0;
	} while (n > 0);
	close(fd);
	t->text[len] = '\0';
	/* The second makes it empty. */
	return n < 0 ? -errno : len == TRACE_TEXT - 1 ? -E2BIG :
	       trace_write(t, "trace", "");
}

/* The next event's name at or after @at; its length in @len. */
static const char *trace_next(const char *at, size_t *len)
{
	at = strstr(at, MARK);
	if (!at)
		return NULL;
	at += 2;
	*len = strcspn(at, ":");
	return at;
}

unsigned int trace_count(const struct trace *t, const char *name,
			 const char *with)
{
	const char *at = t->text, *end, *found;
	unsigned int count = 0;
	size_t len;

	while ((at = trace_next(at, &len))) {
		end = at + strcspn(at, "\n");
		found = with ? strstr(at, with) : at;
		count += len == strlen(name) && !strncmp(at, name, len) &&
			 found && found < end;
		at = end;
	}
	return count;
}

int trace_names(const struct trace *t, char *names, unsigned int size)
{
	const char *at = t->text;
	unsigned int used = 0;
	size_t len;
	int count;

	*names = '\0';
	for (count = 0; (at = trace_next(at, &len)); count++) {
		if (used + len + 2 > size)
			return -E2BIG;
		used += sprintf(names + used, "%.*s ", (int)len, at);
		at += strcspn(at, "\n");
	}
	return count;
}
