/* SPDX-License-Identifier: GPL-2.0-only */
/* Server-sent events; private to api/. */
#ifndef VS_API_STREAM_H
#define VS_API_STREAM_H

#include "api/model.h"

/**
 * struct vs_stream - a client that is told of events as they come
 * @rq: its request
 * @query: which events; after_seq is the last one that was looked at, whether
 *         it was told of or not
 * @vm: the VM that this is about
 * @facts: with what was recorded
 * @text: what is to be sent
 * @sent: how much of that was
 */
struct vs_stream {
	struct vs_ask *rq;
	struct vs_history_query query;
	struct vs_uuid vm;
	bool facts;
	struct vs_buf text;
	size_t sent;
};

#endif
