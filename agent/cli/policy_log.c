// SPDX-License-Identifier: GPL-2.0-only
/* The log of a policy: a loop as that of monitor.c. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "cli/policy.h"
#include "cli/wait.h"
#include "host/clock.h"
#include "policy/record.h"

/** struct vs_log_args - options of "policy log" */
struct vs_log_args {
	uint64_t has;
	uint32_t count;
	uint32_t timeout;
};

static const struct vs_opt vs_log_opts[] = {
	{ .name = "count", .kind = VS_OPT_NUMBER, .arg = "N", .min = 1,
	  .max = UINT32_MAX, .offset = offsetof(struct vs_log_args, count),
	  .help = N_("end after N records") },
	{ .name = "timeout", .kind = VS_OPT_NUMBER, .arg = "SECONDS",
	  .min = 1, .max = 86400,
	  .offset = offsetof(struct vs_log_args, timeout),
	  .help = N_("end after that time; with --count, fail if they have "
		     "not come") },
	{ 0 }
};

/** struct vs_log - a run */
struct vs_log {
	const struct vs_cli *cli;
	struct ring_buffer *ring;
	int signals;
	uint32_t left;		/* records until the end; 0: no end */
	vs_time end;		/* 0: none */
	uint32_t lost;		/* records lost until the last one */
	uint32_t burst;		/* records since anything else was looked at */
	bool over;
};

/* a policy may well write faster than we read */
#define VS_LOG_BURST 64

static const char *vs_log_port(uint32_t ifindex, char name[IF_NAMESIZE])
{
	return ifindex ? if_indextoname(ifindex, name) : NULL;
}

/* "KEY VALUE" of what there is, in this order */
static void vs_log_fields(struct vs_buf *text, const json_t *row)
{
	static const char *const keys[] = {
		"signature", "source_mac", "target_mac", "vlan", "ethertype",
		"source", "source_port", "target", "target_port", "protocol",
		"length", "data",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const json_t *value = json_object_get(row, keys[i]);

		if (json_is_string(value))
			vs_buf_addf(text, " %s %s", keys[i],
				    json_string_value(value));
		else if (value && strcmp(keys[i], "ethertype") == 0)
			vs_buf_addf(text, " %s 0x%04x", keys[i],
				    (unsigned int)json_integer_value(value));
		else if (value)
			vs_buf_addf(text, " %s %u", keys[i],
				    (unsigned int)json_integer_value(value));
	}
}

static void vs_log_text(const json_t *row, vs_time time, uint32_t missed)
{
	const char *port = json_string_value(json_object_get(row, "port"));
	const char *dir = json_string_value(json_object_get(row, "direction"));
	const char *why = json_string_value(json_object_get(row, "reason"));
	struct vs_buf text = { 0 };
	char date[VS_DATE];

	vs_buf_addf(&text, "%s", vs_date(time, date));
	if (missed)
		vs_buf_addf(&text, " (%u missed)", missed);
	if (why)
		vs_buf_addf(&text, " %s %s %s", port ? port : "-",
			    dir ? dir : "-", why);
	vs_log_fields(&text, row);
	puts(vs_buf_str(&text));
	vs_buf_free(&text);
	fflush(stdout);
}

static int vs_log_record(void *ctx, void *data, size_t size)
{
	struct vs_policy_line line;
	struct vs_log *log = ctx;
	char name[IF_NAMESIZE];
	uint32_t missed = 0;
	vs_time time;
	json_t *row;

	vs_policy_line_read(&line, data, size);
	time = vs_now();
	if (line.known) {
		time += (vs_time)(line.record.time / 1000000) -
			vs_clock_ms(CLOCK_BOOTTIME);
		missed = line.record.lost - log->lost;
		log->lost = line.record.lost;
	}
	row = vs_policy_line_json(&line,
				  vs_log_port(line.record.ifindex, name));
	if (log->cli->json) {
		json_object_set_new(row, "time", json_integer(time));
		json_object_set_new(row, "missed", json_integer(missed));
		vs_out_line(row);
	} else {
		vs_log_text(row, time, missed);
		json_decref(row);
	}
	if (ferror(stdout) || (log->left && !--log->left))
		log->over = true;
	/* it counts as taken; the next one stays */
	return log->over || !(++log->burst % VS_LOG_BURST) ? -ECANCELED : 0;
}

static int vs_log_left(const struct vs_log *log)
{
	vs_time left = log->end ? log->end - vs_clock_steady() :
				  -1;

	return log->end && left < 0 ? 0 : left;
}

static enum vs_exit vs_log_loop(struct vs_log *log)
{
	struct pollfd fds[] = {
		{ .fd = log->signals, .events = POLLIN },
		{ .fd = ring_buffer__epoll_fd(log->ring), .events = POLLIN },
	};
	int n, ret;

	for (;;) {
		ret = ring_buffer__consume(log->ring);
		if (log->over)
			return VS_EXIT_FINE;
		if (ret < 0 && ret != -ECANCELED) {
			vs_say(_("the policy's log: %s"), strerror(-ret));
			return VS_EXIT_FAILED;
		}
		n = poll(fds, 2, vs_log_left(log));
		if (n < 0 && errno != EINTR) {
			vs_say("poll: %s", strerror(errno));
			return VS_EXIT_FAILED;
		}
		if (n > 0 && fds[0].revents)
			return VS_EXIT_FINE;
		if (n && vs_log_left(log))
			continue;
		if (!log->left)
			return VS_EXIT_FINE;
		vs_say(_("%u records have not come"), log->left);
		return VS_EXIT_FAILED;
	}
}

/* what is taken from a ring buffer is gone for others: one reader at a time */
static int vs_log_lock(const char *name)
{
	char path[VS_POLICY_PATH];
	int fd;

	snprintf(path, sizeof(path), VS_POLICY_DIR "/%s/maps", name);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		vs_say(_("no policy %s is loaded; \"vmsafe policy list\" says "
			 "which are"), name);
	} else if (fd < 0) {
		vs_say("%s: %s", path, strerror(errno));
	} else if (flock(fd, LOCK_EX | LOCK_NB)) {
		vs_say(_("somebody else reads the log of policy %s"), name);
		close(fd);
		fd = -1;
	}
	return fd;
}

static enum vs_exit vs_log_open(struct vs_log *log, const char *name)
{
	struct vs_buf why = { 0 };
	enum vs_exit status;
	int fd = vs_store_log(name, &why);

	if (fd < 0)
		return vs_policy_say(&why);
	/* what is wrong we say ourselves */
	libbpf_set_print(NULL);
	log->ring = ring_buffer__new(fd, vs_log_record, log, NULL);
	if (!log->ring) {
		vs_say(_("the policy's log: %s"), strerror(errno));
		close(fd);
		return VS_EXIT_FAILED;
	}
	log->signals = vs_wait_signals();
	status = vs_log_loop(log);
	close(log->signals);
	ring_buffer__free(log->ring);
	close(fd);
	return status;
}

static enum vs_exit vs_log_run(struct vs_cli *cli,
			       const struct vs_command *cmd, int argc,
			       char **argv)
{
	struct vs_log log = { .cli = cli };
	struct vs_log_args a = { 0 };
	enum vs_exit status;
	struct vs_args args;
	int lock;

	if (!vs_opt_read(cli, cmd, &a, argc, argv, &args, &status) ||
	    !vs_opt_count(cmd, &args, 1, 1, &status) ||
	    !vs_policy_name(cmd, args.v[0], &status) ||
	    !vs_source_is_here(cli, cmd, &status))
		return status;
	log.left = a.count;
	log.end = a.timeout ? vs_clock_steady() +
			      a.timeout * 1000LL : 0;
	lock = vs_log_lock(args.v[0]);
	if (lock < 0)
		return VS_EXIT_FAILED;
	status = vs_log_open(&log, args.v[0]);
	close(lock);
	return status;
}

const struct vs_command vs_cmd_policy_log = {
	.name = "policy log",
	.args = "POLICY",
	.summary = N_("print what a policy drops, as it comes"),
	.opts = vs_log_opts,
	.run = vs_log_run,
};
