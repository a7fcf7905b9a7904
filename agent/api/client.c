// SPDX-License-Identifier: GPL-2.0-only
/*
 * One request for each connection, in the form of HTTP/1.0: what is answered
 * ends with the connection, and is in no pieces.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "api/client.h"
#include "api/listen.h"
#include "po/i18n.h"

/* no answer is longer */
#define VS_AGENT_ANSWER (64 * 1024 * 1024)
/* one that is too busy is asked so often, seconds apart at most */
#define VS_AGENT_ATTEMPTS 6
#define VS_AGENT_PAUSE 5

const char *vs_agent_path(void)
{
	const char *path = secure_getenv("VMSAFE_SOCKET");

	if (!path || !*path)
		return VS_API_PATH;
	return strcmp(path, "none") == 0 ? NULL : path;
}

static int vs_agent_dial(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	const char *path = vs_agent_path();
	int fd, ret;

	if (!path)
		return -ENOENT;
	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	strcpy(addr.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (!connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return fd;
	/* there is no room for one more: it does not take any */
	ret = errno == EAGAIN ? -ETIMEDOUT : -errno;
	close(fd);
	return ret;
}

static int vs_agent_wait(int fd, short events, int patience)
{
	struct pollfd p = { .fd = fd, .events = events };
	int n = poll(&p, 1, patience);

	if (n < 0)
		return -errno;
	return n ? 0 : -ETIMEDOUT;
}

static int vs_agent_send(int fd, const char *method, const char *target,
			 int patience)
{
	struct vs_buf text = { 0 };
	int ret;

	vs_buf_addf(&text, "%s %s HTTP/1.0\r\nHost: localhost\r\n"
		    "Accept-Language: %s\r\nContent-Length: 0\r\n\r\n", method,
		    target, vs_i18n_name());
	ret = text.failed ? -ENOMEM : vs_agent_wait(fd, POLLOUT, patience);
	/* a socket that is new has room for it */
	if (!ret && send(fd, text.data, text.len, MSG_NOSIGNAL) !=
		    (ssize_t)text.len)
		ret = -EPROTO;
	vs_buf_free(&text);
	return ret;
}

ssize_t vs_agent_take(int fd, struct vs_buf *text)
{
	char *to = vs_buf_room(text, 65536 + 1);
	ssize_t n;

	if (!to || text->len > VS_AGENT_ANSWER) {
		errno = to ? EMSGSIZE : ENOMEM;
		return -1;
	}
	n = recv(fd, to, 65536, 0);
	if (n > 0)
		text->len += n;
	text->data[text->len] = '\0';
	return n;
}

/* up to a text, or to the end */
static int vs_agent_receive(int fd, struct vs_buf *text, int patience,
			    const char *until)
{
	ssize_t n;
	int ret;

	do {
		ret = vs_agent_wait(fd, POLLIN, patience);
		if (ret)
			return ret;
		n = vs_agent_take(fd, text);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
	} while (n && !(until && strstr(text->data, until)));
	return 0;
}

/* an error has line breaks in its head alone */
static void vs_agent_again(const struct vs_buf *text,
			   struct vs_agent_answer *answer)
{
	static const char header[] = "\r\nRetry-After: ";
	const char *found = strstr(text->data, header);
	unsigned long seconds;

	answer->again = found && answer->status == 503;
	if (!answer->again)
		return;
	seconds = strtoul(found + sizeof(header) - 1, NULL, 10);
	answer->pause = 1000 * (seconds < VS_AGENT_PAUSE ? seconds :
							   VS_AGENT_PAUSE);
}

static int vs_agent_read(const struct vs_buf *text,
			 struct vs_agent_answer *answer)
{
	const char *body = text->len ? strstr(text->data, "\r\n\r\n") : NULL;
	json_t *error;

	if (!body || sscanf(text->data, "HTTP/1.%*1[01] %3d",
			    &answer->status) != 1)
		return -EPROTO;
	body += 4;
	answer->doc = json_loadb(body, text->len - (body - text->data), 0,
				 NULL);
	if (!json_is_object(answer->doc))
		return -EPROTO;
	error = json_object_get(answer->doc, "error");
	if (answer->status >= 400) {
		error = json_object_get(error, "text");
		answer->text = json_string_value(error);
		if (!answer->text)
			return -EPROTO;
	}
	vs_agent_again(text, answer);
	return 0;
}

static int vs_agent_once(const char *method, const char *target, int patience,
			 struct vs_agent_answer *answer)
{
	struct vs_buf text = { 0 };
	int fd = vs_agent_dial();
	int ret;

	*answer = (struct vs_agent_answer){ 0 };
	if (fd < 0)
		return fd;
	ret = vs_agent_send(fd, method, target, patience);
	if (!ret)
		ret = vs_agent_receive(fd, &text, patience, NULL);
	if (!ret)
		ret = vs_agent_read(&text, answer);
	vs_buf_free(&text);
	close(fd);
	return ret;
}

int vs_agent_ask(const char *method, const char *target, int patience,
		 struct vs_agent_answer *answer)
{
	int ret = vs_agent_once(method, target, patience, answer), pause;

	for (int i = 1; !ret && answer->again && i < VS_AGENT_ATTEMPTS; i++) {
		pause = answer->pause;
		vs_agent_free(answer);
		poll(NULL, 0, pause);
		ret = vs_agent_once(method, target, patience, answer);
	}
	return ret;
}

/* past the head; an error is read to its end */
static int vs_agent_begin(int fd, int patience, struct vs_buf *text,
			  struct vs_agent_answer *answer)
{
	static const char fine[] = "HTTP/1.1 200 ", end[] = "\r\n\r\n";
	int ret = vs_agent_receive(fd, text, patience, end);
	char *body;

	if (ret)
		return ret;
	body = strstr(text->data, end);
	if (!body)
		return -EPROTO;
	if (strncmp(text->data, fine, sizeof(fine) - 1) != 0) {
		ret = vs_agent_receive(fd, text, patience, NULL);
		if (!ret)
			ret = vs_agent_read(text, answer);
		return ret ? ret : -EREMOTEIO;
	}
	body += sizeof(end) - 1;
	text->len -= body - text->data;
	memmove(text->data, body, text->len + 1);
	return 0;
}

int vs_agent_stream(const char *target, int patience, struct vs_buf *text,
		    struct vs_agent_answer *answer)
{
	int fd = vs_agent_dial(), ret;

	*answer = (struct vs_agent_answer){ 0 };
	if (fd < 0)
		return fd;
	ret = vs_agent_send(fd, "GET", target, patience);
	if (!ret)
		ret = vs_agent_begin(fd, patience, text, answer);
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

void vs_agent_encode(struct vs_buf *target, const char *text)
{
	for (; *text; text++) {
		unsigned char c = *text;

		if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
		    (c >= 'a' && c <= 'z') || strchr("-._~", c))
			vs_buf_addf(target, "%c", c);
		else
			vs_buf_addf(target, "%%%02X", c);
	}
}

void vs_agent_free(struct vs_agent_answer *answer)
{
	json_decref(answer->doc);
	*answer = (struct vs_agent_answer){ 0 };
}
