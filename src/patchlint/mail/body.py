# SPDX-License-Identifier: GPL-2.0-or-later
"""The body of a mail as text: which parts, decoded how, and what did not decode."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.mail.charset import decode
from patchlint.mail.flowed import unflow
from patchlint.mail.header import fields, plain
from patchlint.mail.hunks import broken
from patchlint.mail.mime import Entity, split_parts
from patchlint.mail.params import parse_params
from patchlint.mail.transfer import Decoded, transfer_name, undo
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.limits import Limits

_QP = "quoted-printable"
_QUOTED = re.compile(rb"=3D|=20\n|=09")
_HUNK = re.compile(rb"^@@ -\d", re.MULTILINE)
_PATCH_NAME = re.compile(r".*\.(?:patch|diff)", re.IGNORECASE | re.DOTALL)
_TEXT_NAME = re.compile(r".*\.(?:txt|eml|mbox|asc)", re.IGNORECASE | re.DOTALL)
_PATCH_KINDS = ("text/x-patch", "text/x-diff", "application/x-patch")
_UNSEEN = ("text/html", "text/calendar", "text/vcard", "text/x-vcard", "text/rtf")
_BEGINS = re.compile(
    rb"\s*(?:diff --git a/|From [0-9a-f]{40} |Index: \S+\n=|--- \S.*\n\+\+\+ \S)"
)
_HAS_DIFF = re.compile(r"^(?:diff --git a/|--- \S.*\n\+\+\+ \S)", re.MULTILINE)
_MARK = re.compile(r"From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001\n(?=[!-9;-~]+:)")


class Body(Struct):
    """The text in lines, what is wrong, and the index where a patch is attached.

    A defect at line 0 concerns the header of the mail, others count lines of the body
    from 1.
    """

    lines: list[str] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    attached: int | None = None
    mail: tuple[str, ...] = ()
    patches: int = 0

    def add(self, kind: DefectKind, text: str, line: int, *, hides: bool) -> None:
        """Note a defect."""
        self.defects.append(Defect(kind, text, line, hides))


def read_body(raw: bytes, kind: str, encoding: str, limits: Limits) -> Body:
    """Return every part that is text, in order; HTML is not looked into."""
    body = Body()
    split = split_parts(kind, encoding, raw, limits.depth)
    for problem in split.problems:
        body.add(DefectKind.MAIL_MIME, f"Content-Type: {problem}", 0, hides=False)
    if split.limit:
        body.add(DefectKind.LIMIT, f"Content-Type: {split.limit}", 0, hides=True)
    opened = [*_opened(split.parts, limits.depth)]
    parts = [*_wanted(opened)] or [p for p in opened if p.kind.word == "text/plain"]
    for part in parts:
        _part(body, part)
    if not parts and not split.limit:
        text = f"no text in {_kind(opened, kind)}"
        body.add(DefectKind.MAIL_NO_TEXT, text, 0, hides=True)
    body.lines = body.lines or [""]
    _bound(body, limits.line_bytes)
    return body


def _kind(parts: Sequence[Entity], kind: str) -> str:
    kinds = dict.fromkeys(part.kind.word for part in parts)
    return ", ".join([*kinds][:5]) or parse_params(kind).word


def _wanted(parts: Sequence[Entity]) -> Iterator[Entity]:
    """Yield the parts to read; of alternatives, the first that is text, and patches."""
    chosen: dict[int, int] = {}
    for part in parts:
        if not _is_text(part):
            continue
        options = [(n, i) for n, kind, i in part.within if kind == "alternative"]
        taken = all(chosen.setdefault(n, i) == i for n, i in options)
        if taken or _is_patch(part):
            yield part


def _opened(parts: Sequence[Entity], depth: int) -> Iterator[Entity]:
    """Yield the parts; a mail that is attached in base64 as its own parts."""
    for part in parts:
        if part.kind.word == "message/rfc822" and depth > 0:
            raw = undo(part.raw, part.encoding).raw.replace(b"\r\n", b"\n")
            inner = split_parts("message/rfc822", "", raw, depth - 1)
            yield from _opened(inner.parts, depth - 1)
        else:
            yield part


def _plain(part: Entity) -> str:
    return undo(part.raw, part.encoding).raw.decode("latin-1")


def _is_patch(part: Entity) -> bool:
    return bool(_PATCH_NAME.fullmatch(part.name)) or part.kind.word in _PATCH_KINDS


def _is_text(part: Entity) -> bool:
    """Say whether a part is to be read: text, and patches whatever they are called."""
    word = part.kind.word
    if _is_patch(part):
        return True
    if word in _UNSEEN or "/" not in word:
        return "/" not in word
    if word.startswith("text/"):
        named = part.name and part.disposition.word == "attachment"
        return not named or (
            _TEXT_NAME.fullmatch(part.name) is not None
            and _HAS_DIFF.search(_plain(part)) is not None
        )
    if word == "application/octet-stream":
        raw = undo(part.raw, part.encoding).raw
        return _BEGINS.match(raw) is not None or not (part.within or b"\0" in raw)
    return word.startswith("multipart/")


def _part(body: Body, part: Entity) -> None:
    """Add the text of a part."""
    done = _undone(part)
    label = part.kind.params.get("charset", "")
    text, wrong = decode(done.raw, label)
    text = text.replace("\r\n", "\n").replace("\r\n", "\n")
    if part.kind.params.get("format", "").lower() == "flowed":
        delsp = part.kind.params.get("delsp", "").lower() == "yes"
        text = unflow(text, delsp=delsp)
    text = _attached(body, part, text)
    start, top = len(body.lines), not part.within
    shown = text.removesuffix("\n").split("\n")
    body.lines += shown
    if done.problem:
        at = start + 1 + min(done.raw.count(b"\n", 0, done.at), len(shown) - 1)
        line = 0 if "unknown" in done.problem and top else at
        body.add(DefectKind.MAIL_ENCODING, done.problem, line, hides=done.lost)
    if wrong:
        number = next((n for n, s in enumerate(shown, start + 1) if not s.isascii()), 0)
        line = 0 if "unknown" in wrong and top else number
        body.add(DefectKind.MAIL_CHARSET, wrong, line, hides=False)


def _undone(part: Entity) -> Decoded:
    """Undo the transfer encoding; where the label is wrong, a whole diff says so."""
    done = undo(part.raw, part.encoding)
    name = transfer_name(part.encoding)
    doubt = done.problem if name == _QP else _QUOTED.search(part.raw)
    if name != "base64" and doubt and _HUNK.search(part.raw):
        other = undo(part.raw, "" if name == _QP else _QP)
        if _broken(other.raw) == 0 < _broken(done.raw):
            said = "labelled" if name == _QP else "not labelled"
            problem = f"{said} quoted-printable, which makes no whole diff; mended"
            return replace(other, problem=problem, at=0)
    return done


def _broken(raw: bytes) -> int:
    return broken(raw.decode("latin-1").split("\n"))


def _attached(body: Body, part: Entity, text: str) -> str:
    """Show the header of an attached mail or patch, and remember where it begins."""
    head = part.mail if part.mail is not body.mail else ()
    mark = _MARK.match(text) if part.within else None
    if part.within and _HAS_DIFF.search(text):
        body.patches += 1
        if body.patches == 2:
            more = "more than one part holds a patch; they are read as one"
            body.add(DefectKind.MAIL_MIME, more, len(body.lines) + 1, hides=False)
    if mark:
        block, _, text = text[mark.end() :].partition("\n\n")
        head = tuple(block.split("\n"))
    if not head:
        return text
    body.mail = part.mail
    if body.attached is None:
        body.attached = len(body.lines)
    values = {name: value for name, value, _ in reversed(fields(head))}
    body.lines += [
        f"{name}: {plain(values[name.lower()])}"
        for name in ("From", "Subject", "Date")
        if name.lower() in values
    ]
    body.lines.append("")
    return text


def _bound(body: Body, longest: int) -> None:
    """Cut lines that are longer than anybody reads."""
    for index, line in enumerate(body.lines):
        if len(line) > longest:
            body.lines[index] = line[:longest]
            text = f"more than {longest} characters in a line; the rest is not read"
            body.add(DefectKind.LIMIT, text, index + 1, hides=True)
