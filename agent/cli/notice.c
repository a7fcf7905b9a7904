// SPDX-License-Identifier: GPL-2.0-only
#include "cli/bypass.h"
#include "cli/notice.h"
#include "cli/row.h"
#include "core/name.h"
#include "driver/form.h"

static const char *const vs_notice_words[] = {
	[VS_NOTICE_NONE] = "none",
	[VS_NOTICE_HOST] = "host",
	[VS_NOTICE_VNIC] = "vnic",
	[VS_NOTICE_CLAIM] = "claim",
	[VS_NOTICE_LOST] = "lost",
	[VS_NOTICE_UNLOADED] = "unloaded",
	[VS_NOTICE_LOADED] = "loaded",
};

static void vs_notice_name(struct vs_buf *buf, const char *label,
			   const char *name)
{
	char safe[VS_NAME_ESCAPED];

	vs_name_escape(safe, sizeof(safe), name);
	vs_buf_addf(buf, " %s %s", label, safe);
}

static void vs_notice_identity(struct vs_buf *buf,
			       const struct vs_driver_vnic *v)
{
	char mac[VS_MAC_STR], uuid[VS_UUID_STR];

	if (!vs_driver_vnic_is_bound(v))
		return;
	vs_notice_name(buf, "vm", v->vm_name);
	vs_buf_addf(buf, " uuid %s device-id %u mac %s",
		    vs_uuid_format(&v->vm_uuid, uuid), v->device_id,
		    vs_mac_format(&v->mac, mac));
}

static void vs_notice_vnic(struct vs_buf *buf, const struct vs_driver_vnic *v,
			   const struct vs_change *change)
{
	vs_buf_addf(buf, " %s", vs_driver_word(VS_WORDS_REASON, v->reason));
	vs_notice_name(buf, "port", v->ifname);
	vs_buf_addf(buf, " ifindex %u id %llu mode %s", v->ifindex,
		    (unsigned long long)v->id,
		    vs_driver_word(VS_WORDS_MODE, v->mode));
	if (change->is)
		vs_buf_addf(buf, " was %s because %s",
			    vs_driver_word(VS_WORDS_MODE, change->was),
			    change->cause);
	vs_notice_identity(buf, v);
}

static void vs_notice_host(struct vs_buf *buf, const struct vs_driver_host *h)
{
	vs_buf_addf(buf, " %s", vs_driver_word(VS_WORDS_REASON, h->reason));
	vs_buf_addf(buf, " appliance %s epoch %llu",
		    vs_driver_word(VS_WORDS_APPLIANCE_STATE,
				   h->appliance_state),
		    (unsigned long long)h->epoch);
	if (h->appliance_pid)
		vs_buf_addf(buf, " pid %u", h->appliance_pid);
	vs_buf_addf(buf, " ports %u of %u", h->vnic_count, h->vnic_limit);
}

static void vs_notice_claim(struct vs_buf *buf,
			    const struct vs_driver_claim *c)
{
	char mac[VS_MAC_STR], uuid[VS_UUID_STR];

	vs_buf_addf(buf, " %s",
		    vs_driver_word(VS_WORDS_CLAIM_KIND, c->kind));
	vs_notice_name(buf, "port", c->ifname);
	vs_notice_name(buf, "vm", c->vm_name);
	vs_buf_addf(buf, " uuid %s device-id %u mac %s",
		    vs_uuid_format(&c->vm_uuid, uuid), c->device_id,
		    vs_mac_format(&c->mac, mac));
	vs_notice_name(buf, "holder", c->holder_ifname);
	vs_notice_name(buf, "vm", c->holder_vm_name);
	vs_buf_addf(buf, " uuid %s device-id %u",
		    vs_uuid_format(&c->holder_vm_uuid, uuid),
		    c->holder_device_id);
}

void vs_notice_text(struct vs_buf *buf, const struct vs_notice *notice,
		    const struct vs_change *change, vs_time now)
{
	char date[VS_DATE];

	vs_buf_addf(buf, "%s", vs_date(now, date));
	if (notice->missed)
		vs_buf_addf(buf, " (%u missed)", notice->missed);
	if (notice->seq)
		vs_buf_addf(buf, " #%u", notice->seq);
	vs_buf_addf(buf, " %s", vs_notice_words[notice->kind]);
	if (notice->kind == VS_NOTICE_VNIC)
		vs_notice_vnic(buf, &notice->vnic, change);
	else if (notice->kind == VS_NOTICE_HOST)
		vs_notice_host(buf, &notice->host);
	else if (notice->kind == VS_NOTICE_CLAIM)
		vs_notice_claim(buf, &notice->claim);
}

json_t *vs_notice_json(const struct vs_notice *notice,
		       const struct vs_change *change, vs_time now)
{
	json_t *row = NULL;

	if (notice->kind == VS_NOTICE_VNIC)
		row = vs_record_write(&vs_vnic_record, &notice->vnic);
	else if (notice->kind == VS_NOTICE_HOST)
		row = vs_record_write(&vs_host_record, &notice->host);
	else if (notice->kind == VS_NOTICE_CLAIM)
		row = vs_record_write(&vs_claim_record, &notice->claim);
	else
		row = json_object();
	if (change->is) {
		vs_row_text(row, "mode_was",
			    vs_driver_word(VS_WORDS_MODE, change->was));
		vs_row_text(row, "mode_cause", change->cause);
	}
	json_object_set_new(row, "time", json_integer(now));
	json_object_set_new(row, "event",
			    json_string(vs_notice_words[notice->kind]));
	json_object_set_new(row, "missed", json_integer(notice->missed));
	return row;
}

static const char *const vs_notice_bypass_words[] = {
	[VS_BYPASS_NO] = "over",
	[VS_BYPASS_YES] = "bypassed",
	[VS_BYPASS_UNKNOWN] = "unknown",
};

void vs_notice_bypass_text(struct vs_buf *buf, const struct vs_driver_vnic *v,
			   enum vs_bypass bypass, const struct vs_foreigns *f,
			   vs_time now)
{
	char date[VS_DATE];

	vs_buf_addf(buf, "%s bypass %s", vs_date(now, date),
		    vs_notice_bypass_words[bypass]);
	vs_notice_name(buf, "port", v->ifname);
	vs_buf_addf(buf, " ifindex %u id %llu", v->ifindex,
		    (unsigned long long)v->id);
	vs_notice_identity(buf, v);
	if (bypass == VS_BYPASS_YES) {
		vs_buf_add(buf, " by ");
		vs_foreigns_text(buf, f, v->ifindex);
	}
}

json_t *vs_notice_bypass_json(const struct vs_driver_vnic *v,
			      enum vs_bypass bypass,
			      const struct vs_foreigns *f, vs_time now)
{
	json_t *row = vs_row_vnic(v);

	vs_bypass_add(row, f, v->ifindex);
	vs_row_text(row, "reason", vs_notice_bypass_words[bypass]);
	json_object_set_new(row, "time", json_integer(now));
	vs_row_text(row, "event", "bypass");
	return row;
}
