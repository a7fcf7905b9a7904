// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lists and VERIFY_VNIC: content, order, sizes of buffer and entry, what is
 * written and what is not; and the same bytes for 32-bit callers.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/page.h"
#include "lib/world.h"

#define PORTS	5	/* the last one stays unbound */
#define VNIC	sizeof(struct vmsafe_net_ioc_vnic)
#define VM	sizeof(struct vmsafe_net_ioc_vm)
#define POISON	0xa5

FIXTURE(list)
{
	struct world w;
	int fd;
	uint64_t epoch;
	uint64_t generation;
	int taps[PORTS];
	char names[PORTS][IFNAMSIZ];
	struct vnic shown[PORTS];
	unsigned char buffer[8 * 8192];
	uint32_t count;
};

/* Two VMs with two vNICs each, on a bridge, and a port without a VM. */
FIXTURE_SETUP(list)
{
	char bridge[IFNAMSIZ];
	struct identity id;
	int i;

	ASSERT_EQ(0, world_begin(&self->w));
	ASSERT_EQ(0, link_add("bridge", port_name(bridge, "br")));
	for (i = 0; i < PORTS; i++) {
		self->taps[i] = tap_open(port_name(self->names[i], "tap"));
		ASSERT_LE(0, self->taps[i]);
		ASSERT_EQ(0, link_master(self->names[i], bridge));
		id = identity_of(i / 2 + 1, i % 2);
		if (i < PORTS - 1)
			ASSERT_EQ(0, vnic_bind(&self->w.nl, self->names[i],
					       &id, NULL));
	}
	ASSERT_EQ(PORTS, vnic_list(&self->w.nl, self->shown, PORTS));
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	memset(self->buffer, POISON, sizeof(self->buffer));
	self->count = PORTS;
}

FIXTURE_TEARDOWN(list)
{
	int i;

	close(self->fd);
	for (i = 0; i < PORTS; i++)
		close(self->taps[i]);
	world_end(&self->w);
}

#define list_vnics(entry_size)						\
	device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS, self->buffer,	\
		    entry_size, &self->count, &self->generation)
#define list_vms(entry_size)						\
	device_list(self->fd, VMSAFE_NET_IOC_LIST_VMS, self->buffer,	\
		    entry_size, &self->count, &self->generation)

static bool all_poison(const unsigned char *p, size_t size)
{
	while (size--)
		if (*p++ != POISON)
			return false;
	return true;
}

static bool all_zero(const void *from, size_t size)
{
	const unsigned char *p = from;

	while (size--)
		if (*p++)
			return false;
	return true;
}

TEST_F(list, vnics_agree_with_netlink)
{
	struct vmsafe_net_ioc_vnic *e = (void *)self->buffer;
	struct vnic *v = self->shown;
	int i;

	ASSERT_EQ(0, list_vnics(VNIC));
	ASSERT_EQ(PORTS, self->count);
	EXPECT_EQ(self->generation, host_generation(&self->w.nl));
	EXPECT_EQ(self->generation, device_generation(self->fd));
	for (i = 0; i < PORTS; i++, e++, v++) {
		EXPECT_EQ(v->id, e->id);
		EXPECT_EQ(v->ifindex, e->ifindex);
		EXPECT_EQ(v->master, e->master);
		EXPECT_NE(0, e->master);
		EXPECT_EQ(v->mode, e->mode);
		EXPECT_EQ(v->kind, e->port_kind);
		EXPECT_EQ(0, e->reserved);
		EXPECT_STREQ(self->names[i], e->ifname);
		EXPECT_TRUE(all_zero(e->ifname + strlen(e->ifname),
				     sizeof(e->ifname) - strlen(e->ifname)));
		EXPECT_EQ(i < PORTS - 1 ? VMSAFE_NET_IOC_VNIC_BOUND : 0,
			  e->flags);
		EXPECT_EQ(v->device_id, e->device_id);
		EXPECT_EQ(v->policy, e->failure_policy);
		EXPECT_EQ(0, memcmp(v->uuid, e->vm_uuid, sizeof(v->uuid)));
		EXPECT_EQ(0, memcmp(v->mac, e->mac, sizeof(v->mac)));
	}
	EXPECT_TRUE(all_poison((void *)e, VNIC));
}

TEST_F(list, vms_agree_with_netlink)
{
	struct vmsafe_net_ioc_vm *e = (void *)self->buffer;
	struct vm vms[2];
	int i;

	ASSERT_EQ(0, list_vms(VM));
	ASSERT_EQ(2, self->count);
	ASSERT_EQ(2, vm_list(&self->w.nl, NULL, vms, 2));
	for (i = 0; i < 2; i++, e++) {
		EXPECT_EQ(vms[i].id, e->id);
		EXPECT_EQ(2, e->vnic_count);
		EXPECT_EQ(vms[i].vnics, e->vnic_count);
		EXPECT_STREQ(vms[i].name, e->name);
		EXPECT_TRUE(all_zero(e->name + strlen(e->name),
				     sizeof(e->name) - strlen(e->name)));
		EXPECT_EQ(0, memcmp(vms[i].uuid, e->uuid, sizeof(e->uuid)));
		EXPECT_EQ(vms[i].generation, self->generation);
	}
	EXPECT_TRUE(all_poison((void *)e, VM));
}

TEST_F(list, longest_name_is_whole)
{
	struct vmsafe_net_ioc_vm *e = (void *)self->buffer;
	char name[VMSAFE_NET_NAME_MAX + 1];

	memset(name, 'n', VMSAFE_NET_NAME_MAX);
	name[VMSAFE_NET_NAME_MAX] = '\0';
	nl_begin(&self->w.nl, VMSAFE_NET_CMD_VNIC_SET);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_IFNAME, self->names[0]);
	nl_put_str(&self->w.nl, VMSAFE_NET_A_VNIC_VM_NAME, name);
	ASSERT_EQ(0, nl_do(&self->w.nl));
	ASSERT_EQ(0, list_vms(VM));
	EXPECT_STREQ(name, e->name);
	EXPECT_TRUE(all_zero(e->name + VMSAFE_NET_NAME_MAX, 4));
}

TEST_F(list, buffer_too_small)
{
	uint32_t room;

	for (room = 0; room < PORTS; room++) {
		self->count = room;
		EXPECT_EQ(-EMSGSIZE, list_vnics(VNIC));
		EXPECT_EQ(PORTS, self->count);
		EXPECT_EQ(self->generation, device_generation(self->fd));
	}
	self->count = 1;
	EXPECT_EQ(-EMSGSIZE, list_vms(VM));
	EXPECT_EQ(2, self->count);
	EXPECT_TRUE(all_poison(self->buffer, sizeof(self->buffer)));
}

/* Asking for the count needs no buffer at all. */
TEST_F(list, no_buffer)
{
	self->count = 0;
	EXPECT_EQ(-EMSGSIZE, device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS,
					 NULL, VNIC, &self->count, NULL));
	EXPECT_EQ(PORTS, self->count);
}

TEST_F(list, empty_needs_no_buffer)
{
	int i;

	for (i = 0; i < PORTS; i++)
		close(self->taps[i]);
	self->count = 0;
	EXPECT_EQ(0, device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS, NULL,
				 VNIC, &self->count, &self->generation));
	EXPECT_EQ(0, self->count);
	EXPECT_EQ(0, device_list(self->fd, VMSAFE_NET_IOC_LIST_VMS, NULL, VM,
				 &self->count, NULL));
	EXPECT_EQ(0, self->count);
	EXPECT_EQ(self->generation, host_generation(&self->w.nl));
	for (i = 0; i < PORTS; i++)
		self->taps[i] = -1;
}

/* A reader that promises far more room than there is. */
TEST_F(list, count_too_large)
{
	self->count = UINT32_MAX;
	ASSERT_EQ(0, list_vnics(VNIC));
	EXPECT_EQ(PORTS, self->count);
	EXPECT_TRUE(all_poison(self->buffer + PORTS * VNIC, VNIC));
}

TEST_F(list, entry_too_small)
{
	size_t size;

	for (size = 0; size < VNIC; size++) {
		self->count = PORTS;
		EXPECT_EQ(-EINVAL, list_vnics(size));
		EXPECT_EQ(PORTS, self->count);
	}
	for (size = 0; size < VM; size++)
		EXPECT_EQ(-EINVAL, list_vms(size));
	EXPECT_TRUE(all_poison(self->buffer, sizeof(self->buffer)));
}

TEST_F(list, entry_too_large)
{
	EXPECT_EQ(-EINVAL, list_vnics(4097));
	EXPECT_EQ(-EINVAL, list_vnics(UINT32_MAX));
	EXPECT_EQ(-EINVAL, list_vms(4097));
	EXPECT_TRUE(all_poison(self->buffer, sizeof(self->buffer)));
}

/* What the driver does not know of a larger entry is zero. */
TEST_F(list, larger_entries)
{
	static const size_t sizes[] = { VNIC + 1, VNIC + 8, 1000, 4096 };
	unsigned char *at;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(self->buffer, POISON, sizeof(self->buffer));
		self->count = PORTS;
		ASSERT_EQ(0, list_vnics(sizes[i]));
		for (n = 0, at = self->buffer; n < PORTS; n++) {
			struct vmsafe_net_ioc_vnic e;

			memcpy(&e, at, sizeof(e));
			EXPECT_EQ(self->shown[n].id, e.id);
			EXPECT_TRUE(all_zero(at + VNIC, sizes[i] - VNIC));
			at += sizes[i];
		}
		EXPECT_TRUE(all_poison(at, 64));
	}
}

TEST_F(list, bad_buffer)
{
	unsigned int i;

	for (i = 0; i < BAD_POINTERS; i++) {
		self->count = PORTS;
		EXPECT_EQ(-EFAULT, device_list(self->fd,
					       VMSAFE_NET_IOC_LIST_VNICS,
					       bad_pointer(i), VNIC,
					       &self->count, NULL))
			TH_LOG("pointer %p", bad_pointer(i));
		EXPECT_EQ(-EFAULT, device_list(self->fd,
					       VMSAFE_NET_IOC_LIST_VMS,
					       bad_pointer(i), 4096,
					       &self->count, NULL));
	}
}

TEST_F(list, buffer_at_page_end)
{
	char *page = page_before_nothing(PORTS * VNIC);

	ASSERT_NE(NULL, page);
	EXPECT_EQ(0, device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS, page,
				 VNIC, &self->count, NULL));
	EXPECT_EQ(-EFAULT, device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS,
				       page + 1, VNIC, &self->count, NULL));
	/* The tail that would be filled with zeros counts as well. */
	EXPECT_EQ(-EFAULT, device_list(self->fd, VMSAFE_NET_IOC_LIST_VNICS,
				       page, VNIC + 4, &self->count, NULL));
}

static struct vmsafe_net_ioc_verify question(const struct identity *id)
{
	struct vmsafe_net_ioc_verify verify = {
		.size = sizeof(verify),
		.device_id = id->device_id,
	};

	memcpy(verify.vm_uuid, id->uuid, sizeof(id->uuid));
	memcpy(verify.mac, id->mac, sizeof(id->mac));
	return verify;
}

TEST_F(list, verify)
{
	struct identity id = identity_of(2, 1);
	struct vmsafe_net_ioc_verify verify = question(&id);

	ASSERT_EQ(0, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
				  &verify));
	EXPECT_EQ(VMSAFE_NET_IOC_VERIFY_MAC_MATCHES |
		  VMSAFE_NET_IOC_VERIFY_HOOKED, verify.result);
	EXPECT_EQ(VMSAFE_NET_MODE_ENFORCING, verify.mode);
	EXPECT_EQ(self->shown[3].id, verify.id);
	EXPECT_EQ(host_generation(&self->w.nl), verify.generation);
}

TEST_F(list, verify_other_mac)
{
	struct identity id = identity_of(2, 1);
	struct vmsafe_net_ioc_verify verify = question(&id);

	verify.mac[5] ^= 0x80;
	ASSERT_EQ(0, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
				  &verify));
	EXPECT_EQ(VMSAFE_NET_IOC_VERIFY_HOOKED, verify.result);
}

TEST_F(list, verify_refused)
{
	struct identity id = identity_of(2, 2), known = identity_of(2, 1);
	struct vmsafe_net_ioc_verify verify = question(&id);

	EXPECT_EQ(-ENOENT, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
					&verify));
	id = identity_of(3, 1);
	verify = question(&id);
	EXPECT_EQ(-ENOENT, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
					&verify));
	verify = question(&known);
	verify.device_id = VMSAFE_NET_DEVICE_ID_MAX;
	EXPECT_EQ(-ENOENT, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
					&verify));
	verify.device_id = VMSAFE_NET_DEVICE_ID_MAX + 1;
	EXPECT_EQ(-EINVAL, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
					&verify));
	verify = question(&known);
	memset(verify.vm_uuid, 0, sizeof(verify.vm_uuid));
	EXPECT_EQ(-EINVAL, device_ioctl(self->fd, VMSAFE_NET_IOC_VERIFY_VNIC,
					&verify));
}

/* Run ioctl_bytes or ioctl_bytes32 on a descriptor; returns bytes printed. */
static long run_bytes(const char *program, int fd, uint64_t epoch, char *out,
		      size_t size)
{
	static const char uuid[] = "5e551000000040008000000000000001";
	char path[PATH_MAX], fd_arg[16], epoch_arg[32];
	int pipes[2], status;
	long n, total = 0;
	pid_t child;

	n = readlink("/proc/self/exe", path, sizeof(path) - 32);
	if (n < 0 || pipe2(pipes, O_CLOEXEC))
		return -errno;
	path[n] = '\0';
	strcpy(strrchr(path, '/') + 1, program);
	snprintf(fd_arg, sizeof(fd_arg), "%d", fd);
	snprintf(epoch_arg, sizeof(epoch_arg), "%llu",
		 (unsigned long long)epoch);
	child = fork();
	if (!child) {
		fcntl(fd, F_SETFD, 0);
		dup2(pipes[1], STDOUT_FILENO);
		execl(path, program, fd_arg, epoch_arg, uuid, NULL);
		_exit(127);
	}
	close(pipes[1]);
	while ((n = read(pipes[0], out + total, size - total)) > 0)
		total += n;
	close(pipes[0]);
	waitpid(child, &status, 0);
	return status ? -ENOEXEC : total;
}

#define OUTPUT	(2 << 20)

TEST_F(list, same_bytes_for_32_bits)
{
	char *wide = malloc(OUTPUT), *narrow = malloc(OUTPUT);
	long n;

	ASSERT_NE(NULL, wide);
	ASSERT_NE(NULL, narrow);
	n = run_bytes("ioctl_bytes", self->fd, self->epoch, wide, OUTPUT);
	ASSERT_LT(0, n);
	EXPECT_EQ(n, run_bytes("ioctl_bytes32", self->fd, self->epoch, narrow,
			       OUTPUT));
	EXPECT_EQ(0, memcmp(wide, narrow, n));
	/* What is compared has to be more than a row of errors. */
	EXPECT_EQ(0, strncmp(wide, "version: 0 ", 11));
	EXPECT_NE(NULL, memmem(wide, n, "\nvnics: 0 ", 10));
	EXPECT_NE(NULL, memmem(wide, n, "\nverify: 0 ", 11));
}

TEST_F(list, same_session_for_32_bits)
{
	char *out[2] = { malloc(OUTPUT), malloc(OUTPUT) };
	long n[2];
	int i, fd;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, netns_enter_new());
		fd = device_open();
		ASSERT_LE(0, fd);
		n[i] = run_bytes(i ? "ioctl_bytes32" : "ioctl_bytes", fd, 0,
				 out[i], OUTPUT);
		close(fd);
	}
	ASSERT_LT(0, n[0]);
	EXPECT_EQ(n[0], n[1]);
	EXPECT_EQ(0, memcmp(out[0], out[1], n[0]));
	EXPECT_NE(NULL, memmem(out[1], n[1], "\nattach: 0 ", 11));
	EXPECT_NE(NULL, memmem(out[1], n[1], "\ndetach: 0 ", 11));
}

TEST_HARNESS_MAIN
