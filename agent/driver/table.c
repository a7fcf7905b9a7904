// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/table.h"

#define VS_TABLE_ATTEMPTS 10

static bool vs_list_reserve(void **v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap ? *cap * 2 : 32;
	void *p;

	if (n < *cap)
		return true;
	p = reallocarray(*v, more, size);
	if (!p)
		return false;
	*v = p;
	*cap = more;
	return true;
}

struct vs_driver_vm *vs_vms_add(struct vs_vms *vms)
{
	void *v = vms->v;

	if (!vs_list_reserve(&v, vms->n, &vms->cap, sizeof(*vms->v)))
		return NULL;
	vms->v = v;
	memset(&vms->v[vms->n], 0, sizeof(*vms->v));
	return &vms->v[vms->n++];
}

struct vs_driver_vnic *vs_vnics_add(struct vs_vnics *vnics)
{
	void *v = vnics->v;

	if (!vs_list_reserve(&v, vnics->n, &vnics->cap, sizeof(*vnics->v)))
		return NULL;
	vnics->v = v;
	memset(&vnics->v[vnics->n], 0, sizeof(*vnics->v));
	return &vnics->v[vnics->n++];
}

void vs_vms_free(struct vs_vms *vms)
{
	free(vms->v);
	*vms = (struct vs_vms){ 0 };
}

void vs_vnics_free(struct vs_vnics *vnics)
{
	free(vnics->v);
	*vnics = (struct vs_vnics){ 0 };
}

void vs_driver_table_free(struct vs_driver_table *t)
{
	vs_vms_free(&t->vms);
	vs_vnics_free(&t->vnics);
	*t = (struct vs_driver_table){ 0 };
}

static int vs_table_torn(enum vs_op op, struct vs_error *error)
{
	return vs_error_set(error, op, VS_WHY_TORN, EAGAIN, NULL);
}

/*
 * Two dumps are of one generation when the generation before and after them
 * is the same, and so is the instance: a driver that was loaded again counts
 * afresh.
 */
int vs_driver_table_dump(struct vs_driver_table *t, struct vs_client *c,
			 bool stats, struct vs_error *error)
{
	const struct vs_vnic_filter filter = { .stats = stats };
	struct vs_driver_host after;
	int ret;

	for (int i = 0; i < VS_TABLE_ATTEMPTS; i++) {
		ret = vs_client_host(c, &t->host, error);
		if (!ret)
			ret = vs_client_vms(c, &t->vms, error);
		if (!ret)
			ret = vs_client_vnics(c, &filter, &t->vnics, error);
		if (!ret)
			ret = vs_client_host(c, &after, error);
		if (ret)
			return ret;
		t->generation = t->host.generation;
		if (after.generation == t->generation &&
		    after.instance == t->host.instance)
			return 0;
	}
	return vs_table_torn(VS_OP_NETLINK, error);
}

int vs_driver_table_each(struct vs_client *c,
			 const struct vs_driver_part *part,
			 struct vs_driver_host *host, struct vs_error *error)
{
	struct vs_driver_host after;
	int ret;

	for (int i = 0; i < VS_TABLE_ATTEMPTS; i++) {
		ret = vs_client_host(c, host, error);
		if (!ret && part->vms)
			ret = vs_client_each_vm(c, part->vms, error);
		if (!ret && part->vnics)
			ret = vs_client_each_vnic(c, part->filter,
						  part->vnics, error);
		if (!ret)
			ret = vs_client_host(c, &after, error);
		if (ret)
			return ret;
		if (after.generation == host->generation &&
		    after.instance == host->instance)
			return 0;
	}
	return vs_table_torn(VS_OP_NETLINK, error);
}

static int vs_table_take_vms(struct vs_driver_table *t,
			     const struct vmsafe_net_ioc_vm *v, size_t n)
{
	t->vms.n = 0;
	for (size_t i = 0; i < n; i++) {
		struct vs_driver_vm *vm = vs_vms_add(&t->vms);

		if (!vm)
			return -ENOMEM;
		vm->id = v[i].id;
		vm->generation = t->generation;
		vm->vnic_count = v[i].vnic_count;
		memcpy(&vm->uuid, v[i].uuid, sizeof(vm->uuid));
		/* terminated by the driver, but that is for us to see */
		if (!memchr(v[i].name, '\0', sizeof(vm->name)) ||
		    vs_uuid_is_nil(&vm->uuid))
			return -EBADMSG;
		strcpy(vm->name, v[i].name);
	}
	return 0;
}

static int vs_vm_order(const void *a, const void *b)
{
	return vs_uuid_cmp(&((const struct vs_driver_vm *)a)->uuid,
			   &((const struct vs_driver_vm *)b)->uuid);
}

static int vs_vm_order_id(const void *a, const void *b)
{
	const struct vs_driver_vm *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* an entry of LIST_VNICS; the names are those of LIST_VMS, sorted by UUID */
static int vs_table_take_vnic(struct vs_driver_table *t,
			      const struct vmsafe_net_ioc_vnic *from)
{
	struct vs_driver_vnic *v = vs_vnics_add(&t->vnics);
	const struct vs_driver_vm *vm;
	struct vs_driver_vm key;

	if (!v)
		return -ENOMEM;
	if (!memchr(from->ifname, '\0', sizeof(from->ifname)) ||
	    !from->ifindex)
		return -EBADMSG;
	v->id = from->id;
	v->generation = t->generation;
	v->ifindex = from->ifindex;
	v->master = from->master;
	v->mode = from->mode;
	v->port_kind = from->port_kind;
	strcpy(v->ifname, from->ifname);
	if (!(from->flags & VMSAFE_NET_IOC_VNIC_BOUND))
		return 0;
	v->has = VS_ATTR_BIT(VMSAFE_NET_A_VNIC_VM_UUID);
	v->device_id = from->device_id;
	v->failure_policy = from->failure_policy;
	memcpy(&v->mac, from->mac, sizeof(v->mac));
	memcpy(&v->vm_uuid, from->vm_uuid, sizeof(v->vm_uuid));
	key.uuid = v->vm_uuid;
	vm = t->vms.n ? bsearch(&key, t->vms.v, t->vms.n, sizeof(key),
				vs_vm_order) : NULL;
	if (!vm)
		return -EBADMSG;
	strcpy(v->vm_name, vm->name);
	return 0;
}

static int vs_table_take_vnics(struct vs_driver_table *t,
			       const struct vmsafe_net_ioc_vnic *v, size_t n)
{
	int ret = 0;

	t->vnics.n = 0;
	if (t->vms.n)
		qsort(t->vms.v, t->vms.n, sizeof(*t->vms.v), vs_vm_order);
	for (size_t i = 0; i < n && !ret; i++)
		ret = vs_table_take_vnic(t, &v[i]);
	if (t->vms.n)
		qsort(t->vms.v, t->vms.n, sizeof(*t->vms.v), vs_vm_order_id);
	return ret;
}

/* one attempt; -EAGAIN when the two lists are not of one generation */
static int vs_table_list_once(struct vs_driver_table *t, struct vs_session *s,
			      struct vs_error *error)
{
	struct vmsafe_net_ioc_vnic *vnics = NULL;
	struct vmsafe_net_ioc_vm *vms = NULL;
	const char *name = "LIST_VMS";
	size_t n_vms, n_vnics;
	uint64_t generation;
	int ret;

	ret = vs_session_list_vms(s, &vms, &n_vms, &t->generation, error);
	if (!ret)
		ret = vs_session_list_vnics(s, &vnics, &n_vnics, &generation,
					    error);
	if (ret)
		goto out;
	if (generation != t->generation) {
		ret = -EAGAIN;
		goto out;
	}
	ret = vs_table_take_vms(t, vms, n_vms);
	if (!ret) {
		name = "LIST_VNICS";
		ret = vs_table_take_vnics(t, vnics, n_vnics);
	}
	if (ret)
		vs_error_set_ioctl(error, name, ret == -ENOMEM ?
				   VS_WHY_NO_MEMORY : VS_WHY_BAD_DATA, ret);
out:
	free(vms);
	free(vnics);
	return ret;
}

int vs_driver_table_list(struct vs_driver_table *t, struct vs_session *s,
			 struct vs_error *error)
{
	for (int i = 0; i < VS_TABLE_ATTEMPTS; i++) {
		int ret = vs_table_list_once(t, s, error);

		if (ret != -EAGAIN)
			return ret;
	}
	return vs_error_set_ioctl(error, "LIST_VNICS", VS_WHY_TORN, EAGAIN);
}

static int vs_table_refused(struct vs_engine *e, int ret, const char *port)
{
	char name[VS_NAME_ESCAPED];
	struct vs_error error;

	vs_name_escape(name, sizeof(name), port);
	vs_error_set(&error, VS_OP_IOCTL, ret == -ENOMEM ? VS_WHY_NO_MEMORY :
		     VS_WHY_BAD_DATA, ret, "%s", name);
	vs_engine_fail(e, VS_SOURCE_DRIVER, &error);
	return ret;
}

/* an entry, and what stands on its port */
static int vs_table_feed_one(const struct vs_driver_vnic *v,
			     const struct vs_foreigns *f, struct vs_engine *e)
{
	struct vs_driver_fact fact = vs_driver_vnic_fact(v);
	struct vs_buf by = { 0 };
	int ret;

	fact.bypass = vs_foreigns_of(f, v->ifindex);
	if (fact.bypass == VS_BYPASS_YES) {
		vs_foreigns_text(&by, f, v->ifindex);
		fact.bypass_by = vs_buf_str(&by);
	}
	ret = by.failed ? -ENOMEM : vs_engine_set_driver_port(e, &fact);
	vs_buf_free(&by);
	return ret;
}

int vs_driver_table_feed(const struct vs_driver_table *t,
			 const struct vs_foreigns *f, struct vs_engine *e,
			 vs_time now)
{
	const struct vs_list_info info = {
		.read_at = now,
		.generation = t->generation,
	};

	vs_engine_begin(e, VS_SOURCE_DRIVER);
	for (size_t i = 0; i < t->vnics.n; i++) {
		const struct vs_driver_vnic *v = &t->vnics.v[i];
		int ret = vs_table_feed_one(v, f, e);

		if (ret)
			return vs_table_refused(e, ret, v->ifname);
	}
	return vs_engine_commit(e, VS_SOURCE_DRIVER, &info);
}
