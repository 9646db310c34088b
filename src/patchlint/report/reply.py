# SPDX-License-Identifier: GPL-2.0-or-later
"""Replies as values: what to quote, what to say under it, whom to tell.

The rules are those of docs/replies.md, R1 to R12.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from patchlint.model.finding import Report, Severity
from patchlint.model.message import Address, Message
from patchlint.model.series import Series
from patchlint.report.blocks import Block, Quote, fitted
from patchlint.report.clean import nothing_found
from patchlint.report.decline import why_not
from patchlint.report.manner import PLAIN, Manner, mark_of
from patchlint.report.memory import Sifted, remembering, sift
from patchlint.report.people import addressee, answer_to, copies
from patchlint.report.posting import Mail, mails
from patchlint.report.quote import excerpts, quoted, stand
from patchlint.report.remark import rest, wrap
from patchlint.report.since import comparison_of, in_reply

_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class Reply(Struct, frozen=True):
    """A reply to one mail, before it is written down.

    ``rest`` are the lines below the remarks: about findings that found no room, and
    about those that were said of the version before. ``rules`` are the ids of all
    rules the reply speaks of, those of the remarks first, ``count`` is the number of
    the remarks. ``marks`` name the findings, ``base`` is a commit or "".
    """

    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    message: Message
    blocks: tuple[Block, ...]
    rest: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    told: int = 0
    count: int = 0
    marks: tuple[str, ...] = ()
    base: str = ""


class Silence(Struct, frozen=True):
    """A mail that has findings and is not answered, and why."""

    message: Message
    why: str


def replies(
    report: Report, postings: Sequence[Series], manner: Manner = PLAIN
) -> Iterator[Reply]:
    """Yield a reply for each mail with findings above note, in posting order."""
    for outcome in outcomes(report, postings, manner):
        if isinstance(outcome, Reply):
            yield outcome


def outcomes(
    report: Report, postings: Sequence[Series], manner: Manner = PLAIN
) -> Iterator[Reply | Silence]:
    """Yield the replies, and why other mails with findings get none."""
    knowing = remembering(postings, manner)
    found = {id(series): list[Mail]() for series in postings}
    for mail in mails(report, postings):
        if any(finding.severity > Severity.NOTE for finding in mail.findings):
            found[id(mail.series)].append(mail)
    for series in postings:
        for mail in found[id(series)]:
            yield _outcome(mail, report, knowing)
        if manner.says_clean and not found[id(series)]:
            yield _clean(series, report, manner)


def _outcome(mail: Mail, report: Report, manner: Manner) -> Reply | Silence:
    if why := why_not(mail.message, mail.series, manner):
        return Silence(mail.message, why)
    sifted = sift(mail, manner, comparison_of(report, mail.series))
    if not (sifted.news or sifted.remain):
        return Silence(mail.message, sifted.why)
    fresh = replace(mail, findings=sifted.news)
    choice, blocks = fitted(fresh)
    chosen = [point.said.rule for point in choice.points]
    every = (*chosen, *(f.rule for f in (*choice.rest, *sifted.remain)))
    said = (*sifted.news, *sifted.remain)
    return replace(
        _envelope(mail.message),
        blocks=blocks,
        rest=(
            *rest(choice.rest, mail),
            *(sifted.lines(mail) or _since(report, mail, sifted)),
        ),
        rules=tuple(dict.fromkeys(every)),
        told=len(dict.fromkeys(chosen)),
        count=len(choice.points),
        marks=tuple(dict.fromkeys(mark_of(f, mail.message) for f in said)),
        base=_base(mail.series, manner),
    )


def _since(report: Report, mail: Mail, sifted: Sifted) -> tuple[str, ...]:
    """Return the lines about what became of what was found before in this patch."""
    found = comparison_of(report, mail.series)
    position = mail.patch.position if mail.patch else 0
    text = in_reply(found, position) if found and not sifted.earlier else ""
    return wrap(text) if text else ()


def _clean(series: Series, report: Report, manner: Manner) -> Reply | Silence:
    """Return the word that nothing was found, for those who want it."""
    head = series.head
    if why := why_not(head, series, manner):
        return Silence(head, why)
    mail = Mail(series, head, None, ())
    subject = next(excerpts(mail, [stand(mail, max(head.subject.line, 1))]))
    quote = (Quote(tuple(quoted(mail, number) for number in subject)),)
    return replace(
        _envelope(head),
        blocks=quote if subject else (),
        rest=nothing_found(series, report),
        base=_base(series, manner),
    )


def _base(series: Series, manner: Manner) -> str:
    named = series.base_commit
    return named if _COMMIT.fullmatch(named) else manner.base


def _envelope(message: Message) -> Reply:
    to = addressee(message)
    return Reply(to, copies(message, to), answer_to(message), message, ())
