// SPDX-License-Identifier: GPL-2.0-only
/* What the keys mean. */
#include <errno.h>
#include <linux/vmsafe_net_ioctl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/listen.h"
#include "core/number.h"
#include "daemon/conf_file.h"
#include "daemon/value.h"
#include "inventory/inventory.h"
#include "po/i18n.h"
#include "store/history.h"
#include "store/syslog.h"

/** enum vs_key_kind - what a value is, and which member takes it */
enum vs_key_kind {
	VS_KEY_DURATION,	/* vs_time, @min to @max */
	VS_KEY_COUNT,		/* unsigned int, @min to @max */
	VS_KEY_SWITCH,		/* bool */
	VS_KEY_HOST,		/* char[VS_NAME_MAX + 1] */
	VS_KEY_INVENTORY,	/* char * */
	VS_KEY_HYPERVISOR,	/* char *, or NULL for "none" */
	VS_KEY_PATH,		/* char *, absolute */
	VS_KEY_DRIVER,		/* bool: "required" or "optional" */
	VS_KEY_SYSLOG,		/* char *, or NULL for "none" */
	VS_KEY_SOCKET,		/* char *, absolute, or NULL for "none" */
};

/** struct vs_key - a key */
struct vs_key {
	const char *section;
	const char *name;
	enum vs_key_kind kind;
	size_t offset;
	int64_t min;
	int64_t max;
};

#define VS_KEY(s, n, k, member, ...) \
	{ .section = (s), .name = (n), .kind = (k), \
	  .offset = offsetof(struct vs_conf, member), __VA_ARGS__ }

static const struct vs_key vs_keys[] = {
	VS_KEY("agent", "host", VS_KEY_HOST, host),
	VS_KEY("inventory", "uri", VS_KEY_INVENTORY, inventory),
	VS_KEY("inventory", "refresh", VS_KEY_DURATION, refresh,
	       .min = 1000, .max = 86400000),
	VS_KEY("inventory", "timeout", VS_KEY_DURATION, timeout,
	       .min = 100, .max = 3600000),
	VS_KEY("inventory", "max-age", VS_KEY_DURATION, max_age,
	       .min = 0, .max = VS_VALUE_DURATION_MAX),
	VS_KEY("check", "grace", VS_KEY_DURATION, grace,
	       .min = 0, .max = 86400000),
	VS_KEY("check", "debounce", VS_KEY_COUNT, debounce,
	       .min = 1, .max = 100),
	VS_KEY("driver", "mode", VS_KEY_DRIVER, driver_optional),
	VS_KEY("driver", "heartbeat", VS_KEY_DURATION, heartbeat,
	       .min = 100, .max = VMSAFE_NET_HEARTBEAT_INTERVAL_MAX),
	VS_KEY("driver", "tolerance", VS_KEY_COUNT, tolerance,
	       .min = 0, .max = VMSAFE_NET_HEARTBEAT_TOLERANCE_MAX),
	VS_KEY("binder", "bind", VS_KEY_SWITCH, bind),
	VS_KEY("binder", "hypervisor", VS_KEY_HYPERVISOR, hypervisor),
	VS_KEY("history", "database", VS_KEY_PATH, database),
	VS_KEY("history", "retention", VS_KEY_DURATION, retention,
	       .min = 1000, .max = VS_VALUE_DURATION_MAX),
	VS_KEY("forward", "syslog", VS_KEY_SYSLOG, syslog),
	VS_KEY("api", "socket", VS_KEY_SOCKET, socket),
};

#define VS_KEYS (sizeof(vs_keys) / sizeof(*vs_keys))

bool vs_conf_has_section(const char *name)
{
	if (strcmp(name, VS_CONF_EVENTS) == 0)
		return true;
	for (size_t i = 0; i < VS_KEYS; i++) {
		if (strcmp(vs_keys[i].section, name) == 0)
			return true;
	}
	return false;
}

static const struct vs_key *vs_key_find(const char *section, const char *name)
{
	for (size_t i = 0; i < VS_KEYS; i++) {
		if (strcmp(vs_keys[i].section, section) == 0 &&
		    strcmp(vs_keys[i].name, name) == 0)
			return &vs_keys[i];
	}
	return NULL;
}

static int vs_conf_text(char **to, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

static int vs_conf_duration(const struct vs_key *key, vs_time *to,
			    const char *value, struct vs_buf *why)
{
	vs_time ms;
	int ret = vs_value_duration(value, &ms);

	if (ret == -EINVAL) {
		vs_buf_add(why, _("not a duration, such as 500ms, 30s, 2min, "
				  "1h or 1week"));
		return ret;
	}
	if (!ret && ms >= key->min && ms <= key->max) {
		*to = ms;
		return 0;
	}
	vs_buf_addf(why, _("out of range, which is %lld ms to %lld ms"),
		    (long long)key->min, (long long)key->max);
	return -EINVAL;
}

static int vs_conf_count(const struct vs_key *key, unsigned int *to,
			 const char *value, struct vs_buf *why)
{
	uint64_t n;

	if (!vs_number_parse(value, key->min, key->max, &n)) {
		*to = n;
		return 0;
	}
	vs_buf_addf(why, _("not a number from %lld to %lld"),
		    (long long)key->min, (long long)key->max);
	return -EINVAL;
}

static int vs_conf_switch(bool *to, const char *value, struct vs_buf *why)
{
	if (!vs_value_switch(value, to))
		return 0;
	vs_buf_add(why, _("neither \"on\" nor \"off\""));
	return -EINVAL;
}

static int vs_conf_driver(bool *to, const char *value, struct vs_buf *why)
{
	*to = strcmp(value, "optional") == 0;
	if (*to || strcmp(value, "required") == 0)
		return 0;
	vs_buf_add(why, _("neither \"required\" nor \"optional\""));
	return -EINVAL;
}

static int vs_conf_host(char *to, const char *value, struct vs_buf *why)
{
	if (!vs_name_check(value)) {
		strcpy(to, value);
		return 0;
	}
	vs_buf_add(why, _("not the name of a host"));
	return -EINVAL;
}

static int vs_conf_inventory(char **to, const char *value, struct vs_buf *why)
{
	struct vs_inventory *inv;
	struct vs_error error;

	if (vs_inventory_open(value, &inv, &error)) {
		vs_buf_add(why, error.detail);
		return -EINVAL;
	}
	vs_inventory_close(inv);
	/* who reads it in another folder would find another file */
	if (strncmp(value, "file:", 5) == 0 && value[5] != '/') {
		vs_buf_add(why, _("not an absolute path"));
		return -EINVAL;
	}
	return vs_conf_text(to, value);
}

static int vs_conf_hypervisor(char **to, const char *value,
			      struct vs_buf *why)
{
	if (strcmp(value, "none") == 0) {
		free(*to);
		*to = NULL;
		return 0;
	}
	if (strchr(value, ':'))
		return vs_conf_text(to, value);
	vs_buf_add(why, _("neither a URI of libvirt, such as "
			  "qemu:///system, nor \"none\""));
	return -EINVAL;
}

static int vs_conf_path(char **to, const char *value, struct vs_buf *why)
{
	if (*value == '/')
		return vs_conf_text(to, value);
	vs_buf_add(why, _("not an absolute path"));
	return -EINVAL;
}

static int vs_conf_syslog(char **to, const char *value, struct vs_buf *why)
{
	struct vs_error error;
	struct vs_sink sink;

	if (strcmp(value, "none") == 0) {
		free(*to);
		*to = NULL;
		return 0;
	}
	if (!vs_syslog_target(value, &sink, &error))
		return vs_conf_text(to, value);
	vs_buf_add(why, error.detail);
	return -EINVAL;
}

static int vs_conf_socket(char **to, const char *value, struct vs_buf *why)
{
	struct sockaddr_un addr;

	if (strcmp(value, "none") == 0) {
		free(*to);
		*to = NULL;
		return 0;
	}
	/* its name at first has the number of a process at its end */
	if (*value == '/' && strlen(value) + sizeof(".4194304") <=
			     sizeof(addr.sun_path))
		return vs_conf_text(to, value);
	vs_buf_addf(why, _("neither an absolute path of at most %zu bytes nor "
			   "\"none\""), sizeof(addr.sun_path) -
		    sizeof(".4194304"));
	return -EINVAL;
}

static int vs_conf_value(struct vs_conf *conf, const struct vs_key *key,
			 const char *value, struct vs_buf *why)
{
	void *to = (char *)conf + key->offset;

	switch (key->kind) {
	case VS_KEY_DURATION:
		return vs_conf_duration(key, to, value, why);
	case VS_KEY_COUNT:
		return vs_conf_count(key, to, value, why);
	case VS_KEY_SWITCH:
		return vs_conf_switch(to, value, why);
	case VS_KEY_HOST:
		return vs_conf_host(to, value, why);
	case VS_KEY_INVENTORY:
		return vs_conf_inventory(to, value, why);
	case VS_KEY_HYPERVISOR:
		return vs_conf_hypervisor(to, value, why);
	case VS_KEY_PATH:
		return vs_conf_path(to, value, why);
	case VS_KEY_DRIVER:
		return vs_conf_driver(to, value, why);
	case VS_KEY_SYSLOG:
		return vs_conf_syslog(to, value, why);
	case VS_KEY_SOCKET:
		return vs_conf_socket(to, value, why);
	}
	return -EINVAL;
}

int vs_conf_set(struct vs_conf_file *f, const char *section, const char *name,
		const char *value)
{
	const struct vs_key *key = vs_key_find(section, name);
	char safe[2][VS_NAME_ESCAPED];
	struct vs_buf why = { 0 };
	int ret;

	if (strcmp(section, VS_CONF_EVENTS) == 0)
		return vs_conf_event(f, name, value);
	vs_name_escape(safe[0], sizeof(safe[0]), name);
	vs_name_escape(safe[1], sizeof(safe[1]), value);
	if (!key && *section)
		return vs_conf_complain(f, _("section [%s] has no key \"%s\""),
					section, safe[0]);
	if (!key)
		return vs_conf_complain(f, _("no section stands before \"%s\""),
					safe[0]);
	if (f->seen & 1ULL << (key - vs_keys))
		return vs_conf_complain(f, _("\"%s\" was given before"),
					safe[0]);
	f->seen |= 1ULL << (key - vs_keys);
	ret = vs_conf_value(f->conf, key, value, &why);
	if (ret == -EINVAL)
		vs_conf_complain(f, "%s = %s: %s", safe[0], safe[1],
				 vs_buf_str(&why));
	vs_buf_free(&why);
	return ret;
}

/* what fits each for itself may not fit together */
int vs_conf_agree(struct vs_conf_file *f)
{
	const struct vs_conf *c = f->conf;

	if (c->max_age && c->max_age <= c->refresh + c->timeout)
		return vs_conf_complain(f, _("max-age has to be longer than "
					     "refresh and timeout together, or "
					     "the list would always be too "
					     "old"));
	return 0;
}

int vs_conf_defaults(struct vs_conf *conf)
{
	char name[256] = "";

	*conf = (struct vs_conf){
		.inventory = strdup("libvirt:qemu:///system"),
		.refresh = 60000,
		.timeout = 20000,
		.max_age = 600000,
		.grace = 120000,
		.debounce = 2,
		.heartbeat = 5000,
		.tolerance = 3,
		.bind = true,
		.hypervisor = strdup("qemu:///system"),
		.database = strdup(VS_HISTORY_PATH),
		.retention = VS_HISTORY_KEEP,
		.socket = strdup(VS_API_PATH),
		.events_default = VS_CONF_RECORD | VS_CONF_FORWARD,
	};
	if (!gethostname(name, sizeof(name) - 1))
		vs_name_fit(conf->host, name);
	return conf->inventory && conf->hypervisor && conf->database &&
	       conf->socket ? 0 : -ENOMEM;
}

void vs_conf_free(struct vs_conf *conf)
{
	if (!conf)
		return;
	free(conf->inventory);
	free(conf->hypervisor);
	free(conf->database);
	free(conf->syslog);
	free(conf->socket);
	free(conf);
}
