/* SPDX-License-Identifier: GPL-2.0-only */
/* What a request asks for: the path and the parameters of its URI. */
#ifndef VS_API_QUERY_H
#define VS_API_QUERY_H

#include <stddef.h>

/** VS_QUERY_SEGMENTS - the most parts a path may have */
#define VS_QUERY_SEGMENTS 6
/** VS_QUERY_PARAMS - the most parameters there may be */
#define VS_QUERY_PARAMS 16

/** struct vs_query_param - "name=value", decoded */
struct vs_query_param {
	const char *name;
	const char *value;
};

/**
 * struct vs_query - a URI, taken apart and decoded
 * @text: what the others point into
 * @path: the parts of the path, between slashes
 * @n_path: how many
 * @params: the parameters, in order
 * @n_params: how many
 */
struct vs_query {
	char *text;
	const char *path[VS_QUERY_SEGMENTS];
	size_t n_path;
	struct vs_query_param params[VS_QUERY_PARAMS];
	size_t n_params;
};

/**
 * vs_query_parse() - take a URI apart, strictly
 * @q: filled in; for vs_query_free() in any case
 * @uri: as it stands in the request: "/v1/vms/web?state=pending"
 *
 * Each part is decoded for itself, so that a slash may be part of a name. A
 * plus sign is a plus sign.
 *
 * Return: 0; -EINVAL: not a path, or bad percent encoding; -EILSEQ: not UTF-8,
 * or a NUL; -E2BIG: too many parts or parameters; -ENOMEM.
 */
int vs_query_parse(struct vs_query *q, const char *uri);

/** vs_query_get() - the value of the first parameter of that name, or NULL */
const char *vs_query_get(const struct vs_query *q, const char *name);

/** vs_query_free() - release it */
void vs_query_free(struct vs_query *q);

#endif
