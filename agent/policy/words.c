// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy/words.h"

int vs_words_split(struct vs_words_of *w, const char *line)
{
	char *save, *word;

	*w = (struct vs_words_of){ .line = strdup(line) };
	if (!w->line)
		return -ENOMEM;
	for (word = strtok_r(w->line, " \t", &save); word && *word != '#';
	     word = strtok_r(NULL, " \t", &save)) {
		if (w->n == VS_WORDS_MAX) {
			vs_words_free(w);
			return -E2BIG;
		}
		w->v[w->n++] = word;
	}
	return 0;
}

void vs_words_free(struct vs_words_of *w)
{
	free(w->line);
	*w = (struct vs_words_of){ 0 };
}

bool vs_line_is_empty(const char *line)
{
	line += strspn(line, " \t");
	return !*line || *line == '#';
}
