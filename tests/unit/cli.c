// SPDX-License-Identifier: GPL-2.0-only
#include "unit.h"

#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"
#include "cli/command.h"

static struct cli result;

static void slurp(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, size - 1, f);
	assert_true(n < size - 1);
	buf[n] = '\0';
	fclose(f);
}

/* send a standard descriptor to a file; what it was is returned */
static int divert(FILE *stream, const char *path)
{
	int saved, fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	fflush(stream);
	saved = dup(fileno(stream));
	assert_true(fd >= 0 && saved >= 0);
	assert_true(dup2(fd, fileno(stream)) >= 0);
	close(fd);
	return saved;
}

static void restore(FILE *stream, int saved)
{
	fflush(stream);
	dup2(saved, fileno(stream));
	close(saved);
}

static int run(const char *fmt, va_list ap)
{
	struct vs_cli cli = { .driver = "auto" };
	char line[2048], *save, *word, *argv[64];
	int argc = 0;

	/* what this machine is configured for is no matter of a test's */
	setenv("VMSAFE_CONF", "none", 0);
	setenv("VMSAFE_SOCKET", "none", 0);
	vsnprintf(line, sizeof(line), fmt, ap);
	for (word = strtok_r(line, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	argv[argc] = NULL;
	return vs_command_run(&cli, &vs_cmd_main, argc, argv);
}

static struct cli *slurp_both(void)
{
	slurp(OUT_DIR "/cli.out", result.out, sizeof(result.out));
	slurp(OUT_DIR "/cli.err", result.err, sizeof(result.err));
	return &result;
}

struct cli *cli_run(const char *fmt, ...)
{
	int out = divert(stdout, OUT_DIR "/cli.out");
	int err = divert(stderr, OUT_DIR "/cli.err");
	va_list ap;

	va_start(ap, fmt);
	result.status = run(fmt, ap);
	va_end(ap);
	restore(stdout, out);
	restore(stderr, err);
	return slurp_both();
}

struct cli *cli_run_as(unsigned int user, unsigned int group, const char *fmt,
		       ...)
{
	int out = divert(stdout, OUT_DIR "/cli.out");
	int err = divert(stderr, OUT_DIR "/cli.err");
	gid_t groups[] = { group };
	int status = 255;
	va_list ap;
	pid_t pid;

	va_start(ap, fmt);
	pid = fork();
	if (!pid) {
		if (setgroups(1, groups) || setgid(user) || setuid(user))
			_exit(255);
		status = run(fmt, ap);
		fflush(stdout);
		/* who has changed its rights cannot look for leaks */
		_exit(status);
	}
	va_end(ap);
	if (pid > 0)
		waitpid(pid, &status, 0);
	restore(stdout, out);
	restore(stderr, err);
	assert_true(pid > 0 && WIFEXITED(status));
	result.status = WEXITSTATUS(status);
	return slurp_both();
}

const char *cli_output(void (*print)(void *arg), void *arg)
{
	int out = divert(stdout, OUT_DIR "/cli.out");

	print(arg);
	restore(stdout, out);
	slurp(OUT_DIR "/cli.out", result.out, sizeof(result.out));
	return result.out;
}

const char *cli_snapshot(const struct vs_snapshot *s)
{
	struct vs_error error;

	assert_int_equal(vs_snapshot_save(s, OUT_DIR "/cli.driver", &error),
			 0);
	return OUT_DIR "/cli.driver";
}

const char *cli_inventory(const char *json)
{
	FILE *f = fopen(OUT_DIR "/cli.inventory", "w");

	assert_non_null(f);
	assert_true(fputs(json, f) >= 0);
	assert_int_equal(fclose(f), 0);
	return "file:" OUT_DIR "/cli.inventory";
}
