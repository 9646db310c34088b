# SPDX-License-Identifier: GPL-2.0-or-later
"""What became of the findings of a version in the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from patchlint.lint.card import Card
from patchlint.lint.identity import NOWHERE, Known, known, locate
from patchlint.lint.partners import ALIKE, alike, partners
from patchlint.lint.rule import Result, Rule
from patchlint.model.change import Kind
from patchlint.model.finding import (
    Baseline,
    Comparison,
    Fate,
    Finding,
    Past,
    Skip,
)
from patchlint.model.location import InFile, Side
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.model.versions import Pairing
from patchlint.series.pairing import pair_up

Results = Sequence[Result]

_HALF = 0.5
_AROUND = 3
_MANY = 100
_FILES = "the whole file: "


class _Side(Struct, frozen=True, dict=True):
    """A version, with what the rules had to say of it."""

    series: Series
    results: Results

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(r for r in self.results if isinstance(r, Finding))

    @cached_property
    def skips(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """What a rule would have needed, by rule and mail."""
        found: dict[tuple[str, str], list[str]] = {}
        for result in self.results:
            if isinstance(result, Skip):
                key = (result.rule, result.message_id)
                found.setdefault(key, []).append(result.needs)
        return {key: tuple(needs) for key, needs in found.items()}

    @cached_property
    def by_position(self) -> Mapping[int, Patch]:
        return {patch.position: patch for patch in self.series.patches}

    @cached_property
    def by_path(self) -> Mapping[str, tuple[int, ...]]:
        """The patches that touch each path, by position."""
        found: dict[str, list[int]] = {}
        for patch in self.series.patches:
            for path in patch.touched:
                found.setdefault(path, []).append(patch.position)
        return {path: tuple(at) for path, at in found.items()}

    @cached_property
    def _lines(self) -> dict[tuple[int, str], frozenset[str]]:
        return {}

    def lines(self, position: int, path: str) -> frozenset[str]:
        """Return the lines that a patch shows of a file, whatever their blanks."""
        key = (position, path)
        if key not in self._lines:
            by_path = self.by_position[position].by_path
            changes = (c for side in Side for c in by_path.get((path, side), ()))
            self._lines[key] = frozenset(
                " ".join(line.text.split()) for c in changes for line in c.lines
            )
        return self._lines[key]

    def mail(self, position: int) -> Message | None:
        """Return the mail at a position, the first mail for the cover letter."""
        if position == 0:
            return self.series.head
        patch = self.by_position.get(position)
        return patch.message if patch else None

    def looked(self, finding: Finding, position: int) -> bool:
        """Say whether a rule could look where it finds something elsewhere."""
        mail = self.mail(position)
        if mail is None:
            return False
        path = finding.where.path if isinstance(finding.where, InFile) else ""
        # Another program looks for all of its rules at once, or for none.
        names = (finding.rule, finding.rule.partition("/")[0])
        return not any(
            not (needs.startswith(_FILES) and path and path not in needs)
            for name in names
            for needs in self.skips.get((name, mail.message_id), ())
        )


def compare(
    rules: Iterable[Rule], series: Series, before: Results, after: Results
) -> tuple[tuple[Result, ...], Comparison]:
    """Return what was found with its baseline, and what became of what was before.

    ``before`` was found in ``series.previous``. Left alone is what is about this very
    step, and what only tells which mails are at hand.
    """
    assert series.previous is not None  # noqa: S101 - whoever calls has looked
    steps = {rule.card.id for rule in rules if _is_of_one(rule.card)}
    old = _Side(series.previous, [r for r in before if r.rule not in steps])
    new = _Side(series, [r for r in after if r.rule not in steps])
    pairing = pair_up(old.series, new.series)
    places = {pair.old: pair.new for pair in pairing.pairs}
    olds, news = known(old.findings, old.series, places), known(new.findings, series)
    links = partners(olds, news)
    past = tuple(
        Past(one.finding, Fate.STILL if at in links else _fate(one, new))
        for at, one in enumerate(olds)
    )
    baselines = _baselines(news, {*links.values()}, old, pairing)
    marked = tuple(
        replace(r, baseline=baselines.get(id(r))) if isinstance(r, Finding) else r
        for r in after
    )
    return marked, Comparison(
        message_id=series.head.message_id,
        before_id=series.previous.head.message_id,
        before=name(series.previous, series),
        pairing=pairing,
        titles=tuple((p.position, p.message.subject.text) for p in old.series.patches),
        past=past,
        new=sum(baseline is Baseline.NEW for baseline in baselines.values()),
        older=tuple(_older(series.previous)),
    )


def _is_of_one(card: Card) -> bool:
    """Say whether what a rule finds in a version says nothing of the next."""
    kinds = card.options.some_words("kinds") if card.check == "defects" else ()
    return card.scope == "version" or any(kind.startswith("series-") for kind in kinds)


def name(series: Series, newer: Series) -> str:
    """Return what an earlier version is called: ``v3``, if that tells it apart."""
    words = {word.upper() for word in series.head.subject.prefixes}
    if series.version != newer.version:
        return f"RFC v{series.version}" if "RFC" in words else f"v{series.version}"
    return "the RFC" if "RFC" in words else "the version before"


def _older(series: Series) -> Iterator[str]:
    newer, at = series, series.previous
    while at is not None:
        yield name(at, newer)
        newer, at = at, at.previous


def _fate(one: Known, new: _Side) -> Fate:
    """Return what became of a finding that is not there any more."""
    place = one.place
    if place == NOWHERE:
        if new.series.missing:
            return Fate.UNKNOWN
        place = _moved_to(one, new)
        if place == NOWHERE:
            return Fate.GONE
    is_letter = one.patch is None and new.series.cover is None
    if (is_letter and new.series.missing) or not new.looked(one.finding, place):
        return Fate.UNKNOWN
    if one.patch is None:
        return Fate.FIXED if new.series.cover else Fate.GONE
    if _is_there(one, new, place) or _moved_to(one, new) != NOWHERE:
        return Fate.FIXED
    return Fate.GONE


def _moved_to(one: Known, new: _Side) -> int:
    """Return the patch that has the lines of a patch that is gone."""
    if not one.path:
        return NOWHERE
    around = _surroundings(one)
    for position in new.by_path.get(one.path, ()):
        if _share(around, new.lines(position, one.path)) >= _HALF:
            return position
    return NOWHERE


def _is_there(one: Known, new: _Side, place: int) -> bool:
    """Say whether what a finding was about is there yet, in other words or without."""
    patch = new.by_position.get(place)
    if patch is None:
        return True
    if not one.path:
        return _is_told(one, patch)
    lines = new.lines(place, one.path)
    around = _surroundings(one)
    return not around or _share(around, lines) >= _HALF or _has_near(one.text, lines)


def _is_told(one: Known, patch: Patch) -> bool:
    """Say whether half the words of a line of the message are in the new one."""
    if one.finding.anchor.span.line < patch.message.body_start:
        return True
    head = patch.message.lines[: patch.parts.diff.start]
    here = frozenset(word for line in head for word in line.split())
    words = [word for word in one.text.split() if len(word) > _AROUND]
    return not words or _share(words, here) >= _HALF


def _surroundings(one: Known) -> list[str]:
    """Return the lines that come and go next to the one that is quoted, and it."""
    number = one.finding.anchor.span.line
    found = locate(one.patch, number) if one.patch else None
    if found is None:
        return []
    lines = [line for line in found[1].lines if line.kind is not Kind.CONTEXT]
    lines.sort(key=lambda line: (abs(line.mail - number), line.mail))
    texts = (" ".join(line.text.split()) for line in lines[: 2 * _AROUND + 1])
    return [text for text in texts if len(text) > _AROUND]


def _share(some: Sequence[str], others: frozenset[str]) -> float:
    return sum(text in others for text in some) / len(some) if some else 0.0


def _has_near(text: str, lines: Iterable[str]) -> bool:
    words = {*text.split()}
    near = (n for n in sorted(lines) if 2 * len(words & {*n.split()}) >= len(words))
    return any(alike(text, line) >= ALIKE for line in islice(near, _MANY))


def _baselines(
    news: Sequence[Known], old_ones: set[int], old: _Side, pairing: Pairing
) -> dict[int, Baseline | None]:
    """Return, by the identity of a finding, whether it was there before."""
    found: dict[int, Baseline | None] = {}
    for number, one in enumerate(news):
        found[id(one.finding)] = (
            Baseline.UNCHANGED if number in old_ones else _novelty(one, old, pairing)
        )
    return found


def _novelty(one: Known, old: _Side, pairing: Pairing) -> Baseline | None:
    """Return NEW if the version before was looked at there, and did not have it."""
    if one.patch is None:
        is_known = old.looked(one.finding, 0)
        return Baseline.NEW if is_known else None
    pair = pairing.of_new(one.patch.position)
    if pair is None:
        return None if old.series.missing else Baseline.NEW
    return Baseline.NEW if old.looked(one.finding, pair.old) else None
