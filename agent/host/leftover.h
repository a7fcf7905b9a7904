/* SPDX-License-Identifier: GPL-2.0-only */
/* What a program that was killed has left beside a file it was making. */
#ifndef VS_HOST_LEFTOVER_H
#define VS_HOST_LEFTOVER_H

/** VS_LEFTOVER_AGE - seconds that a file has to have been left alone */
#define VS_LEFTOVER_AGE 60

/**
 * vs_leftover_sockets() - remove "PATH.PID" of processes that are gone
 * @path: of the socket that they were to become
 *
 * Only sockets that are ours, in a folder that is ours alone; what is no
 * number as a PID is written is no such name. Links are not followed.
 *
 * Return: how many went, or a negative errno: the folder cannot be read;
 * -EPERM: others may write to it, so nothing there is certain.
 */
int vs_leftover_sockets(const char *path);

/**
 * vs_leftover_files() - likewise "PATH.XXXXXX", as vs_file_write_json() makes
 * @path: of the file that they were to become
 *
 * Only regular files that are ours, have one name, have not been written to
 * for VS_LEFTOVER_AGE, and that no process has open.
 */
int vs_leftover_files(const char *path);

#endif
