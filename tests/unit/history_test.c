// SPDX-License-Identifier: GPL-2.0-only
/* The history: what is recorded is what is read. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/kind.h"
#include "core/text.h"
#include "store.h"
#include "store/event_form.h"
#include "world.h"

static unsigned int seen;
static uint64_t last_seq;

static int same(void *ctx, uint64_t seq, const struct vs_event *event)
{
	const struct vs_event *want = store_sample(seen);
	struct vs_buf a = { 0 }, b = { 0 };
	json_t *x = vs_event_write(event), *y = vs_event_write(want);

	(void)ctx;
	assert_true(seq > last_seq);
	last_seq = seq;
	assert_row(seen, json_equal(x, y));
	vs_text_event(&a, NULL, event, NULL);
	vs_text_event(&b, NULL, want, NULL);
	assert_row_string(seen, vs_buf_str(&a), vs_buf_str(&b));
	assert_row(seen, !event->vm == !want->vm);
	assert_row(seen, event->count == want->count &&
		   event->steps == want->steps && event->time == want->time &&
		   event->cause == want->cause &&
		   event->gap == want->gap && event->since == want->since);
	vs_buf_free(&a);
	vs_buf_free(&b);
	json_decref(x);
	json_decref(y);
	seen++;
	return 0;
}

static void same_all(struct vs_history *h)
{
	struct vs_history_query q = { 0 };
	struct vs_error error;

	seen = 0;
	last_seq = 0;
	assert_int_equal(vs_history_each(h, &q, same, NULL, &error), 0);
	assert_int_equal(seen, STORE_SAMPLES);
	assert_int_equal(q.unreadable, 0);
}

/* every event, every field, whatever bytes there are in names */
static void round_trip(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path), *reader;
	struct vs_error error;

	(void)state;
	/* every kind is among them */
	assert_null(vs_event_kind_at(STORE_SAMPLES));
	vs_history_begin(h, &error);
	for (unsigned int i = 0; i < STORE_SAMPLES; i++)
		vs_history_add(h, store_sample(i));
	assert_int_equal(vs_history_waiting(h), STORE_SAMPLES);
	assert_int_equal(store_count(h), 0);
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_int_equal(vs_history_waiting(h), 0);
	same_all(h);
	reader = store_reader(path);
	same_all(reader);
	vs_history_close(h);
	same_all(reader);
	vs_history_close(reader);
	reader = store_reader(path);
	same_all(reader);
	vs_history_close(reader);
}

/* nobody but root reads it */
static void modes(void **state)
{
	const char *path = store_path();
	struct vs_history *h;
	char folder[96];
	struct stat st;
	mode_t mask = umask(0);

	(void)state;
	h = store_open(path);
	store_put(h, store_event(VS_EVENT_IN_SYNC, 1, 1));
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	snprintf(folder, sizeof(folder), "%s-wal", path);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	*strrchr(folder, '/') = '\0';
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	vs_history_close(h);
}

/** struct found - the events that a query found, by VM */
struct found {
	char text[256];
	size_t stop;
};

static int found_one(void *ctx, uint64_t seq, const struct vs_event *event)
{
	struct found *f = ctx;
	size_t len = strlen(f->text);

	snprintf(f->text + len, sizeof(f->text) - len, "%s%llu:%s",
		 len ? " " : "", (unsigned long long)seq,
		 event->vm_name ? event->vm_name : "-");
	return f->stop && !--f->stop ? 42 : 0;
}

static void queries(void **state)
{
	struct vs_uuid vm2 = world_uuid(2), other = world_uuid(9);
	const struct {
		struct vs_history_query q;
		const char *found;
	} rows[] = {
		{ { 0 }, "1:- 2:vm1 3:vm2 4:vm1 5:vm2 6:-" },
		{ { .since = 200 }, "2:vm1 3:vm2 4:vm1 5:vm2 6:-" },
		{ { .since = 201 }, "3:vm2 4:vm1 5:vm2 6:-" },
		{ { .until = 200 }, "1:-" },
		{ { .since = 200, .until = 400 }, "2:vm1 3:vm2" },
		{ { .id = 368 }, "2:vm1 3:vm2" },
		{ { .id = 4711 }, "" },
		{ { .level = VS_LEVEL_WARNING }, "1:- 2:vm1 3:vm2 6:-" },
		{ { .level = VS_LEVEL_ERROR }, "" },
		{ { .vm = &vm2 }, "3:vm2 5:vm2" },
		{ { .vm = &other }, "" },
		{ { .vm_name = "vm1" }, "2:vm1 4:vm1" },
		{ { .vm_name = "vm" }, "" },
		{ { .vm_name = "' OR 1=1 --" }, "" },
		{ { .after_seq = 4 }, "5:vm2 6:-" },
		{ { .after_seq = UINT64_MAX }, "" },
		{ { .limit = 2 }, "1:- 2:vm1" },
		{ { .limit = 2, .newest = true }, "5:vm2 6:-" },
		{ { .limit = SIZE_MAX, .newest = true },
		  "1:- 2:vm1 3:vm2 4:vm1 5:vm2 6:-" },
		{ { .limit = 1, .newest = true, .id = 368, .vm_name = "vm1" },
		  "2:vm1" },
		{ { .limit = 1, .after_seq = 1 }, "2:vm1" },
	};
	struct vs_history *h = store_open(store_path());
	struct vs_error error;

	(void)state;
	store_put(h, store_event(VS_EVENT_INVENTORY_LOST, 100, 0));
	store_put(h, store_event(VS_EVENT_OUT_OF_SYNC, 200, 1));
	store_put(h, store_event(VS_EVENT_OUT_OF_SYNC, 300, 2));
	store_put(h, store_event(VS_EVENT_IN_SYNC, 400, 1));
	store_put(h, store_event(VS_EVENT_IN_SYNC, 500, 2));
	store_put(h, store_event(VS_EVENT_INVENTORY_BACK, 600, 0));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct vs_history_query q = rows[i].q;
		struct found f = { 0 };

		assert_row(i, vs_history_each(h, &q, found_one, &f,
					      &error) == 0);
		assert_row_string(i, f.text, rows[i].found);
	}
	vs_history_close(h);
}

/* who asks may stop; a VM that was renamed is the same VM */
static void stopped_and_renamed(void **state)
{
	struct vs_history *h = store_open(store_path());
	struct vs_history_query q = { 0 };
	struct found f = { .stop = 2 };
	struct vs_event event;
	struct vs_error error;

	(void)state;
	store_put(h, store_event(VS_EVENT_OUT_OF_SYNC, 1, 1));
	event = *store_event(VS_EVENT_IN_SYNC, 2, 1);
	event.vm_name = "new";
	store_put(h, &event);
	store_put(h, store_event(VS_EVENT_OUT_OF_SYNC, 3, 3));
	assert_int_equal(vs_history_each(h, &q, found_one, &f, &error), 42);
	assert_string_equal(f.text, "1:vm1 2:new");
	f = (struct found){ 0 };
	q.vm_name = "vm1";
	assert_int_equal(vs_history_each(h, &q, found_one, &f, &error), 0);
	assert_string_equal(f.text, "1:vm1 2:new");
	vs_history_close(h);
}

static void count_one(void *ctx, unsigned int id, uint64_t n)
{
	char *text = ctx;

	sprintf(text + strlen(text), "%u:%llu ", id, (unsigned long long)n);
}

/* old events go, their numbers are not used again, and counts stay */
static void pruned(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct vs_history_query q = { 0 };
	char counts[64] = "";
	struct found f = { 0 };
	struct vs_error error;

	(void)state;
	for (int i = 1; i <= 5; i++)
		store_put(h, store_event(i % 2 ? 368 : 9000, i * 100, i));
	assert_int_equal(vs_history_prune(h, 100, &error), 0);
	assert_int_equal(vs_history_prune(h, 301, &error), 3);
	assert_int_equal(vs_history_prune(h, 301, &error), 0);
	assert_int_equal(vs_history_each(h, &q, found_one, &f, &error), 0);
	assert_string_equal(f.text, "4:vm4 5:vm5");
	assert_int_equal(vs_history_prune(h, 1000, &error), 2);
	vs_history_close(h);
	h = store_open(path);
	store_put(h, store_event(368, 2000, 6));
	f = (struct found){ 0 };
	vs_history_each(h, &q, found_one, &f, &error);
	assert_string_equal(f.text, "6:vm6");
	vs_history_each_count(h, count_one, counts);
	assert_string_equal(counts, "368:4 9000:2 ");
	vs_history_close(h);
}

/* a reader sees whole transactions, while the writer goes on */
static void beside(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path), *reader;
	struct vs_error error;

	(void)state;
	store_put(h, store_event(368, 1, 1));
	reader = store_reader(path);
	assert_int_equal(store_count(reader), 1);
	for (int i = 0; i < 50; i++) {
		vs_history_begin(h, &error);
		vs_history_add(h, store_event(368, i, 1));
		vs_history_add(h, store_event(9000, i, 1));
		assert_int_equal(store_count(reader), 1 + 2 * i);
		assert_int_equal(vs_history_commit(h, &error), 0);
		assert_int_equal(store_count(reader), 3 + 2 * i);
	}
	vs_history_close(reader);
	vs_history_close(h);
}

/* what happened to nobody is not written */
static void nothing(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	struct world w;
	struct vs_error error;
	char wal[96];
	struct stat before, after;

	(void)state;
	world_open(&w, 0, 1);
	world_ready(&w);
	world_vm(&w, 1);
	world_vnic(&w, 1, 0, 1);
	snprintf(wal, sizeof(wal), "%s-wal", path);
	for (int i = 0; i < 20; i++) {
		vs_history_begin(h, &error);
		world_after(&w, 1000);
		assert_int_equal(vs_history_save(h, w.e), 0);
		assert_int_equal(vs_history_commit(h, &error), 0);
		assert_int_equal(stat(wal, i ? &after : &before), 0);
	}
	assert_int_equal(after.st_size, before.st_size);
	assert_int_equal(after.st_mtim.tv_nsec, before.st_mtim.tv_nsec);
	assert_int_equal(store_number(path, "SELECT count(*) FROM alert"), 1);
	world_close(&w);
	vs_history_close(h);
}

/* another process that records 50 events, each by itself */
static pid_t appending(const char *path)
{
	struct vs_error error;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	for (int i = 0; i < 50; i++) {
		if (vs_history_append(path, store_event(295, i, 1), &error))
			_exit(1);
	}
	_exit(0);
}

/* a command records beside the agent, and neither loses anything */
static void appended(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path);
	char other[160], text[176];
	struct vs_error error;
	int status;
	pid_t pid;

	(void)state;
	/* what SQLite has open is nothing to be inherited */
	vs_history_close(h);
	pid = appending(path);
	h = store_open(path);
	for (int i = 0; i < 50; i++) {
		vs_history_begin(h, &error);
		vs_history_add(h, store_event(368, i, 1));
		/* what has to wait is written with the next one */
		vs_history_commit(h, &error);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_int_equal(store_count(h), 100);
	assert_int_equal(store_number(path, "SELECT sum(n) FROM counter"),
			 100);
	vs_history_close(h);
	/* without an agent, it is made; without a folder, there is none */
	snprintf(other, sizeof(other), "%s.other", path);
	assert_int_equal(vs_history_append(other, store_event(295, 1, 1),
					   &error), 0);
	assert_int_equal(store_number(other, "SELECT count(*) FROM event"), 1);
	snprintf(text, sizeof(text), "%s.none/events.db", path);
	assert_int_equal(vs_history_append(text, store_event(295, 1, 1),
					   &error), -ENOENT);
	/* what is damaged is the agent's to set aside */
	snprintf(text, sizeof(text), "%s-wal", other);
	unlink(text);
	assert_int_equal(truncate(other, 0), 0);
	assert_int_equal(truncate(other, 8192), 0);
	assert_int_equal(vs_history_append(other, store_event(295, 1, 1),
					   &error), -EUCLEAN);
	assert_int_equal(access(other, F_OK), 0);
}

/* a child that is there until *@told is closed */
static pid_t child(int *told)
{
	int ends[2], runs[2];
	char none;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(pipe2(runs, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		dup2(ends[0], STDIN_FILENO);
		execlp("cat", "cat", NULL);
		_exit(127);
	}
	/* this ends as it becomes that program */
	close(runs[1]);
	assert_int_equal(read(runs[0], &none, 1), 0);
	close(runs[0]);
	close(ends[0]);
	*told = ends[1];
	return pid;
}

/* one writer at a time, whatever it calls the file; others may add to it */
static void kept(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path), *second;
	struct vs_error error;
	char text[160], name[160];
	int told, status;
	pid_t pid;

	(void)state;
	snprintf(text, sizeof(text), "another vmsafe-agent, process %d, ",
		 getpid());
	assert_int_equal(vs_history_open(path, false, &second, &error),
			 -EALREADY);
	assert_null(second);
	assert_non_null(strstr(error.detail, text));
	snprintf(name, sizeof(name), "%s.link", path);
	assert_int_equal(symlink(path, name), 0);
	assert_int_equal(vs_history_open(name, false, &second, &error),
			 -EALREADY);
	snprintf(name, sizeof(name), "%s.other", path);
	vs_history_close(store_open(name));
	assert_int_equal(vs_history_append(path, store_event(295, 1, 1),
					   &error), 0);
	/* the one that keeps it is not disturbed by any of that */
	store_put(h, store_event(368, 2, 1));
	assert_int_equal(store_count(h), 2);
	pid = child(&told);
	vs_history_close(h);
	vs_history_close(store_open(path));
	close(told);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

/* the lock goes with its file: who comes after "rm -r" has one of its own */
static void kept_anew(void **state)
{
	const char *path = store_path();
	struct vs_history *h = store_open(path), *second;
	struct vs_error error;
	char lock[128];

	(void)state;
	snprintf(lock, sizeof(lock), "%s.lock", path);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(vs_history_begin(h, &error), 0);
	assert_int_equal(access(lock, F_OK), 0);
	assert_int_equal(vs_history_open(path, false, &second, &error),
			 -EALREADY);
	/* and if another one was faster, what is told waits */
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(unlink(path), 0);
	second = store_open(path);
	/* h has the file that was unlinked open still, and sees that */
	assert_int_equal(vs_history_begin(h, &error), -EALREADY);
	vs_history_add(h, store_event(368, 1, 1));
	assert_int_equal(vs_history_commit(h, &error), -EALREADY);
	assert_int_equal(store_count(second), 0);
	vs_history_close(second);
	assert_int_equal(vs_history_begin(h, &error), 0);
	assert_int_equal(vs_history_commit(h, &error), 0);
	assert_int_equal(store_count(h), 1);
	vs_history_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),
		cmocka_unit_test(modes),
		cmocka_unit_test(queries),
		cmocka_unit_test(stopped_and_renamed),
		cmocka_unit_test(pruned),
		cmocka_unit_test(beside),
		cmocka_unit_test(nothing),
		cmocka_unit_test(appended),
		cmocka_unit_test(kept),
		cmocka_unit_test(kept_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
