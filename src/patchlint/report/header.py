# SPDX-License-Identifier: GPL-2.0-or-later
"""Write header fields that hold what they should and nothing else (RFC 5322, 2047).

Whatever comes in, a field is printable ASCII, folded, and cannot end early.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from patchlint.mail.header import encode_words
from patchlint.model.message import Address
from patchlint.report.safe import printable

WIDTH = 78
_LONG = 200
# The forms that any mail program reads the same way; anything else is left out,
# since a wrong guess would write to a stranger.
_MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)
_ID = re.compile(r"[!-;=?-~]{1,250}")
_ATOMS = re.compile(r"[\w!#$%&'*+/=?^`{|}~ -]*", re.ASCII)
# Names of mails that had none (see mail/message.py); nobody can find those.
_MADE_UP = "@no-message-id.invalid"


def text(name: str, value: str) -> str:
    """Return a field of free text; encoded words where it is not plain ASCII."""
    value = " ".join(printable(value).split())
    words = value.split(" ")
    if not _is_plain(value) or any(len(word) > _LONG for word in words):
        words = encode_words(value)
    return _folded(name, words)


def addresses(name: str, values: Iterable[Address]) -> str:
    """Return a field of addresses, or "" where none of them can be written."""
    good = [value for value in values if is_mailbox(value.mailbox)]
    words: list[str] = []
    for count, value in enumerate(good, 1):
        phrase = _phrase(value.name)
        mailbox = f"<{value.mailbox}>" if phrase else value.mailbox
        words += [*phrase, mailbox if count == len(good) else f"{mailbox},"]
    return _folded(name, words) if words else ""


def ids(name: str, values: Iterable[str]) -> str:
    """Return a field of message ids, or "" where there is none to name."""
    good = [f"<{value}>" for value in values if is_id(value)]
    return _folded(name, good) if good else ""


def tokens(name: str, values: Iterable[str]) -> str:
    """Return a field of names with commas between them."""
    good = [re.sub(r"[^!-+\--~]", "_", value) for value in values]
    return _folded(name, ", ".join(good).split(" "))


def is_mailbox(value: str) -> bool:
    """Say whether mail can be sent to an address without guessing at it."""
    return len(value) <= _LONG and _MAILBOX.fullmatch(value) is not None


def is_id(value: str) -> bool:
    """Say whether a message id can be named, and is not made up by us."""
    return _ID.fullmatch(value) is not None and not value.endswith(_MADE_UP)


def _is_plain(value: str) -> bool:
    return value.isascii() and "=?" not in value


def _phrase(name: str) -> list[str]:
    """Return the words of a display name: as they are, quoted, or encoded."""
    name = " ".join(printable(name).split())
    if not _is_plain(name) or len(name) > _LONG:
        return encode_words(name)
    if not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return name.split(" ") if name else []


def _folded(name: str, words: Iterable[str]) -> str:
    """Join words, and go on in a new line where 78 columns would not hold the next."""
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > WIDTH and lines[-1].strip() != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return "\n".join(lines)
