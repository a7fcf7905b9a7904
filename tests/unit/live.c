// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/event.h"
#include "live.h"
#include "store/history.h"

char live_dir[32];
char live_conf[64], live_list[64], live_database[64], live_log[64];
pid_t live_pid;
static char live_notify[64];
static int live_notified = -1;

void live_write(const char *path, const char *text)
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

void live_configure_as(const char *mode, const char *more)
{
	char text[1024];

	snprintf(text, sizeof(text), "[agent]\nhost = node1\n"
		 "[inventory]\nuri = file:%s\nrefresh = 1s\n"
		 "[driver]\nmode = %s\n"
		 "[binder]\nhypervisor = none\n"
		 "[history]\ndatabase = %s\n"
		 "[api]\nsocket = %s/agent.sock\n%s", live_list, mode,
		 live_database, live_dir, more);
	live_write(live_conf, text);
}

void live_configure(const char *more)
{
	live_configure_as("optional", more);
}

int live_begin(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)state;
	strcpy(live_dir, "/tmp/vmsafe-unit-XXXXXX");
	if (!mkdtemp(live_dir))
		return -1;
	snprintf(live_conf, sizeof(live_conf), "%s/conf", live_dir);
	snprintf(live_list, sizeof(live_list), "%s/list.json", live_dir);
	snprintf(live_database, sizeof(live_database), "%s/events.db",
		 live_dir);
	snprintf(live_notify, sizeof(live_notify), "%s/notify", live_dir);
	snprintf(live_log, sizeof(live_log), "%s/log", live_dir);
	live_notified = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	strcpy(addr.sun_path, live_notify);
	return bind(live_notified, (struct sockaddr *)&addr, sizeof(addr));
}

int live_end(void **state)
{
	char command[128];

	(void)state;
	/* a case that failed left it */
	if (live_pid) {
		kill(live_pid, SIGKILL);
		live_ended();
	}
	close(live_notified);
	snprintf(command, sizeof(command), "rm -rf %s", live_dir);
	return system(command);
}

void live_start(bool quiet)
{
	char program[512];

	snprintf(program, sizeof(program), "%s-agent", getenv("VMSAFE"));
	live_pid = fork();
	assert_true(live_pid >= 0);
	if (live_pid)
		return;
	unsetenv("WATCHDOG_PID");
	if (!quiet) {
		setenv("NOTIFY_SOCKET", live_notify, 1);
		setenv("WATCHDOG_USEC", "200000", 1);
	}
	if (!freopen(live_log, "a", stderr))
		_exit(126);
	execl(program, program, "--config", live_conf, NULL);
	_exit(127);
}

void live_wait(const char *what)
{
	struct pollfd fd = { .fd = live_notified, .events = POLLIN };
	char text[4096];
	ssize_t n;

	do {
		if (poll(&fd, 1, LIVE_PATIENCE) != 1)
			fail_msg("\"%s\" did not come", what);
		n = recv(live_notified, text, sizeof(text) - 1, 0);
		assert_true(n >= 0);
		text[n] = '\0';
	} while (!strstr(text, what));
}

void live_drain(void)
{
	char text[4096];

	while (recv(live_notified, text, sizeof(text), MSG_DONTWAIT) > 0)
		;
}

int live_ended(void)
{
	int status;

	assert_int_equal(waitpid(live_pid, &status, 0), live_pid);
	live_pid = 0;
	return status;
}

int live_times(const char *what)
{
	char line[4096];
	FILE *f = fopen(live_log, "r");
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += !!strstr(line, what);
	if (f)
		fclose(f);
	return n;
}

void live_reload(void)
{
	live_drain();
	assert_int_equal(kill(live_pid, SIGHUP), 0);
	live_wait("RELOADING=1");
	live_wait("READY=1");
}

static int live_listen(void *ctx, uint64_t seq, const struct vs_event *event)
{
	struct live_tale *tale = ctx;

	(void)seq;
	if (event->id != VS_EVENT_INVENTORY_LOST &&
	    event->id != VS_EVENT_INVENTORY_BACK)
		return 0;
	tale->wrong |= tale->away == (event->id == VS_EVENT_INVENTORY_LOST);
	tale->away = event->id == VS_EVENT_INVENTORY_LOST;
	tale->n++;
	return 0;
}

struct live_tale live_told(void)
{
	struct vs_history_query query = { 0 };
	struct live_tale tale = { 0 };
	struct vs_history *h;
	struct vs_error error;

	if (vs_history_open(live_database, true, &h, &error))
		return tale;
	assert_int_equal(vs_history_each(h, &query, live_listen, &tale,
					 &error), 0);
	vs_history_close(h);
	return tale;
}
