// SPDX-License-Identifier: GPL-2.0-only
/*
 * R5: remove the VM from the inventory and register it again.
 *
 * Between the two it is on disk only, in a file that is written and named
 * first; nothing but a crash ends the step between them.
 */
#include <errno.h>
#include <libvirt/libvirt.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "po/i18n.h"
#include "recover/keep.h"
#include "recover/step.h"

#define VS_REGISTER_XML (VIR_DOMAIN_XML_INACTIVE | VIR_DOMAIN_XML_SECURE)

static int vs_register_refuse(struct vs_recovery *r)
{
	int ret = vs_virt_do(&r->virt, VS_VIRT_SAVED, 0);

	if (ret)
		return vs_recovery_failed(r, ret);
	if (r->virt.number)
		return vs_recovery_fail(r, -EPERM,
					_("%s is saved to disk, and its "
					  "memory would be lost; start it "
					  "first"), r->virt.name);
	ret = vs_virt_do(&r->virt, VS_VIRT_SNAPSHOTS, 0);
	if (ret)
		return vs_recovery_failed(r, ret);
	if (r->virt.number)
		return vs_recovery_fail(r, -EPERM,
					_("%s has %ld snapshots or "
					  "checkpoints, of which the "
					  "inventory would lose track; delete "
					  "them first"), r->virt.name,
					r->virt.number);
	return 0;
}

int vs_plan_register(struct vs_recovery *r)
{
	struct vs_buf path = { 0 };
	int ret = vs_register_refuse(r);

	if (ret)
		return ret;
	vs_keep_path(&path, r->keep, &r->virt.uuid);
	vs_recovery_will(r, _("write the definition of %s to %s"),
			 r->virt.name, vs_buf_str(&path));
	vs_recovery_will(r, _("remove it from libvirt; disks, NVRAM, TPM and "
			      "the running guest stay as they are"));
	vs_recovery_will(r, r->new_macs ?
			 _("register it again, with new MAC addresses; they "
			   "count when it has been off (R2)") :
			 _("register it again from there"));
	vs_recovery_will(r, _("read every list and compare"));
	vs_buf_free(&path);
	return 0;
}

static bool vs_xml_is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)node->name, name) == 0;
}

static xmlNode *vs_xml_child(xmlNode *node, const char *name)
{
	node = node ? node->children : NULL;
	while (node && !vs_xml_is(node, name))
		node = node->next;
	return node;
}

/* libvirt gives an interface without a MAC address a new one */
static char *vs_register_macless(const char *xml)
{
	xmlDoc *doc = xmlReadMemory(xml, strlen(xml), NULL, NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR |
				    XML_PARSE_NOWARNING);
	xmlNode *nic, *mac;
	xmlChar *text = NULL;
	char *copy;
	int len;

	if (!doc)
		return NULL;
	nic = vs_xml_child(xmlDocGetRootElement(doc), "devices");
	for (nic = nic ? nic->children : NULL; nic; nic = nic->next) {
		mac = vs_xml_is(nic, "interface") ? vs_xml_child(nic, "mac") :
						    NULL;
		if (!mac)
			continue;
		xmlUnlinkNode(mac);
		xmlFreeNode(mac);
	}
	xmlDocDumpMemory(doc, &text, &len);
	xmlFreeDoc(doc);
	copy = text ? strdup((const char *)text) : NULL;
	xmlFree(text);
	return copy;
}

static int vs_register_autostart(struct vs_recovery *r)
{
	char *virsh;
	int ret = vs_virt_do(&r->virt, VS_VIRT_SET_AUTOSTART, 1);

	if (!ret)
		return 0;
	virsh = vs_recovery_virsh(r, "autostart", r->virt.name);
	vs_recovery_leave(r, _("%s no longer starts with the host: %s"),
			  r->virt.name, virsh);
	free(virsh);
	return vs_recovery_failed(r, ret);
}

/* of a domain that was not there to begin with, now that it is */
static int vs_register_find(struct vs_recovery *r)
{
	char uuid[VS_UUID_STR];
	int ret;

	if (r->virt.dom)
		return 0;
	vs_virt_close(&r->virt);
	ret = vs_virt_open(&r->virt, r->uri, vs_uuid_format(&r->uuid, uuid),
			   r->progress);
	return ret ? vs_recovery_failed(r, ret) : 0;
}

static int vs_register_again(struct vs_recovery *r, const char *xml,
			     const char *path, bool autostart)
{
	const struct vs_virt_request define = {
		.op = VS_VIRT_DEFINE, .argument = xml,
	};
	char *virsh;
	int ret = vs_virt_ask(&r->virt, &define);

	if (ret == -EIO)
		ret = vs_virt_ask(&r->virt, &define);
	if (ret) {
		virsh = vs_recovery_virsh(r, "define", path);
		vs_recovery_leave(r, _("%s is not registered. Its definition "
				       "is in a file; register it: %s"),
				  r->virt.name, virsh);
		free(virsh);
		return vs_recovery_failed(r, ret);
	}
	ret = vs_register_find(r);
	if (!ret && autostart)
		ret = vs_register_autostart(r);
	vs_half_end(r);
	return ret;
}

/* the file has served when what is registered is what was */
static int vs_register_verify(struct vs_recovery *r, const char *before,
			      const char *path)
{
	int ret = vs_virt_do(&r->virt, VS_VIRT_XML, VS_REGISTER_XML);

	if (ret)
		return vs_recovery_failed(r, ret);
	if (!r->new_macs && strcmp(before, r->virt.text) != 0)
		vs_progress_say(r->progress,
				_("%s is registered, but not quite as it was; "
				  "what it was is in %s"), r->virt.name, path);
	else
		unlink(path);
	return 0;
}

/*
 * libvirt removes these with the definition unless told to keep them, and where
 * it cannot, it refuses. It is told where there may be one: the NVRAM of a
 * guest for which libvirt chooses the firmware is named only while it runs. A
 * hypervisor that knows of none does not take the flag either.
 */
static unsigned long vs_register_keep(const char *xml)
{
	unsigned long flags = 0;

	if (strstr(xml, "<nvram") || strstr(xml, "<loader") ||
	    strstr(xml, "<os firmware="))
		flags |= VIR_DOMAIN_UNDEFINE_KEEP_NVRAM;
	if (strstr(xml, "<tpm"))
		flags |= VIR_DOMAIN_UNDEFINE_KEEP_TPM;
	return flags;
}

static int vs_register_swap(struct vs_recovery *r, const char *before,
			    const char *after, const char *path)
{
	bool autostart;
	int ret = vs_virt_do(&r->virt, VS_VIRT_AUTOSTART, 0);

	if (ret)
		return vs_recovery_failed(r, ret);
	autostart = r->virt.number == 1;
	ret = vs_half_begin(r, VS_STEP_R5, autostart);
	if (ret)
		return ret;
	vs_progress_say(r->progress, _("the definition of %s is in %s"),
			r->virt.name, path);
	vs_progress_say(r->progress, _("removing %s from libvirt"),
			r->virt.name);
	ret = vs_virt_do(&r->virt, VS_VIRT_UNDEFINE, vs_register_keep(before));
	if (ret && ret != -ETIMEDOUT) {
		unlink(path);
		vs_half_end(r);
	}
	if (ret == -ETIMEDOUT)
		vs_recovery_leave(r, _("if \"virsh list --all\" does not have "
				       "%s, define it from %s"), r->virt.name,
				  path);
	if (ret)
		return vs_recovery_failed(r, ret);
	vs_progress_say(r->progress, _("registering %s"), r->virt.name);
	ret = vs_register_again(r, after, path, autostart);
	return ret ? ret : vs_register_verify(r, before, path);
}

int vs_run_register(struct vs_recovery *r)
{
	struct vs_buf path = { 0 };
	char *before, *after;
	int ret = vs_virt_do(&r->virt, VS_VIRT_XML, VS_REGISTER_XML);

	if (ret)
		return vs_recovery_failed(r, ret);
	before = r->virt.text;
	r->virt.text = NULL;
	after = r->new_macs ? vs_register_macless(before) : strdup(before);
	vs_keep_path(&path, r->keep, &r->virt.uuid);
	ret = after ? vs_keep_write(vs_buf_str(&path), before) : -ENOMEM;
	if (ret)
		vs_recovery_fail(r, ret, _("%s: the definition cannot be kept "
					   "there, so nothing was done: %s"),
				 vs_buf_str(&path), strerror(-ret));
	else
		ret = vs_register_swap(r, before, after, vs_buf_str(&path));
	vs_buf_free(&path);
	free(before);
	free(after);
	return ret;
}

/* is the definition the VM's, whatever the file is called? */
static bool vs_register_is(const char *xml, const struct vs_uuid *uuid)
{
	xmlDoc *doc = xmlReadMemory(xml, strlen(xml), NULL, NULL,
				    XML_PARSE_NONET | XML_PARSE_NOERROR |
				    XML_PARSE_NOWARNING);
	xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	xmlNode *node = root && vs_xml_is(root, "domain") ?
			vs_xml_child(root, "uuid") : NULL;
	xmlChar *text = node ? xmlNodeGetContent(node) : NULL;
	struct vs_uuid said;
	bool is = text && !vs_uuid_parse((const char *)text, &said) &&
		  !vs_uuid_cmp(&said, uuid);

	xmlFree(text);
	xmlFreeDoc(doc);
	return is;
}

/* is it registered: by somebody else, or because it never was removed? */
static int vs_register_stands(struct vs_recovery *r, bool *stands)
{
	int ret = r->virt.dom ? vs_virt_do(&r->virt, VS_VIRT_PERSISTENT, 0) :
				-ENOENT;

	*stands = !ret && r->virt.number == 1;
	return ret && ret != -ENOENT ? vs_recovery_failed(r, ret) : 0;
}

/* what is registered is never replaced by what was kept */
static int vs_register_back(struct vs_recovery *r, const struct vs_half *h,
			    const char *before, const char *path)
{
	char *after;
	bool stands;
	int ret = vs_register_stands(r, &stands);

	if (!ret && stands) {
		vs_progress_say(r->progress, _("%s is registered, so there is "
					       "nothing left to do"), h->name);
		vs_half_end(r);
	}
	if (ret || stands)
		return ret;
	after = h->new_macs ? vs_register_macless(before) : strdup(before);
	if (!after)
		return vs_recovery_fail(r, -ENOMEM, _("out of memory"));
	vs_progress_say(r->progress, _("registering %s"), h->name);
	ret = vs_register_again(r, after, path, h->autostart);
	free(after);
	return ret;
}

int vs_register_resume(struct vs_recovery *r, const struct vs_half *h)
{
	bool new_macs = r->new_macs;
	struct vs_buf path = { 0 };
	char *before;
	int ret;

	vs_keep_path(&path, r->keep, &h->vm);
	ret = vs_keep_read(vs_buf_str(&path), &before);
	if (!ret && !vs_register_is(before, &h->vm))
		ret = -EINVAL;
	if (ret == -EINVAL)
		vs_recovery_fail(r, ret, _("%s is not the definition of %s"),
				 vs_buf_str(&path), h->name);
	else if (ret)
		vs_recovery_fail(r, ret, _("the definition of %s cannot be "
					   "read: %s: %s"), h->name,
				 vs_buf_str(&path), strerror(-ret));
	else
		ret = vs_register_back(r, h, before, vs_buf_str(&path));
	r->new_macs = h->new_macs;
	if (!ret && r->virt.dom)
		ret = vs_register_verify(r, before, vs_buf_str(&path));
	r->new_macs = new_macs;
	vs_buf_free(&path);
	free(before);
	return ret;
}
