#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""usage: recording.py WIDTH HEADINGS COMMAND [ARG...]

Run COMMAND on a terminal of WIDTH cells, print what it has written there, and
say whether the table in it lines up that has these HEADINGS, separated by
commas; ">" stands before one whose column is flush right. How many cells a
character takes is the C library's word, which terminals go by.

Exit status: 0 it lines up and fits, 1 it does not, 2 there is no such table.
"""
import ctypes
import fcntl
import locale
import os
import pty
import struct
import sys
import termios

LIBC = ctypes.CDLL(None)


def record(width, command):
    """The lines that the command writes on a terminal of its own."""
    pid, fd = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm"
        os.environ.pop("COLUMNS", None)
        # pty.fork() makes the terminal before its size can be set
        fcntl.ioctl(1, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, width, 0, 0))
        os.execvp(command[0], command)
    out = b""
    while True:
        try:
            part = os.read(fd, 65536)
        except OSError:     # EIO: nobody has it open any more
            break
        if not part:
            break
        out += part
    os.waitpid(pid, 0)
    return out.decode().replace("\r\n", "\n").rstrip("\n").split("\n")


def cells(line):
    """What stands in each cell; the second one of a wide character has ""."""
    row = []
    for char in line:
        n = LIBC.wcwidth(ord(char))
        if n < 0:
            raise ValueError(f"a terminal does not print U+{ord(char):04X}")
        if n == 0:
            row[-1] += char
        else:
            row += [char] + [""] * (n - 1)
    return row


def places(line, headings):
    """Where each column has its edge: the cell, and whether it is the right."""
    edges, at = [], 0
    for heading in headings:
        name = heading.lstrip(">")
        at = line.index(name, at)
        first = len(cells(line[:at]))
        at += len(name)
        right = heading.startswith(">")
        edges.append((first + len(cells(name)) - 1 if right else first, right))
    return edges


def find(lines, headings):
    """The table: its headings' line and all up to the next empty one."""
    names = [heading.lstrip(">") for heading in headings]
    for n, line in enumerate(lines):
        words = line.split()
        if words == [word for name in names for word in name.split()]:
            return lines[n:lines.index("", n) if "" in lines[n:] else None]
    print("there is no such table")
    sys.exit(2)


def wrong(row, edges):
    """Why a row does not line up, or nothing."""
    row = [" "] + row + [" "]
    for n, (edge, right) in enumerate(edges, 1):
        inside, outside = edge + 1, edge + 2 if right else edge
        if inside >= len(row) - 1 or outside >= len(row):
            return f"has no column {n}"
        # the second half of a wide character is no edge on the left
        if row[inside] == " " or row[outside] != " " or \
                (not right and row[inside] == ""):
            return f"column {n} has its edge elsewhere"
    return None


def judge(table, headings, width):
    edges = places(table[0], headings)
    bad, widest = 0, 0
    for line in table:
        row = cells(line)
        widest = max(widest, len(row))
        why = wrong(row, edges)
        if len(row) > width:
            why = f"{len(row)} cells wide"
        if why:
            print(f"{why}: {line}")
            bad += 1
    wide = sum(len(cells(line)) > len(line) for line in table[1:])
    print(f"rows: {len(table) - 1}, with wide characters: {wide}, "
          f"cells: {widest} of {width}")
    if not bad:
        print("all columns line up")
    return bool(bad)


def main():
    locale.setlocale(locale.LC_ALL, "")
    width, headings = int(sys.argv[1]), sys.argv[2].split(",")
    lines = record(width, sys.argv[3:])
    print("\n".join(lines))
    return judge(find(lines, headings), headings, width)


if __name__ == "__main__":
    sys.exit(main())
