# SPDX-License-Identifier: GPL-2.0-or-later
"""Write mails into every kind of container, as the programs do that make them."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

MARK = b"From dev@example.org Tue Jan  2 03:04:05 2024\n"
MBOXRD_MARK = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n"
_FROM_LINE = re.compile(rb"^(>*From )", re.MULTILINE)


def mbox(mails: Sequence[bytes]) -> bytes:
    """Write an mbox that quotes nothing."""
    return b"".join(MARK + mail + b"\n" for mail in mails)


def mboxrd(mails: Sequence[bytes]) -> bytes:
    """Write an mbox as public-inbox does."""
    quoted = (_FROM_LINE.sub(rb">\1", mail) for mail in mails)
    return b"".join(MBOXRD_MARK + mail + b"\n" for mail in quoted)


def mboxcl2(mails: Sequence[bytes]) -> bytes:
    """Write an mbox that tells the length of every body and quotes nothing."""
    told = []
    for mail in mails:
        head, _, body = mail.partition(b"\n\n")
        length = b"Content-Length: %d" % len(body)
        told.append(MARK + b"%s\n%s\n\n%s\n" % (head, length, body))
    return b"".join(told)


def tar(files: Mapping[str, bytes], kind: int = tarfile.PAX_FORMAT) -> bytes:
    """Write a tar archive of regular files."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=kind) as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return held.getvalue()


def odd_tar(*members: tuple[str, bytes, str]) -> bytes:
    """Write a tar archive of members that are no files: name, type, link."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, kind, link in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, link
            archive.addfile(member)
    return held.getvalue()


def write_all(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder and return it."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def maildir(folder: Path, mails: Sequence[bytes]) -> Path:
    """Write a maildir, with a mail in it that is not delivered yet."""
    half = {"tmp/9.M1P2.host": b"Subject: [PATCH] half\n\n"}
    names = (f"{'cur' if n % 2 else 'new'}/{n}.M1P{n}.host:2,S" for n in range(99999))
    return write_all(folder, half | dict(zip(names, mails, strict=False)))


def packed(data: bytes) -> bytes:
    """Write gzip."""
    return gzip.compress(data, mtime=0)
