/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernels before 6.2 have one entry per command where later ones have one for
 * "do" and one for "dump". The generated table is of the later kind; its
 * fields have the same names in both, so it compiles as a table of genl_ops
 * that vsn_compat_genl_register() then folds.
 */
#ifndef _VSN_COMPAT_NET_GENETLINK_H
#define _VSN_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>

#ifdef VSN_HAVE_GENL_SPLIT_OPS

#define vsn_compat_genl_register	genl_register_family

#else

#define genl_split_ops	genl_ops
#define split_ops	ops
#define n_split_ops	n_ops

int vsn_compat_genl_register(struct genl_family *family);

#endif /* VSN_HAVE_GENL_SPLIT_OPS */

/* Before 6.6 a dump has its attributes, but no struct genl_info. */
#ifdef VSN_HAVE_GENL_INFO_DUMP
#define vsn_compat_dump_attrs(cb)	(genl_info_dump(cb)->attrs)
#else
#define vsn_compat_dump_attrs(cb)	(genl_dumpit_info(cb)->attrs)
#endif

#endif /* _VSN_COMPAT_NET_GENETLINK_H */
