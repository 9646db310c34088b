# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings sorted to the mails they are about, and the names of their places."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from patchlint.model.change import FileChange, Hunk, Line
from patchlint.model.finding import Finding, Report
from patchlint.model.location import InFile, Location, Side
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.report.safe import cut, printable

_TITLE = 500
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_GAP = r"[\s\x00-\x1f\x7f-\x9f]"


class Mail(Struct, frozen=True):
    """A mail, the series and patch it belongs to, and what was found in it.

    ``patch`` is None for a cover letter; the findings are in the order of the mail.
    """

    series: Series
    message: Message
    patch: Patch | None
    findings: tuple[Finding, ...]


def mails(report: Report, postings: Sequence[Series]) -> Iterator[Mail]:
    """Yield each mail that has findings, in posting order."""
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.message_id, []).append(finding)
    for series in postings:
        patches = {patch.message.message_id: patch for patch in series.patches}
        for message in series.messages:
            if here := found.get(message.message_id):
                here.sort(key=lambda finding: finding.anchor.span)
                patch = patches.get(message.message_id)
                yield Mail(series, message, patch, tuple(here))


def place(where: Location, mail: Mail) -> str:
    """Name a place, printable, for a reader who has the mail or the tree.

    ``path:line`` in a file or a diff, the name of the field in the header, and
    ``text line 3``, counted from the first line below the header, elsewhere.
    """
    if isinstance(where, InFile):
        old = " (old)" if where.side is Side.OLD else ""
        return printable(f"{where.path}:{where.span.line}{old}")
    number = where.span.line
    if is_header(mail.message, number):
        first = mail.message.line(field(mail.message, number)[0])
        return printable(first.partition(":")[0][:40]) or "header"
    # The head of a hunk is named by its first line.
    if (change := change_at(mail, number)) and (
        line := line_at(change, number) or line_at(change, number + 1)
    ):
        old = " (old)" if line.new is None else ""
        return printable(f"{change.path}:{line.new or line.old}{old}")
    return f"text line {number - mail.message.body_start + 1}"


def is_shown(finding: Finding, mail: Mail) -> bool:
    """Say whether the line that is quoted is the very line the finding is about."""
    where, number = finding.where, finding.anchor.span.line
    if not isinstance(where, InFile):
        return True
    change = change_at(mail, number)
    line = line_at(change, number) if change else None
    if change is None or line is None:
        return False
    if where.side is Side.NEW:
        return (change.new_path, line.new) == (where.path, where.span.line)
    return (change.old_path, line.old) == (where.path, where.span.line)


def line_of(where: Location, mail: Mail) -> int:
    """Return the line of the mail that shows a place, 0 if none does."""
    if not isinstance(where, InFile):
        return where.span.line
    changes = mail.patch.by_path.get((where.path, where.side), ()) if mail.patch else ()
    lines = (change.line_at(where.span.line, where.side) for change in changes)
    return next((line.mail for line in lines if line is not None), 0)


def title(message: Message) -> str:
    """Return the summary of a mail as its header has it, printable.

    The subject was read with a blank for each control character; a reader shall see
    them. What was hidden in an encoded word stays hidden.
    """
    subject = message.subject
    if len(subject.text) > _TITLE or not 0 < subject.line < message.body_start:
        return cut(subject.text, _TITLE)
    lines = (message.line(n) for n in field(message, subject.line))
    shown = re.escape(subject.text).replace("\\ ", _GAP + "+")
    hit = re.search(f"{_CONTROL}*{shown}{_GAP}*$", " ".join(lines))
    return " ".join(printable(hit[0] if hit else subject.text).split())


def spans(findings: Iterable[Finding]) -> tuple[tuple[int, int], ...]:
    """Return (column, end column) of those that are about a part of their line."""
    anchors = (finding.anchor.span for finding in findings)
    return tuple((s.column, s.end_column) for s in anchors if s.end_line == s.line)


def is_diff(mail: Mail, number: int) -> bool:
    """Say whether a line of the mail belongs to its diff."""
    return mail.patch is not None and number in mail.patch.parts.diff


def change_at(mail: Mail, number: int) -> FileChange | None:
    """Return the file whose diff a line of the mail belongs to."""
    if mail.patch is None or not is_diff(mail, number):
        return None
    changes = mail.patch.changes
    after = bisect_right(changes, number, key=lambda change: change.mail)
    return changes[after - 1] if after else None


def hunk_at(change: FileChange, number: int) -> Hunk | None:
    """Return the hunk a line of the mail belongs to."""
    after = bisect_right(change.hunks, number, key=lambda hunk: hunk.mail)
    return change.hunks[after - 1] if after else None


def line_at(change: FileChange, number: int) -> Line | None:
    """Return the diff line that stands on a line of the mail."""
    hunk = hunk_at(change, number)
    lines = hunk.lines if hunk else ()
    at = bisect_left(lines, number, key=lambda line: line.mail)
    return lines[at] if at < len(lines) and lines[at].mail == number else None


def is_header(message: Message, number: int) -> bool:
    """Say whether a line of the mail stands above its body."""
    return number < message.body_start


def field(message: Message, number: int) -> range:
    """Return the lines of the header field that line ``number`` belongs to."""
    first, end = number, number + 1
    while first > 1 and message.line(first)[:1] in (" ", "\t"):
        first -= 1
    while end < message.body_start - 1 and message.line(end)[:1] in (" ", "\t"):
        end += 1
    return range(first, end)
