# SPDX-License-Identifier: GPL-2.0-or-later
"""The header of a mail: its lines, its fields, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.mail.header import (
    bad_word,
    decode_raw,
    decode_words,
    fields,
    ids,
    is_field,
)
from patchlint.mail.mime import header_lines
from patchlint.model.defect import Defect, DefectKind

_KNOWN = frozenset(
    {"from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"}
    | {"mime-version", "content-type", "content-transfer-encoding", "received"}
    | {"sender", "reply-to", "return-path", "delivered-to", "list-id"}
)
"""Fields that tell a header from text that only looks like one."""
_ONCE = ("subject", "from", "date")
_JOINED = ("to", "cc")
_BARE_ID = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SENT = ("received", "in-reply-to", "references", "list-id")


class Top(Struct, frozen=True):
    """The header: decoded lines, name -> (value, line), and where the body begins.

    ``end`` is the offset of the body in the bytes of the mail.
    """

    lines: tuple[str, ...]
    values: dict[str, tuple[str, int]]
    end: int
    message_id: str
    defects: tuple[Defect, ...]

    def value(self, name: str) -> str:
        """Return the unfolded value of a field, not decoded, or nothing."""
        return self.values.get(name, ("", 0))[0]


def read_top(raw: bytes, longest: int) -> Top:
    """Read the header; a text that has none, and begins with its body, is all body."""
    raw_lines, end = _split(raw)
    found = fields(raw_lines)
    if not any(name in _KNOWN for name, _, _ in found):
        raw_lines, found, end = (), [], 0
    defects = [*_strangers(raw_lines), *_values(found)]
    values: dict[str, tuple[str, int]] = {}
    for name, value, line in found:
        values.setdefault(name, (value, line))
    for name in _JOINED:
        if name in values:
            joined = ", ".join(value for known, value, _ in found if known == name)
            values[name] = (joined, values[name][1])
    message_id, wrong = _message_id(found, values)
    lines = tuple(decode_line(line[:longest]) for line in raw_lines)
    defects += [*wrong, *_long(raw_lines, longest)]
    return Top(lines, values, end, message_id, tuple(defects))


def decode_line(line: str) -> str:
    """Return one header line with its encoded words decoded, its folding kept."""
    if "=?" not in line:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    return indent + decode_words(line)


def _split(raw: bytes) -> tuple[tuple[str, ...], int]:
    """Return the lines of the header, and the offset of the body.

    A line that is no field ends the header, as it does for git, unless one that every
    mail has comes after it.
    """
    blank = -1 if raw.startswith(b"\n") else raw.find(b"\n\n")
    if raw.startswith(b"\n"):
        return (), 0
    block = raw[:blank] if blank >= 0 else raw.rstrip(b"\n")
    lines = header_lines(block)
    if not lines or not is_field(lines[0]) or lines[0][:1] in (" ", "\t"):
        return (), 0
    end = len(block) + 2 if blank >= 0 else len(raw)
    last = max((n for n, line in enumerate(lines) if _is_known(line)), default=0)
    for number in range(last + 1, len(lines)):
        if not is_field(lines[number]):
            head = "\n".join(lines[:number]).encode("utf-8", "surrogateescape")
            return lines[:number], len(head) + 1
    return lines, end


def _is_known(line: str) -> bool:
    name = line[:40].partition(":")[0].rstrip().lower()
    return ":" in line[:40] and name in _KNOWN


def _strangers(lines: tuple[str, ...]) -> Iterator[Defect]:
    """Yield lines that are no part of a header, and bytes that are not UTF-8."""
    for number, line in enumerate(lines, 1):
        if not is_field(line) and not line.startswith((">From ", "From ")):
            yield Defect(DefectKind.MAIL_HEADER, "no header field; passed over", number)
        if not line.isascii() and any("\udc80" <= c <= "\udcff" for c in line):
            text = "bytes of a header that are not UTF-8"
            yield Defect(DefectKind.MAIL_CHARSET, text, number)


def _values(found: list[tuple[str, str, int]]) -> Iterator[Defect]:
    """Yield fields that come twice, and those that do not decode."""
    seen: set[str] = set()
    for name, value, line in found:
        if name in _ONCE and name in seen:
            text = f"a second {name.title()} header; the first counts"
            yield Defect(DefectKind.MAIL_HEADER, text, line)
        seen.add(name)
        if name not in _ONCE and name not in _JOINED:
            continue
        if word := bad_word(value):
            text = f"{name.title()}: {word} does not decode"
            yield Defect(DefectKind.MAIL_HEADER, text, line)
        elif _CONTROLS.search(decode_raw(value)):
            text = f"{name.title()}: control characters; read as blanks"
            yield Defect(DefectKind.MAIL_HEADER, text, line)


def _message_id(
    found: list[tuple[str, str, int]], values: dict[str, tuple[str, int]]
) -> tuple[str, tuple[Defect, ...]]:
    """Return the id, and what is wrong with it; files of patches have none."""
    here = [(value, line) for name, value, line in found if name == "message-id"]
    if not here:
        sent = any(name in values for name in _SENT)
        text = "no Message-ID, although the mail was sent"
        return "", (Defect(DefectKind.MAIL_ID, text),) if sent else ()
    value, line = here[0]
    known = ids(value)
    bare = _BARE_ID.fullmatch(value.strip("<> \t"))
    text = ""
    if len({v for v, _ in here}) > 1:
        text, line = "a second Message-ID; the first counts", here[1][1]
    elif not known:
        text = "Message-ID without angle brackets" if bare else "Message-ID is no id"
    message_id = known[0] if known else bare[0] if bare else ""
    return message_id, (Defect(DefectKind.MAIL_ID, text, line),) if text else ()


def _long(lines: tuple[str, ...], longest: int) -> Iterator[Defect]:
    for number, line in enumerate(lines, 1):
        if len(line) > longest:
            text = f"more than {longest} characters in a line; the rest is not shown"
            yield Defect(DefectKind.LIMIT, text, number)
