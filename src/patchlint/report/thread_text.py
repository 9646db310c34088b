# SPDX-License-Identifier: GPL-2.0-or-later
"""What was said about a series, for people: under each line, who said what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from patchlint.model.location import Side
from patchlint.model.message import Address, Message
from patchlint.model.remark import GivenTag, Remark, RemarkKind
from patchlint.report.posting import title
from patchlint.report.safe import cut, printable
from patchlint.report.summary import count, headline
from patchlint.report.talked import Said, Talked

_WIDE = 500
_LINES = 20
_SILENT = "nobody said anything about it"


def render(talked: Iterable[Talked]) -> str:
    """Return the remarks as text; every hidden character is made visible."""
    rows = (row for entry in talked for row in _rows(entry))
    return "".join(f"{cut(row, _WIDE)}\n" for row in rows)


def _rows(entry: Talked) -> Iterator[str]:
    yield headline(entry.series)
    for said in entry.by_mail():
        yield ""
        subject = said.message.subject
        yield f"  {subject.position}/{subject.total} {title(said.message)}"
        yield from (_tag(tag) for tag in said.tags)
        yield from _remarks(said)
    yield ""
    yield _summary(entry)
    yield ""


def _tag(tag: GivenTag) -> str:
    return f"    {printable(tag.token)}: {printable(tag.value)}"


def _remarks(said: Said) -> Iterator[str]:
    told = [remark for remark in said.remarks if remark.kind is not RemarkKind.TAG]
    for line, remarks in groupby(told, lambda remark: remark.line):
        here = tuple(remarks)
        yield ""
        if not line:
            yield "    about no line of it"
        else:
            yield from _place(said.message, here[0])
        for remark in here:
            yield from _remark(remark)


def _place(message: Message, remark: Remark) -> Iterator[str]:
    if where := remark.where:
        old = " (old)" if where.side is Side.OLD else ""
        yield f"    {printable(where.path)}:{where.span.line}{old}"
    yield f"    {remark.line:>5} | {printable(message.line(remark.line))}"


def _remark(remark: Remark) -> Iterator[str]:
    answer = " answers" if remark.answers else ""
    asks = " asks" if remark.kind is RemarkKind.QUESTION and not answer else ""
    yield f"      {_name(remark.author)}{answer}{asks}:"
    for line in remark.text[:_LINES]:
        yield f"        {printable(line)}".rstrip()
    if (more := len(remark.text) - _LINES) > 0:
        yield f"        [{count(more, 'more line')}]"


def _summary(entry: Talked) -> str:
    talk = entry.talk
    remarks = [r for r in talk.remarks if r.kind is not RemarkKind.TAG]
    if not remarks and not talk.tags:
        return _SILENT
    people = _people([*(r.author for r in remarks), *(t.author for t in talk.tags)])
    placed = sum(remark.line > 0 for remark in remarks)
    parts = [
        f"{count(len(remarks), 'remark')} ({placed} at a line)",
        count(len(talk.tags), "tag"),
        "from 1 person" if people == 1 else f"from {people} people",
    ]
    return ", ".join(parts)


def _people(authors: Sequence[Address]) -> int:
    return len({author.mailbox.lower() for author in authors})


def _name(address: Address) -> str:
    return printable(address.name or address.mailbox) or "nobody"
