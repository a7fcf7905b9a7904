// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "driver/record.h"
#include "recover/half.h"
#include "recover/keep.h"

#define VS_HALF_VERSION 1
/* one has a few hundred bytes */
#define VS_HALF_SIZE 16384

void vs_half_path(struct vs_buf *path, const char *folder,
		  const struct vs_uuid *uuid)
{
	char text[VS_UUID_STR];

	vs_buf_addf(path, "%s/%s.json", folder, vs_uuid_format(uuid, text));
}

/* a step that takes a VM away, and brings it back */
static bool vs_half_may_be(enum vs_step step)
{
	return step == VS_STEP_R1 || step == VS_STEP_R2 || step == VS_STEP_R5;
}

static char *vs_half_dump(const struct vs_half *h)
{
	char uuid[VS_UUID_STR];
	json_t *doc;
	char *text;

	doc = json_pack("{si,ss,ss,so,so,sI,sb,sb}", "version",
			VS_HALF_VERSION, "step", vs_step_word(h->step), "vm",
			vs_uuid_format(&h->vm, uuid), "name",
			vs_json_text(h->name), "uri", vs_json_text(h->uri),
			"began", (json_int_t)h->began, "autostart",
			h->autostart, "new_macs", h->new_macs);
	text = json_dumps(doc, JSON_INDENT(1));
	json_decref(doc);
	return text;
}

/* it was when it was written; only the backslash is not what it was */
static bool vs_half_is_escaped(const char *name)
{
	char plain[VS_NAME_ESCAPED], again[VS_NAME_ESCAPED];

	for (size_t i = 0; i <= strlen(name); i++)
		plain[i] = name[i] == '\\' ? '/' : name[i];
	vs_name_escape(again, sizeof(again), plain);
	return strcmp(plain, again) == 0;
}

static bool vs_half_parse(const json_t *doc, struct vs_half *h)
{
	const char *step, *vm, *name, *uri;
	int version, autostart, new_macs;
	json_int_t began;

	*h = (struct vs_half){ 0 };
	if (json_unpack((json_t *)doc, "{si,ss,ss,ss,ss,sI,sb,sb!}",
			"version", &version, "step", &step, "vm", &vm, "name",
			&name, "uri", &uri, "began", &began, "autostart",
			&autostart, "new_macs", &new_macs) ||
	    version != VS_HALF_VERSION || vs_step_parse(step, &h->step) ||
	    !vs_half_may_be(h->step) || vs_uuid_parse(vm, &h->vm) ||
	    strlen(name) >= sizeof(h->name) || strlen(uri) >= sizeof(h->uri))
		return false;
	strcpy(h->name, name);
	strcpy(h->uri, uri);
	h->began = began;
	h->autostart = autostart;
	h->new_macs = new_macs;
	return vs_half_is_escaped(name);
}

/* of the whole file, and this open file's own, so that it ends with it */
static int vs_half_lock(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (!fcntl(fd, F_OFD_SETLK, &lock))
		return 0;
	return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
}

static bool vs_half_is_locked(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return fcntl(fd, F_OFD_GETLK, &lock) || lock.l_type != F_UNLCK;
}

int vs_half_write(const char *folder, const struct vs_half *h)
{
	struct vs_buf path = { 0 };
	char *text = vs_half_dump(h);
	int ret;

	vs_half_path(&path, folder, &h->vm);
	ret = text && path.data ?
	      vs_keep_new(vs_buf_str(&path), text, vs_half_lock) : -ENOMEM;
	vs_buf_free(&path);
	free(text);
	return ret;
}

int vs_half_take(const char *folder, const struct vs_uuid *vm)
{
	struct vs_buf path = { 0 };
	struct stat st;
	int fd, ret;

	vs_half_path(&path, folder, vm);
	fd = open(vs_buf_str(&path), O_RDWR | O_NOFOLLOW | O_NONBLOCK |
		  O_CLOEXEC);
	ret = fd < 0 ? -errno : vs_half_lock(fd);
	vs_buf_free(&path);
	/* whoever worked on it may have removed it before we had the lock */
	if (!ret && (fstat(fd, &st) || !st.st_nlink))
		ret = -ENOENT;
	if (!ret)
		return fd;
	if (fd >= 0)
		close(fd);
	return ret;
}

int vs_half_remove(const char *folder, const struct vs_uuid *vm)
{
	struct vs_buf path = { 0 };
	int ret;

	vs_half_path(&path, folder, vm);
	ret = unlink(vs_buf_str(&path)) ? -errno : vs_keep_sync(folder);
	vs_buf_free(&path);
	return ret;
}

/* false: somebody works on it, or it has gone; @good: it is one of ours */
static bool vs_half_read(const char *path, struct vs_half *h, bool *good)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	json_t *doc = NULL;
	bool left = fd >= 0 || errno != ENOENT;

	*good = false;
	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode)) {
		left = !vs_half_is_locked(fd);
		if (left && st.st_size <= VS_HALF_SIZE)
			doc = json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL);
		/* the lock ends when the file has gone, never before */
		left = left && !fstat(fd, &st) && st.st_nlink;
	}
	*good = doc && vs_half_parse(doc, h);
	json_decref(doc);
	if (fd >= 0)
		close(fd);
	return left;
}

/* "UUID.json", and which */
static bool vs_half_is_name(const char *name, struct vs_uuid *vm)
{
	char uuid[VS_UUID_STR];

	if (strlen(name) != VS_UUID_STR - 1 + strlen(".json") ||
	    strcmp(name + VS_UUID_STR - 1, ".json") != 0)
		return false;
	memcpy(uuid, name, VS_UUID_STR - 1);
	uuid[VS_UUID_STR - 1] = '\0';
	return !vs_uuid_parse(uuid, vm);
}

int vs_half_each(const char *folder, vs_half_fn fn, void *ctx)
{
	DIR *dir = opendir(folder);
	struct dirent *d;

	if (!dir)
		return errno == ENOENT ? 0 : -errno;
	while ((d = readdir(dir))) {
		struct vs_buf path = { 0 };
		struct vs_uuid vm;
		struct vs_half h;
		bool good;

		if (!vs_half_is_name(d->d_name, &vm))
			continue;
		vs_buf_addf(&path, "%s/%s", folder, d->d_name);
		if (vs_half_read(vs_buf_str(&path), &h, &good))
			fn(ctx, vs_buf_str(&path), good &&
			   !vs_uuid_cmp(&h.vm, &vm) ? &h : NULL);
		vs_buf_free(&path);
	}
	closedir(dir);
	return 0;
}

/** struct vs_half_search - a VM that is looked for */
struct vs_half_search {
	struct vs_uuid uuid;
	char name[VS_NAME_ESCAPED];
	struct vs_half *h;
	size_t n;
};

static void vs_half_seen(void *ctx, const char *path, const struct vs_half *h)
{
	struct vs_half_search *s = ctx;

	(void)path;
	if (!h || (vs_uuid_cmp(&h->vm, &s->uuid) &&
		   strcmp(h->name, s->name) != 0))
		return;
	*s->h = *h;
	s->n++;
}

int vs_half_find(const char *folder, const char *vm, struct vs_half *h)
{
	struct vs_half_search s = { .h = h };
	int ret;

	if (vs_uuid_parse(vm, &s.uuid))
		vs_name_escape(s.name, sizeof(s.name), vm);
	ret = vs_half_each(folder, vs_half_seen, &s);
	if (ret)
		return ret;
	return s.n == 1 ? 0 : s.n ? -ENOTUNIQ : -ENOENT;
}

void vs_half_command(struct vs_buf *text, const struct vs_half *h)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ._-";
	char uuid[VS_UUID_STR];
	bool is = *h->name && *h->name != '-' && !h->name[strspn(h->name,
								 plain)];

	vs_buf_addf(text, "vmsafe recover %s", is ? h->name :
		    vs_uuid_format(&h->vm, uuid));
}

void vs_half_text(struct vs_buf *text, const struct vs_lang *lang,
		  const struct vs_half *h)
{
	struct vs_buf command = { 0 };

	vs_half_command(&command, h);
	vs_buf_addf(text, h->step == VS_STEP_R5 ?
		    vs_tr(lang, "%s of %s was cut short, so that the VM may "
			  "not be registered; \"%s\" finishes it") :
		    vs_tr(lang, "%s of %s was cut short, so that the VM may "
			  "be off; \"%s\" finishes it"),
		    vs_step_word(h->step), h->name, vs_buf_str(&command));
	vs_buf_free(&command);
}
