// SPDX-License-Identifier: GPL-2.0-only
/* From QEMU's network options to NICs: which MAC, which backend. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "host/netopt.h"

/* where QEMU begins when it chooses MACs, and where it gives up */
#define VS_CHOICE_FIRST	0x56
#define VS_CHOICE_END	0xff

static const struct vs_mac vs_choice = {
	{ 0x52, 0x54, 0x00, 0x12, 0x34, 0x00 }
};

static void vs_frontend_choose(struct vs_frontend *f, bool *used)
{
	for (int i = VS_CHOICE_FIRST; i < VS_CHOICE_END; i++) {
		if (used[i])
			continue;
		used[i] = true;
		f->mac = vs_choice;
		f->mac.b[5] = i;
		return;
	}
}

/*
 * A NIC without a MAC gets the first of 52:54:00:12:34:56 and up that no NIC
 * made before it has.
 */
static void vs_netopts_choose(struct vs_netopts *n)
{
	bool used[256] = { 0 };

	for (int turn = 0; turn < VS_TURN_COUNT; turn++) {
		for (size_t i = 0; i < n->n_frontends; i++) {
			struct vs_frontend *f = &n->frontends[i];

			if ((int)f->turn != turn)
				continue;
			if (!f->mac_given)
				vs_frontend_choose(f, used);
			else if (memcmp(f->mac.b, vs_choice.b, 5) == 0)
				used[f->mac.b[5]] = true;
		}
	}
}

static struct vs_backend *vs_netopts_by_id(struct vs_netopts *n,
					   const char *id)
{
	for (size_t i = 0; i < n->n_backends; i++) {
		struct vs_backend *b = &n->backends[i];

		if (b->id && !b->taken && strcmp(b->id, id) == 0)
			return b;
	}
	return NULL;
}

/* the backend on the hub, if it connects one with one and no more */
static struct vs_backend *vs_netopts_on_hub(struct vs_netopts *n)
{
	struct vs_backend *found = NULL;
	size_t backends = 0, frontends = 0;

	for (size_t i = 0; i < n->n_backends; i++) {
		if (n->backends[i].hub) {
			found = &n->backends[i];
			backends++;
		}
	}
	for (size_t i = 0; i < n->n_frontends; i++)
		frontends += n->frontends[i].hub;
	return backends == 1 && frontends == 1 ? found : NULL;
}

static struct vs_backend *vs_frontend_backend(struct vs_netopts *n,
					      const struct vs_frontend *f)
{
	struct vs_backend *b = NULL;

	if (f->backend)
		b = &n->backends[f->backend - 1];
	else if (f->netdev)
		b = vs_netopts_by_id(n, f->netdev);
	else if (f->hub)
		b = vs_netopts_on_hub(n);
	return b && !b->taken ? b : NULL;
}

int vs_netopts_resolve(struct vs_netopts *n, struct vs_qemu_nic **nics,
		       size_t *n_nics)
{
	if (!n->no_defaults)
		vs_netopts_choose(n);
	*n_nics = 0;
	*nics = calloc(n->n_frontends + 1, sizeof(**nics));
	if (!*nics)
		return -ENOMEM;
	for (size_t i = 0; i < n->n_frontends && i <= VS_DEVICE_ID_MAX; i++) {
		struct vs_frontend *f = &n->frontends[i];
		struct vs_qemu_nic *nic = &(*nics)[(*n_nics)++];
		struct vs_backend *b = vs_frontend_backend(n, f);

		nic->device_id = i;
		nic->mac = f->mac;
		if (!b)
			continue;
		b->taken = true;
		nic->tap = b->tap;
		memcpy(nic->ifname, b->ifname, sizeof(nic->ifname));
		nic->fds = b->fds;
		nic->n_fds = b->n_fds;
		b->fds = NULL;
		b->n_fds = 0;
	}
	return 0;
}
