// SPDX-License-Identifier: GPL-2.0-only
/*
 * From an object file to a policy: choose its programs, have the kernel verify
 * and load them, pin them and their maps aside, then rename all of it at once.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/name.h"
#include "po/i18n.h"
#include "policy/object.h"

/* the verifier of large programs has much to say */
#define VS_VERIFIER_LOG (4 * 1024 * 1024)

/** struct vs_loading - an object that is being loaded */
struct vs_loading {
	const struct vs_object *o;
	struct bpf_object *object;
	struct bpf_program *prog[VS_DIRECTIONS];
	char file[160];
	char *log;
	struct vs_buf *why;
};

/* what libbpf complained of first: it hands no context to its printer */
static char vs_libbpf_said[256];

__attribute__((format(printf, 2, 0)))
static int vs_libbpf_print(enum libbpf_print_level level, const char *fmt,
			   va_list ap)
{
	char raw[200];

	if (level != LIBBPF_WARN || *vs_libbpf_said)
		return 0;
	vsnprintf(raw, sizeof(raw), fmt, ap);
	raw[strcspn(raw, "\n")] = '\0';
	vs_name_escape(vs_libbpf_said, sizeof(vs_libbpf_said), raw);
	return 0;
}

int vs_object_name(const char *file, char name[VS_POLICY_NAME])
{
	const char *slash = strrchr(file, '/');
	size_t len;

	file = slash ? slash + 1 : file;
	len = strlen(file);
	if (len > 2 && strcmp(file + len - 2, ".o") == 0)
		len -= 2;
	if (len >= VS_POLICY_NAME)
		return -EINVAL;
	memcpy(name, file, len);
	name[len] = '\0';
	return vs_policy_name_check(name);
}

/* libbpf's word for it, after ours */
static int vs_loading_no(struct vs_loading *l, int ret, const char *text)
{
	if (*vs_libbpf_said)
		return vs_why_not(l->why, ret, "%s %s (%s)", l->file, text,
				  vs_libbpf_said);
	return vs_why_not(l->why, ret, "%s %s: %s", l->file, text,
			  strerror(-ret));
}

/* what can be read at all? libbpf's word on that is no help */
static int vs_loading_read(struct vs_loading *l)
{
	int fd = open(l->o->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int ret = 0;

	if (fd < 0 || fstat(fd, &st))
		ret = -errno;
	else if (S_ISDIR(st.st_mode))
		ret = -EISDIR;
	else if (!S_ISREG(st.st_mode))
		ret = -EINVAL;
	if (fd >= 0)
		close(fd);
	return ret ? vs_why_not(l->why, ret, "%s: %s", l->file,
				strerror(-ret)) : 0;
}

static int vs_loading_open(struct vs_loading *l)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts,
		    .kernel_log_buf = l->log,
		    .kernel_log_size = VS_VERIFIER_LOG);
	int ret = vs_loading_read(l);

	if (ret)
		return ret;
	l->object = bpf_object__open_file(l->o->file, &opts);
	if (l->object)
		return 0;
	return vs_loading_no(l, -EINVAL, _("is no eBPF object that can be "
					   "loaded"));
}

static bool vs_prog_fits(const struct bpf_program *prog)
{
	enum bpf_prog_type type = bpf_program__type(prog);

	/* libbpf knows the type from the section's name, or not at all */
	return type == BPF_PROG_TYPE_UNSPEC || type == BPF_PROG_TYPE_SCHED_CLS;
}

/* "xdp (xdp), tc (sched_cls)" */
static const char *vs_loading_sections(const struct vs_loading *l,
				       struct vs_buf *text)
{
	struct bpf_program *prog;
	char safe[160];

	bpf_object__for_each_program(prog, l->object) {
		enum bpf_prog_type type = bpf_program__type(prog);
		const char *word = libbpf_bpf_prog_type_str(type);

		vs_name_escape(safe, sizeof(safe),
			       bpf_program__section_name(prog));
		vs_buf_addf(text, "%s%s (%s)", text->len ? ", " : "", safe,
			    type && word ? word : "?");
	}
	return vs_buf_str(text);
}

static int vs_loading_choice(struct vs_loading *l, const char *fmt)
{
	struct vs_buf sections = { 0 };

	vs_loading_sections(l, &sections);
	vs_why_not(l->why, -EINVAL, "%s %s: %s", l->file, fmt,
		   sections.len ? vs_buf_str(&sections) : "-");
	vs_buf_free(&sections);
	return -EINVAL;
}

/* the only program that fits, of @section or of all; NULL: not one */
static struct bpf_program *vs_loading_find(struct vs_loading *l,
					   const char *section, int *n,
					   int *others)
{
	struct bpf_program *prog, *found = NULL;

	*n = 0;
	*others = 0;
	bpf_object__for_each_program(prog, l->object) {
		const char *name = bpf_program__section_name(prog);

		if (section && strcmp(name, section) != 0)
			continue;
		if (!vs_prog_fits(prog)) {
			++*others;
		} else {
			++*n;
			found = prog;
		}
	}
	return *n == 1 ? found : NULL;
}

static int vs_loading_choose_one(struct vs_loading *l)
{
	struct bpf_program *prog;
	int n, others;

	prog = vs_loading_find(l, l->o->section, &n, &others);
	if (!prog && n)
		return vs_loading_choice(l, l->o->section ?
			_("has several programs in that section; there are") :
			_("has several programs; choose one with --section"));
	if (!prog && others)
		return vs_loading_choice(l, _("has no program of type "
					      "sched_cls there; there are"));
	if (!prog)
		return vs_loading_choice(l, l->o->section ?
					 _("has no such section with a "
					   "program; there are") :
					 _("has no program; there are"));
	for (int d = 0; d < VS_DIRECTIONS; d++)
		l->prog[d] = prog;
	return 0;
}

static int vs_loading_choose(struct vs_loading *l)
{
	static const char *const sections[VS_DIRECTIONS] = {
		[VMSAFE_NET_DIRECTION_FROM_GUEST] = VS_POLICY_FROM_GUEST,
		[VMSAFE_NET_DIRECTION_TO_GUEST] = VS_POLICY_TO_GUEST,
	};
	int n, others;

	for (int d = 0; d < VS_DIRECTIONS && !l->o->section; d++)
		l->prog[d] = vs_loading_find(l, sections[d], &n, &others);
	if (l->prog[0] || l->prog[1])
		return 0;
	return vs_loading_choose_one(l);
}

/* nothing but what was chosen, and nothing that pins itself somewhere */
static void vs_loading_prepare(struct vs_loading *l)
{
	struct bpf_program *prog;
	struct bpf_map *map;

	bpf_object__for_each_program(prog, l->object) {
		bool chosen = prog == l->prog[0] || prog == l->prog[1];

		bpf_program__set_autoload(prog, chosen);
		if (chosen)
			bpf_program__set_type(prog, BPF_PROG_TYPE_SCHED_CLS);
	}
	bpf_object__for_each_map(map, l->object)
		bpf_map__set_pin_path(map, NULL);
}

static int vs_loading_load(struct vs_loading *l, struct vs_buf *log)
{
	int ret;

	vs_loading_prepare(l);
	ret = bpf_object__load(l->object);
	if (!ret)
		return 0;
	if (*l->log) {
		vs_buf_add(log, l->log);
		return vs_why_not(l->why, ret, _("the kernel's verifier "
						 "refuses %s: %s"), l->file,
				  strerror(-ret));
	}
	if (ret == -EPERM)
		return vs_why_not(l->why, ret, _("%s cannot be loaded: run it "
						 "as root of this host"),
				  l->file);
	return vs_loading_no(l, ret, _("cannot be loaded"));
}

static int vs_loading_pin(struct vs_loading *l, int fd, const char *path)
{
	int err = bpf_obj_pin(fd, path) ? errno : 0;

	return err ? vs_why_not(l->why, -err, "%s: %s", path, strerror(err)) :
		     0;
}

static int vs_loading_pin_maps(struct vs_loading *l)
{
	static const char maps[] = VS_POLICY_NEW "/maps/";
	char path[VS_POLICY_PATH];
	struct bpf_map *map;
	int ret = 0;

	bpf_object__for_each_map(map, l->object) {
		int fd = bpf_map__fd(map);

		snprintf(path, sizeof(path), "%s%.60s", maps,
			 bpf_map__name(map));
		/* the object's maker chose them */
		for (char *c = path + strlen(maps); *c; c++)
			*c = isalnum((unsigned char)*c) ? *c : '_';
		if (fd >= 0 && !ret)
			ret = vs_loading_pin(l, fd, path);
	}
	return ret;
}

static int vs_loading_pin_all(struct vs_loading *l)
{
	static const char *const paths[VS_DIRECTIONS] = {
		[VMSAFE_NET_DIRECTION_FROM_GUEST] =
			VS_POLICY_NEW "/from_guest",
		[VMSAFE_NET_DIRECTION_TO_GUEST] = VS_POLICY_NEW "/to_guest",
	};
	int ret;

	if (mkdir(VS_POLICY_NEW, 0700) || mkdir(VS_POLICY_NEW "/maps", 0700))
		return vs_why_not(l->why, -errno, "%s: %s", VS_POLICY_NEW,
				  strerror(errno));
	ret = vs_loading_pin_maps(l);
	for (int d = 0; d < VS_DIRECTIONS && !ret; d++) {
		if (l->prog[d])
			ret = vs_loading_pin(l, bpf_program__fd(l->prog[d]),
					     paths[d]);
	}
	return ret;
}

static int vs_loading_run(struct vs_loading *l, struct vs_buf *log)
{
	int ret = vs_loading_open(l);

	if (!ret)
		ret = vs_loading_choose(l);
	if (!ret)
		ret = vs_loading_load(l, log);
	if (!ret)
		ret = vs_loading_pin_all(l);
	if (!ret)
		ret = vs_store_publish(l->o->name, l->why);
	if (ret)
		vs_store_clear(VS_POLICY_NEW);
	return ret;
}

/* is the name free? */
static int vs_object_free_name(const char *name, struct vs_buf *why)
{
	char path[VS_POLICY_PATH];

	snprintf(path, sizeof(path), VS_POLICY_DIR "/%s", name);
	if (access(path, F_OK))
		return 0;
	return vs_why_not(why, -EEXIST, _("a policy %s is loaded already: give "
					  "another --name, or unload it"),
			  name);
}

int vs_object_load(const struct vs_object *o, struct vs_buf *why,
		   struct vs_buf *log)
{
	struct vs_loading l = { .o = o, .why = why };
	int lock, ret;

	lock = vs_store_lock(why);
	if (lock < 0)
		return lock;
	vs_name_escape(l.file, sizeof(l.file), o->file);
	*vs_libbpf_said = '\0';
	libbpf_set_print(vs_libbpf_print);
	l.log = calloc(1, VS_VERIFIER_LOG);
	ret = l.log ? vs_object_free_name(o->name, why) :
		      vs_why_not(why, -ENOMEM, "%s", _("out of memory"));
	if (!ret)
		ret = vs_loading_run(&l, log);
	bpf_object__close(l.object);
	free(l.log);
	close(lock);
	return ret;
}
