/* SPDX-License-Identifier: GPL-2.0-only */
/* Netlink attributes into structures, by table. */
#ifndef VS_DRIVER_ATTR_H
#define VS_DRIVER_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

struct nlattr;
struct nlmsghdr;

/** enum vs_attr_kind - what an attribute holds, and which member takes it */
enum vs_attr_kind {
	VS_ATTR_NONE,	/* no such attribute, or of no interest */
	/* exactly vs_attr_def.size bytes */
	VS_ATTR_U8,
	VS_ATTR_U16,
	VS_ATTR_U32,
	VS_ATTR_U64,
	VS_ATTR_BYTES,
	/* and others */
	VS_ATTR_STRING,	/* into char[vs_attr_def.size], terminated */
	VS_ATTR_FLAG,	/* nothing but its presence */
	VS_ATTR_NEST,	/* a set of its own */
	VS_ATTR_LIST,	/* one of several such sets, each an element */
};

/**
 * struct vs_attr_def - one attribute
 * @name: as in the spec
 * @kind: enum vs_attr_kind
 * @offset: where in the structure it goes
 * @size: of the member that takes it; of an element of a list
 * @nested: the set of a nest, read into the same structure; the set of a
 *          list's element, whose offsets count from the element
 * @count: of a list: offset of the uint32_t that counts the elements
 * @cap: of a list: how many there is room for
 */
struct vs_attr_def {
	const char *name;
	const struct vs_attr_set *nested;
	uint16_t kind;
	uint16_t offset;
	uint16_t size;
	uint16_t count;
	uint32_t cap;
};

/**
 * struct vs_attr_set - the attributes of one kind of message
 * @defs: indexed by attribute type
 * @n: how many
 * @has: offset of the uint64_t in which bit T is set when type T was there;
 *       a nested set has none, its nest's bit speaks for it
 */
struct vs_attr_set {
	const struct vs_attr_def *defs;
	size_t n;
	size_t has;
};

/** VS_ATTR_NO_HAS - vs_attr_set.has of a nested set */
#define VS_ATTR_NO_HAS SIZE_MAX

/** VS_ATTR_BIT() - the bit of an attribute type in a "has" word */
#define VS_ATTR_BIT(type) (UINT64_C(1) << (type))

/**
 * vs_attr_read() - read the attributes of a generic netlink message
 * @set: what they are; attributes it does not know are passed over
 * @nlh: the message, complete
 * @to: the structure, zeroed first by the caller
 *
 * Return: 0; -EBADMSG: an attribute is not what it must be, or a list is
 * longer than any that this program knows of.
 */
int vs_attr_read(const struct vs_attr_set *set, const struct nlmsghdr *nlh,
		 void *to);

/** vs_attr_read_nested() - read those of a nest into a structure of its own */
int vs_attr_read_nested(const struct vs_attr_set *set,
			const struct nlattr *nest, void *to);

/** vs_attr_name() - name of an attribute type, or NULL */
const char *vs_attr_name(const struct vs_attr_set *set, unsigned int type);

#endif
