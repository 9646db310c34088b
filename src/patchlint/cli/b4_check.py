# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks that b4 runs: a mail on standard input, an answer in the form it reads.

b4 takes every line on stderr for a failure, so that nothing may be written there; what
went wrong is a line of the answer.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patchlint.adapters.inputs import InputError
from patchlint.adapters.spool import Spool
from patchlint.cli.options import parse
from patchlint.cli.review import reviewed
from patchlint.cli.whole import of_each, of_whole_and_letter, without_letter
from patchlint.model.finding import Report, Severity
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.report import FORMATS

_KIND = "b4"
_PATCH = re.compile(rb"^Subject:(?!\s*Re:)[^\n]*\[[^\]\n]*PATCH", re.M | re.I)
_ID = re.compile(rb"^Message-ID:\s*<([^>\s]{1,998})>", re.M | re.I)
_MOST = 1000
NOTHING = Report((), (), (), ())

Found = tuple[Report, tuple[Series, ...]]


class Mail(Struct, frozen=True):
    """What b4 hands us."""

    raw: bytes

    @property
    def message_id(self) -> bytes:
        """Its Message-ID, or nothing."""
        found = _ID.search(_head(self.raw))
        return found[1] if found else b""


def look_at(mails: bytes, *more: str) -> Found:
    """Review mails; nothing is found in what holds no patch."""
    spool = Spool("once", os.getpid())
    spool.put(1, mails)
    try:
        return _look(*more, str(spool.folder))
    finally:
        spool.end()


def _look(*words: str) -> Found:
    try:
        return reviewed(parse(words))
    except InputError:
        return NOTHING, ()


def terse(mail: Mail) -> str:
    """Return a line for each finding in a patch; with the last one, in the series."""
    report, postings = look_at(mail.raw)
    told = _rendered(of_each(report), postings)
    patch = next((p for series in postings for p in series.patches), None)
    if patch is not None and patch.message.subject.total > 1:
        told += _series(patch.message, mail)
    return told


def _rendered(report: Report, postings: tuple[Series, ...]) -> str:
    loud = tuple(f for f in report.findings if f.severity > Severity.NOTE)
    text = FORMATS["terse"](replace(report, findings=loud), postings)
    crashes = (
        f"-:1: WARNING:{c.rule}: crashed: {type(c).__name__}\n" for c in report.crashes
    )
    return text + "".join(crashes)


def _series(message: Message, mail: Mail) -> str:
    """Keep a patch; with the last one, return what is found in all of them."""
    subject = message.subject
    root = (*message.references, message.in_reply_to, message.message_id)
    first = next(name for name in root if name)
    key = (first, message.sender.mailbox, subject.version, subject.total)
    spool = Spool(_KIND, Path.cwd(), *key)
    if subject.position == 1:
        spool.begin()
    if not 0 < subject.position <= subject.total <= _MOST:
        return ""
    spool.put(subject.position, mail.raw)
    if subject.position < subject.total:
        return ""
    if commits := _branch(message):
        return _rest(partial(_look, "--range", commits))
    if spool.numbers() == tuple(range(1, subject.total + 1)):
        return _rest(partial(_look, str(spool.folder)))
    return ""


def _rest(look: Callable[[], Found]) -> str:
    report, postings = look()
    whole = of_whole_and_letter(report)
    if all(series.cover is None for series in postings):
        whole = without_letter(whole)
    return _rendered(whole, postings)


def _branch(last: Message) -> str:
    """Return the commits of the series, if that is what is checked out, or nothing.

    b4 prep sends the branch one is on; its cover letter may be an empty commit.
    """
    from patchlint.adapters.b4 import ask
    from patchlint.mail.prep import MARKER

    many = last.subject.total + 2
    told = ask(
        Path(), "log", "--first-parent", f"-{many}", "--format=%H%x00%B%x01", "HEAD"
    )
    logs = (told or b"").decode("utf-8", "replace").split("\x01")
    pairs = [log.strip().split("\0", 1) for log in logs if "\0" in log]
    own = [(name, text) for name, text in pairs if MARKER not in text]
    titled = [text.split("\n", 1)[0].strip() for _, text in own]
    if len(own) < last.subject.total or titled[0] != last.subject.text.strip():
        return ""
    return f"{own[last.subject.total - 1][0]}~1..HEAD"


def perpatch(mail: Mail) -> str:
    """Return what is found in one patch, as b4 review shows it."""
    from patchlint.cli.b4_review import thread_of, unsaid
    from patchlint.report.b4_json import render

    review = thread_of()
    others = _without_other_patches(review.thread, mail)
    report, postings = look_at(others or mail.raw)
    wanted = mail.message_id.decode("utf-8", "replace")
    report = unsaid(of_each(report), review.said, wanted)
    return render(report, postings, "patchlint") if postings else "[]\n"


def _without_other_patches(thread: bytes, mail: Mail) -> bytes:
    """Return the mail and what people said, without all other patches."""
    from patchlint.mail.mbox import mails_of

    if not thread or not mail.message_id:
        return b""
    kept = [b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + mail.raw]
    for other in mails_of(thread):
        head = _head(other)
        if not _PATCH.search(head):
            kept.append(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + other)
    return b"\n\n".join(kept)


def _head(mail: bytes) -> bytes:
    return re.split(rb"\r?\n\r?\n", mail, maxsplit=1)[0]


def series(mail: Mail) -> str:
    """Return what is found in a series as a whole, as b4 review shows it."""
    from patchlint.cli.b4_review import of_posting, thread_of, unsaid
    from patchlint.report.b4_json import render

    review = thread_of()
    report, postings = look_at(review.thread or mail.raw)
    wanted = mail.message_id.decode("utf-8", "replace")
    postings = tuple(of_posting(postings, wanted))
    if not postings or postings[0].missing:
        return "[]\n"
    report = unsaid(of_whole_and_letter(report), review.said)
    ids = {message.message_id for each in postings for message in each.messages}
    kept = tuple(f for f in report.findings if f.message_id in ids)
    return render(replace(report, findings=kept), postings, "patchlint-series")
