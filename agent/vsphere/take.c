// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "po/i18n.h"
#include "vsphere/take.h"

static int vs_take_fail(const char *what, struct vs_error *error)
{
	return vs_error_set(error, VS_OP_LIST_VMS, VS_WHY_BAD_DATA, EINVAL,
			    "%s", what);
}

/* the longest reference that is taken for one */
#define VS_TAKE_REF 63

int vs_take_object(const struct vs_twig *twig, struct vs_taken *taken,
		   struct vs_error *error)
{
	const struct vs_twig *obj = vs_twig_find(twig, "obj");
	const char *kind = vs_twig_text(twig, "kind");

	*taken = (struct vs_taken){ 0 };
	if (!obj || !obj->type || !*obj->text ||
	    strlen(obj->text) > VS_TAKE_REF)
		return vs_take_fail(_("an object without a valid reference"),
				    error);
	taken->ref = obj->text;
	taken->is_vm = strcmp(obj->type, "VirtualMachine") == 0;
	taken->known = taken->is_vm || strcmp(obj->type, "HostSystem") == 0;
	if (!kind || strcmp(kind, "enter") == 0)
		taken->kind = VS_TAKEN_IS;
	else if (strcmp(kind, "modify") == 0)
		taken->kind = VS_TAKEN_CHANGES;
	else if (strcmp(kind, "leave") == 0)
		taken->kind = VS_TAKEN_LEAVES;
	else
		return vs_take_fail(_("an update of an unknown kind"), error);
	return 0;
}

/* whole properties are asked for, so that is how they have to come */
static int vs_take_property(const struct vs_twig *p, struct vs_entity *e,
			    struct vs_error *error)
{
	const struct vs_twig *value = vs_twig_find(p, "val");
	const char *name = vs_twig_text(p, "name");
	const char *op = vs_twig_text(p, "op");
	char safe[128];
	int ret;

	if (!name)
		return vs_take_fail(_("a property without a name"), error);
	if (op && strcmp(op, "assign") != 0)
		value = NULL;
	if (op && (strcmp(op, "add") == 0 || strcmp(op, "remove") == 0))
		ret = -ESTALE;
	else
		ret = vs_entity_set(e, name, value);
	if (ret != -ESTALE)
		return ret;
	vs_name_escape(safe, sizeof(safe), name);
	return vs_error_set(error, VS_OP_LIST_VMS, VS_WHY_BAD_DATA, ESTALE,
			    _("%s: not a property that was asked for"), safe);
}

/* a property that we are not shown is not one that there is not */
static int vs_take_missing(const struct vs_twig *m,
			   const struct vs_entity *e, struct vs_error *error)
{
	const struct vs_twig *fault = vs_twig_find(vs_twig_find(m, "fault"),
						   "fault");
	const char *type = fault && fault->type ? fault->type : "Fault";
	const char *path = vs_twig_text(m, "path");
	char safe[3][96];

	if (strcmp(type, "ManagedObjectNotFound") == 0)
		return -ENOENT;
	vs_name_escape(safe[0], sizeof(safe[0]), *e->name ? e->name : e->ref);
	vs_name_escape(safe[1], sizeof(safe[1]), path ? path : "");
	vs_name_escape(safe[2], sizeof(safe[2]), type);
	vs_error_set(error, VS_OP_READ_VM, VS_WHY_DENIED, EREMOTEIO,
		     "%s: %s: %s", safe[0], safe[1], safe[2]);
	return strcmp(type, "NotAuthenticated") == 0 ? -ENOKEY : -EREMOTEIO;
}

int vs_take_properties(const struct vs_twig *twig, struct vs_entity *e,
		       struct vs_error *error)
{
	int ret = 0;

	for (const struct vs_twig *p = twig->child; p && !ret; p = p->next) {
		if (strcmp(p->name, "propSet") == 0 ||
		    strcmp(p->name, "changeSet") == 0)
			ret = vs_take_property(p, e, error);
		else if (strcmp(p->name, "missingSet") == 0)
			ret = vs_take_missing(p, e, error);
	}
	return ret;
}
