# SPDX-License-Identifier: GPL-2.0-or-later
"""Split a mail into its MIME parts, in one pass and to a bounded depth.

The standard library's parser is not used: it recurses once per level, and compares each
line with the boundary of every level around it.
"""

from __future__ import annotations

import re

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.mail.header import fields
from patchlint.mail.params import Field, parse_params

_DASHES = re.compile(rb"^--[^\n]*", re.MULTILINE)
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_MOST_PARTS = 10_000
_NONE = Field("", {})


class Entity(Struct, frozen=True):
    """One part that holds no other: its labels and its bytes as they were sent.

    ``within`` says where it stands: (number of the multipart, its subtype, number of
    the part in it), from the outside to the inside. ``mail`` are the header lines of
    the attached mail that it belongs to.
    """

    kind: Field
    encoding: str
    disposition: Field = _NONE
    raw: bytes = b""
    within: tuple[tuple[int, str, int], ...] = ()
    mail: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the file that the part was, or nothing."""
        named = self.disposition.params.get("filename", "")
        return named or self.kind.params.get("name", "")


class Split(Struct):
    """The parts in order, and what is wrong with how they are put together."""

    parts: list[Entity] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    limit: str = ""


def header_lines(raw: bytes) -> tuple[str, ...]:
    """Return the lines of a header as text."""
    text = raw.decode("utf-8", "surrogateescape")
    return tuple(text.split("\n")) if text else ()


def split_parts(kind: str, encoding: str, body: bytes, depth: int) -> Split:
    """Return the parts of a body with these labels; its line ends are LF."""
    splitter = _Splitter(body, depth)
    splitter.enter(Entity(parse_params(kind), encoding), 0)
    return splitter.run()


class _Level(Struct):
    """A multipart that is open."""

    number: int
    subtype: str
    boundary: bytes
    mail: tuple[str, ...]
    parts: int = 0


class _Splitter:
    def __init__(self, body: bytes, depth: int) -> None:
        self._body = body
        self._depth = depth
        self._levels: list[_Level] = []
        self._tokens: dict[bytes, int] = {}
        self._part: tuple[Entity, int] | None = None
        self._opened = 0
        self._mails = 0
        self._out = Split()

    def run(self) -> Split:
        """Go through the lines that can be boundaries."""
        top = self._levels[0] if self._levels else None
        for hit in _DASHES.finditer(self._body) if top else ():
            if len(self._out.parts) >= _MOST_PARTS:
                self._close(hit.start())
                self._out.limit = f"more than {_MOST_PARTS} parts; the rest is not read"
                break
            self._boundary(hit)
        self._close(len(self._body))
        if top and not top.parts:
            self._out.problems.append("no boundary is found; read as plain text")
            self._out.parts.append(Entity(Field("text/plain", {}), "", raw=self._body))
        elif self._levels and not self._out.limit:
            self._out.problems.append("the last boundary is missing")
        return self._out

    def _boundary(self, hit: re.Match[bytes]) -> None:
        token = hit[0].rstrip()[2:]
        closes = token not in self._tokens and token.endswith(b"--")
        at = self._tokens.get(token.removesuffix(b"--") if closes else token)
        if at is None:
            return
        self._close(max(hit.start() - 1, 0))
        while len(self._levels) > at + (0 if closes else 1):
            self._leave()
        if not closes:
            level = self._levels[at]
            level.parts += 1
            self._begin(min(hit.end() + 1, len(self._body)), level.mail)

    def _begin(self, at: int, mail: tuple[str, ...]) -> None:
        """Read the header of a part, and go into it."""
        values, at, _ = self._header(at)
        within = tuple((n.number, n.subtype, n.parts) for n in self._levels)
        part = Entity(
            parse_params(values.get("content-type", "text/plain")),
            values.get("content-transfer-encoding", ""),
            parse_params(values.get("content-disposition", "")),
            within=within,
            mail=mail,
        )
        self.enter(part, at)

    def enter(self, part: Entity, at: int) -> None:
        """Open a part whose text begins at ``at``: a multipart, a mail, or text."""
        while part.kind.word == "message/rfc822" and _is_plain(part.encoding):
            if self._too_deep():
                return
            part, at = self._attached(part, at)
        boundary = part.kind.params.get("boundary", "").rstrip()
        if not part.kind.word.startswith("multipart/") or not boundary:
            self._part = (part, at)
        elif not self._too_deep():
            token = boundary.encode("utf-8", "surrogateescape")
            subtype = part.kind.word.partition("/")[2]
            self._opened += 1
            self._levels.append(_Level(self._opened, subtype, token, part.mail))
            self._tokens.setdefault(token, len(self._levels) - 1)

    def _attached(self, part: Entity, at: int) -> tuple[Entity, int]:
        """Return the text of an attached mail."""
        self._mails += 1
        values, at, lines = self._header(at)
        inner = Entity(
            parse_params(values.get("content-type", "text/plain")),
            values.get("content-transfer-encoding", ""),
            parse_params(values.get("content-disposition", "")),
            within=part.within,
            mail=lines,
        )
        return inner, at

    def _too_deep(self) -> bool:
        deep = len(self._levels) + self._mails >= self._depth
        if deep:
            self._out.limit = f"nested deeper than {self._depth} levels; not read there"
        return deep

    def _header(self, at: int) -> tuple[dict[str, str], int, tuple[str, ...]]:
        """Return the fields of a header, where its text begins, and its lines."""
        if not _FIELD.match(self._body, at):
            return {}, at + (1 if self._body.startswith(b"\n", at) else 0), ()
        end = self._body.find(b"\n\n", at)
        stop = len(self._body) if end < 0 else end
        lines = header_lines(self._body[at:stop])
        values: dict[str, str] = {}
        for name, value, _ in fields(lines):
            values.setdefault(name, value)
        return values, min(stop + 2, len(self._body)), lines

    def _leave(self) -> None:
        level = self._levels.pop()
        if self._tokens.get(level.boundary) == len(self._levels):
            del self._tokens[level.boundary]

    def _close(self, end: int) -> None:
        if self._part is not None:
            part, start = self._part
            raw = self._body[start : max(start, end)]
            self._out.parts.append(replace(part, raw=raw))
            self._part = None


def _is_plain(encoding: str) -> bool:
    return encoding.strip().lower() in ("", "7bit", "8bit", "binary")
