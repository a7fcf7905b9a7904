// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/clock.h"
#include "recover/program.h"

#define VS_PROGRAM_SLICE 100
#define VS_PROGRAM_OUTPUT 4096

static int vs_program_start(const char *const argv[], int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int ret;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY,
					 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, out, 2);
	posix_spawnattr_init(&attr);
	/* an interrupt from the keyboard is for us: we end it */
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP |
				 POSIX_SPAWN_SETSIGMASK);
	ret = posix_spawnp(pid, argv[0], &actions, &attr,
			   (char *const *)argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	return -ret;
}

/* what there is to read; false at its end */
static bool vs_program_read(int fd, struct vs_buf *out)
{
	char text[512];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR);
	text[n] = '\0';
	if (out && out->len + n < VS_PROGRAM_OUTPUT)
		vs_buf_add(out, text);
	return true;
}

static int vs_program_end(pid_t pid, int why)
{
	int status;

	if (why)
		kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (why)
		return why;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}

static int vs_program_wait(int fd, struct vs_buf *out, unsigned int deadline,
			   const struct vs_progress *progress)
{
	long long end = vs_clock_steady() + deadline;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	for (;;) {
		if (vs_progress_stopped(progress))
			return -ECANCELED;
		if (vs_clock_steady() >= end)
			return -ETIMEDOUT;
		if (poll(&p, 1, VS_PROGRAM_SLICE) > 0 &&
		    !vs_program_read(fd, out))
			return 0;
	}
}

int vs_program_run(const char *const argv[], struct vs_buf *out,
		   unsigned int deadline, const struct vs_progress *progress)
{
	int fd[2], ret;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC))
		return -errno;
	ret = vs_program_start(argv, fd[1], &pid);
	close(fd[1]);
	if (!ret)
		ret = vs_program_end(pid, vs_program_wait(fd[0], out, deadline,
							  progress));
	close(fd[0]);
	return ret;
}
