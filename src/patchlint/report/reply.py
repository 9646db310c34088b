# SPDX-License-Identifier: GPL-2.0-or-later
"""Replies as values: what to quote, what to say under it, whom to tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from patchlint.model.finding import Report
from patchlint.model.message import Address, Message
from patchlint.model.series import Series
from patchlint.report.choose import Choice, Point, choose
from patchlint.report.posting import Mail, field, mails, spans
from patchlint.report.quote import excerpts, is_cut, quoted, stand
from patchlint.report.remark import rest, words, wrap
from patchlint.report.safe import carets
from patchlint.report.since import comparison_of, in_reply

_BRACKETS = re.compile(r"(?:re:\s*)*((?:\[[^\]]*\]\s*)*)", re.IGNORECASE)
_STABLE = re.compile(r"stable(?:\+[^@]*)?@", re.IGNORECASE)


class Quote(Struct, frozen=True):
    """Lines of the mail that stand together, printable."""

    lines: tuple[str, ...]


class Remark(Struct, frozen=True):
    """What we say about the line above; ``carets`` points at its words, or is ""."""

    lines: tuple[str, ...]
    carets: str = ""


class Cut(Struct, frozen=True):
    """Lines of the mail that are left out."""


Block = Quote | Remark | Cut


class Reply(Struct, frozen=True):
    """A reply to one mail, before it is written down.

    ``rest`` are the lines about findings that found no room, ``rules`` the ids of all
    rules the reply speaks of.
    """

    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    message: Message
    blocks: tuple[Block, ...]
    rest: tuple[str, ...]
    rules: tuple[str, ...]


def replies(report: Report, postings: Sequence[Series]) -> Iterator[Reply]:
    """Yield a reply for each mail with findings above note, in posting order."""
    for mail in mails(report, postings):
        choice = choose(mail.findings)
        if choice.points:
            yield _reply(mail, choice, _since(report, mail))


def _since(report: Report, mail: Mail) -> tuple[str, ...]:
    """Return the lines about what became of what was found before in this patch."""
    found = comparison_of(report, mail.series)
    position = mail.patch.position if mail.patch else 0
    text = in_reply(found, position) if found else ""
    return wrap(text) if text else ()


def _reply(mail: Mail, choice: Choice, since: tuple[str, ...]) -> Reply:
    told = _everyone(choice)
    to = _once(mail.message.reply_to or (mail.message.sender,))
    return Reply(
        to=to,
        cc=_copies(mail.message, to),
        subject=f"Re: {_subject(mail.message)}".rstrip(),
        message=mail.message,
        blocks=tuple(_blocks(mail, choice.points)),
        rest=(*rest(choice.rest, mail), *since),
        rules=told,
    )


def _everyone(choice: Choice) -> tuple[str, ...]:
    rules = [point.said.rule for point in choice.points]
    return tuple(dict.fromkeys((*rules, *(finding.rule for finding in choice.rest))))


def _copies(message: Message, to: Sequence[Address]) -> tuple[Address, ...]:
    """Return all who got the patch, but its author and the stable lists."""
    known = {address.mailbox.lower() for address in (*to, message.sender)}
    return tuple(
        address
        for address in _once((*message.to, *message.cc))
        if address.mailbox.lower() not in known and not _STABLE.match(address.mailbox)
    )


def _once(addresses: Sequence[Address]) -> tuple[Address, ...]:
    first: dict[str, Address] = {}
    for address in addresses:
        first.setdefault(address.mailbox.lower(), address)
    return tuple(address for mailbox, address in first.items() if mailbox)


def _subject(message: Message) -> str:
    """Return the subject with its brackets as they are, without ``Re:``."""
    text = message.subject.text
    at = message.subject.line
    if not 0 < at < message.body_start - 1:
        return text
    lines = (message.line(n).strip() for n in field(message, at))
    name, _, value = " ".join(lines).partition(":")
    if name.strip().lower() != "subject":
        return text
    # The text was decoded across folds, the lines were not; so only the brackets
    # are taken from the lines.
    brackets = _BRACKETS.match(" ".join(value.split()))
    return f"{brackets[1] if brackets else ''}{text}"


def _blocks(mail: Mail, points: Sequence[Point]) -> Iterator[Block]:
    """Yield quotes, cuts and remarks in the order of the mail."""
    groups = _grouped(mail, points)
    last = 0
    for (_, here), lines in zip(
        groups, excerpts(mail, [at for at, _ in groups]), strict=True
    ):
        if lines:
            yield from _quoted(mail, lines, last)
            last = lines[-1]
        for number, point in enumerate(here):
            marks = _carets(mail, here, last) if number == 0 else ""
            yield Remark(words(point, mail), marks)


def _grouped(
    mail: Mail, points: Sequence[Point]
) -> tuple[tuple[int, tuple[Point, ...]], ...]:
    """Sort points by the line they go under; several may share one."""
    placed = [(stand(mail, point.said.anchor.span.line), point) for point in points]
    placed.sort(key=lambda pair: pair[0])
    return tuple(
        (at, tuple(point for _, point in pairs))
        for at, pairs in groupby(placed, lambda pair: pair[0])
    )


def _quoted(mail: Mail, lines: Sequence[int], last: int) -> Iterator[Quote | Cut]:
    """Yield quoted runs with a cut wherever the mail goes on in between."""
    run: list[str] = []
    for before, after in pairwise((last, *lines)):
        if before and is_cut(mail, before, after):
            if run:
                yield Quote(tuple(run))
            yield Cut()
            run = []
        run.append(quoted(mail, after))
    yield Quote(tuple(run))


def _carets(mail: Mail, points: Sequence[Point], number: int) -> str:
    """Point at the words of all remarks under one line."""
    here = [p.said for p in points if p.said.anchor.span.line == number]
    return carets(quoted(mail, number), spans(here)) if here else ""
