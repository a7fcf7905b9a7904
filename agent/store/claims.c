// SPDX-License-Identifier: GPL-2.0-only
/* Refused claims that were told, from one start of the agent to the next. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/name.h"
#include "driver/record.h"
#include "po/i18n.h"
#include "store/model.h"

int vs_history_save_claims(struct vs_history *h, const struct vs_claimed *v,
			   size_t n)
{
	char uuid[VS_UUID_STR], key[VS_UUID_STR + 64];

	vs_rows_free(&h->claims);
	for (size_t i = 0; i < n; i++) {
		vs_uuid_format(&v[i].vm, uuid);
		snprintf(key, sizeof(key), "%016" PRIx64 " %" PRIu64 " %"
			 PRIu64 " %s", v[i].instance, v[i].id,
			 v[i].holder_id, uuid);
		/* all 64 bits of each, whatever their sign */
		vs_rows_add(&h->claims, key,
			    json_pack("{sI,sI,sI,ss}",
				      "instance", (json_int_t)v[i].instance,
				      "id", (json_int_t)v[i].id,
				      "holder_id", (json_int_t)v[i].holder_id,
				      "vm", uuid));
	}
	h->claimed = true;
	h->broken |= h->claims.failed;
	return h->claims.failed ? -ENOMEM : 0;
}

/** struct vs_claims_reader - claims that are being read */
struct vs_claims_reader {
	char file[160];
	struct vs_claimed *v;
	size_t n;
};

static int vs_claims_read_one(void *ctx, const json_t *data,
			      struct vs_error *error)
{
	struct vs_claims_reader *c = ctx;
	const struct vs_reader reader = { .file = c->file, .error = error };
	json_int_t instance, id, holder_id;
	struct vs_claimed *v;
	struct vs_uuid uuid;
	const char *vm;

	if (json_unpack((json_t *)data, "{sI,sI,sI,ss}",
			"instance", &instance, "id", &id,
			"holder_id", &holder_id, "vm", &vm) ||
	    vs_uuid_parse(vm, &uuid))
		return vs_reader_fail(&reader, "claim", _("is damaged"));
	v = reallocarray(c->v, c->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	c->v = v;
	v[c->n++] = (struct vs_claimed){
		.instance = instance, .id = id, .holder_id = holder_id,
		.vm = uuid,
	};
	return 0;
}

int vs_history_load_claims(struct vs_history *h, struct vs_claimed **v,
			   size_t *n, struct vs_error *error)
{
	struct vs_claims_reader c = { 0 };
	int ret = 0;

	*error = (struct vs_error){ 0 };
	vs_name_escape(c.file, sizeof(c.file), h->path);
	if (h->db)
		ret = vs_rows_each(h, "SELECT data FROM claim ORDER BY key",
				   vs_claims_read_one, &c, error);
	*v = c.v;
	*n = c.n;
	return ret;
}
