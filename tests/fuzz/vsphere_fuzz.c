// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of vCenter, of any characters: first a byte that says in which pieces
 * they come, then up to three of them with a NUL byte between, as a list and
 * updates of it would be.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "vsphere/roster.h"
#include "vsphere/soap.h"

static struct vs_error why;

static int take(void *ctx, const struct vs_twig *twig)
{
	return vs_roster_take(ctx, twig, &why);
}

static int take_vm(void *ctx, const struct vs_vm_fact *fact)
{
	(void)ctx;
	FUZZ_TRUE(!vs_uuid_is_nil(&fact->uuid));
	FUZZ_TRUE(!vs_name_check(fact->name));
	FUZZ_TRUE(!fact->host || !vs_name_check(fact->host));
	return 0;
}

static int take_vnic(void *ctx, const struct vs_vnic_fact *fact)
{
	(void)ctx;
	FUZZ_TRUE(fact->device_id <= VS_DEVICE_ID_MAX);
	FUZZ_TRUE(vs_mac_is_guest(&fact->mac));
	return 0;
}

/* false: it is no list any more */
static int parse(struct vs_roster *r, const char *text, size_t len, size_t step)
{
	struct vs_soap_call call = { .op = VS_OP_LIST_VMS };
	struct vs_tree *tree = vs_tree_new(take, r);
	const struct vs_twig *root = NULL;
	int ret = 0;

	FUZZ_TRUE(tree);
	for (size_t n; len && !ret; text += n, len -= n) {
		n = len < step ? len : step;
		ret = vs_tree_feed(tree, text, n);
	}
	if (!ret)
		ret = vs_tree_end(tree, &root);
	FUZZ_TRUE(ret ? *vs_tree_why(tree) && !root : !!root);
	if (!ret)
		ret = vs_soap_answer(root, &call, &why);
	FUZZ_TRUE(ret == -EREMOTEIO || !call.answer || !ret);
	vs_tree_free(tree);
	return !ret;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct vs_feed feed = { take_vm, take_vnic, NULL };
	const char *text = (const char *)data + 1;
	struct vs_changes changes;
	struct vs_error error;
	struct vs_roster *r;
	size_t len;

	if (!size--)
		return 0;
	r = vs_roster_new(*data & 0x80 ? "esx1" : "");
	FUZZ_TRUE(r);
	for (int i = 0; i < 3 && size; i++) {
		len = strnlen(text, size);
		if (!parse(r, text, len, (*data & 0x7f) + 1))
			break;
		vs_roster_feed(r, &feed, &error);
		vs_roster_changes(r, &changes);
		for (size_t k = 0; k < changes.n; k++)
			vs_roster_feed_vm(r, &changes.vm[k], &feed, &error);
		len += len < size;
		text += len;
		size -= len;
	}
	vs_roster_free(r);
	return 0;
}
