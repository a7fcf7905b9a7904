/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of the kernel's, in which a line is a setting or a command. */
#ifndef VSN_TEST_FILE_H
#define VSN_TEST_FILE_H

/* Write all of @text at once. 0 or a negative errno. */
int file_put(const char *path, const char *text);

#endif /* VSN_TEST_FILE_H */
