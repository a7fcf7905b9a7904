// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "inventory/element.h"
#include "po/i18n.h"

static const char *const vs_vm_fields[] = {
	"uuid", "name", "host", "power", "protected", "template", "vnics", NULL
};

static const char *const vs_vnic_fields[] = { "device_id", "mac", NULL };

/* a value as part of a message: safe, and not for ever */
struct vs_quote {
	char s[96];
};

static struct vs_quote vs_quote(const char *s)
{
	struct vs_quote q;

	if (vs_name_escape(q.s, sizeof(q.s) - 3, s) >= sizeof(q.s) - 3)
		strcat(q.s, "...");
	return q;
}

/* which member of an object a field is: objects keep the order of the text */
static size_t vs_element_ordinal(json_t *object, const char *field)
{
	const char *key;
	json_t *value;
	size_t n = 0;

	json_object_foreach(object, key, value) {
		if (strcmp(key, field) == 0)
			break;
		n++;
	}
	return n;
}

static size_t vs_element_line(const struct vs_element *el, size_t vnic,
			      const char *field)
{
	struct vs_scan s = el->start;
	json_t *object = el->json;
	const char *text;
	size_t len;

	if (vnic != VS_NO_VNIC) {
		/* at the member, past its key, into the array */
		if (!vs_scan_child(&s, vs_element_ordinal(object, "vnics")) ||
		    !vs_scan_string(&s, &text, &len) ||
		    !vs_scan_take(&s, ':') || !vs_scan_child(&s, vnic))
			return el->start.line;
		object = json_array_get(json_object_get(object, "vnics"),
					vnic);
	}
	/* a field that is missing is missing where the object begins */
	vs_scan_peek(&s);
	len = s.line;
	if (field && json_object_get(object, field) &&
	    vs_scan_child(&s, vs_element_ordinal(object, field)))
		len = s.line;
	return len;
}

int vs_element_fail(const struct vs_element *el, size_t vnic,
		    const char *field, const char *fmt, ...)
{
	char what[256], where[64] = "";
	struct vs_quote name = vs_quote(field ? field : "");
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	if (vnic != VS_NO_VNIC)
		snprintf(where, sizeof(where), ".vnics[%zu]", vnic);
	vs_error_set(el->error, VS_OP_PARSE, VS_WHY_BAD_DATA, EINVAL,
		     "%s:%zu: vms[%zu]%s%s%s: %s", el->file,
		     vs_element_line(el, vnic, field), el->index, where,
		     field ? "." : "", name.s, what);
	return -EINVAL;
}

static int vs_element_fields(const struct vs_element *el, size_t vnic,
			     json_t *object, const char *const *known)
{
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value) {
		size_t i = 0;

		while (known[i] && strcmp(known[i], key) != 0)
			i++;
		if (!known[i])
			return vs_element_fail(el, vnic, key,
					       _("is not a field known here"));
	}
	return 0;
}

static int vs_element_string(const struct vs_element *el, size_t vnic,
			     json_t *object, const char *field,
			     const char **out)
{
	json_t *value = json_object_get(object, field);

	if (!value)
		return vs_element_fail(el, vnic, field, _("is missing"));
	*out = json_string_value(value);
	if (!*out)
		return vs_element_fail(el, vnic, field,
				       _("must be a string"));
	if (strlen(*out) != json_string_length(value))
		return vs_element_fail(el, vnic, field,
				       _("has control characters in it"));
	return 0;
}

static int vs_element_name(const struct vs_element *el, const char *field,
			   const char **out)
{
	int ret = vs_element_string(el, VS_NO_VNIC, el->json, field, out);

	if (ret)
		return ret;
	switch (vs_name_check(*out)) {
	case 0:
		return 0;
	case -ENAMETOOLONG:
		return vs_element_fail(el, VS_NO_VNIC, field,
				       _("is longer than %d bytes"),
				       VS_NAME_MAX);
	default:
		return vs_element_fail(el, VS_NO_VNIC, field,
				       **out ? _("has control characters in it")
					     : _("is empty"));
	}
}

static int vs_element_bool(const struct vs_element *el, const char *field,
			   bool *out)
{
	json_t *value = json_object_get(el->json, field);

	if (!value)
		return 0;
	if (!json_is_boolean(value))
		return vs_element_fail(el, VS_NO_VNIC, field,
				       _("must be true or false"));
	*out = json_is_true(value);
	return 0;
}

static int vs_element_uuid(const struct vs_element *el, struct vs_uuid *uuid)
{
	const char *s;
	int ret = vs_element_string(el, VS_NO_VNIC, el->json, "uuid", &s);

	if (ret)
		return ret;
	switch (vs_uuid_parse(s, uuid)) {
	case 0:
		return 0;
	case -ERANGE:
		return vs_element_fail(el, VS_NO_VNIC, "uuid",
				       _("the nil UUID names no VM"));
	default:
		return vs_element_fail(el, VS_NO_VNIC, "uuid",
				       _("\"%s\" is not a UUID"),
				       vs_quote(s).s);
	}
}

static int vs_element_power(const struct vs_element *el, enum vs_power *power)
{
	const char *s;
	int ret;

	if (!json_object_get(el->json, "power"))
		return 0;
	ret = vs_element_string(el, VS_NO_VNIC, el->json, "power", &s);
	if (!ret && vs_power_parse(s, power))
		ret = vs_element_fail(el, VS_NO_VNIC, "power",
				      _("\"%s\" is none of running, shut off, "
					"paused, suspended"), vs_quote(s).s);
	return ret;
}

int vs_element_vm(const struct vs_element *el, struct vs_vm_fact *fact)
{
	bool is_protected = true;
	int ret;

	*fact = (struct vs_vm_fact){ .power = VS_POWER_RUNNING };
	ret = vs_element_fields(el, VS_NO_VNIC, el->json, vs_vm_fields);
	if (!ret)
		ret = vs_element_uuid(el, &fact->uuid);
	if (!ret)
		ret = vs_element_name(el, "name", &fact->name);
	if (!ret && json_object_get(el->json, "host"))
		ret = vs_element_name(el, "host", &fact->host);
	if (!ret)
		ret = vs_element_power(el, &fact->power);
	if (!ret)
		ret = vs_element_bool(el, "protected", &is_protected);
	if (!ret)
		ret = vs_element_bool(el, "template", &fact->is_template);
	fact->unprotected = !is_protected;
	return ret;
}

static int vs_element_device_id(const struct vs_element *el, size_t i,
				json_t *object, uint16_t *id)
{
	json_t *value = json_object_get(object, "device_id");
	json_int_t n = json_integer_value(value);

	if (!value)
		return vs_element_fail(el, i, "device_id", _("is missing"));
	if (!json_is_integer(value))
		return vs_element_fail(el, i, "device_id",
				       _("must be a whole number"));
	if (n < 0 || n > VS_DEVICE_ID_MAX)
		return vs_element_fail(el, i, "device_id",
				       _("%lld is not between 0 and %d"),
				       (long long)n, VS_DEVICE_ID_MAX);
	*id = n;
	return 0;
}

static int vs_element_mac(const struct vs_element *el, size_t i,
			  json_t *object, struct vs_mac *mac)
{
	const char *s;
	int ret = vs_element_string(el, i, object, "mac", &s);

	if (ret)
		return ret;
	switch (vs_mac_parse_guest(s, mac)) {
	case 0:
		return 0;
	case -ERANGE:
		return vs_element_fail(el, i, "mac",
				       _("%s is no MAC address that a vNIC "
					 "can have"), s);
	default:
		return vs_element_fail(el, i, "mac",
				       _("\"%s\" is not a MAC address"),
				       vs_quote(s).s);
	}
}

static int vs_element_vnic(const struct vs_element *el, size_t i,
			   json_t *object, struct vs_vnic_fact *fact)
{
	int ret;

	if (!json_is_object(object))
		return vs_element_fail(el, i, NULL, _("must be an object"));
	ret = vs_element_fields(el, i, object, vs_vnic_fields);
	if (!ret)
		ret = vs_element_device_id(el, i, object, &fact->device_id);
	if (!ret)
		ret = vs_element_mac(el, i, object, &fact->mac);
	return ret;
}

/** struct vs_used - what a vNIC has that no other may have */
struct vs_used {
	uint64_t value;
	size_t vnic;
};

static int vs_used_cmp(const void *a, const void *b)
{
	const struct vs_used *x = a, *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->vnic < y->vnic ? -1 : x->vnic > y->vnic;
}

/* no value twice; of several, the first in the text is said */
static int vs_element_unique(const struct vs_element *el, struct vs_used *used,
			     size_t n, const char *field)
{
	const struct vs_used *first = NULL, *again = NULL;

	qsort(used, n, sizeof(*used), vs_used_cmp);
	for (size_t i = 1; i < n; i++) {
		if (used[i].value != used[i - 1].value ||
		    (again && used[i].vnic > again->vnic))
			continue;
		again = &used[i];
		first = &used[i - 1];
	}
	if (!again)
		return 0;
	return vs_element_fail(el, again->vnic, field,
			       _("is that of vnics[%zu] too"), first->vnic);
}

static int vs_element_check_unique(const struct vs_element *el,
				   const struct vs_vnic_fact *facts, size_t n)
{
	struct vs_used *used = calloc(n, sizeof(*used));
	int ret;

	if (!used)
		return vs_error_set(el->error, VS_OP_PARSE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	for (size_t i = 0; i < n; i++)
		used[i] = (struct vs_used){ facts[i].device_id, i };
	ret = vs_element_unique(el, used, n, "device_id");
	for (size_t i = 0; i < n; i++) {
		used[i] = (struct vs_used){ .vnic = i };
		memcpy(&used[i].value, &facts[i].mac, sizeof(facts[i].mac));
	}
	if (!ret)
		ret = vs_element_unique(el, used, n, "mac");
	free(used);
	return ret;
}

int vs_element_vnics(const struct vs_element *el, const struct vs_uuid *vm,
		     const struct vs_feed *feed)
{
	json_t *array = json_object_get(el->json, "vnics");
	size_t n = json_array_size(array);
	struct vs_vnic_fact *facts;
	int ret = 0;

	if (!json_is_array(array))
		return vs_element_fail(el, VS_NO_VNIC, "vnics", array ?
				       _("must be an array") :
				       _("is missing"));
	if (!n)
		return 0;
	facts = calloc(n, sizeof(*facts));
	if (!facts)
		return vs_error_set(el->error, VS_OP_PARSE, VS_WHY_NO_MEMORY,
				    ENOMEM, NULL);
	for (size_t i = 0; i < n && !ret; i++) {
		facts[i].vm = *vm;
		ret = vs_element_vnic(el, i, json_array_get(array, i),
				      &facts[i]);
	}
	if (!ret && n > 1)
		ret = vs_element_check_unique(el, facts, n);
	for (size_t i = 0; i < n && !ret; i++)
		ret = feed->vnic(feed->ctx, &facts[i]);
	free(facts);
	return ret;
}
