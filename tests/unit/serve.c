// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/api.h"
#include "host/clock.h"
#include "po/i18n.h"
#include "serve.h"
#include "world.h"

/** struct server - what the serving process has */
struct server {
	struct world world;
	struct vs_history *history;
	struct vs_api *api;
	struct vs_jobs *jobs;
	sd_event *loop;
	sd_event_source *later;
	const struct serving *how;
	struct entries entries;
	unsigned int restless;
};

static char dir[32], path[64], database[64], program[64];
static pid_t server_pid;

const char *serve_path(void)
{
	return path;
}

static void record(struct server *s, const struct vs_event *event)
{
	struct vs_error error;

	assert_int_equal(vs_history_begin(s->history, &error), 0);
	assert_int_equal(vs_history_add(s->history, event), 0);
	assert_int_equal(vs_history_commit(s->history, &error), 0);
	vs_api_event(s->api, event);
	vs_api_recorded(s->api);
}

static void record_simple(struct server *s, enum vs_event_id id,
			  enum vs_level level)
{
	const struct vs_event event = {
		.time = s->world.now, .id = id, .level = level,
		.host = "node1", .driver = VS_DRIVER_NOT_LOADED,
	};

	record(s, &event);
}

static void record_difference(struct server *s)
{
	const struct vs_uuid vm = world_uuid(1);
	const struct vs_difference d = {
		.source = VS_SOURCE_MANAGER, .reason = VS_REASON_MANAGER_ONLY,
		.device_id = 1, .mac = world_mac(2),
		.first_seen = s->world.now - 2000,
	};
	const struct vs_event event = {
		.time = s->world.now, .id = VS_EVENT_OUT_OF_SYNC,
		.level = VS_LEVEL_WARNING, .form = VS_FORM_DIFFERENCES,
		.host = "node1", .vm = &vm, .vm_name = "vm1",
		.differences = &d, .n_differences = 1,
	};

	record(s, &event);
}

static void record_past(struct server *s, unsigned int n)
{
	const struct vs_uuid vm = world_uuid(1);
	const struct vs_event event = {
		.time = s->world.now, .id = VS_EVENT_IN_SYNC, .host = "node1",
		.vm = &vm, .vm_name = "vm1",
	};
	struct vs_error error;

	assert_int_equal(vs_history_begin(s->history, &error), 0);
	while (n--)
		assert_int_equal(vs_history_add(s->history, &event), 0);
	assert_int_equal(vs_history_commit(s->history, &error), 0);
}

static void named(struct server *s, unsigned int vm, const char *name)
{
	struct vs_vm_fact fact = world_vm_fact(vm);

	fact.name = name;
	assert_int_equal(vs_engine_set_vm(s->world.e, &fact), 0);
}

static void populate(struct server *s)
{
	struct world *w = &s->world;

	world_open(w, 0, 1);
	world_ready(w);
	world_vm(w, 1);
	world_vnic(w, 1, 0, 1);
	world_vnic(w, 1, 1, 2);
	world_bound(w, 1, 1, 0, 1);
	world_plugged(w, 1, 1, 0, 1);
	world_vm(w, 2);
	named(s, 3, "twin");
	named(s, 4, "twin");
	named(s, 5, "a/b \351\233\273");
	world_unbound(w, 9);
	world_idle(w, 9);
	for (unsigned int i = 0; i < s->how->more; i++) {
		world_vm(w, 1000 + i);
		world_vnic(w, 1000 + i, 0, 1000 + i);
	}
	assert_int_equal(vs_engine_evaluate(w->e, w->now, NULL, NULL), 0);
}

static void look(void *ctx, struct vs_api_view *view)
{
	struct server *s = ctx;

	if (s->restless)
		world_vm_power(&s->world, 2, s->restless-- % 2 ?
			       VS_POWER_OFF : VS_POWER_RUNNING);
	*view = (struct vs_api_view){
		.engine = s->world.e, .history = s->history, .host = "node1",
		.inventory = "file:/nowhere", .foreign = entries_foreign(),
		.windows = s->how->windows, .now = s->world.now,
		.started = 1000, .ready = true,
		.session = VS_API_SESSION_HELD, .epoch = 7,
		.read_at = s->world.now, .took = 12, .passes = 3,
	};
}

static int synced(sd_event_source *source, uint64_t usec, void *ctx)
{
	struct server *s = ctx;

	(void)source;
	(void)usec;
	vs_api_synced(s->api, vs_clock_steady());
	return 0;
}

static void sync_later(void *ctx)
{
	struct server *s = ctx;

	if (s->how->deaf)
		return;
	s->later = sd_event_source_disable_unref(s->later);
	sd_event_add_time_relative(s->loop, &s->later, CLOCK_MONOTONIC, 20000,
				   1, synced, s);
}

static void done(void *ctx, enum vs_event_id id, enum vs_state state,
		 uint64_t bound)
{
	struct server *s = ctx;
	const struct vs_event event = {
		.time = s->world.now, .id = id, .host = "node1",
		.action_by = VS_ACTOR_OPERATOR, .state = state, .count = bound,
	};

	record(s, &event);
}

static void examine(void *ctx, struct vs_snapshot *host, struct vs_case *of)
{
	struct server *s = ctx;

	*host = (struct vs_snapshot){ .saved = s->world.now };
	*of = (struct vs_case){
		.engine = s->world.e, .host = host, .now = s->world.now,
		.grace = VS_CASE_GRACE, .window = VS_CASE_WINDOW,
	};
}

static int list(void *ctx, const struct vs_driver_part *part,
		struct vs_driver_host *host, struct vs_error *error)
{
	struct server *s = ctx;

	return entries_list(&s->entries, part, host, error);
}

static int verify(void *ctx, const struct vs_vnic_fact *fact,
		  struct vmsafe_net_ioc_verify *answer, struct vs_error *error)
{
	(void)ctx;
	(void)error;
	*answer = (struct vmsafe_net_ioc_verify){ 0 };
	answer->result = VMSAFE_NET_IOC_VERIFY_HOOKED;
	if (fact->device_id == 0)
		answer->result |= VMSAFE_NET_IOC_VERIFY_MAC_MATCHES;
	return 0;
}

static int forget(void *ctx, const struct vs_port_name *port, bool dry_run,
		  struct vs_driver_vnic *v, struct vs_buf *why,
		  struct vs_error *error)
{
	struct server *s = ctx;

	*v = (struct vs_driver_vnic){ 0 };
	strcpy(v->ifname, port->ifname);
	if (strcmp(port->ifname, "tap1") == 0) {
		vs_buf_add(why, "tap1 is in use");
		return -EBUSY;
	}
	if (strcmp(port->ifname, "tap9") == 0) {
		vs_buf_add(why, "tap9 is bound to nothing");
		return -ENOTCONN;
	}
	if (strcmp(port->ifname, "tap7") == 0)
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NOT_LOADED,
				    ENOENT, NULL);
	if (strcmp(port->ifname, "tap2") != 0)
		return vs_error_set(error, VS_OP_NETLINK, VS_WHY_NONE, ENODEV,
				    NULL);
	if (!dry_run)
		record_simple(s, VS_EVENT_INTERFACE_DELETED, VS_LEVEL_INFO);
	return 0;
}

static const struct vs_api_ops ops = {
	.look = look, .sync = sync_later, .done = done,
	.examine = examine,
	.list = list, .verify = verify, .forget = forget,
};

static int told(sd_event_source *source, const struct signalfd_siginfo *si,
		void *ctx)
{
	struct server *s = ctx;

	(void)source;
	if (si->ssi_signo == SIGTERM)
		sd_event_exit(s->loop, 0);
	else
		record_simple(s, VS_EVENT_INTERFACE_DELETED, VS_LEVEL_INFO);
	return 0;
}

static void begin(struct server *s)
{
	struct vs_api_config config = {
		.path = path, .group = s->how->group, .connections = 16,
		.under_way = s->how->under_way ? s->how->under_way :
						 VS_API_UNDER_WAY,
		.patience = s->how->patience ? s->how->patience :
						SERVE_PATIENCE,
		.sync_patience = s->how->deaf ? 100 : SERVE_PATIENCE,
		.alive = s->how->alive ? s->how->alive : SERVE_PATIENCE,
		.program = program, .ops = &ops, .ctx = s,
	};
	struct vs_error error;

	vs_i18n_init("en");
	assert_true(sd_event_new(&s->loop) >= 0);
	assert_int_equal(vs_history_open(database, false, &s->history, &error),
			 0);
	populate(s);
	record_past(s, s->how->past);
	record_simple(s, VS_EVENT_DRIVER_OFFLINE, VS_LEVEL_ERROR);
	record_difference(s);
	sd_event_add_signal(s->loop, NULL, SIGTERM, told, s);
	sd_event_add_signal(s->loop, NULL, SIGUSR1, told, s);
	s->jobs = vs_jobs_new(s->loop, NULL, 0, &ops, s);
	config.jobs = s->jobs;
	if (vs_api_start(s->loop, &config, &s->api, &error))
		fail_msg("%s: %d %s", path, error.err, error.detail);
	record_difference(s);
}

/* what is left is a leak */
static void serve_here(const struct serving *how, int ready)
{
	static struct server s;

	s.how = how;
	s.entries = how->entries;
	s.restless = how->restless;
	begin(&s);
	(void)!write(ready, "", 1);
	sd_event_loop(s.loop);
	sd_event_source_disable_unref(s.later);
	vs_api_stop(s.api);
	vs_jobs_free(s.jobs);
	vs_history_close(s.history);
	world_close(&s.world);
	sd_event_unref(s.loop);
}

static void write_program(void)
{
	FILE *f = fopen(program, "w");

	assert_non_null(f);
	fputs("#!/bin/sh\n"
	      "echo \"this is vmsafe $*\" >&2\n"
	      "case \"$*\" in\n"
	      "*R0*) echo $$ >\"${0%/*}/pid\"; exec sleep 1000 ;;\n"
	      "esac\n"
	      "echo 'done' >&2\n"
	      "echo '{\"done\": true}'\n"
	      "exit 4\n", f);
	fclose(f);
	chmod(program, 0755);
}

void serve(const struct serving *how)
{
	sigset_t set;
	int ready[2];
	char byte;

	signal(SIGPIPE, SIG_IGN);
	strcpy(dir, "/tmp/vmsafe-unit-XXXXXX");
	assert_non_null(mkdtemp(dir));
	/* for others to get at the socket */
	chmod(dir, 0755);
	snprintf(path, sizeof(path), "%s/sock", dir);
	snprintf(database, sizeof(database), "%s/events.db", dir);
	snprintf(program, sizeof(program), "%s/vmsafe", dir);
	write_program();
	assert_int_equal(pipe(ready), 0);
	server_pid = fork();
	assert_true(server_pid >= 0);
	if (!server_pid) {
		close(ready[0]);
		/* a test that fails does not leave it behind */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sigemptyset(&set);
		sigaddset(&set, SIGTERM);
		sigaddset(&set, SIGUSR1);
		sigprocmask(SIG_BLOCK, &set, NULL);
		serve_here(how, ready[1]);
		exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

void serve_end(void)
{
	char command[64];
	int status;

	kill(server_pid, SIGTERM);
	assert_int_equal(waitpid(server_pid, &status, 0), server_pid);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
	assert_int_equal(status, 0);
}

void serve_end_job(void)
{
	char file[80];
	FILE *f = NULL;
	int pid = 0;

	snprintf(file, sizeof(file), "%s/pid", dir);
	while (!f || fscanf(f, "%d\n", &pid) != 1) {
		if (f)
			fclose(f);
		usleep(1000);
		f = fopen(file, "r");
	}
	fclose(f);
	assert_true(pid > 1);
	assert_int_equal(kill(pid, SIGTERM), 0);
}

void serve_event(void)
{
	kill(server_pid, SIGUSR1);
}

int serve_dial(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	strcpy(addr.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, sizeof(addr)),
			 0);
	return fd;
}

bool serve_send(int fd, const void *data, size_t n)
{
	const char *from = data;

	while (n) {
		ssize_t sent = send(fd, from, n, MSG_NOSIGNAL);

		if (sent < 0)
			return false;
		from += sent;
		n -= sent;
	}
	return true;
}

const char *serve_until(int fd, const char *text)
{
	static char buf[262144];
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t len = 0;
	ssize_t n = 1;

	buf[0] = '\0';
	while (n > 0 && !(text && strstr(buf, text))) {
		if (poll(&p, 1, SERVE_PATIENCE) != 1)
			fail_msg("nothing more came after \"%s\"", buf);
		n = recv(fd, buf + len, sizeof(buf) - 1 - len, 0);
		if (n > 0)
			len += n;
		buf[len] = '\0';
		assert_true(len < sizeof(buf) - 1);
	}
	return buf;
}

const char *serve_ask(const char *fmt, ...)
{
	static char text[16384];
	const char *answer;
	int fd = serve_dial();
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	serve_send(fd, text, strlen(text));
	answer = serve_until(fd, NULL);
	close(fd);
	return answer;
}

int serve_status(const char *answer)
{
	int status = 0;

	return sscanf(answer, "HTTP/1.1 %d ", &status) == 1 ? status : 0;
}

const char *serve_get(const char *target, int *status)
{
	const char *answer = serve_ask("GET %s HTTP/1.1\r\nHost: x\r\n\r\n",
				       target);
	const char *body = strstr(answer, "\r\n\r\n");

	if (status)
		*status = serve_status(answer);
	return body ? body + 4 : "";
}
