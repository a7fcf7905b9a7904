// SPDX-License-Identifier: GPL-2.0-only
/* Events between vs_history_add() and the transaction that writes them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "core/gap.h"
#include "store/event_form.h"
#include "store/model.h"

static void vs_waiting_release(struct vs_waiting *w)
{
	free(w->vm_name);
	free(w->data);
	free(w);
}

static struct vs_waiting *vs_waiting_new(const struct vs_event *event)
{
	struct vs_waiting *w = calloc(1, sizeof(*w));
	json_t *json = w ? vs_event_write(event) : NULL;
	enum vs_step steps[VS_STEPS_MAX];

	if (!w)
		return NULL;
	w->time = event->time;
	w->id = event->id;
	w->level = event->level;
	w->has_vm = event->vm;
	if (event->vm)
		w->vm = *event->vm;
	if (event->cause)
		w->cause = vs_cause_word(event->cause);
	if (vs_event_steps(event, steps))
		w->step = vs_step_word(steps[0]);
	if (event->vm_name)
		w->vm_name = strdup(event->vm_name);
	w->data = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	if (w->data && !w->vm_name == !event->vm_name)
		return w;
	vs_waiting_release(w);
	return NULL;
}

int vs_waiting_add(struct vs_history *h, const struct vs_event *event,
		   bool own)
{
	struct vs_waiting *w = vs_waiting_new(event);

	if (!w) {
		h->lost++;
		vs_error_set(&h->lost_error, VS_OP_WRITE_FILE,
			     VS_WHY_NO_MEMORY, ENOMEM, NULL);
		return -ENOMEM;
	}
	w->own = own;
	*h->last = w;
	h->last = &w->next;
	h->waiting++;
	return 0;
}

void vs_waiting_own(struct vs_history *h, struct vs_event *event)
{
	struct utsname name = { 0 };
	struct timespec ts;

	uname(&name);
	clock_gettime(CLOCK_REALTIME, &ts);
	event->time = (vs_time)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	event->origin = VS_ORIGIN_APPLIANCE;
	event->host = name.nodename;
	vs_waiting_add(h, event, true);
}

void vs_waiting_tell(struct vs_history *h)
{
	struct vs_error error;
	const struct vs_reader reader = { .file = "", .error = &error };

	for (struct vs_waiting *w = h->first; h->listener && w; w = w->next) {
		struct vs_event_copy copy;
		json_t *json;

		if (!w->own)
			continue;
		w->own = false;
		json = json_loads(w->data, 0, NULL);
		if (!vs_event_read(json, &copy, &reader))
			h->listener(h->listener_ctx, &copy.event);
		vs_event_copy_free(&copy);
		json_decref(json);
	}
}

void vs_waiting_pop(struct vs_history *h)
{
	struct vs_waiting **end = &h->first;

	if (!*end)
		return;
	while ((*end)->next)
		end = &(*end)->next;
	vs_waiting_release(*end);
	*end = NULL;
	h->last = end;
	h->waiting--;
}

uint64_t vs_waiting_outgoing(struct vs_history *h, uint64_t ticket)
{
	size_t offset = offsetof(struct vs_waiting, next);
	struct vs_waiting *w = (void *)((char *)h->last - offset);

	w->ticket = ticket;
	return ticket;
}

/* the first events tell how it began: those that came last go */
void vs_waiting_limit(struct vs_history *h, const struct vs_error *error)
{
	struct vs_waiting **end = &h->first, *w, *next;

	if (h->waiting <= VS_HISTORY_WAIT)
		return;
	for (size_t i = 0; i < VS_HISTORY_WAIT; i++)
		end = &(*end)->next;
	for (w = *end; w; w = next) {
		next = w->next;
		vs_waiting_release(w);
	}
	*end = NULL;
	h->last = end;
	h->lost += h->waiting - VS_HISTORY_WAIT;
	h->waiting = VS_HISTORY_WAIT;
	h->lost_error = *error;
}

void vs_history_pass_on(struct vs_history *from, struct vs_history *to)
{
	if (from->lost)
		to->lost_error = from->lost_error;
	to->lost += from->lost;
	from->lost = 0;
	if (!from->first)
		return;
	/* tickets are the other history's; whoever sends them on has them */
	for (struct vs_waiting *w = from->first; w; w = w->next)
		w->ticket = 0;
	*from->last = to->first;
	to->last = to->first ? to->last : from->last;
	to->first = from->first;
	to->waiting += from->waiting;
	from->first = NULL;
	from->last = &from->first;
	from->waiting = 0;
}

static int vs_waiting_bind(sqlite3_stmt *stmt, const struct vs_waiting *w)
{
	char uuid[VS_UUID_STR];
	const char *const texts[] = {
		w->has_vm ? vs_uuid_format(&w->vm, uuid) : NULL,
		w->vm_name, w->data, w->cause, w->step,
	};
	int rc = sqlite3_bind_int64(stmt, 1, w->time);

	if (!rc)
		rc = sqlite3_bind_int64(stmt, 2, w->id);
	if (!rc)
		rc = sqlite3_bind_int(stmt, 3, w->level);
	/* what is NULL is bound as such */
	for (size_t i = 0; !rc && i < sizeof(texts) / sizeof(*texts); i++)
		rc = sqlite3_bind_text(stmt, 4 + i, texts[i], -1,
				       SQLITE_TRANSIENT);
	if (!rc && w->ticket)
		rc = sqlite3_bind_int64(stmt, 9, w->ticket);
	return rc;
}

int vs_waiting_write(struct vs_history *h)
{
	sqlite3_stmt *stmt;
	int rc;

	if (!h->first)
		return SQLITE_OK;
	rc = vs_db_prepare(h, &stmt,
			   "INSERT INTO event (time, id, level, vm, vm_name, "
			   "data, cause, step, ticket) VALUES (?1, ?2, ?3, "
			   "?4, ?5, ?6, ?7, ?8, ?9)");
	for (struct vs_waiting *w = h->first; w && !rc; w = w->next) {
		rc = vs_waiting_bind(stmt, w);
		if (!rc)
			rc = sqlite3_step(stmt);
		rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
		sqlite3_reset(stmt);
		sqlite3_clear_bindings(stmt);
	}
	sqlite3_finalize(stmt);
	return rc;
}

void vs_waiting_free(struct vs_history *h)
{
	struct vs_waiting *next;

	for (struct vs_waiting *w = h->first; w; w = next) {
		next = w->next;
		vs_waiting_release(w);
	}
	h->first = NULL;
	h->last = &h->first;
	h->waiting = 0;
}
