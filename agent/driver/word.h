/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of the spec's enums: for columns, JSON, snapshots and arguments;
 * never translated. "unknown" stands for values of a newer driver.
 */
#ifndef VS_DRIVER_WORD_H
#define VS_DRIVER_WORD_H

#include <stdint.h>

/** enum vs_words - the enums */
enum vs_words {
	VS_WORDS_PORT_KIND,
	VS_WORDS_VERDICT,
	VS_WORDS_FAILURE_POLICY,
	VS_WORDS_MODE,
	VS_WORDS_APPLIANCE_STATE,
	VS_WORDS_REASON,
	VS_WORDS_CLAIM_KIND,
	VS_WORDS_GUARD,
	VS_WORDS_DIRECTION,
	VS_WORDS_DROP_REASON,
	VS_WORDS_COUNT
};

/** vs_driver_word() - the word for a value, e.g. "fail-open" */
const char *vs_driver_word(enum vs_words words, uint32_t value);

/**
 * vs_driver_word_parse() - the value of a word, exactly
 * @words: of which enum
 * @s: the word
 * @value: written only on success
 *
 * Return: 0 or -EINVAL.
 */
int vs_driver_word_parse(enum vs_words words, const char *s, uint32_t *value);

#endif
