// SPDX-License-Identifier: GPL-2.0-only
/*
 * What every ioctl does with its argument: sizes, tails, reserved bits, bad
 * pointers; and numbers that are none. Whatever is refused changes nothing.
 */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "lib/device.h"
#include "lib/page.h"
#include "lib/world.h"

#define BEYOND	64	/* bytes after the structure that the driver knows */

union argument {
	__u32 size;
	struct {
		__u32 size;
		__u32 flags;
	} head;
	struct vmsafe_net_ioc_version version;
	struct vmsafe_net_ioc_attach attach;
	struct vmsafe_net_ioc_session session;
	struct vmsafe_net_ioc_list list;
	struct vmsafe_net_ioc_verify verify;
	unsigned char bytes[256];
};

FIXTURE(ioctl_args)
{
	struct world w;
	int tap;
	int fd;
	uint64_t epoch;
	union argument good;
	union argument arg;
	struct vmsafe_net_ioc_vnic entries[4];
	char ifname[IFNAMSIZ];
};

FIXTURE_VARIANT(ioctl_args)
{
	unsigned int number;
	size_t size;
	bool session;
	uint32_t known_flags;
};

FIXTURE_VARIANT_ADD(ioctl_args, version)
{
	.number = VMSAFE_NET_IOC_VERSION,
	.size = sizeof(struct vmsafe_net_ioc_version),
};

FIXTURE_VARIANT_ADD(ioctl_args, attach)
{
	.number = VMSAFE_NET_IOC_ATTACH,
	.size = sizeof(struct vmsafe_net_ioc_attach),
	.known_flags = VMSAFE_NET_IOC_ATTACH_TAKEOVER,
};

FIXTURE_VARIANT_ADD(ioctl_args, detach)
{
	.number = VMSAFE_NET_IOC_DETACH,
	.size = sizeof(struct vmsafe_net_ioc_session),
	.session = true,
};

FIXTURE_VARIANT_ADD(ioctl_args, heartbeat)
{
	.number = VMSAFE_NET_IOC_HEARTBEAT,
	.size = sizeof(struct vmsafe_net_ioc_session),
	.session = true,
};

FIXTURE_VARIANT_ADD(ioctl_args, list_vms)
{
	.number = VMSAFE_NET_IOC_LIST_VMS,
	.size = sizeof(struct vmsafe_net_ioc_list),
	.session = true,
};

FIXTURE_VARIANT_ADD(ioctl_args, list_vnics)
{
	.number = VMSAFE_NET_IOC_LIST_VNICS,
	.size = sizeof(struct vmsafe_net_ioc_list),
	.session = true,
};

FIXTURE_VARIANT_ADD(ioctl_args, verify_vnic)
{
	.number = VMSAFE_NET_IOC_VERIFY_VNIC,
	.size = sizeof(struct vmsafe_net_ioc_verify),
	.session = true,
};

static void fill_good(union argument *good, unsigned int number,
		      uint64_t epoch, void *entries, const struct identity *id)
{
	switch (number) {
	case VMSAFE_NET_IOC_DETACH:
	case VMSAFE_NET_IOC_HEARTBEAT:
		good->session.epoch = epoch;
		break;
	case VMSAFE_NET_IOC_LIST_VMS:
	case VMSAFE_NET_IOC_LIST_VNICS:
		good->list.count = 2;
		good->list.buffer = (uintptr_t)entries;
		good->list.entry_size = number == VMSAFE_NET_IOC_LIST_VMS ?
			sizeof(struct vmsafe_net_ioc_vm) :
			sizeof(struct vmsafe_net_ioc_vnic);
		break;
	case VMSAFE_NET_IOC_VERIFY_VNIC:
		memcpy(good->verify.vm_uuid, id->uuid, sizeof(id->uuid));
		memcpy(good->verify.mac, id->mac, sizeof(id->mac));
		good->verify.device_id = id->device_id;
		break;
	}
}

FIXTURE_SETUP(ioctl_args)
{
	struct identity id = identity_of(1, 3);

	ASSERT_EQ(0, world_begin(&self->w));
	port_name(self->ifname, "tap");
	self->tap = tap_open(self->ifname);
	ASSERT_LE(0, self->tap);
	ASSERT_EQ(0, vnic_bind(&self->w.nl, self->ifname, &id, NULL));
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
	if (variant->session)
		ASSERT_EQ(0, device_attach(self->fd, 0, 0, &self->epoch));
	self->good.size = variant->size;
	fill_good(&self->good, variant->number, self->epoch, self->entries,
		  &id);
	self->arg = self->good;
}

FIXTURE_TEARDOWN(ioctl_args)
{
	close(self->fd);
	close(self->tap);
	world_end(&self->w);
}

/* The good argument is still good: nothing that was refused had an effect. */
#define EXPECT_UNTOUCHED()						\
do {									\
	self->arg = self->good;						\
	EXPECT_EQ(0, device_ioctl(self->fd, variant->number,		\
				  &self->arg))				\
		TH_LOG("a refused call changed something");		\
} while (0)

TEST_F(ioctl_args, good)
{
	EXPECT_EQ(0, device_ioctl(self->fd, variant->number, &self->arg));
}

TEST_F(ioctl_args, too_short)
{
	uint32_t size;

	for (size = 0; size < variant->size; size++) {
		self->arg = self->good;
		self->arg.size = size;
		EXPECT_EQ(-EINVAL, device_ioctl(self->fd, variant->number,
						&self->arg))
			TH_LOG("size %u", size);
	}
	EXPECT_UNTOUCHED();
}

TEST_F(ioctl_args, longer_with_zeros)
{
	unsigned int i;

	self->arg.size = variant->size + BEYOND;
	memset(self->arg.bytes + self->arg.size, 0xa5, BEYOND);
	ASSERT_EQ(0, device_ioctl(self->fd, variant->number, &self->arg));
	for (i = 0; i < BEYOND; i++) {
		EXPECT_EQ(0, self->arg.bytes[variant->size + i]);
		EXPECT_EQ(0xa5, self->arg.bytes[variant->size + BEYOND + i]);
	}
}

TEST_F(ioctl_args, longer_not_zero)
{
	static const unsigned int tails[] = { 1, 3, 8, BEYOND };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tails); i++) {
		self->arg = self->good;
		self->arg.size = variant->size + tails[i];
		self->arg.bytes[self->arg.size - 1] = 1;
		EXPECT_EQ(-E2BIG, device_ioctl(self->fd, variant->number,
					       &self->arg))
			TH_LOG("tail of %u", tails[i]);
	}
	EXPECT_UNTOUCHED();
}

TEST_F(ioctl_args, size_beyond_memory)
{
	static const uint32_t sizes[] = { 1 << 20, INT32_MAX, UINT32_MAX };
	char *page = page_before_nothing(variant->size + BEYOND);
	unsigned int i;
	int err;

	ASSERT_NE(NULL, page);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memcpy(page, &self->good, variant->size);
		*(uint32_t *)page = sizes[i];
		err = device_ioctl(self->fd, variant->number, page);
		EXPECT_TRUE(err == -E2BIG || err == -EFAULT)
			TH_LOG("size %u gave %d", sizes[i], err);
	}
	EXPECT_UNTOUCHED();
}

TEST_F(ioctl_args, flags)
{
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		if (variant->known_flags & 1U << bit)
			continue;
		self->arg = self->good;
		self->arg.head.flags = 1U << bit;
		EXPECT_EQ(-EINVAL, device_ioctl(self->fd, variant->number,
						&self->arg))
			TH_LOG("bit %u", bit);
	}
	EXPECT_UNTOUCHED();
}

TEST_F(ioctl_args, bad_pointer)
{
	unsigned int i;

	for (i = 0; i < BAD_POINTERS; i++)
		EXPECT_EQ(-EFAULT, device_ioctl(self->fd, variant->number,
						bad_pointer(i)))
			TH_LOG("pointer %p", bad_pointer(i));
	EXPECT_UNTOUCHED();
}

TEST_F(ioctl_args, at_page_end)
{
	char *page = page_before_nothing(variant->size);

	ASSERT_NE(NULL, page);
	memcpy(page, &self->good, variant->size);
	EXPECT_EQ(0, device_ioctl(self->fd, variant->number, page));
}

TEST_F(ioctl_args, beyond_page_end)
{
	size_t room;
	char *page;

	for (room = 1; room < variant->size; room += 3) {
		page = page_before_nothing(room);
		ASSERT_NE(NULL, page);
		memcpy(page, &self->good, room);
		EXPECT_EQ(-EFAULT, device_ioctl(self->fd, variant->number,
						page))
			TH_LOG("%zu bytes before the end", room);
		munmap((void *)((uintptr_t)page & -4096UL), 8192);
	}
	EXPECT_UNTOUCHED();
}

/* The answer cannot be written: as if the call had never been made. */
TEST_F(ioctl_args, read_only)
{
	char *page = page_before_nothing(variant->size);
	struct host before, after;

	ASSERT_NE(NULL, page);
	ASSERT_EQ(0, host_get(&self->w.nl, &before));
	memcpy(page, &self->good, variant->size);
	ASSERT_EQ(0, mprotect((void *)((uintptr_t)page & -4096UL), 4096,
			      PROT_READ));
	EXPECT_EQ(-EFAULT, device_ioctl(self->fd, variant->number, page));
	ASSERT_EQ(0, host_get(&self->w.nl, &after));
	EXPECT_EQ(before.appliance, after.appliance);
	EXPECT_UNTOUCHED();
}

FIXTURE(ioctl_number)
{
	struct world w;
	int fd;
	union argument arg;
};

FIXTURE_SETUP(ioctl_number)
{
	ASSERT_EQ(0, world_begin(&self->w));
	self->fd = device_open();
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(ioctl_number)
{
	close(self->fd);
	world_end(&self->w);
}

TEST_F(ioctl_number, unknown)
{
	unsigned int nr;

	for (nr = 7; nr < 256; nr++) {
		EXPECT_EQ(-ENOTTY, device_ioctl(self->fd,
						_IO(VMSAFE_NET_IOC_TYPE, nr),
						&self->arg))
			TH_LOG("number %u", nr);
		EXPECT_EQ(-ENOTTY, device_ioctl(self->fd,
						_IO(VMSAFE_NET_IOC_TYPE, nr),
						NULL))
			TH_LOG("number %u with NULL", nr);
	}
}

TEST_F(ioctl_number, size_and_direction)
{
	unsigned int nr, dir;

	for (nr = 0; nr < 7; nr++)
		for (dir = 0; dir < 4; dir++)
			EXPECT_EQ(-ENOTTY,
				  device_ioctl(self->fd,
					       _IOC(dir, VMSAFE_NET_IOC_TYPE,
						    nr, 8), &self->arg))
				TH_LOG("number %u, direction %u", nr, dir);
}

TEST_F(ioctl_number, other_type)
{
	unsigned int type;

	for (type = 0; type < 256; type++) {
		/* 'T' and 0 hold what the VFS answers for every file. */
		if (type == VMSAFE_NET_IOC_TYPE || type == 'T' || !type)
			continue;
		EXPECT_EQ(-ENOTTY, device_ioctl(self->fd, _IO(type, 1),
						&self->arg))
			TH_LOG("type %u", type);
	}
}

/* The device is for ioctls only. */
TEST_F(ioctl_number, no_read_no_write)
{
	char byte = 0;

	EXPECT_EQ(-1, read(self->fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, write(self->fd, &byte, 1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ, MAP_SHARED, self->fd,
				   0));
}

/* Only this one has reserved space that is not its flags. */
TEST_F(ioctl_number, version_reserved)
{
	struct vmsafe_net_ioc_version version;
	unsigned int bit;

	for (bit = 0; bit < 32; bit++) {
		version = (struct vmsafe_net_ioc_version) {
			.size = sizeof(version), .reserved = 1U << bit,
		};
		EXPECT_EQ(-EINVAL, device_ioctl(self->fd,
						VMSAFE_NET_IOC_VERSION,
						&version))
			TH_LOG("bit %u", bit);
	}
}

static uint64_t random_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static bool is_known(unsigned int number)
{
	static const unsigned int known[] = {
		VMSAFE_NET_IOC_VERSION, VMSAFE_NET_IOC_ATTACH,
		VMSAFE_NET_IOC_DETACH, VMSAFE_NET_IOC_HEARTBEAT,
		VMSAFE_NET_IOC_LIST_VMS, VMSAFE_NET_IOC_LIST_VNICS,
		VMSAFE_NET_IOC_VERIFY_VNIC,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		if (number == known[i])
			return true;
	return false;
}

/* Some are right, most of the others nearly. */
static unsigned int random_number(uint64_t *state)
{
	uint64_t r = random_next(state);
	unsigned int nr = r >> 8 & 7, size = r >> 16 & 0x3fff, dir = r >> 4 & 3;

	switch (r & 3) {
	case 0:
		return _IO(VMSAFE_NET_IOC_TYPE, nr);
	case 1:
		return _IOC(dir, VMSAFE_NET_IOC_TYPE, nr, size);
	case 2:
		return _IOC(dir, VMSAFE_NET_IOC_TYPE, r >> 32 & 0xff,
			    size & 0xff);
	default:
		return _IOC(dir, VMSAFE_NET_IOC_TYPE ^ 0x80, r >> 32 & 0xff,
			    size);
	}
}

/* Sizes about those there are; all else, pads too, anything or nothing. */
static void random_argument(uint64_t *state, union argument *arg)
{
	unsigned int i;
	uint64_t r;

	for (i = 0; i < sizeof(*arg); i += sizeof(r)) {
		r = random_next(state);
		if (r & 0x30)
			r = 0;
		memcpy(arg->bytes + i, &r, sizeof(r));
	}
	r = random_next(state);
	arg->size = r & 1 ? (r >> 8 & 31) * 8 : r >> 8 & 511;
	if (r & 6)
		arg->head.flags = 0;
}

/*
 * Refused, or done as asked; of the tables nobody has changed anything. It is
 * the debug kernel that sees what else may go wrong.
 */
TEST_F_TIMEOUT(ioctl_number, random, 300)
{
	uint64_t seed = now_ms() << 20 | getpid(), state = seed;
	unsigned int i, number, granted = 0;
	union argument *arg;
	struct host host;
	int err;

	TH_LOG("seed %llu", (unsigned long long)seed);
	arg = (void *)page_before_nothing(sizeof(*arg));
	ASSERT_NE(NULL, arg);
	for (i = 0; i < 100000; i++) {
		number = random_number(&state);
		random_argument(&state, arg);
		err = device_ioctl(self->fd, number, random_next(&state) & 15 ?
				   arg : bad_pointer(i % BAD_POINTERS));
		granted += !err;
		EXPECT_TRUE(is_known(number) ? err != -ENOTTY : err == -ENOTTY)
			TH_LOG("number %#x gave %d", number, err);
		switch (err) {
		case 0:
		case -ENOTTY:
		case -EINVAL:
		case -E2BIG:
		case -EFAULT:
		case -EBUSY:
		case -ENOTCONN:
		case -ESTALE:
		case -ENOENT:
		case -EMSGSIZE:
			break;
		default:
			EXPECT_EQ(0, err) TH_LOG("number %#x", number);
		}
	}
	/* What is always refused is not much of a test. */
	EXPECT_LT(100, granted);
	ASSERT_EQ(0, host_get(&self->w.nl, &host));
	EXPECT_EQ(0, host.vnics);
	EXPECT_EQ(0, host.bound);
	EXPECT_EQ(65536, host.limit);
}

TEST_HARNESS_MAIN
