/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_CORE_VERSION_H
#define VS_CORE_VERSION_H

/** VS_VERSION - the version, which is the module's too (kmod/main.c) */
#define VS_VERSION "0.1.0"

#endif
