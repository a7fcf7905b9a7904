/* SPDX-License-Identifier: GPL-2.0-only */
/* Asking the agent that runs on this host. */
#ifndef VS_API_CLIENT_H
#define VS_API_CLIENT_H

#include <jansson.h>

#include "core/buf.h"

/** VS_AGENT_SOON - how long an answer may take that is there at once,
 * milliseconds
 */
#define VS_AGENT_SOON 5000
/** VS_AGENT_EVER - for what takes as long as it takes */
#define VS_AGENT_EVER (-1)

/**
 * struct vs_agent_answer - what it has answered
 * @status: of HTTP; 200 and the like: it did so
 * @doc: the answer, an object
 * @text: of an error: what the agent says, in the user's language; else NULL
 * @again: it is too busy now, and wants to be asked again
 * @pause: after so many milliseconds
 */
struct vs_agent_answer {
	int status;
	json_t *doc;
	const char *text;
	bool again;
	int pause;
};

/**
 * vs_agent_path() - its socket: what VMSAFE_SOCKET says, else the usual one
 *
 * Return: the path; NULL: the agent is not to be asked.
 */
const char *vs_agent_path(void);

/**
 * vs_agent_ask() - ask, and wait for the answer
 * @method: "GET" or "POST"
 * @target: encoded, see vs_agent_encode()
 * @patience: how long each part of the answer may take, milliseconds
 * @answer: filled in; for vs_agent_free() in any case
 *
 * One that is too busy is asked again a few times, when it wants that.
 *
 * Return: 0: there is an answer, which may be an error; -ENOENT,
 * -ECONNREFUSED: no agent runs; -EACCES: one does, and is not for us;
 * -ETIMEDOUT: it does not answer; -EPROTO: that is no agent; another negative
 * errno.
 */
int vs_agent_ask(const char *method, const char *target, int patience,
		 struct vs_agent_answer *answer);

/**
 * vs_agent_stream() - ask for something that has no end
 * @target: encoded
 * @patience: how long its beginning may take, milliseconds
 * @text: what has come of it already
 * @answer: as vs_agent_ask(): filled in when it was refused
 *
 * Return: the connection, from which the rest comes; or a negative errno as of
 * vs_agent_ask(), -EREMOTEIO: it was refused.
 */
int vs_agent_stream(const char *target, int patience, struct vs_buf *text,
		    struct vs_agent_answer *answer);

/** vs_agent_take() - take what has come; 0 at the end, or as recv() */
ssize_t vs_agent_take(int fd, struct vs_buf *text);

/** vs_agent_encode() - append a text so that it may be part of a target */
void vs_agent_encode(struct vs_buf *target, const char *text);

/** vs_agent_free() - release an answer */
void vs_agent_free(struct vs_agent_answer *answer);

#endif
