/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An answer of vCenter, taken apart as it comes in. The elements that a long
 * answer has many of are handed out one by one and forgotten; what remains is
 * small. Nothing is believed of the sender: no document type, hence no
 * entities; depth, length and what is in memory at a time are limited.
 */
#ifndef VS_VSPHERE_TREE_H
#define VS_VSPHERE_TREE_H

#include <stddef.h>

/** VS_TREE_DEPTH - how deep elements may stand within each other */
#define VS_TREE_DEPTH 48
/** VS_TREE_LENGTH - how long an answer may be, bytes */
#define VS_TREE_LENGTH (512UL * 1024 * 1024)
/** VS_TREE_MEMORY - how much of it may be in memory at a time, bytes */
#define VS_TREE_MEMORY (16UL * 1024 * 1024)

/**
 * struct vs_twig - an element
 * @name: its name, without prefix
 * @type: its xsi:type or type attribute, without prefix; NULL: none
 * @text: the text in it, that of its children left out; never NULL
 * @child: the first element within it
 * @next: the next one beside it
 * @last: private
 * @up: private
 */
struct vs_twig {
	const char *name;
	const char *type;
	const char *text;
	struct vs_twig *child;
	struct vs_twig *next;
	struct vs_twig *last;
	struct vs_twig *up;
};

/**
 * typedef vs_twig_fn - takes an element that there are many of
 * @ctx: as given
 * @twig: valid until it returns
 *
 * Return: 0; anything else ends the parsing and is returned.
 */
typedef int (*vs_twig_fn)(void *ctx, const struct vs_twig *twig);

struct vs_tree;

/**
 * vs_tree_new() - a parser for one answer
 * @fn: takes each <objects> of a list and each <objectSet> of an update; NULL:
 *      they remain
 * @ctx: handed to @fn
 *
 * Return: the parser, or NULL when out of memory.
 */
struct vs_tree *vs_tree_new(vs_twig_fn fn, void *ctx);

/** vs_tree_free() - release it and its elements; NULL is fine */
void vs_tree_free(struct vs_tree *t);

/**
 * vs_tree_feed() - parse some more of it
 *
 * Return: 0; -EINVAL: no XML that we take; -EFBIG: over a limit; -ENOMEM; or
 * what the callback returned. Each failure is final.
 */
int vs_tree_feed(struct vs_tree *t, const char *bytes, size_t len);

/**
 * vs_tree_end() - that was all
 * @t: the parser
 * @root: the outermost element, until vs_tree_free()
 *
 * Return: as vs_tree_feed(); -EINVAL: also when something is missing.
 */
int vs_tree_end(struct vs_tree *t, const struct vs_twig **root);

/** vs_tree_why() - what was wrong with it, in a few words */
const char *vs_tree_why(const struct vs_tree *t);

/** vs_twig_find() - the first child of that name; NULL: none, or no @twig */
const struct vs_twig *vs_twig_find(const struct vs_twig *twig,
				   const char *name);

/** vs_twig_text() - the text of that child; NULL: there is none */
const char *vs_twig_text(const struct vs_twig *twig, const char *name);

#endif
