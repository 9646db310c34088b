# SPDX-License-Identifier: GPL-2.0-or-later
"""Become another program that can write nothing: run as a file, never imported.

``python -I -S jail.py FOLDER SECONDS PROGRAM WORD...``: FOLDER, if it is not empty, is
the one place that may be written to; SECONDS bound the CPU time. Where the kernel has
Landlock (Linux 5.13), nothing else can be written, made or removed, whoever is asked
to; from 6.7 on, nothing connects by TCP; from 6.12 on, no other process is signalled.
Elsewhere the size of files stands in: none gets a byte.

Between fork and exec, Python may run next to nothing safely; so this is a program.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_NO_NEW_PRIVS = 38
# Rights by the version of Landlock that knows them first: to write to a file, to remove
# and make entries; to move files between folders; to truncate.
_RIGHTS = ((1, (1 << 1) | (0x1FF << 4)), (2, 1 << 13), (3, 1 << 14))
_WRITE = (1 << 1) | (1 << 14)
_TCP, _OTHERS = 3, 3
_MEMORY = 2 << 30
_ROOM = 64 << 20


def main() -> None:
    """Limit this process, and become the program."""
    folder, seconds, *command = sys.argv[1:]
    _limit(resource.RLIMIT_CPU, int(seconds))
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, _MEMORY)
    _limit(resource.RLIMIT_FSIZE, _ROOM if folder else 0)
    # Who writes nevertheless hears of an error, and goes on.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if sys.platform == "linux":
        _close(folder)
    os.execv(command[0], command)  # noqa: S606 - that is what we are for


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (least, least))


def _close(folder: str) -> None:
    """Take away the right to write, as far as this kernel can."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1 or libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return
    rights = sum(bits for since, bits in _RIGHTS if version >= since)
    network = _TCP if version >= 4 else 0
    scopes = _OTHERS if version >= 6 else 0
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    wanted = struct.pack("=QQQ", rights, network, scopes)[:size]
    rules = libc.syscall(_CREATE, wanted, ctypes.c_size_t(size), 0)
    if rules < 0:
        return
    _allow(libc, rules, os.devnull, rights & _WRITE)
    if folder:
        _allow(libc, rules, folder, rights)
    if libc.syscall(_RESTRICT, rules, 0):
        sys.exit(f"jail: {os.strerror(ctypes.get_errno())}")


def _allow(libc: ctypes.CDLL, rules: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    libc.syscall(_ADD, rules, 1, struct.pack("=Qi", rights, place), 0)
    os.close(place)


if __name__ == "__main__":
    main()
