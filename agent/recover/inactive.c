// SPDX-License-Identifier: GPL-2.0-only
/* R6: forget interfaces of the VM that are no longer in use. */
#include <errno.h>

#include "po/i18n.h"
#include "recover/forget.h"
#include "recover/step.h"

/** struct vs_inactive - the entries and ports of this host */
struct vs_inactive {
	struct vs_client c;
	struct vs_vnics vnics;
	struct vs_host_ports ports;
};

static int vs_inactive_open(struct vs_recovery *r, struct vs_inactive *in)
{
	const struct vs_vnic_filter filter = { .vm = r->uuid };
	struct vs_error error;
	int ret;

	*in = (struct vs_inactive){ 0 };
	/* to a filter, no VM means every VM */
	if (vs_uuid_is_nil(&r->uuid))
		return vs_recovery_fail(r, -EPERM,
					_("the VM has no interface that is "
					  "not in use"));
	ret = vs_client_open(&in->c, &error);
	if (!ret)
		ret = vs_client_vnics(&in->c, &filter, &in->vnics, &error);
	if (!ret)
		ret = vs_host_ports_read(&in->ports, &error);
	/* of no such VM there is nothing, which is no failure */
	if (ret == -ENOENT && error.why != VS_WHY_NOT_LOADED)
		ret = 0;
	return ret ? vs_recovery_error(r, ret, &error) : 0;
}

static void vs_inactive_close(struct vs_inactive *in)
{
	vs_client_close(&in->c);
	vs_vnics_free(&in->vnics);
	vs_host_ports_free(&in->ports);
}

static int vs_inactive_refusal(const struct vs_inactive *in, size_t i,
			       struct vs_buf *why)
{
	const struct vs_driver_vnic *v = &in->vnics.v[i];

	return vs_forget_refusal(v, vs_host_ports_find(&in->ports, v->ifindex),
				 why);
}

int vs_plan_inactive(struct vs_recovery *r)
{
	char name[4 * VS_PORT_NAME + 1], mac[VS_MAC_STR];
	struct vs_buf why = { 0 };
	struct vs_inactive in;
	size_t n = 0;
	int ret = vs_inactive_open(r, &in);

	for (size_t i = 0; i < in.vnics.n && !ret; i++) {
		const struct vs_driver_vnic *v = &in.vnics.v[i];

		vs_buf_free(&why);
		if (vs_inactive_refusal(&in, i, &why))
			continue;
		n++;
		vs_name_escape(name, sizeof(name), v->ifname);
		vs_recovery_will(r, _("forget %s, bound as device ID %u, MAC "
				      "%s"), name, v->device_id,
				 vs_mac_format(&v->mac, mac));
	}
	if (!ret && !n)
		ret = vs_recovery_fail(r, -EPERM, "%s%s%s",
				       _("the VM has no interface that is not "
					 "in use"), why.len ? ": " : "",
				       vs_buf_str(&why));
	vs_buf_free(&why);
	vs_inactive_close(&in);
	return ret;
}

static int vs_inactive_forget(struct vs_recovery *r, struct vs_inactive *in,
			      size_t i)
{
	const struct vs_driver_vnic *v = &in->vnics.v[i];
	struct vs_buf text = { 0 };
	struct vs_difference diff;
	struct vs_event event;
	struct vs_error error;
	int ret = vs_forget(&in->c, v, &error);

	/* gone by itself meanwhile: that is as good */
	if (ret == -ENOENT)
		return 0;
	if (ret)
		return vs_recovery_error(r, ret, &error);
	vs_forget_event(&event, &diff, v, r->look->host.host, r->clock());
	vs_text_event(&text, vs_i18n_lang(), &event, NULL);
	vs_progress_say(r->progress, "%s", vs_buf_str(&text));
	vs_buf_free(&text);
	if (r->record)
		r->record(r, &event);
	return 0;
}

int vs_run_inactive(struct vs_recovery *r)
{
	struct vs_inactive in;
	int ret = vs_inactive_open(r, &in);

	for (size_t i = 0; i < in.vnics.n && !ret; i++) {
		if (vs_progress_stopped(r->progress))
			ret = vs_recovery_fail(r, -ECANCELED,
					       _("it was called off"));
		else if (!vs_inactive_refusal(&in, i, NULL))
			ret = vs_inactive_forget(r, &in, i);
	}
	vs_inactive_close(&in);
	return ret;
}
