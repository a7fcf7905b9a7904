/* SPDX-License-Identifier: GPL-2.0-only */
/* A domain of libvirt, and what recovery does with it. */
#ifndef VS_RECOVER_VIRT_H
#define VS_RECOVER_VIRT_H

#include "core/buf.h"
#include "core/name.h"
#include "core/uuid.h"
#include "recover/progress.h"

/** enum vs_virt_op - what can be asked of a domain */
enum vs_virt_op {
	VS_VIRT_STATE,		/* number: virDomainState */
	VS_VIRT_PERSISTENT,	/* number: 1: it has a definition */
	VS_VIRT_SAVED,		/* number: 1: it has a managed save */
	VS_VIRT_SNAPSHOTS,	/* number: of snapshots and checkpoints */
	VS_VIRT_AUTOSTART,	/* number: 1: it starts with libvirt */
	VS_VIRT_SET_AUTOSTART,	/* flags: 0 or 1 */
	VS_VIRT_XML,		/* flags: VIR_DOMAIN_XML_*; text */
	VS_VIRT_SAVE,
	VS_VIRT_START,
	VS_VIRT_SHUTDOWN,
	VS_VIRT_DESTROY,
	VS_VIRT_DEFINE,		/* argument: XML */
	VS_VIRT_UNDEFINE,	/* flags: VIR_DOMAIN_UNDEFINE_* */
	VS_VIRT_MIGRATE,	/* argument: URI; flags: VIR_MIGRATE_* */
	VS_VIRT_ABORT,		/* of VS_VIRT_SAVE and VS_VIRT_MIGRATE */
	VS_VIRT_JOB,		/* number: percent of those; -1: not known */
	VS_VIRT_OPS
};

/**
 * struct vs_virt - a domain
 * @conn: virConnectPtr
 * @dom: virDomainPtr
 * @name: its name, escaped
 * @uuid: its UUID
 * @why: why the last request failed, in a line that is safe to print
 * @number: the answer to the last request
 * @text: likewise; released with the next
 * @progress: told while a request takes time
 * @hung: a request was left behind
 */
struct vs_virt {
	void *conn;
	void *dom;
	char name[VS_NAME_ESCAPED];
	struct vs_uuid uuid;
	struct vs_buf why;
	long number;
	char *text;
	const struct vs_progress *progress;
	bool hung;
};

/** VS_VIRT_DEADLINE - for requests that are done at once, milliseconds */
#define VS_VIRT_DEADLINE 20000

/**
 * vs_virt_open() - connect, and find a domain
 * @v: filled in; vs_virt_close() it in any case
 * @uri: libvirt's
 * @vm: name or UUID of the domain
 * @progress: may be NULL
 *
 * Return: 0; -ENOENT: there is no such domain, and VS_VIRT_DEFINE is all that
 * can be asked; -ETIMEDOUT; -ECANCELED; -EIO; -ENOMEM. @v->why says more.
 */
int vs_virt_open(struct vs_virt *v, const char *uri, const char *vm,
		 const struct vs_progress *progress);

/**
 * vs_virt_is_another() - is the domain not the one that was asked for?
 * @v: with a domain that was found by another's word
 * @vm: what was asked for
 *
 * Of names that are too long for vs_name_check() all but libvirt know only the
 * beginning, which is that of other VMs too, maybe.
 */
bool vs_virt_is_another(const struct vs_virt *v, const char *vm);

/**
 * struct vs_virt_request - a request
 * @op: what
 * @argument: see the op
 * @flags: see the op
 * @deadline: milliseconds; 0: VS_VIRT_DEADLINE
 * @what: what takes time, for vs_progress_tick(); NULL: say nothing
 * @stop: a wish to stop calls a save or migration off; any other request is
 *        too short for that
 */
struct vs_virt_request {
	enum vs_virt_op op;
	const char *argument;
	unsigned long flags;
	unsigned int deadline;
	const char *what;
	bool stop;
};

/**
 * vs_virt_ask() - make a request
 * @v: the domain
 * @q: the request
 *
 * A save or migration that misses its deadline is called off.
 *
 * Return: 0; -ETIMEDOUT: it took too long, or no answer came; -ECANCELED: it
 * was called off; -ENOENT: there is no such domain any more; -EIO: libvirt
 * says no; -ENOMEM. @v->why says more.
 */
int vs_virt_ask(struct vs_virt *v, const struct vs_virt_request *q);

/** vs_virt_do() - vs_virt_ask() for what needs no more than a name */
int vs_virt_do(struct vs_virt *v, enum vs_virt_op op, unsigned long flags);

/**
 * vs_virt_await() - wait until the domain is off
 * @v: the domain
 * @seconds: for that long
 * @what: for vs_progress_tick()
 *
 * Return: 0; -ETIMEDOUT: it is not; -ECANCELED: a wish to stop; -EIO.
 */
int vs_virt_await(struct vs_virt *v, unsigned int seconds, const char *what);

/** vs_virt_is_active() - is that state one of a domain that runs? */
bool vs_virt_is_active(long state);

/** vs_virt_close() - done with it; fine after a failed open */
void vs_virt_close(struct vs_virt *v);

#endif
