// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/policy.h"
#include "core/name.h"

/** struct vs_fill_args - options of "policy set" */
struct vs_fill_args {
	uint64_t has;
	const char *file;
};

static const struct vs_opt vs_fill_opts[] = {
	{ .name = "file", .kind = VS_OPT_STRING, .arg = "FILE",
	  .offset = offsetof(struct vs_fill_args, file),
	  .help = N_("entries from a file, one a line; \"-\": from standard "
		     "input") },
	{ 0 }
};

static bool vs_fill_wrong(const char *where, size_t n, struct vs_buf *why)
{
	vs_say("%s:%zu: %s", where, n, vs_buf_str(why));
	vs_buf_free(why);
	return false;
}

/* false: a line is wrong, which was said */
static bool vs_fill_stream(struct vs_contents *c, FILE *f, const char *name)
{
	struct vs_buf why = { 0 };
	char *line = NULL;
	size_t size = 0, n = 0;
	bool ok = true;
	ssize_t len;

	while (ok && (errno = 0, len = getline(&line, &size, f)) >= 0) {
		n++;
		if (len && line[len - 1] == '\n')
			line[--len] = '\0';
		if (len && line[len - 1] == '\r')
			line[--len] = '\0';
		if (strlen(line) != (size_t)len) {
			vs_why_not(&why, -EINVAL, _("a NUL byte is in it"));
			ok = vs_fill_wrong(name, n, &why);
		} else if (vs_contents_parse(c, line, &why)) {
			ok = vs_fill_wrong(name, n, &why);
		}
	}
	if (ok && (ferror(f) || errno)) {
		vs_say("%s: %s", name, strerror(errno ? errno : EIO));
		ok = false;
	}
	free(line);
	return ok;
}

static bool vs_fill_file(struct vs_contents *c, const char *path)
{
	bool standard = strcmp(path, "-") == 0, ok;
	FILE *f = standard ? stdin : fopen(path, "re");
	char safe[256];

	vs_name_escape(safe, sizeof(safe), path);
	if (!f) {
		vs_say("%s: %s", safe, strerror(errno));
		return false;
	}
	ok = vs_fill_stream(c, f, safe);
	if (!standard)
		fclose(f);
	return ok;
}

static bool vs_fill_arguments(struct vs_contents *c,
			      const struct vs_args *args)
{
	struct vs_buf why = { 0 };

	for (int i = 1; i < args->n; i++) {
		if (vs_contents_parse(c, args->v[i], &why))
			return vs_fill_wrong(_("entry"), i, &why);
	}
	return true;
}

static void vs_fill_line(void *ctx, const char *line)
{
	json_array_append_new(ctx, json_string(line));
}

/* what is in force now */
static enum vs_exit vs_fill_print(const struct vs_cli *cli, const char *name,
				  const struct vs_contents *c)
{
	json_t *lines = json_array(), *object;

	vs_contents_lines(c, vs_fill_line, lines);
	if (!cli->json) {
		printf(_("%s: %zu entries\n"), name, json_array_size(lines));
		json_decref(lines);
		return VS_EXIT_FINE;
	}
	object = json_object();
	json_object_set_new(object, "name", json_string(name));
	json_object_set_new(object, "kind",
			    json_string(vs_policy_kind_word(c->kind)));
	json_object_set_new(object, "entries", lines);
	return vs_out_json(object);
}

/* the kind of a loaded policy; false: there is none to set, which was said */
static bool vs_fill_kind(const char *name, enum vs_policy_kind *kind)
{
	struct vs_policies list = { 0 };
	struct vs_buf why = { 0 };
	const struct vs_policy *p;

	if (vs_store_read(&list, &why)) {
		vs_policy_say(&why);
		return false;
	}
	p = vs_store_find(&list, name);
	*kind = p ? p->kind : VS_POLICY_OTHER;
	if (!p)
		vs_say(_("no policy %s is loaded; \"vmsafe policy list\" says "
			 "which are"), name);
	else if (!*kind)
		vs_say(_("policy %s has nothing that can be set"), name);
	vs_store_free(&list);
	return *kind;
}

/* under the lock: what has been read is what the policy of that name takes */
static enum vs_exit vs_fill_locked(const struct vs_cli *cli, const char *name,
				   const struct vs_contents *c)
{
	enum vs_exit status = VS_EXIT_FAILED;
	struct vs_buf why = { 0 };
	enum vs_policy_kind kind;
	int fd;

	if (!vs_fill_kind(name, &kind))
		return status;
	if (kind != c->kind) {
		vs_say(_("policy %s is another one now"), name);
		return status;
	}
	fd = vs_store_map(name, vs_policy_kind_map(kind));
	if (fd < 0) {
		vs_say("%s: %s", name, strerror(-fd));
		return status;
	}
	status = vs_contents_write(c, fd, &why) ? vs_policy_say(&why) :
						  vs_fill_print(cli, name, c);
	close(fd);
	return status;
}

/* entries may be a long time coming, so others are kept out only afterwards */
static enum vs_exit vs_fill(const struct vs_cli *cli,
			    const struct vs_args *args, const char *file,
			    struct vs_contents *c)
{
	struct vs_buf why = { 0 };
	enum vs_exit status;
	int lock;

	if (!vs_fill_kind(args->v[0], &c->kind) ||
	    !(file ? vs_fill_file(c, file) : vs_fill_arguments(c, args)))
		return VS_EXIT_FAILED;
	lock = vs_store_lock(&why);
	if (lock < 0)
		return vs_policy_say(&why);
	status = vs_fill_locked(cli, args->v[0], c);
	close(lock);
	return status;
}

static enum vs_exit vs_fill_run(struct vs_cli *cli,
				const struct vs_command *cmd, int argc,
				char **argv)
{
	struct vs_contents c = { 0 };
	struct vs_fill_args a = { 0 };
	enum vs_exit status;
	struct vs_args args;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, a.file ? 1 : argc, &status) ||
	    !vs_policy_name(cmd, args.v[0], &status) ||
	    !vs_source_is_here(cli, cmd, &status))
		return status;
	if (!a.file && args.n == 1)
		return vs_say_usage(cmd, _("nothing to set: give entries, or "
					   "--file"));
	status = vs_fill(cli, &args, a.file, &c);
	vs_contents_free(&c);
	return status;
}

const struct vs_command vs_cmd_policy_set = {
	.name = "policy set",
	.args = "POLICY [ENTRY...]",
	.summary = N_("tell a policy its rules, guests or signatures, in "
		      "place of those it has"),
	.opts = vs_fill_opts,
	.run = vs_fill_run,
};
