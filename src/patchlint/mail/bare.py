# SPDX-License-Identifier: GPL-2.0-or-later
"""Patches without mail headers: a diff as git prints it, the patches of a quilt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patchlint.mail.sniff import Kind, kind_of, trimmed
from patchlint.model.raw import Raw

_SUBJECT = re.compile(
    rb"^Subject:[ \t]*(?P<text>\S[^\n]*)", re.MULTILINE | re.IGNORECASE
)
_BLANK = re.compile(rb"\n\r?\n|\Z")
_COUNTED = re.compile(rb"\[[^]\n]*\d+/\d+[^]\n]*\]")
_BRACKET = re.compile(rb"\[(?P<words>[^]\n]*)\]\s*")
_FIELD = re.compile(rb"[!-9;-~]+:")
_SUFFIX = re.compile(r"(?:\.(?:patch|diff|dpatch))+$", re.IGNORECASE)


def headless(data: bytes) -> bytes:
    """Keep the first line of a text that is no mail from being taken for a header."""
    return b"\n" + data if _FIELD.match(data) else data


def is_bare(raw: Raw) -> bool:
    """Say whether a text is a diff without mail headers."""
    return kind_of(trimmed(raw.data)) is Kind.DIFF


def numbered(raws: Sequence[Raw | None]) -> tuple[Raw, ...]:
    """Make one series of patches that do not count themselves, in their order.

    None stands for a patch that is missing. What has mail headers keeps them, and its
    subject gets the number; what has none is a commit log and gets the name for a
    subject, as ``git quiltimport`` does it. A patch that counts keeps its number.
    """
    total = len(raws)
    return tuple(
        Raw(raw.name, _numbered(raw, f"{number}/{total}".encode()))
        for number, raw in enumerate(raws, 1)
        if raw is not None
    )


def _numbered(raw: Raw, count: bytes) -> bytes:
    data = trimmed(raw.data)
    if kind_of(data) is not Kind.MAIL:
        return b"Subject: [PATCH %s] %s\n\n%s" % (count, _title(raw.name), data)
    blank = _BLANK.search(data)
    head = data[: blank.start()] if blank else data
    subject = _SUBJECT.search(head)
    if subject is None:
        return b"Subject: [PATCH %s] %s\n%s" % (count, _title(raw.name), data)
    at, text = subject.start("text"), subject["text"]
    if _COUNTED.match(text):
        return data
    bracket = _BRACKET.match(text)
    words = bracket["words"] if bracket else b"PATCH"
    rest = at + (bracket.end() if bracket else 0)
    return b"%s[%s %s] %s" % (data[:at], words, count, data[rest:])


def _title(name: str) -> bytes:
    """Return the file name of a patch as one printable line."""
    last = _SUFFIX.sub("", re.split(r"[/:] ?", name)[-1])
    return "".join(c if c.isprintable() else "?" for c in last).encode(
        "utf-8", "replace"
    )
