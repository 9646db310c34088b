# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody has already said in the thread is not said again.

That a remark stands at the line of a finding says little: of 33 pairs of a finding and
a remark at its line or beside it, in real threads, 7 were about the same. So words
decide, and the place only helps. A finding was said where a remark

- points at its words with ``^``;
- stands at its line, or right above or below, and gives the name that the finding
  would put there: ``cpu_feature_enabled()`` for ``static_cpu_has()``;
- says it in the words the card lists (``said_as``), at most a dozen lines further down
  in the quote it stands under;
- says it in these words elsewhere, about a name that the finding is about too.

A remark on wording thus leaves alone whatever else is wrong with the same line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.lint.card import Card
from patchlint.model.finding import Finding, Repeat, Report
from patchlint.model.message import Message
from patchlint.model.remark import Remark, RemarkKind
from patchlint.model.series import Series
from patchlint.series.talk import talk

_LONG = 4000
_REACH = 12
_BLANKS = 3
_NEAR = 1
_NAME = re.compile(r"\b(?:[A-Za-z]\w*_\w+|_\w+|[A-Z][A-Z0-9]{2,}|[A-Za-z]\w*(?=\(\)))")
_REWORD = re.compile(r"s/[^\s/]+/[^\s/]+/")
_EMPTY = frozenset({"", "+", "-"})


def unrepeated(
    report: Report, postings: Iterable[Series], cards: Iterable[Card]
) -> Report:
    """Return the report without what the threads of the postings say already."""
    said: dict[int, Remark] = {}
    rules = {card.id: card for card in cards}
    found: dict[str, list[int]] = {}
    for number, finding in enumerate(report.findings):
        found.setdefault(finding.message_id, []).append(number)
    for series in postings:
        for thread in _threads(series, found):
            for number in found[thread.message.message_id]:
                finding = report.findings[number]
                if remark := thread.says(finding, rules.get(finding.rule)):
                    said[number] = remark
    kept = enumerate(report.findings)
    return replace(
        report,
        findings=tuple(finding for number, finding in kept if number not in said),
        repeated=tuple(Repeat(report.findings[n], said[n]) for n in sorted(said)),
    )


def _threads(series: Series, found: Mapping[str, object]) -> Iterator[_Thread]:
    """Yield what was said about each mail that has findings."""
    mails = {m.message_id: m for m in series.messages if m.message_id in found}
    remarks: dict[str, list[Remark]] = {}
    if mails:
        for remark in talk(series).remarks:
            if remark.about in mails and remark.kind is not RemarkKind.TAG:
                remarks.setdefault(remark.about, []).append(remark)
    for name, ones in remarks.items():
        yield _Thread(mails[name], tuple(ones))


class _Thread(Struct, frozen=True, dict=True):
    """A mail, and the remarks about it."""

    message: Message
    remarks: tuple[Remark, ...]
    known: dict[str, frozenset[int]] = field(default_factory=dict)

    def says(self, finding: Finding, card: Card | None) -> Remark | None:
        """Return the first remark that says what a finding says, or None."""
        saying = self._saying(finding.rule, card)
        new = _new_names(finding)
        names = _names_of(finding)
        for number, remark in enumerate(self.remarks):
            if self._points(remark, finding):
                return remark
            is_worded = number in saying
            if not new and not is_worded:
                continue
            distance = self._distance(remark, finding.anchor.span.line)
            if new and abs(distance) <= _NEAR and new & self._names[number]:
                return remark
            is_near = -_NEAR <= distance <= _REACH
            if is_worded and (is_near or names & self._around(number)):
                return remark
        return None

    def _saying(self, rule: str, card: Card | None) -> frozenset[int]:
        """Return which remarks use the words of a rule; worked out once for it."""
        if rule not in self.known:
            words = _words(card)
            self.known[rule] = frozenset(
                number
                for number, text in enumerate(self._texts)
                if words is not None and words.search(text)
            )
        return self.known[rule]

    @cached_property
    def _texts(self) -> Sequence[str]:
        return [" ".join(" ".join(r.text).split())[:_LONG] for r in self.remarks]

    @cached_property
    def _names(self) -> Sequence[frozenset[str]]:
        return [frozenset(re.findall(r"\w+", text)) for text in self._texts]

    def _points(self, remark: Remark, finding: Finding) -> bool:
        span = finding.anchor.span
        if not remark.points or remark.line != span.line or span.end_line != span.line:
            return False
        return any(
            span.column - 1 <= column <= span.end_column for column in remark.points
        )

    def _distance(self, remark: Remark, line: int) -> int:
        """Return how many lines a finding stands above a remark, blank ones aside.

        It is far away where the quote above the remark does not hold its line. Below
        the last line of the quote it is -1, and no further.
        """
        far = len(self.message.lines)
        if not remark.line:
            return far
        if line <= remark.line:
            rows = range(line + 1, remark.line + 1)
            first = self._above(remark.first)
            return (
                self._count(rows) if first <= line and len(rows) <= 3 * _REACH else far
            )
        rows = range(remark.line + 1, line + 1)
        return -self._count(rows) if len(rows) <= _BLANKS else far

    def _above(self, line: int) -> int:
        """Return the line above one that says something."""
        for number in range(line - 1, max(0, line - _BLANKS - 1), -1):
            if not self._is_blank(number):
                return number
        return line

    def _count(self, rows: range) -> int:
        return sum(not self._is_blank(number) for number in rows)

    def _is_blank(self, number: int) -> bool:
        return self.message.line(number).strip() in _EMPTY

    def _around(self, number: int) -> frozenset[str]:
        """Return what a remark names, or the lines it quotes last."""
        remark = self.remarks[number]
        first = max(remark.first, remark.line - _REACH, 1)
        quote = (self.message.line(n)[:_LONG] for n in range(first, remark.line + 1))
        return _lower((self._texts[number], *quote))


def _names_of(finding: Finding) -> frozenset[str]:
    """Return what a finding names, its proof included."""
    steps = (f"{step.text} {step.note}"[:_LONG] for step in finding.trace)
    return _lower((finding.message, finding.suggestion, *steps))


def _lower(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in _NAME.findall("\n".join(texts)))


def _new_names(finding: Finding) -> frozenset[str]:
    """Return the names a finding would put into its line, which are not there yet.

    Of ``s/old/new/`` with one word for another, that will do, if it has some length.
    """
    known = {*re.findall(r"\w+", finding.quote)}
    text = finding.suggestion
    words = re.findall(r"\w{5,}", text) if _REWORD.fullmatch(text) else []
    return frozenset((*_NAME.findall(text), *words)) - known


def _words(card: Card | None) -> re.Pattern[str] | None:
    """Return what people say where they mean this rule, None where that is not known.

    The name of a rule does not tell: everybody writes "this patch".
    """
    listed = card.said_as if card else ()
    return re.compile("|".join(listed), re.IGNORECASE) if listed else None
