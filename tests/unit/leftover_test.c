// SPDX-License-Identifier: GPL-2.0-only
/* What was left goes, what only looks like it stays. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "host/leftover.h"

static char dir[32];

static const char *at(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int begin(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/vmsafe-unit-XXXXXX");
	return !mkdtemp(dir);
}

static int end(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static bool is_there(const char *name)
{
	struct stat st;

	return !lstat(at(name), &st);
}

static void make_socket(const char *name)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", at(name));
	assert_int_equal(bind(fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	close(fd);
}

/* @age: seconds ago */
static void make_file(const char *name, int age)
{
	struct timespec times[2] = { 0 };
	int fd = open(at(name), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	times[0].tv_sec = time(NULL) - age;
	times[1].tv_sec = times[0].tv_sec;
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

/* a process that is gone */
static pid_t gone(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return pid;
}

static void sockets(void **state)
{
	static const char *const stay[] = {
		"sock", "sock.", "sock.1", "sock.x", "sock.1x", "sock.-5",
		"sock.99999999999", "other.5",
	};
	char left[32], other[32], zero[32], file[32], link[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(stay); i++)
		make_socket(stay[i]);
	snprintf(left, sizeof(left), "sock.%d", gone());
	make_socket(left);
	snprintf(zero, sizeof(zero), "sock.0%d", gone());
	make_socket(zero);
	snprintf(file, sizeof(file), "sock.%d", gone());
	make_file(file, 1000);
	snprintf(link, sizeof(link), "sock.%d", gone());
	assert_int_equal(symlink("other.5", at(link)), 0);
	snprintf(other, sizeof(other), "sock.%d", getpid());
	make_socket(other);
	assert_int_equal(vs_leftover_sockets(at("sock")), 1);
	assert_false(is_there(left));
	assert_true(is_there(zero) && is_there(file) && is_there(link));
	assert_true(is_there(other));
	for (size_t i = 0; i < ARRAY_SIZE(stay); i++)
		assert_row(i, is_there(stay[i]));
	assert_int_equal(vs_leftover_sockets(at("sock")), 0);
	assert_int_equal(vs_leftover_sockets(at("none/sock")), -ENOENT);
}

static void files(void **state)
{
	static const char *const stay[] = {
		"a.json", "a.json.", "a.json.12345", "a.json.1234567",
		"a.json.12-456", "b.json.123456", "a.json.tmp",
	};
	int ready[2], over[2];
	char from[128], byte;
	pid_t pid;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(stay); i++)
		make_file(stay[i], 1000);
	make_file("a.json.aB3dE6", 1000);
	make_file("a.json.young1", 1);
	make_file("a.json.opened", 1000);
	make_file("a.json.named2", 1000);
	strcpy(from, at("a.json.named2"));
	assert_int_equal(link(from, at("second")), 0);
	assert_int_equal(symlink("b.json.123456", at("a.json.linked")), 0);
	assert_int_equal(mkdir(at("a.json.folder"), 0700), 0);
	make_socket("a.json.socket");
	assert_int_equal(pipe(ready) || pipe(over), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(over[1]);
		(void)!open(at("a.json.opened"), O_RDONLY);
		(void)!write(ready[1], "", 1);
		(void)!read(over[0], &byte, 1);
		_exit(0);
	}
	close(over[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(vs_leftover_files(at("a.json")), 1);
	assert_false(is_there("a.json.aB3dE6"));
	for (size_t i = 0; i < ARRAY_SIZE(stay); i++)
		assert_row(i, is_there(stay[i]));
	assert_true(is_there("a.json.young1") && is_there("a.json.opened"));
	assert_true(is_there("a.json.named2") && is_there("a.json.linked"));
	assert_true(is_there("a.json.folder") && is_there("a.json.socket"));
	close(over[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ready[0]);
	close(ready[1]);
	assert_int_equal(vs_leftover_files(at("a.json")), 1);
	assert_false(is_there("a.json.opened"));
}

/* where others may write, nothing is certain; nor behind a link */
static void folders(void **state)
{
	char folder[128], name[160];

	(void)state;
	strcpy(folder, at("open"));
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(chmod(folder, 0770), 0);
	snprintf(name, sizeof(name), "open/sock.%d", gone());
	make_socket(name);
	assert_int_equal(vs_leftover_sockets(at("open/sock")), -EPERM);
	assert_true(is_there(name));
	assert_int_equal(chmod(folder, 0755), 0);
	assert_int_equal(symlink("open", at("way")), 0);
	assert_true(vs_leftover_sockets(at("way/sock")) < 0);
	assert_true(is_there(name));
	assert_int_equal(vs_leftover_sockets(at("open/sock")), 1);
	assert_false(is_there(name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sockets, begin, end),
		cmocka_unit_test_setup_teardown(files, begin, end),
		cmocka_unit_test_setup_teardown(folders, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
