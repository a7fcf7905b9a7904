/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VS_POLICY_WORDS_H
#define VS_POLICY_WORDS_H

#include <stdbool.h>

/** VS_WORDS_MAX - the most words that a line has */
#define VS_WORDS_MAX 64

/** struct vs_words_of - a line, taken apart; free with vs_words_free() */
struct vs_words_of {
	char *line;
	char *v[VS_WORDS_MAX];
	int n;
};

/**
 * vs_words_split() - take a line apart at its blanks
 * @w: the words, up to a word that begins with '#'
 * @line: the line
 *
 * Return: 0; -ENOMEM; -E2BIG: there are too many.
 */
int vs_words_split(struct vs_words_of *w, const char *line);

/** vs_words_free() - release them */
void vs_words_free(struct vs_words_of *w);

/** vs_line_is_empty() - is there nothing but blanks and a comment? */
bool vs_line_is_empty(const char *line);

#endif
