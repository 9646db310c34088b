# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that is done to a mail, and what must be true whatever it holds.

The fuzz target and the tests of hostile input share it; it needs no fuzzer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from fuzz.guess import Guess
from patchlint.adapters.cards import load_rules
from patchlint.adapters.shelf import packed, unpacked
from patchlint.lint.budget import Bounds
from patchlint.model.finding import Report
from patchlint.model.intake import Intake
from patchlint.model.limits import Limits
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.pipeline import review, take_in
from patchlint.report import FORMATS, show_json, show_text, terminal
from patchlint.report.look import Look
from patchlint.report.safe import printable
from patchlint.report.shown import Shown
from patchlint.series.images import NoSource, stack

RULES = load_rules()

# Small, so that short inputs reach them. Those of time have no clock here: what takes
# too long is to be seen.
SMALL = Limits(
    mail_bytes=5_000,
    line_bytes=600,
    mails=12,
    patches=8,
    files=20,
    hunk_lines=400,
    depth=6,
)

Answers = dict[str, str]

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_MARK = re.compile(r"^From patchlint@localhost .*\n", re.MULTILINE)
_FIELD = re.compile(r"([!-9;-~]+): ?[ -~]*(?:\n[ \t][ -~]*)*\n")
_FIELDS = {
    "To", "Cc", "Subject", "In-Reply-To", "References", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding", "Auto-Submitted", "X-Patchlint-Version",
    "X-Patchlint-Rules", "X-Patchlint-Base", "X-Patchlint-Findings",
}  # fmt: skip


class WrongError(AssertionError):
    """An answer is not as it must be."""


def answers(inputs: Iterable[bytes], limits: Limits = SMALL) -> Answers:
    """Take mails in, show them, review them, and write every answer.

    The review is done by mail alone, and once more with the files that the hunks let
    guess. Raises WrongError, or whatever the program dies of.
    """
    intake = take_in(inputs, limits)
    for mail in intake.messages:
        _check_mail(mail)
    postings, bounds, guess = intake.postings, Bounds(limits), Guess(intake.postings)
    report = review(postings, RULES, NoSource(), bounds=bounds)
    other = review(postings, RULES, guess, guess, bounds)
    told = _written(intake, report) | {
        f"{name} with files": form(other, postings) for name, form in FORMATS.items()
    }
    _check_report(report, intake)
    _check_report(other, intake)
    _check_kept(report, postings)
    for name, text in told.items():
        _check_text(name, text)
        if name.startswith("reply"):
            _check_drafts(text)
    return told


def _written(intake: Intake, report: Report) -> Answers:
    postings = intake.postings
    shown = Shown(intake, tuple(stack(series, NoSource()) for series in postings))
    told = {name: form(report, postings) for name, form in FORMATS.items()}
    told["show"] = show_text.render(shown)
    told["show -v"] = show_text.render(shown, verbose=True)
    told["show as json"] = show_json.render(shown)
    told["terminal"] = _COLOUR.sub("", terminal.render(report, postings, Look(80)))
    return told


def _check_mail(mail: Message) -> None:
    """Every place that a mail names is in it."""
    if not 1 <= mail.body_start <= len(mail.lines):
        raise WrongError(f"the body begins at line {mail.body_start}")
    if any("\n" in line for line in mail.lines):
        raise WrongError("a line of a mail has a line feed")
    for defect in mail.defects:
        if not 0 <= defect.line <= len(mail.lines):
            raise WrongError(f"no such line: {defect}")


def _check_report(report: Report, intake: Intake) -> None:
    """No rule died, and what was found stands where it is said to stand."""
    for crash in report.crashes:
        raise WrongError(f"{crash.rule} died: {crash.error}")
    mails = {mail.message_id: mail for s in intake.postings for mail in s.messages}
    for found in report.findings:
        mail = mails[found.message_id]
        if mail.line(found.anchor.span.line) != found.quote:
            raise WrongError(f"{found.rule} quotes what is not there")


def _check_kept(report: Report, postings: Iterable[Series]) -> None:
    """What is kept of an answer is the answer; a series with no form ends nothing."""
    for series in postings:
        packed(series)
    results = (*report.findings, *report.skips, *report.crashes)
    kept = packed(results)
    if kept is not None and unpacked(kept) != results:
        raise WrongError("an answer that is kept comes back as another")


def _check_text(name: str, text: str) -> None:
    """An answer is text that no terminal obeys; JSON is ASCII, and is JSON."""
    lines: Sequence[str] = text.split("\n")
    if any(printable(line) != line for line in lines):
        raise WrongError(f"{name}: a character that is not shown")
    text.encode()
    if "json" in name:
        if not text.isascii():
            raise WrongError(f"{name}: not ASCII")
        json.loads(text)


def _check_drafts(text: str) -> None:
    """A draft has the fields of a draft, and no more."""
    for draft in _MARK.split(text)[1:]:
        head, blank, _ = draft.partition("\n\n")
        head += "\n"
        names = [hit[1] for hit in _FIELD.finditer(head)]
        if not blank or _FIELD.sub("", head) or not _FIELDS.issuperset(names):
            raise WrongError(f"a draft with a header of its own: {names}")
