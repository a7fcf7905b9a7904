/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Requests to vCenter over HTTPS and their answers. One thread at a time may
 * use it; another one may interrupt it.
 */
#ifndef VS_VSPHERE_SOAP_H
#define VS_VSPHERE_SOAP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "vsphere/tree.h"
#include "vsphere/uri.h"

struct vs_soap;

/** VS_SOAP_FAULT - size of a fault's name, terminator included */
#define VS_SOAP_FAULT 64

/**
 * struct vs_soap_count - what went over the line
 * @requests: how many requests
 * @sent: bytes of their bodies
 * @received: bytes of the answers' bodies, unpacked
 */
struct vs_soap_count {
	uint64_t requests;
	uint64_t sent;
	uint64_t received;
};

/**
 * struct vs_soap_call - a request and its answer
 * @op: what it is for
 * @body: what stands in <Body>
 * @deadline: how long it may take, milliseconds
 * @wait: see vs_soap_meanwhile()
 * @fn: see vs_tree_new()
 * @ctx: its
 * @answer: the first element in <Body> of the answer; until the next call
 * @fault: name of the fault that was answered, e.g. "NotAuthenticated"; empty:
 *         none
 */
struct vs_soap_call {
	enum vs_op op;
	const char *body;
	unsigned int deadline;
	bool wait;
	vs_twig_fn fn;
	void *ctx;
	const struct vs_twig *answer;
	char fault[VS_SOAP_FAULT];
};

/**
 * vs_soap_new() - a client; it reaches nothing yet
 * @uri: where to; must outlive it
 * @soap: the client, on success
 * @error: why not
 *
 * Return: 0 or a negative errno.
 */
int vs_soap_new(const struct vs_vsphere_uri *uri, struct vs_soap **soap,
		struct vs_error *error);

/** vs_soap_free() - release it; NULL is fine */
void vs_soap_free(struct vs_soap *soap);

/**
 * vs_soap_call() - ask and wait for the answer
 * @soap: the client
 * @call: the request
 * @error: why there is none, or which fault there is
 *
 * Return: 0; -ECANCELED: interrupted; -EAGAIN: called off; -EREMOTEIO: a fault
 * was answered; or another negative errno.
 */
int vs_soap_call(struct vs_soap *soap, struct vs_soap_call *call,
		 struct vs_error *error);

/**
 * vs_soap_interrupt() - end the call that runs and all that follow, at once
 *
 * From any thread, until vs_soap_free().
 */
void vs_soap_interrupt(struct vs_soap *soap);

/** vs_soap_resume() - calls are possible again; after vs_soap_interrupt() */
void vs_soap_resume(struct vs_soap *soap);

/**
 * vs_soap_meanwhile() - have something done while a call waits
 * @soap: the client
 * @fn: called when vs_soap_nudge() was, as long as no answer has begun; true:
 *      the call ends with -EAGAIN
 * @ctx: handed to @fn
 *
 * Only calls that are told to are ended or disturbed: see vs_soap_call.wait.
 */
void vs_soap_meanwhile(struct vs_soap *soap, bool (*fn)(void *ctx), void *ctx);

/** vs_soap_nudge() - have that called; from any thread */
void vs_soap_nudge(struct vs_soap *soap);

/** vs_soap_forget() - forget cookies */
void vs_soap_forget(struct vs_soap *soap);

/** vs_soap_count() - what went over the line so far */
struct vs_soap_count vs_soap_count(const struct vs_soap *soap);

/** vs_soap_escape() - append text so that it can stand in XML */
void vs_soap_escape(struct vs_buf *buf, const char *s);

/**
 * vs_soap_answer() - what is in the envelope, and is it a fault?
 * @root: the outermost element
 * @call: its answer and fault are set
 * @error: what vCenter says of the fault
 *
 * Return: 0; -EREMOTEIO: a fault; -EINVAL: no envelope.
 */
int vs_soap_answer(const struct vs_twig *root, struct vs_soap_call *call,
		   struct vs_error *error);

#endif
