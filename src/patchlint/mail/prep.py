# SPDX-License-Identifier: GPL-2.0-or-later
"""The cover letter that ``b4 prep`` keeps in a commit or in a branch description.

Read from b4 0.16 (ez.py: load_cover, store_cover, get_prep_branch_as_patches,
mixin_cover): the text, a marker, a remark, and JSON that holds revision and prefixes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from msgspec import Struct

MARKER = "--- b4-submit-tracking ---"

_WORD = re.compile(r"[\w.+-]{1,40}")
_LINE = re.compile(r"[^\n\r\0]{0,200}")
_COMMENT = re.compile(r"^#.*$", re.MULTILINE)
_HEADING = re.compile(r"^>(#.*)$", re.MULTILINE)
_BLANKS = re.compile(r"\n{3,}")
_TO_CC = re.compile(r"^(?P<name>To|Cc):[ \t]*(?P<who>\S.*)\n?", re.M | re.I)
_SUBJECT = re.compile(rb"^Subject: (?:\[(?P<words>[^]\n]*)\] )?", re.MULTILINE)
_HANGS = re.compile(rb"^(?:In-Reply-To|References): <[^>\n]*@b4-prep\.invalid>\n", re.M)
_NO_TITLE = "(no cover subject)"
_MARK = b"From " + b"0" * 40 + b" Mon Sep 17 00:00:00 2001\n"


class Prep(Struct, frozen=True):
    """What b4 knows of a series. ``recipients`` are To and Cc headers."""

    title: str
    body: str
    recipients: tuple[tuple[str, str], ...]
    revision: int
    prefixes: tuple[str, ...]
    change_id: str
    base_branch: str

    @property
    def message_id(self) -> str:
        """Return an id for the cover letter; b4 gives one when it sends."""
        text = "\n".join((self.title, self.body, self.change_id))
        made = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        return f"{made[:24]}-v{self.revision}-0@b4-prep.invalid"

    @property
    def words(self) -> str:
        """Return what stands in the brackets of a subject, but for the number."""
        version = [f"v{self.revision}"] if self.revision > 1 else []
        return " ".join(["PATCH", *self.prefixes, *version])


class Letter(Struct, frozen=True):
    """Who wrote the cover letter, when, and what the series is based on."""

    sender: str
    date: str
    base: str


def parse_prep(text: str) -> Prep | None:
    """Read the message of a cover commit."""
    cover, marker, tracking = text.partition(MARKER)
    return read_prep(cover, tracking[tracking.find("{") :]) if marker else None


def read_prep(cover: str, tracking: str) -> Prep | None:
    """Read a cover letter and what b4 tracks of it; None where it is not b4's."""
    # Most inputs are no branch of b4.
    import json

    try:
        known = json.loads(tracking)["series"]
        revision = int(known["revision"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    if not isinstance(known, dict) or not 0 < revision < 10_000:
        return None
    title, body = _parted(_uncommented(cover))
    named = known.get("prefixes")
    words = named if isinstance(named, list) else []
    last = body.rpartition("\n\n")[2]
    return Prep(
        title,
        body.removesuffix(last) + _TO_CC.sub("", last),
        tuple((hit["name"].title(), hit["who"]) for hit in _TO_CC.finditer(last)),
        revision,
        tuple(w for w in words if isinstance(w, str) and _WORD.fullmatch(w)),
        _line(known.get("change-id")),
        _line(known.get("base-branch")),
    )


def as_sent(mails: Sequence[bytes], prep: Prep | None, letter: Letter) -> bytes:
    """Return the mbox that would be sent: numbered, with the cover letter in place.

    As b4 does it, the cover letter of a single patch goes below its ``---``.
    """
    if len(mails) == 1:
        text = mails[0] if prep is None else _with_notes(mails[0], prep, letter)
        return _MARK + text
    numbered = [_counted(mail, f"{n}/{len(mails)}") for n, mail in enumerate(mails, 1)]
    if prep is not None and numbered:
        numbered.insert(0, _cover(prep, letter, len(mails)))
    return b"".join(_MARK + mail for mail in numbered)


def _cover(prep: Prep, letter: Letter, total: int) -> bytes:
    head = [
        f"From: {letter.sender}",
        f"Date: {letter.date}",
        f"Subject: [{prep.words} 0/{total}] {prep.title}",
        f"Message-ID: <{prep.message_id}>",
        *(f"{name}: {who}" for name, who in prep.recipients),
    ]
    lines = [*head, "", prep.body.strip("\n"), "", "---", *_utility(prep, letter)]
    return _bytes("\n".join([*lines, "", ""]))


def _with_notes(mail: bytes, prep: Prep, letter: Letter) -> bytes:
    """Put the cover letter below the cut, without trailers that stand above it."""
    log, cut, rest = _HANGS.sub(b"", mail, count=2).partition(b"\n---\n")
    above = set(log.split(b"\n"))
    lines = _bytes(prep.body.strip("\n")).split(b"\n")
    kept = [line for line in lines if not line or line not in above]
    notes = b"\n".join([*kept, b"", *map(_bytes, _utility(prep, letter))])
    return b"%s\n---\n%s\n---\n%s" % (log, notes.lstrip(b"\n"), rest) if cut else mail


def _utility(prep: Prep, letter: Letter) -> list[str]:
    lines = [f"base-commit: {letter.base}"] if letter.base else []
    return lines + ([f"change-id: {prep.change_id}"] if prep.change_id else [])


def _counted(mail: bytes, count: str) -> bytes:
    subject = _SUBJECT.search(mail)
    if subject is None:
        return mail
    words = b" ".join([*(subject["words"] or b"").split(), count.encode()])
    rest = mail[subject.end() :]
    return b"%sSubject: [%s] %s" % (mail[: subject.start()], words, rest)


def _uncommented(cover: str) -> str:
    text = _HEADING.sub(r"\1", _COMMENT.sub("", cover.replace("\r\n", "\n")))
    return _BLANKS.sub("\n\n", text).strip()


def _parted(cover: str) -> tuple[str, str]:
    title, newline, body = cover.partition("\n")
    if not title.strip() or (newline and body.split("\n", 1)[0].strip()):
        return _NO_TITLE, cover
    return title.strip(), body.strip("\n")


def _line(value: object) -> str:
    return value if isinstance(value, str) and _LINE.fullmatch(value) else ""


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
