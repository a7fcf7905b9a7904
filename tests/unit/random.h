/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers that are always alike; UNIT_SEED=N makes them others. */
#ifndef RANDOM_H
#define RANDOM_H

/** random_seed() - say where they begin, and begin there; never 0 */
unsigned long long random_seed(void);

/** random_begin() - go on from another place, always the same for a number */
void random_begin(unsigned long long where);

/** random_pick() - one below @n */
unsigned int random_pick(unsigned int n);

#endif
