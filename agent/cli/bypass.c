// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>

#include "cli/bypass.h"
#include "core/name.h"
#include "core/text.h"
#include "driver/snapshot_form.h"

void vs_bypass_add(json_t *row, const struct vs_foreigns *f, uint32_t ifindex)
{
	enum vs_bypass bypass = vs_foreigns_of(f, ifindex);
	const struct vs_foreign *foreign;
	json_t *list;
	size_t n;

	if (!f->asked || bypass == VS_BYPASS_UNKNOWN)
		return;
	json_object_set_new(row, "bypassed",
			    json_boolean(bypass == VS_BYPASS_YES));
	foreign = vs_foreigns_first(f, ifindex, &n);
	if (!foreign)
		return;
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, vs_snapshot_foreign(&foreign[i]));
	json_object_set_new(row, "bypassed_by", list);
}

void vs_bypass_lines(const struct vs_foreigns *f, uint32_t ifindex)
{
	const struct vs_foreign *foreign;
	size_t n;

	foreign = vs_foreigns_first(f, ifindex, &n);
	for (size_t i = 0; i < n; i++) {
		struct vs_buf text = { 0 };

		vs_foreign_text(&text, &foreign[i]);
		printf("%s: %s\n", _("Bypassed by"), vs_buf_str(&text));
		vs_buf_free(&text);
	}
}

void vs_bypass_check_line(const struct vs_foreigns *f)
{
	struct vs_buf text = { 0 };

	if (!f->asked) {
		vs_buf_add(&text, _("nobody has looked"));
	} else if (f->error.op) {
		vs_buf_addf(&text, "%s: ", _("not complete, so \"none\" is "
					     "not known"));
		vs_text_error(&text, vs_i18n_lang(), &f->error);
	} else if (f->tcx) {
		vs_buf_add(&text, _("XDP, tc and tcx were looked at"));
	} else {
		vs_buf_add(&text, _("XDP and tc were looked at; this kernel "
				    "has no tcx"));
	}
	printf("%s: %s\n", _("Bypass check"), vs_buf_str(&text));
	vs_buf_free(&text);
}

void vs_bypass_warn(json_t *row, const struct vs_driver_vnic *vnic)
{
	char port[4 * VS_PORT_NAME + 1];
	struct vs_buf text = { 0 };
	struct vs_foreigns f;

	vs_name_escape(port, sizeof(port), vnic->ifname);
	vs_bypass_scan(&f, vnic, 1);
	if (row)
		vs_bypass_add(row, &f, vnic->ifindex);
	switch (vs_foreigns_of(&f, vnic->ifindex)) {
	case VS_BYPASS_YES:
		vs_foreigns_text(&text, &f, vnic->ifindex);
		vs_say(_("warning: %s is bypassed: %s"), port,
		       vs_buf_str(&text));
		break;
	case VS_BYPASS_UNKNOWN:
		vs_text_error(&text, vs_i18n_lang(), &f.error);
		vs_say(_("warning: whether %s is bypassed is not known: %s"),
		       port, vs_buf_str(&text));
		break;
	default:
		break;
	}
	vs_buf_free(&text);
	vs_foreigns_free(&f);
}
