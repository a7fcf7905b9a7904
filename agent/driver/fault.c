// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/name.h"
#include "driver/fault.h"
#include "po/i18n.h"

/** struct vs_fault - an error in words; the bits say what there is of it */
struct vs_fault {
	uint64_t has;
	char op[24];
	char why[24];
	char err[24];
	char ioctl[sizeof(((struct vs_error *)0)->ioctl)];
	char detail[VS_ERROR_DETAIL];
};

enum {
	VS_FAULT_WHY = 1,
	VS_FAULT_ERR = 2,
	VS_FAULT_IOCTL = 4,
	VS_FAULT_DETAIL = 8,
};

#define VS_FAULT(k, member, b) \
	{ .key = k, .kind = VS_FIELD_STRING, \
	  .offset = offsetof(struct vs_fault, member), \
	  .size = sizeof(((struct vs_fault *)0)->member), .bit = b }

static const struct vs_field vs_fault_fields[] = {
	VS_FAULT("op", op, 0),
	VS_FAULT("why", why, VS_FAULT_WHY),
	VS_FAULT("errno", err, VS_FAULT_ERR),
	VS_FAULT("ioctl", ioctl, VS_FAULT_IOCTL),
	VS_FAULT("detail", detail, VS_FAULT_DETAIL),
};

static const struct vs_record vs_fault_record = {
	.fields = vs_fault_fields,
	.n = sizeof(vs_fault_fields) / sizeof(*vs_fault_fields),
	.has = offsetof(struct vs_fault, has),
};

json_t *vs_fault_write(const struct vs_error *error)
{
	struct vs_fault f = {
		.has = (error->why ? VS_FAULT_WHY : 0) |
		       (error->err ? VS_FAULT_ERR : 0) |
		       (*error->ioctl ? VS_FAULT_IOCTL : 0) |
		       (*error->detail ? VS_FAULT_DETAIL : 0),
	};
	char name[24];

	snprintf(f.op, sizeof(f.op), "%s", vs_op_word(error->op));
	snprintf(f.why, sizeof(f.why), "%s", vs_why_word(error->why));
	snprintf(f.err, sizeof(f.err), "%s", vs_errno_name(error->err, name));
	memcpy(f.ioctl, error->ioctl, sizeof(f.ioctl));
	memcpy(f.detail, error->detail, sizeof(f.detail));
	return vs_record_write(&vs_fault_record, &f);
}

int vs_fault_read(const json_t *json, struct vs_error *error,
		  const struct vs_reader *reader, const char *path)
{
	struct vs_fault f = { 0 };
	int ret;

	memset(error, 0, sizeof(*error));
	ret = vs_record_read(&vs_fault_record, json, &f, reader, path);
	if (ret)
		return ret;
	if (vs_op_parse(f.op, &error->op) ||
	    ((f.has & VS_FAULT_WHY) && vs_why_parse(f.why, &error->why)) ||
	    ((f.has & VS_FAULT_ERR) && vs_errno_parse(f.err, &error->err)))
		return vs_reader_fail(reader, path, _("is not a known error"));
	/* it is going to be printed */
	vs_name_escape(error->ioctl, sizeof(error->ioctl), f.ioctl);
	vs_name_escape(error->detail, sizeof(error->detail), f.detail);
	return 0;
}
