# SPDX-License-Identifier: GPL-2.0-or-later
"""Change places of a mail, and nothing else in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from patchlint.mail.header import encode_words
from patchlint.model.finding import Edit
from patchlint.model.message import Message

_CONTENT = re.compile(r"(?:content-[\w-]+|mime-version)[ \t]*:", re.IGNORECASE)
_FIELD = re.compile(r"([!-9;-~]+:[ \t]*)(.*)")
_ENCODED = re.compile(
    r"content-transfer-encoding[ \t]*:\s*(?:base64|quoted-printable)", re.IGNORECASE
)
_PLAIN_CONTENT = (
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=UTF-8",
    "Content-Transfer-Encoding: 8bit",
)


def rewrite(raw: bytes, message: Message, edits: Iterable[Edit]) -> bytes:
    """Return ``raw`` with ``edits`` made, which count in the lines of ``message``.

    Lines that no edit touches keep their bytes. A mail whose text was encoded
    (base64, quoted-printable, another charset, parts) comes back as plain UTF-8,
    since its own lines are not those of the text.
    """
    changed = changed_lines(message.lines, edits)
    if not changed:
        return raw
    text = raw.decode("utf-8", "surrogateescape")
    lines = text.replace("\r\n", "\n").split("\n")
    at = message.body_start - 2
    is_plain = _is_plain(lines, message)
    rest = lines[at:] if is_plain else [*message.lines[at:], ""]
    made = list(_head(lines[:at], changed, is_plain=is_plain))
    for number, line in enumerate(rest, at + 1):
        made += changed.get(number, (line,))
    end = "\r\n" if is_plain and "\r\n" in text else "\n"
    return end.join(made).encode("utf-8", "surrogateescape")


def changed_lines(
    lines: Sequence[str], edits: Iterable[Edit]
) -> dict[int, tuple[str, ...]]:
    """Return what stands instead of each line that changes, by its number.

    A span is a part of one line, or the whole of it (``end_line`` 0): then no text
    takes the line away. Of edits that overlap, the first is made.
    """
    made: dict[int, tuple[str, ...]] = {}
    by_line: dict[int, list[Edit]] = {}
    for edit in sorted(set(edits), key=lambda e: (e.span, e.text)):
        by_line.setdefault(edit.span.line, []).append(edit)
    for number, found in by_line.items():
        if not 1 <= number <= len(lines):
            continue
        whole = next((e for e in found if not e.span.end_line), None)
        new = whole.text if whole else _edited(lines[number - 1], found)
        if whole or new != lines[number - 1]:
            made[number] = tuple(new.split("\n")) if new else ()
    return made


def _edited(line: str, edits: Iterable[Edit]) -> str:
    parts: list[str] = []
    at = 0
    for edit in edits:
        begin, end = edit.span.column - 1, edit.span.end_column - 1
        if edit.span.end_line == edit.span.line and at <= begin <= end <= len(line):
            parts += [line[at:begin], edit.text]
            at = end
    return "".join((*parts, line[at:]))


def _is_plain(lines: Sequence[str], message: Message) -> bool:
    """Say whether the lines of the text are those of the mail."""
    at = message.body_start - 2
    text = message.lines[at:]
    if any(_ENCODED.match(line) for line in lines[:at]):
        return False
    return (
        tuple(lines[at : at + len(text)]) == text and len(lines) <= len(text) + at + 1
    )


def _head(
    lines: Sequence[str], changed: Mapping[int, tuple[str, ...]], *, is_plain: bool
) -> Iterator[str]:
    is_content = False
    for number, line in enumerate(lines, 1):
        if line[:1] not in (" ", "\t"):
            is_content = _CONTENT.match(line) is not None
        if is_plain or not is_content:
            yield from map(_field, changed[number]) if number in changed else (line,)
    if lines and not is_plain:
        yield from _PLAIN_CONTENT


def _field(line: str) -> str:
    """Return a header line as it may be sent: RFC 2047 where it is not ASCII."""
    field = _FIELD.fullmatch(line)
    if line.isascii() or field is None:
        return line
    return field[1] + " ".join(encode_words(field[2]))
