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
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/event.h"
#include "live.h"
#include "recover/running.h"
#include "store/history.h"

#define KILLS 200

static bool logged(const char *what)
{
	return live_times(what) > 0;
}

static void manager(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	live_write(live_list, "{\"vms\":[]}");
	live_configure("");
	live_start(false);
	live_wait("READY=1");
	live_wait("STATUS=");
	live_wait("WATCHDOG=1");

	live_configure("[check]\ngrace = soon\n");
	assert_int_equal(kill(live_pid, SIGHUP), 0);
	live_wait("RELOADING=1\nMONOTONIC_USEC=");
	live_wait("READY=1");
	assert_true(logged("conf:15: grace = soon: not a duration"));
	assert_true(logged("the configuration stays as it was"));
	live_configure("[check]\ngrace = 1s\n");
	assert_int_equal(kill(live_pid, SIGHUP), 0);
	live_wait("RELOADING=1");
	live_wait("READY=1");
	assert_true(logged("the configuration was read again"));

	/* a command that is to ask it something knows it from others */
	assert_true(vs_running_is(live_pid));
	assert_false(vs_running_is(getpid()));
	assert_int_equal(vs_running_signal(getpid(), SIGKILL), -ESRCH);
	pid = live_pid;
	assert_int_equal(vs_running_signal(pid, SIGTERM), 0);
	live_wait("STOPPING=1");
	status = live_ended();
	assert_int_equal(vs_running_signal(pid, SIGTERM), -ESRCH);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* an agent that is not to come up; its exit status */
static int start_second(void)
{
	pid_t first = live_pid;
	int status;

	live_start(true);
	status = live_ended();
	live_pid = first;
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* one history, one agent: by start and by SIGHUP, until that one is killed */
static void alone(void **state)
{
	static const char keeps[] = "keeps this event history; end that one, "
				    "or give this one another \"database\"";
	size_t usual = strlen(live_database);
	pid_t first;

	(void)state;
	live_write(live_list, "{\"vms\":[]}");
	live_configure("");
	live_start(false);
	live_wait("READY=1");
	assert_int_equal(start_second(), 5);
	assert_int_equal(live_times(keeps), 1);
	assert_false(logged("cannot go on"));

	first = live_pid;
	strcat(live_database, "2");
	live_configure("");
	live_drain();
	live_start(false);
	live_wait("READY=1");
	live_database[usual] = '\0';
	live_configure("");
	live_reload();
	assert_int_equal(live_times(keeps), 2);
	assert_false(logged("the configuration was read again"));
	assert_int_equal(kill(first, SIGKILL), 0);
	assert_int_equal(waitpid(first, NULL, 0), first);
	live_reload();
	assert_true(logged("the configuration was read again"));
	/* now it is that one's, and what it had is free */
	assert_int_equal(start_second(), 5);
	strcat(live_database, "2");
	live_configure("");
	first = live_pid;
	live_drain();
	live_start(false);
	live_wait("READY=1");
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	assert_int_equal(live_ended(), 0);
	live_pid = first;
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	assert_int_equal(live_ended(), 0);
	live_database[usual] = '\0';
	assert_int_equal(unlink(live_log), 0);
	live_drain();
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
		 "LC_ALL=C %s status 2>&1", live_dir, getenv("VMSAFE"));
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
	live_write(live_list, "{\"vms\":[{\"uuid\":\"421e0000-0000-0000-0000-"
		   "000000000001\",\"name\":\"web\",\"vnics\":[{"
		   "\"device_id\":0,\"mac\":\"00:50:56:00:00:01\"}]}]}");
	live_configure_as("required", "");
	live_start(false);
	live_wait("READY=1");
	assert_true(status_says("Age of the inventory: "));
	assert_false(status_says("stale"));
	assert_int_equal(kill(live_pid, SIGKILL), 0);
	live_ended();
	live_drain();
	assert_int_equal(unlink(live_list), 0);
	live_start(false);
	live_wait("unknown: 1; Filter Driver: not loaded; "
		    "the Manager's list is stale, it was read ");
	assert_true(status_says("Age of the inventory: "));
	assert_true(status_says("s, stale"));
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	live_ended();
	assert_int_equal(vs_history_open(live_database, true, &h, &error), 0);
	assert_int_equal(vs_history_each(h, &q, count_vm, &of_vms, &error), 0);
	vs_history_close(h);
	assert_int_equal(of_vms, 0);
}

/*
 * S04: the list goes away and comes back, and the agent is killed somewhere in
 * between: what is told of it is lost and back in turn, and nothing twice.
 */
static void killed(void **state)
{
	struct live_tale tale;
	unsigned int seed = 1;

	(void)state;
	live_configure("");
	for (int i = 0; i < KILLS; i++) {
		live_write(live_list, i % 2 ? "{\"vms\":[]}" : "{\"vms\":");
		live_start(true);
		poll(NULL, 0, rand_r(&seed) % 120);
		live_write(live_list, i % 3 ? "{\"vms\":" : "{\"vms\":[]}");
		poll(NULL, 0, rand_r(&seed) % 120);
		assert_int_equal(kill(live_pid, SIGKILL), 0);
		assert_true(WIFSIGNALED(live_ended()));
		assert_false(live_told().wrong);
	}
	/* at rest, one pass tells how it is */
	for (int i = 0; i < 2; i++) {
		live_write(live_list, i ? "{\"vms\":[]}" : "{\"vms\":");
		live_start(false);
		live_wait("READY=1");
		assert_int_equal(kill(live_pid, SIGTERM), 0);
		live_wait("STOPPING=1");
		live_ended();
		tale = live_told();
		assert_false(tale.wrong);
		assert_int_equal(tale.away, !i);
	}
	assert_true(tale.n > 1);
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
	live_configure("");
	live_write(live_list, "{\"vms\":[]}");
	/* a process that is gone, and what it left */
	live_start(true);
	assert_int_equal(kill(live_pid, SIGKILL), 0);
	snprintf(left, sizeof(left), "%s/agent.sock.%d", live_dir, live_pid);
	live_ended();
	strcpy(addr.sun_path, left);
	unlink(left);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	close(fd);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s/agent.sock",
		 live_dir);
	unlink(addr.sun_path);
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(fd, 64), 0);
	live_start(false);
	live_wait("READY=1");
	assert_int_equal(live_times(trouble), 1);
	assert_int_equal(access(left, F_OK), -1);
	close(fd);
	assert_int_equal(connected(addr.sun_path), -1);
	while (connected(addr.sun_path))
		live_wait("WATCHDOG=1");
	assert_int_equal(live_times(trouble), 1);
	assert_int_equal(live_times(over), 1);
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	live_ended();
	live_drain();
}

/* what is to be forwarded is, and nothing else; likewise what is recorded */
static void forwarded(void **state)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	struct pollfd fd = { .events = POLLIN };
	socklen_t len = sizeof(addr);
	struct live_tale tale, before = live_told();
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
	live_configure(more);
	live_write(live_list, "{\"vms\":");
	live_start(true);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(poll(&fd, 1, LIVE_PATIENCE), 1);
		n = recv(fd.fd, text, sizeof(text) - 1, 0);
		assert_true(n > 0);
		text[n] = '\0';
		assert_non_null(strstr(text, i ? "|743|" : "|742|"));
		live_write(live_list, "{\"vms\":[]}");
	}
	close(fd.fd);
	assert_int_equal(kill(live_pid, SIGTERM), 0);
	assert_true(WIFEXITED(live_ended()));
	tale = live_told();
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
		cmocka_unit_test(taken),
		cmocka_unit_test(forwarded),
	};

	return cmocka_run_group_tests(tests, live_begin, live_end);
}
