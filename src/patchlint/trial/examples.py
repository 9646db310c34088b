# SPDX-License-Identifier: GPL-2.0-or-later
"""Turn the examples of a card into series, and carets into expectations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from patchlint.lint.card import Example
from patchlint.model.finding import Finding
from patchlint.model.location import InFile, Span
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.lineage import lineage
from patchlint.trial.mails import FROM, Blobs, diff, patch_mail

_CARETS = re.compile(r"^(\s*)(\^+) ?(.*)$")
_TRAILER = f"\nSigned-off-by: {FROM}"


class Expected(Struct, frozen=True):
    """What the carets under a line say; ``width`` 1 also stands for a whole line."""

    line: str
    column: int
    width: int
    message: str

    def fits(self, finding: Finding, series: Series) -> bool:
        """Say whether a finding stands where the carets do and says what they say."""
        line, column, width = place(finding, series)
        marked = [(line, column), (f"+{line}", column + 1)]
        return (
            (self.line, self.column) in marked
            and width in (0, self.width)
            and self.message in finding.message
        )


class Case(Struct, frozen=True):
    """An example, ready to run."""

    series: Series
    blobs: Blobs
    expected: tuple[Expected, ...]


def case(example: Example) -> Case:
    """Return the series of an example, what its repository knows, what it expects."""
    if example.mail:
        mail, marks = unmark(example.mail)
        postings = read([mail.encode("utf-8", "surrogateescape")])
        (series,) = lineage(postings).latest
        return Case(series, Blobs(dict(example.tree), commits=example.history), marks)
    before, old_marks = _unmark_all(example.before)
    if example.patches:
        return _series(example, before)
    after, new_marks = _unmark_all(example.after)
    message, message_marks = unmark(example.message or "Say why.\n")
    cover, cover_marks = unmark(example.cover)
    mails = list(_mails(message, cover, diff(before, after)))
    (series,) = read([mail.encode() for mail in mails])
    marks = (*cover_marks, *message_marks, *old_marks, *new_marks)
    known = Blobs({**before, **example.tree}, commits=example.history)
    return Case(series, known, marks)


def _series(example: Example, before: dict[str, str]) -> Case:
    """Return the series of an example with several patches."""
    files, all_marks, texts, bodies = dict(before), [], [before], []
    for patch in example.patches:
        after, marks = _unmark_all(patch.after)
        message, message_marks = unmark(patch.message or "Say why.\n")
        kept = {path: text for path, text in {**files, **after}.items() if text.strip()}
        bodies.append((message, diff(files, kept)))
        all_marks += [*message_marks, *marks]
        texts.append(after)
        files = kept
    mails = list(_many_mails(example.cover, bodies))
    (series,) = read([mail.encode() for mail in mails])
    _, cover_marks = unmark(example.cover)
    known = {**before, **example.tree}
    blobs = Blobs(known, *texts, commits=example.history)
    return Case(series, blobs, (*cover_marks, *all_marks))


def _many_mails(cover: str, bodies: list[tuple[str, str]]) -> Iterator[str]:
    count = len(bodies)
    if cover.strip():
        subject, text = _subject(unmark(cover)[0], f"[PATCH 0/{count}] area: Do it")
        yield patch_mail(text, "", subject, Message_ID="<0@example.org>")
    head = "0" if cover.strip() else "1"
    for number, (message, diff_text) in enumerate(bodies, 1):
        subject, body = _subject(message, f"[PATCH {number}/{count}] area: Do {number}")
        thread = {"Message_ID": f"<{number}@example.org>"}
        if str(number) != head:
            thread["In_Reply_To"] = f"<{head}@example.org>"
        yield patch_mail(body + _TRAILER, diff_text, subject, **thread)


def unmark(text: str) -> tuple[str, tuple[Expected, ...]]:
    """Take the caret lines out, and return what they expect."""
    kept: list[str] = []
    expected: list[Expected] = []
    for line in text.strip("\n").split("\n"):
        if kept and (hit := _CARETS.match(line)):
            expected.append(Expected(kept[-1], len(hit[1]) + 1, len(hit[2]), hit[3]))
        else:
            kept.append(line)
    return "\n".join(kept) + "\n", tuple(expected)


def place(finding: Finding, series: Series) -> tuple[str, int, int]:
    """Return the line a finding is about, the column, and the width (0: all of it)."""
    where = finding.where
    line = _message(finding, series).line(finding.anchor.span.line)
    if isinstance(where, InFile) and line[:1] in ("+", "-", " "):
        line = line[1:]
    return line, *_columns(where.span, line)


def _columns(span: Span, line: str) -> tuple[int, int]:
    if span.end_line == span.line:
        return span.column, span.end_column - span.column
    return max(span.column, len(line) - len(line.lstrip()) + 1), 0


def _message(finding: Finding, series: Series) -> Message:
    return next(m for m in series.messages if m.message_id == finding.message_id)


def _unmark_all(
    files: Mapping[str, str],
) -> tuple[dict[str, str], tuple[Expected, ...]]:
    texts = {path: unmark(text) for path, text in files.items()}
    marks = tuple(mark for _, found in texts.values() for mark in found)
    return {path: text for path, (text, _) in texts.items()}, marks


def _mails(message: str, cover: str, diff_text: str) -> Iterator[str]:
    """Yield the cover letter, if there is one, and the patch."""
    subject, body = _subject(message, "[PATCH] area: Do it")
    if not cover.strip():
        trailer = "" if "Signed-off-by: " in body else _TRAILER
        yield patch_mail(body + trailer, diff_text, subject)
        return
    cover_subject, text = _subject(cover, "[PATCH 0/1] area: Do it")
    yield patch_mail(text, "", cover_subject, Message_ID="<0@example.org>")
    thread = {"In_Reply_To": "<0@example.org>", "Message_ID": "<1@example.org>"}
    yield patch_mail(body + _TRAILER, diff_text, "[PATCH 1/1] area: Do it", **thread)


def _subject(text: str, default: str) -> tuple[str, str]:
    if not text.startswith("Subject: "):
        return default, text
    head, _, body = text.partition("\n")
    return head.removeprefix("Subject: "), body.lstrip("\n")
