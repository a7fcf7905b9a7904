/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to the file inventory: one VM of it, as a tree. */
#ifndef VS_INVENTORY_ELEMENT_H
#define VS_INVENTORY_ELEMENT_H

#include <jansson.h>
#include <stddef.h>

#include "core/error.h"
#include "core/feed.h"
#include "inventory/scan.h"

/**
 * struct vs_element - an element of "vms"
 * @file: the file's name, safe to print
 * @index: which element
 * @start: where its text is
 * @json: the tree
 * @error: where errors go
 */
struct vs_element {
	const char *file;
	size_t index;
	struct vs_scan start;
	json_t *json;
	struct vs_error *error;
};

/** VS_NO_VNIC - "not in a vNIC" */
#define VS_NO_VNIC ((size_t)-1)

/**
 * vs_element_fail() - an error at a field, with its line
 * @el: the VM
 * @vnic: in which of its vNICs, or VS_NO_VNIC
 * @field: the field, or NULL for the VM or vNIC itself
 * @fmt: what is wrong
 *
 * Return: -EINVAL.
 */
int vs_element_fail(const struct vs_element *el, size_t vnic,
		    const char *field, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/**
 * vs_element_vm() - read the VM's own fields
 * @el: the VM
 * @fact: points into the tree
 *
 * Return: 0 or -EINVAL.
 */
int vs_element_vm(const struct vs_element *el, struct vs_vm_fact *fact);

/**
 * vs_element_vnics() - read its vNICs
 * @el: the VM, its own fields read before
 * @vm: its UUID
 * @feed: takes them
 *
 * Return: 0, -EINVAL, -ENOMEM or what @feed returned.
 */
int vs_element_vnics(const struct vs_element *el, const struct vs_uuid *vm,
		     const struct vs_feed *feed);

#endif
