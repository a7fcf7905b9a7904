/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events sent on: to the systemd journal, and as CEF over syslog. Nothing here
 * ever waits for anybody. When many events of an ID come within a few seconds,
 * one digest, 9006, goes in their place; the history has them all.
 */
#ifndef VS_STORE_FORWARD_H
#define VS_STORE_FORWARD_H

#include "core/error.h"
#include "core/event.h"
#include "core/text.h"

/** VS_FORWARD_DIGEST - events of an ID that are still sent one by one, within
 * VS_FORWARD_WINDOW
 */
#define VS_FORWARD_DIGEST 20

/** VS_FORWARD_WINDOW - milliseconds that a digest stands for, at most */
#define VS_FORWARD_WINDOW 10000

/** VS_FORWARD_WAIT - messages that may wait for a receiver */
#define VS_FORWARD_WAIT 4096

struct vs_forward;

/**
 * struct vs_forward_config - what is sent where
 * @journal: socket of the journal, VS_JOURNAL_SOCKET; NULL: not sent there
 * @syslog: see vs_syslog_target(); NULL: not sent there
 * @lang: language of names and messages; NULL: English. Must outlive it
 * @digest: more events of an ID than that become one digest; 0: never
 * @window: milliseconds within which they come; 0: within an evaluation
 */
struct vs_forward_config {
	const char *journal;
	const char *syslog;
	const struct vs_lang *lang;
	unsigned int digest;
	vs_time window;
};

/**
 * vs_forward_open() - make ready to send; reaches nothing yet
 * @config: copied, but for the language
 * @forward: on success
 * @error: why it failed, one line in its detail
 *
 * Return: 0; -EINVAL: the configuration is wrong; -ENOMEM, -EMFILE, ...
 */
int vs_forward_open(const struct vs_forward_config *config,
		    struct vs_forward **forward, struct vs_error *error);

/** vs_forward_close() - what still waits is dropped; NULL is fine */
void vs_forward_close(struct vs_forward *f);

/** vs_forward_add() - an event of the present evaluation; copied. @ctx: the
 * forward, so that it is a vs_event_fn
 */
void vs_forward_add(void *ctx, const struct vs_event *event);

/** vs_forward_add_ticket() - likewise; by @ticket the history knows it, which
 * grows from one to the next; 0: it does not
 */
void vs_forward_add_ticket(struct vs_forward *f, const struct vs_event *event,
			   uint64_t ticket);

/** vs_forward_again() - an event that an earlier run did not hand on: sent by
 * itself, however many there are, with the next vs_forward_run()
 */
void vs_forward_again(struct vs_forward *f, const struct vs_event *event,
		      uint64_t ticket);

/** vs_forward_drop() - so many events were lost elsewhere */
void vs_forward_drop(struct vs_forward *f, uint64_t n);

/** vs_forward_handed() - all up to that ticket were handed to the receiver of
 * syslog messages, or were lost; 0: there was none
 */
uint64_t vs_forward_handed(const struct vs_forward *f);

/** vs_forward_forget() - what waits has no ticket any longer */
void vs_forward_forget(struct vs_forward *f);

/** vs_forward_flush() - the evaluation is over: send what it had. Call it
 * when the history has it
 */
void vs_forward_flush(struct vs_forward *f);

/** vs_forward_settle() - as vs_forward_flush(), and what is held back because
 * there is so much of it goes as well: nothing more will come
 */
void vs_forward_settle(struct vs_forward *f);

/** vs_forward_fd() - readable when vs_forward_run() is due; for epoll(7) */
int vs_forward_fd(const struct vs_forward *f);

/** vs_forward_run() - send what can be sent now, connect again */
void vs_forward_run(struct vs_forward *f);

/** vs_forward_waiting() - messages that wait */
size_t vs_forward_waiting(const struct vs_forward *f);

/** vs_forward_lost() - messages that were lost ever; 9008 tells the receiver
 * once it takes messages again
 */
uint64_t vs_forward_lost(const struct vs_forward *f);

#endif
