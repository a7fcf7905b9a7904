// SPDX-License-Identifier: GPL-2.0-only
/*
 * vmsafe-agent as a process: what it tells its service manager, how it takes
 * signals, and that no kill makes it lose or double an event. The Manager's
 * list is a file; nothing here needs the Filter Driver, or any right.
 */
#include "unit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/event.h"
#include "recover/running.h"
#include "store/history.h"

/* milliseconds; only what has hung waits that long */
#define PATIENCE 60000
#define KILLS 200

static char dir[32];
static char conf[64], list[64], database[64], notify[64], log_file[64];
static int notified = -1;
static pid_t agent;

static void write_file(const char *path, const char *text)
{
	char temp[80];
	FILE *f;

	snprintf(temp, sizeof(temp), "%s.new", path);
	f = fopen(temp, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	/* seen whole or not at all */
	assert_int_equal(rename(temp, path), 0);
}

static void configure_as(const char *mode, const char *more)
{
	char text[1024];

	snprintf(text, sizeof(text), "[agent]\nhost = node1\n"
		 "[inventory]\nuri = file:%s\nrefresh = 1s\n"
		 "[driver]\nmode = %s\n"
		 "[binder]\nhypervisor = none\n"
		 "[history]\ndatabase = %s\n"
		 "[api]\nsocket = %s/agent.sock\n%s", list, mode,
		 database, dir, more);
	write_file(conf, text);
}

static void configure(const char *more)
{
	configure_as("optional", more);
}

static int begin(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)state;
	strcpy(dir, "/tmp/vmsafe-unit-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(conf, sizeof(conf), "%s/conf", dir);
	snprintf(list, sizeof(list), "%s/list.json", dir);
	snprintf(database, sizeof(database), "%s/events.db", dir);
	snprintf(notify, sizeof(notify), "%s/notify", dir);
	snprintf(log_file, sizeof(log_file), "%s/log", dir);
	notified = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	strcpy(addr.sun_path, notify);
	return bind(notified, (struct sockaddr *)&addr, sizeof(addr));
}

static int end(void **state)
{
	char command[128];

	(void)state;
	close(notified);
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

/* @quiet: nobody listens to what it tells its service manager */
static void start(bool quiet)
{
	char program[512];

	snprintf(program, sizeof(program), "%s-agent", getenv("VMSAFE"));
	agent = fork();
	assert_true(agent >= 0);
	if (agent)
		return;
	unsetenv("WATCHDOG_PID");
	if (!quiet) {
		setenv("NOTIFY_SOCKET", notify, 1);
		setenv("WATCHDOG_USEC", "200000", 1);
	}
	if (!freopen(log_file, "a", stderr))
		_exit(126);
	execl(program, program, "--config", conf, NULL);
	_exit(127);
}

/* until the agent tells this */
static void wait_notify(const char *what)
{
	struct pollfd fd = { .fd = notified, .events = POLLIN };
	char text[4096];
	ssize_t n;

	do {
		if (poll(&fd, 1, PATIENCE) != 1)
			fail_msg("\"%s\" did not come", what);
		n = recv(notified, text, sizeof(text) - 1, 0);
		assert_true(n >= 0);
		text[n] = '\0';
	} while (!strstr(text, what));
}

/* forget what was told */
static void drain(void)
{
	char text[4096];

	while (recv(notified, text, sizeof(text), MSG_DONTWAIT) > 0)
		;
}

static int ended(void)
{
	int status;

	assert_int_equal(waitpid(agent, &status, 0), agent);
	agent = 0;
	return status;
}

/* how often it was logged */
static int times(const char *what)
{
	char line[4096];
	FILE *f = fopen(log_file, "r");
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += !!strstr(line, what);
	if (f)
		fclose(f);
	return n;
}

static bool logged(const char *what)
{
	return times(what) > 0;
}

static void manager(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	write_file(list, "{\"vms\":[]}");
	configure("");
	start(false);
	wait_notify("READY=1");
	wait_notify("STATUS=");
	wait_notify("WATCHDOG=1");

	configure("[check]\ngrace = soon\n");
	assert_int_equal(kill(agent, SIGHUP), 0);
	wait_notify("RELOADING=1\nMONOTONIC_USEC=");
	wait_notify("READY=1");
	assert_true(logged("conf:15: grace = soon: not a duration"));
	assert_true(logged("the configuration stays as it was"));
	configure("[check]\ngrace = 1s\n");
	assert_int_equal(kill(agent, SIGHUP), 0);
	wait_notify("RELOADING=1");
	wait_notify("READY=1");
	assert_true(logged("the configuration was read again"));

	/* a command that is to ask it something knows it from others */
	assert_true(vs_running_is(agent));
	assert_false(vs_running_is(getpid()));
	assert_int_equal(vs_running_signal(getpid(), SIGKILL), -ESRCH);
	pid = agent;
	assert_int_equal(vs_running_signal(pid, SIGTERM), 0);
	wait_notify("STOPPING=1");
	status = ended();
	assert_int_equal(vs_running_signal(pid, SIGTERM), -ESRCH);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* an agent that is not to come up; its exit status */
static int start_second(void)
{
	pid_t first = agent;
	int status;

	start(true);
	status = ended();
	agent = first;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void reload(void)
{
	drain();
	assert_int_equal(kill(agent, SIGHUP), 0);
	wait_notify("RELOADING=1");
	wait_notify("READY=1");
}

/* one history, one agent: by start and by SIGHUP, until that one is killed */
static void alone(void **state)
{
	static const char keeps[] = "keeps this event history; end that one, "
				    "or give this one another \"database\"";
	size_t usual = strlen(database);
	pid_t first;

	(void)state;
	write_file(list, "{\"vms\":[]}");
	configure("");
	start(false);
	wait_notify("READY=1");
	assert_int_equal(start_second(), 5);
	assert_int_equal(times(keeps), 1);
	assert_false(logged("cannot go on"));

	first = agent;
	strcat(database, "2");
	configure("");
	drain();
	start(false);
	wait_notify("READY=1");
	database[usual] = '\0';
	configure("");
	reload();
	assert_int_equal(times(keeps), 2);
	assert_false(logged("the configuration was read again"));
	assert_int_equal(kill(first, SIGKILL), 0);
	assert_int_equal(waitpid(first, NULL, 0), first);
	reload();
	assert_true(logged("the configuration was read again"));
	/* now it is that one's, and what it had is free */
	assert_int_equal(start_second(), 5);
	strcat(database, "2");
	configure("");
	first = agent;
	drain();
	start(false);
	wait_notify("READY=1");
	assert_int_equal(kill(agent, SIGTERM), 0);
	assert_int_equal(ended(), 0);
	agent = first;
	assert_int_equal(kill(agent, SIGTERM), 0);
	assert_int_equal(ended(), 0);
	database[usual] = '\0';
	assert_int_equal(unlink(log_file), 0);
	drain();
}

static int count_vm(void *ctx, uint64_t seq, const struct vs_event *event)
{
	(void)seq;
	*(int *)ctx += event->vm || event->form == VS_FORM_DIFFERENCES;
	return 0;
}

/* what "vmsafe status" has in it, asking the agent */
static bool status_says(const char *what)
{
	char command[512], line[512];
	bool found = false;
	FILE *f;

	snprintf(command, sizeof(command), "VMSAFE_SOCKET=%s/agent.sock "
		 "LC_ALL=C %s status 2>&1", dir, getenv("VMSAFE"));
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		found |= !!strstr(line, what);
	pclose(f);
	return found;
}

/*
 * Begun anew while the inventory is away: its VMs are unknown, not gone, the
 * list that was kept is stale, and says since when.
 */
static void stale(void **state)
{
	struct vs_history_query q = { 0 };
	struct vs_history *h;
	struct vs_error error;
	int of_vms = 0;

	(void)state;
	write_file(list, "{\"vms\":[{\"uuid\":\"421e0000-0000-0000-0000-"
		   "000000000001\",\"name\":\"web\",\"vnics\":[{"
		   "\"device_id\":0,\"mac\":\"00:50:56:00:00:01\"}]}]}");
	configure_as("required", "");
	start(false);
	wait_notify("READY=1");
	assert_true(status_says("Age of the inventory: "));
	assert_false(status_says("stale"));
	assert_int_equal(kill(agent, SIGKILL), 0);
	ended();
	drain();
	assert_int_equal(unlink(list), 0);
	start(false);
	wait_notify("unknown: 1; Filter Driver: not loaded; "
		    "the Manager's list is stale, it was read ");
	assert_true(status_says("Age of the inventory: "));
	assert_true(status_says("s, stale"));
	assert_int_equal(kill(agent, SIGTERM), 0);
	ended();
	assert_int_equal(vs_history_open(database, true, &h, &error), 0);
	assert_int_equal(vs_history_each(h, &q, count_vm, &of_vms, &error), 0);
	vs_history_close(h);
	assert_int_equal(of_vms, 0);
}

/** struct tale - what the history says of the inventory */
struct tale {
	bool away;
	bool wrong;
	int n;
};

static int listen_to(void *ctx, uint64_t seq, const struct vs_event *event)
{
	struct tale *tale = ctx;

	(void)seq;
	if (event->id != VS_EVENT_INVENTORY_LOST &&
	    event->id != VS_EVENT_INVENTORY_BACK)
		return 0;
	tale->wrong |= tale->away == (event->id == VS_EVENT_INVENTORY_LOST);
	tale->away = event->id == VS_EVENT_INVENTORY_LOST;
	tale->n++;
	return 0;
}

static struct tale told(void)
{
	struct vs_history_query query = { 0 };
	struct tale tale = { 0 };
	struct vs_history *h;
	struct vs_error error;

	if (vs_history_open(database, true, &h, &error))
		return tale;
	assert_int_equal(vs_history_each(h, &query, listen_to, &tale, &error),
			 0);
	vs_history_close(h);
	return tale;
}

/*
 * S04: the list goes away and comes back, and the agent is killed somewhere in
 * between: what is told of it is lost and back in turn, and nothing twice.
 */
static void killed(void **state)
{
	struct tale tale;
	unsigned int seed = 1;

	(void)state;
	configure("");
	for (int i = 0; i < KILLS; i++) {
		write_file(list, i % 2 ? "{\"vms\":[]}" : "{\"vms\":");
		start(true);
		poll(NULL, 0, rand_r(&seed) % 120);
		write_file(list, i % 3 ? "{\"vms\":" : "{\"vms\":[]}");
		poll(NULL, 0, rand_r(&seed) % 120);
		assert_int_equal(kill(agent, SIGKILL), 0);
		assert_true(WIFSIGNALED(ended()));
		assert_false(told().wrong);
	}
	/* at rest, one pass tells how it is */
	for (int i = 0; i < 2; i++) {
		write_file(list, i ? "{\"vms\":[]}" : "{\"vms\":");
		start(false);
		wait_notify("READY=1");
		assert_int_equal(kill(agent, SIGTERM), 0);
		wait_notify("STOPPING=1");
		ended();
		tale = told();
		assert_false(tale.wrong);
		assert_int_equal(tale.away, !i);
	}
	assert_true(tale.n > 1);
}

/* that the history cannot be written is said once, and that it can once more */
static void locked(void **state)
{
	static const char trouble[] = "events wait in memory",
			  over[] = "the history can be written again";
	int before = times(trouble), over_before = times(over);
	sqlite3 *db;

	(void)state;
	configure("");
	write_file(list, "{\"vms\":[]}");
	start(false);
	wait_notify("READY=1");
	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			 SQLITE_OK);
	write_file(list, "{\"vms\":");
	while (times(trouble) == before)
		wait_notify("STATUS=");
	for (int i = 0; i < 3; i++)
		wait_notify("STATUS=");
	assert_int_equal(times(trouble), before + 1);
	assert_int_equal(times(over), over_before);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	while (times(over) == over_before)
		wait_notify("STATUS=");
	assert_int_equal(times(over), over_before + 1);
	assert_true(told().away);
	write_file(list, "{\"vms\":[]}");
	while (told().away)
		wait_notify("STATUS=");
	assert_int_equal(kill(agent, SIGTERM), 0);
	ended();
	drain();
}

static int connected(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ret;

	strcpy(addr.sun_path, path);
	ret = connect(fd, (struct sockaddr *)&addr, sizeof(addr));
	close(fd);
	return ret;
}

/*
 * Somebody is just about to go from where its socket is to be: it is there as
 * soon as that is free, and what was killed before it leaves nothing.
 */
static void taken(void **state)
{
	static const char trouble[] = "the interface for programs is not",
			  over[] = "the interface for programs is there now";
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char left[80];

	(void)state;
	configure("");
	write_file(list, "{\"vms\":[]}");
	/* a process that is gone, and what it left */
	start(true);
	assert_int_equal(kill(agent, SIGKILL), 0);
	snprintf(left, sizeof(left), "%s/agent.sock.%d", dir, agent);
	ended();
	strcpy(addr.sun_path, left);
	unlink(left);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/agent.sock", dir);
	unlink(addr.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 64), 0);
	start(false);
	wait_notify("READY=1");
	assert_int_equal(times(trouble), 1);
	assert_int_equal(access(left, F_OK), -1);
	close(fd);
	assert_int_equal(connected(addr.sun_path), -1);
	while (connected(addr.sun_path))
		wait_notify("WATCHDOG=1");
	assert_int_equal(times(trouble), 1);
	assert_int_equal(times(over), 1);
	assert_int_equal(kill(agent, SIGTERM), 0);
	ended();
	drain();
}

static sqlite3 *lock(void)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(database, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL),
			 SQLITE_OK);
	return db;
}

/* until a pass that began after this was called is over */
static void wait_pass(void)
{
	drain();
	for (int i = 0; i < 2; i++)
		wait_notify("STATUS=");
}

/*
 * Configured anew while the history is locked: what was told and waits to be
 * written is neither forgotten nor told again, and goes into another history
 * when that is what is new.
 */
static void reloaded(void **state)
{
	static const char *const more[] = {
		"[check]\ngrace = 7s\n", "[check]\ngrace = 9s\n"
	};
	size_t usual = strlen(database);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		struct tale tale, before;
		sqlite3 *db;

		configure("");
		write_file(list, "{\"vms\":[]}");
		start(false);
		wait_notify("READY=1");
		before = told();
		assert_row(i, !before.away);
		db = lock();
		write_file(list, "{\"vms\":");
		wait_notify("the Manager's list is stale");
		if (i) {
			/* another history, which knows nothing */
			before.n = 0;
			strcat(database, "3");
		}
		configure(more[i]);
		reload();
		wait_pass();
		assert_row(i, sqlite3_close(db) == SQLITE_OK);
		while (!told().away)
			wait_notify("STATUS=");
		write_file(list, "{\"vms\":[]}");
		while (told().away)
			wait_notify("STATUS=");
		wait_pass();
		tale = told();
		assert_row(i, !tale.wrong);
		assert_row(i, tale.n == before.n + 2);
		assert_row(i, kill(agent, SIGTERM) == 0);
		ended();
		drain();
	}
	database[usual] = '\0';
}

/* what is to be forwarded is, and nothing else; likewise what is recorded */
static void forwarded(void **state)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	struct pollfd fd = { .events = POLLIN };
	socklen_t len = sizeof(addr);
	struct tale tale, before = told();
	char more[256], text[8192];
	ssize_t n;

	(void)state;
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd.fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd.fd, (struct sockaddr *)&addr, len), 0);
	assert_int_equal(getsockname(fd.fd, (struct sockaddr *)&addr, &len),
			 0);
	snprintf(more, sizeof(more), "[forward]\nsyslog = udp:127.0.0.1:%u\n"
		 "[events]\n368 = record\n743 = forward\n",
		 ntohs(addr.sin_port));
	configure(more);
	write_file(list, "{\"vms\":");
	start(true);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(poll(&fd, 1, PATIENCE), 1);
		n = recv(fd.fd, text, sizeof(text) - 1, 0);
		assert_true(n > 0);
		text[n] = '\0';
		assert_non_null(strstr(text, i ? "|743|" : "|742|"));
		write_file(list, "{\"vms\":[]}");
	}
	close(fd.fd);
	assert_int_equal(kill(agent, SIGTERM), 0);
	assert_true(WIFEXITED(ended()));
	tale = told();
	assert_int_equal(tale.n, before.n + 1);
	assert_true(tale.away && !before.away);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alone),
		cmocka_unit_test(manager),
		cmocka_unit_test(stale),
		cmocka_unit_test(killed),
		cmocka_unit_test(locked),
		cmocka_unit_test(taken),
		cmocka_unit_test(reloaded),
		cmocka_unit_test(forwarded),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
