# SPDX-License-Identifier: GPL-2.0-or-later
"""One series in every form that mail programs and archives have for it.

A transfer encoding is told in the header, so that a mail in base64 may have a header
of other lines, and its text begins further down. ``same_header`` gives a mail the
fields all forms have; then a line has the same number in each of them.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.adapters import boxes

GIT_MARK = b"From " + b"0" * 40 + b" Mon Sep 17 00:00:00 2001\n"
_MIME = re.compile(
    rb"^(?:MIME-Version|Content-[\w-]+|X-MIME-[\w-]+):[^\n]*\n(?:[ \t][^\n]*\n)*",
    re.MULTILINE | re.IGNORECASE,
)
_TYPE = re.compile(
    rb"^Content-Type:[ \t]*([^\s;]+)([^\n]*(?:\n[ \t][^\n]*)*)", re.M | re.I
)
_ENCODING = re.compile(rb"^Content-Transfer-Encoding:[ \t]*([\w-]+)", re.M | re.I)
_ID = re.compile(rb"^Message-Id:[ \t]*<[^<>\s]+>", re.M | re.I)
_AS_IT_IS = b"8bit"

Write = Callable[[Path, Sequence[bytes]], list[str]]


def is_plain(mail: bytes) -> bool:
    """Say whether a mail is one part of text in UTF-8 that every form can hold."""
    head, _, body = mail.partition(b"\n\n")
    kind, encoding = _TYPE.search(head), _ENCODING.search(head)
    is_text = kind is None or (
        kind[1].lower() == b"text/plain"
        and b"flowed" not in kind[2].lower()
        and (b"charset" not in kind[2].lower() or b"utf-8" in kind[2].lower())
    )
    is_open = encoding is None or encoding[1].lower() in (b"7bit", _AS_IT_IS)
    return bool(
        is_text
        and is_open
        and _ID.search(head)
        and b"\r" not in mail
        and not mail.startswith(b"From ")
        and b"\nFrom " not in body
        and b"\n>From " not in body
        and body.endswith(b"\n")
    )


def same_header(mail: bytes) -> bytes:
    """Give a mail the three fields that a transfer encoding needs."""
    head, _, body = mail.partition(b"\n\n")
    return b"%s%s\n\n%s" % (_MIME.sub(b"", head + b"\n"), _fields(_AS_IT_IS), body)


def _fields(encoding: bytes) -> bytes:
    return (
        b"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
        b"Content-Transfer-Encoding: " + encoding
    )


def _encoded(mail: bytes, encoding: bytes, encode: Callable[[bytes], bytes]) -> bytes:
    head, _, body = mail.partition(b"\n\n")
    return b"%s\n\n%s" % (
        head.replace(_fields(_AS_IT_IS), _fields(encoding)),
        encode(body),
    )


def _in_base64(mail: bytes) -> bytes:
    return _encoded(mail, b"base64", base64.encodebytes)


def _quoted_printable(mail: bytes) -> bytes:
    return _encoded(mail, b"quoted-printable", quopri.encodestring)


def _with_crlf(mail: bytes) -> bytes:
    return mail.replace(b"\n", b"\r\n")


def _file(path: Path, data: bytes) -> list[str]:
    path.write_bytes(data)
    return [str(path)]


def _maildir(folder: Path, mails: Sequence[bytes]) -> list[str]:
    return [str(boxes.maildir(folder, mails))]


def _files(folder: Path, mails: Sequence[bytes]) -> list[str]:
    named = {f"{number:04}.eml": mail for number, mail in enumerate(mails)}
    return [str(boxes.write_all(folder, named) / name) for name in named]


def _joined(folder: Path, mails: Sequence[bytes]) -> list[str]:
    """Write what ``cat *.patch`` gives, to be read from standard input."""
    return ["-", *_file(folder / "all", b"".join(GIT_MARK + mail for mail in mails))]


def _each(change: Callable[[bytes], bytes], write: Write) -> Write:
    return lambda folder, mails: write(folder, [change(mail) for mail in mails])


def _mbox(folder: Path, mails: Sequence[bytes]) -> list[str]:
    return _file(folder / "series.mbox", boxes.mbox(mails))


def _mboxrd(folder: Path, mails: Sequence[bytes]) -> list[str]:
    return _file(folder / "series.mbox", boxes.mboxrd(mails))


def _packed(folder: Path, mails: Sequence[bytes]) -> list[str]:
    return _file(folder / "t.mbox.gz", boxes.packed(boxes.mboxrd(mails)))


FORMS: Mapping[str, Write] = {
    "mbox": _mbox,
    "mboxrd": _mboxrd,
    "mboxrd.gz": _packed,
    "maildir": _maildir,
    "files": _files,
    "standard input": _joined,
    "base64": _each(_in_base64, _mbox),
    "quoted-printable": _each(_quoted_printable, _mboxrd),
    "CRLF": _each(_with_crlf, _files),
    "CRLF in a maildir": _each(_with_crlf, _maildir),
    "base64 with CRLF": _each(_in_base64, _each(_with_crlf, _files)),
}
