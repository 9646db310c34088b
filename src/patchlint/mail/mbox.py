# SPDX-License-Identifier: GPL-2.0-or-later
"""Split an mbox of any kind into the mails it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.mail.sniff import trimmed

_HEADER = rb"(?=(?:>From [^\n]{1,1000}\n)?[!-9;-~]+:)"
_FROM = re.compile(rb"^From (?P<rest>[^\n]{1,1000})\n" + _HEADER, re.MULTILINE)
_MONTH = rb"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b"
_TIME = re.compile(_MONTH + rb"[^:]{1,20} \d\d:\d\d:\d\d ")
_YEAR = re.compile(rb"\d{4}")
_LOOSE = re.compile(rb"From [^\n]*\n" + _HEADER)
_PATCH = re.compile(rb"From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001\r?\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,12})[ \t]*\r?$", re.M | re.I)
_GAP = re.compile(rb"(?:\r?\n){0,2}")
_MISQUOTED = re.compile(rb">From [^\n]*\n(?=[!-9;-~]+:)")
_SUBJECT = re.compile(rb"^Subject: (?P<text>[^\n]{0,200})", re.MULTILINE)
# A patch that is numbered, or alone; a cover letter is number 0.
_PATCH_SUBJECT = re.compile(rb"\[(?![^]]* 0+/)[^]]*PATCH[^]]*\]")
_COUNT = re.compile(rb"\[[^]]*?(?P<number>\d{1,5})/(?P<total>\d{1,5})\]")
_DIFF_OR_END = re.compile(
    rb"^(?:diff --git |--- |Index: |-- \r?$|(?i:Content-Transfer-Encoding: base64))",
    re.M,
)
_HEAD = 2048

_MBOXRD = (b"mboxrd@z", b"mboxrd")


class _Mark(Struct, frozen=True):
    """A ``From `` line: where it and its mail begin, and who is named."""

    start: int
    end: int
    who: bytes
    of_git: bool


def split_mbox(raw: bytes) -> tuple[bytes, ...]:
    """Return each mail without its ``From `` line; see ``mails_of``."""
    return tuple(mails_of(raw))


def mails_of(raw: bytes) -> Iterator[bytes]:
    """Yield each mail without its ``From `` line.

    A mark stands at the start of the text or after an empty line, ends with a day, a
    time and a year, and is followed by a header field. One of ``git format-patch``
    needs no empty line before it, since files of patches are joined like that, but does
    not count where the patch before it still owes its diff: there it is quoted. The
    empty line that a mailbox puts behind a mail is left out.

    A text that does not begin with a mark is a single mail, even where it quotes one:
    ``git format-patch`` output that is itself about mail does that. A single mail may
    begin with a ``From `` line of another form; it is left out too. Only files that
    call themselves mboxrd quote every ``From `` line
    (https://www.loc.gov/preservation/digital/formats/fdd/fdd000385.shtml), so only
    there one ``>`` is taken away. A Content-Length (mboxcl, mboxcl2) counts where
    another mark, or the end, is where it says.
    """
    raw = trimmed(raw)
    if mark := _mark_at(raw, 0):
        while following := _next(raw, mark):
            yield _unquoted(raw[mark.end : following.start], mark)
            mark = following
        yield _unquoted(raw[mark.end :], mark)
    elif raw.strip():
        loose = _LOOSE.match(raw)
        yield _tidy(raw[loose.end() if loose else 0 :])


def starts(raw: bytes) -> Iterator[int]:
    """Yield where each mail of a trimmed text begins, with its ``From `` line."""
    if mark := _mark_at(raw, 0):
        yield 0
        while following := _next(raw, mark):
            yield following.start
            mark = following
    elif raw.strip():
        yield 0


def is_box(raw: bytes) -> bool:
    """Say whether a trimmed text begins with a mark."""
    return _mark_at(raw, 0) is not None


def _next(raw: bytes, mark: _Mark) -> _Mark | None:
    """Return the mark of the mail after that of ``mark``."""
    told = at = _told_end(raw, mark)
    owes = _promises_diff(raw, mark)
    for found in _FROM.finditer(raw, at):
        following = _mark(found)
        if following and (following.start == told or _begins(raw, following)):
            owes = owes and not _DIFF_OR_END.search(raw, at, following.start)
            of_git = mark.of_git or following.of_git
            if not (owes and of_git) or _is_next(raw, mark, following):
                return following
            at = following.start
    return None


def _told_end(raw: bytes, mark: _Mark) -> int:
    """Return where to look for the next mark: after a Content-Length that is true.

    Those who call themselves mboxrd, and git, write none of their own.
    """
    if mark.of_git or mark.who in _MBOXRD:
        return mark.end
    blank = _BLANK.search(raw, mark.end)
    told = blank and _LENGTH.search(raw, mark.end, blank.end())
    if not blank or not told or (end := blank.end() + int(told[1])) > len(raw):
        return mark.end
    gap = _GAP.match(raw, end)
    after = gap.end() if gap else end
    if after < len(raw) and not _mark_at(raw, after):
        return mark.end
    return after


def _promises_diff(raw: bytes, mark: _Mark) -> bool:
    """Say whether the subject is that of a patch; a cover letter has no diff."""
    return _PATCH_SUBJECT.match(_subject(raw, mark)) is not None


def _is_next(raw: bytes, mark: _Mark, following: _Mark) -> bool:
    """Say whether two mails count as neighbours do, so that none is quoted.

    An empty commit has no diff either, and a mailer may have lost one.
    """
    here, there = (_COUNT.match(_subject(raw, m)) for m in (mark, following))
    if not here or not there:
        return False
    return here["total"] == there["total"] and here["number"] != there["number"]


def _subject(raw: bytes, mark: _Mark) -> bytes:
    subject = _SUBJECT.search(raw, mark.end, mark.end + _HEAD)
    return subject["text"] if subject else b""


def _mark_at(raw: bytes, at: int) -> _Mark | None:
    found = _FROM.match(raw, at)
    return _mark(found) if found else None


def _mark(found: re.Match[bytes]) -> _Mark | None:
    """Return the mark a line is; it must name a day and time, and then a year."""
    who, _, when = found["rest"].partition(b" ")
    time = _TIME.search(when)
    if not time or not _YEAR.search(when, time.end()):
        return None
    git = _PATCH.match(found[0]) is not None
    return _Mark(found.start(), found.end(), who.strip(), git)


def _begins(raw: bytes, mark: _Mark) -> bool:
    """Say whether a mark stands where one may: files of git are joined as they are."""
    return mark.of_git or raw.endswith((b"\n\n", b"\n\r\n"), 0, mark.start)


def _unquoted(mail: bytes, mark: _Mark) -> bytes:
    """Return a mail as it was before it came into the box.

    Git writes its mails one after the other; all else puts an empty line between them.
    """
    if mark.who in _MBOXRD:
        mail = _QUOTED.sub(rb"\1", mail)
    if not mark.of_git and mail.endswith((b"\n\n", b"\n\r\n")):
        mail = mail[:-1].removesuffix(b"\r")
    return _tidy(mail)


def _tidy(mail: bytes) -> bytes:
    """Leave out a ``From `` line that was quoted on the way and heads the header."""
    quoted = _MISQUOTED.match(mail)
    return mail[quoted.end() :] if quoted else mail
