# SPDX-License-Identifier: GPL-2.0-or-later
"""A rule: a card, the scope it asks for, and the check that does the looking."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.lint.budget import OverLimitError
from patchlint.lint.card import Card
from patchlint.lint.context import (
    Contexts,
    MessageContext,
    PatchContext,
    Program,
    SeriesContext,
    VersionContext,
    only_whole,
    torn_files,
    whole_files,
)
from patchlint.lint.options import Options
from patchlint.lint.stamp import Place, stamp
from patchlint.model.finding import (
    Crash,
    Evidence,
    Finding,
    Match,
    NotChecked,
    Severity,
    Skip,
)

Seen = Match | NotChecked
Result = Finding | Skip | Crash
MessageCheck = Callable[[MessageContext, Options], Iterable[Seen]]
PatchCheck = Callable[[PatchContext, Options], Iterable[Seen]]
ProgramCheck = Callable[[Program, Options], Iterable[Seen]]
SeriesCheck = Callable[[SeriesContext, Options], Iterable[Seen]]
VersionCheck = Callable[[VersionContext, Options], Iterable[Seen]]
# Behind every position that a patch can have.
_NO_POSITION = 1 << 62

P = TypeVar("P", bound=Place)


class Rule(Protocol):
    """A card bound to its check."""

    @property
    def card(self) -> Card:
        """The data of the rule."""

    def apply(self, contexts: Contexts) -> Iterator[Result]:
        """Yield what the rule finds, could not check, or died of."""


class MessageRule(Struct, frozen=True):
    """A rule over each mail."""

    card: Card
    check: MessageCheck

    def apply(self, contexts: Contexts) -> Iterator[Result]:
        """Look at the cover letter and at every patch."""
        for context in contexts.messages:
            yield from _run(self.card, context, contexts, self._look)

    def _look(self, context: MessageContext) -> Iterable[Seen]:
        return self.check(context, self.card.options)


class SeriesRule(Struct, frozen=True):
    """A rule over a complete posting."""

    card: Card
    check: SeriesCheck

    def apply(self, contexts: Contexts) -> Iterator[Result]:
        """Look at the posting, unless a part of it is missing."""
        context = SeriesContext(
            contexts.series,
            contexts.series.head,
            contexts.patches,
            contexts.facts,
            contexts.history,
        )
        if missing := contexts.series.missing:
            needs = f"patch {', '.join(map(str, missing))} of {contexts.series.total}"
            yield Skip(self.card.id, context.message.message_id, needs)
        else:
            yield from _run(self.card, context, contexts, self._look)

    def _look(self, context: SeriesContext) -> Iterable[Seen]:
        return self.check(context, self.card.options)


class VersionRule(Struct, frozen=True):
    """A rule over each mail of a version and what it was in the one before."""

    card: Card
    check: VersionCheck

    def apply(self, contexts: Contexts) -> Iterator[Result]:
        """Look at every mail, if the version before is at hand; there is none of v1."""
        series = contexts.series
        for context in contexts.versions:
            yield from _run(self.card, context, contexts, self._look)
        if series.version > 1 and not contexts.versions:
            needs = "the version before (give --previous)"
            yield Skip(self.card.id, series.head.message_id, needs)

    def _look(self, context: VersionContext) -> Iterable[Seen]:
        return self.check(context, self.card.options)


class PatchRule(Struct, frozen=True):
    """A rule over both sides of each patch at once."""

    card: Card
    check: PatchCheck

    def apply(self, contexts: Contexts) -> Iterator[Result]:
        """Look at every patch; at whole files only if the card asks for them."""
        for context in contexts.patches:
            yield from _run(self.card, context, contexts, self._look)

    def _look(self, context: PatchContext) -> Iterator[Seen]:
        yield from _unread(self.card, context)
        if self.card.evidence is not Evidence.MAIL:
            context = whole_files(context)
            if not (context.before.sources or context.after.sources):
                return
        if _reads(self.card, context.before) or _reads(self.card, context.after):
            yield from self.check(context, self.card.options)


class ProgramRule(Struct, frozen=True):
    """A rule over the files of a patch: what it sees after but not before, counts."""

    card: Card
    check: ProgramCheck

    def apply(self, contexts: Contexts) -> Iterator[Result]:
        """Look at both sides of every patch, and report what each one brings.

        All are looked at before any is reported, so that a match can name the patch
        that takes it away again.
        """
        sides = [_Sides() for _ in contexts.patches]
        failed = [
            list(_run(self.card, context, contexts, self._looker(both)))
            for context, both in zip(contexts.patches, sides, strict=True)
        ]
        mended = _mended(contexts.patches, sides)
        told = zip(contexts.patches, sides, failed, strict=True)
        for number, (context, both, results) in enumerate(told):
            found = () if results else _brought(both, mended, number)

            def again(
                _: PatchContext, found: Iterable[Seen] = tuple(found)
            ) -> Iterable[Seen]:
                return found

            yield from results
            yield from _run(self.card, context, contexts, again)

    def _looker(self, both: _Sides) -> Callable[[PatchContext], Iterable[Seen]]:
        """Return what looks at both sides of a patch, and keeps what it sees."""

        def look(context: PatchContext) -> Iterable[Seen]:
            both.unread.extend(_unread(self.card, context))
            both.after.extend(self._see(context.after))
            both.before.extend(self._see(context.before))
            return ()

        return look

    def _see(self, program: Program) -> Iterable[Seen]:
        if self.card.evidence is not Evidence.MAIL:
            program = only_whole(program)
            if not program.sources:
                return ()
        if not _reads(self.card, program):
            return ()
        return self.check(program, self.card.options)


def _reads(card: Card, program: Program) -> bool:
    """Say whether a card reads a language that one of the files is written in."""
    known = card.languages
    return not known or any(source.language in known for source in program.sources)


class _Sides(Struct):
    """What a check sees on both sides of one patch, and what it could not read."""

    unread: list[NotChecked] = field(default_factory=list)
    after: list[Seen] = field(default_factory=list)
    before: list[Seen] = field(default_factory=list)


def _brought(
    both: _Sides, mended: Mapping[str, Sequence[tuple[int, int]]], number: int
) -> Iterator[Seen]:
    """Yield what a patch brings; what a later one takes away again is only a note."""
    yield from both.unread
    yield from (seen for seen in both.after if isinstance(seen, NotChecked))
    for match in _new(both.before, both.after):
        later = mended.get(_key(match), ())
        at = bisect_right(later, (number, _NO_POSITION))
        if at < len(later):
            note = Severity.NOTE
            yield replace(match, severity=note, mended_in=later[at][1])
        else:
            yield match


def _mended(
    patches: Sequence[PatchContext], sides: Sequence[_Sides]
) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Return which patches take what away: (number from 0, position), in order."""
    found: dict[str, list[tuple[int, int]]] = {}
    for number, (context, both) in enumerate(zip(patches, sides, strict=True)):
        before, after = _keys(both.before), _keys(both.after)
        for key in before - after:
            found.setdefault(key, []).append((number, context.patch.position))
    return found


def _keys(side: Iterable[Seen]) -> frozenset[str]:
    return frozenset(_key(seen) for seen in side if isinstance(seen, Match))


def _run(
    card: Card, context: P, contexts: Contexts, look: Callable[[P], Iterable[Seen]]
) -> Iterator[Result]:
    """Run one check on one context; a crash, or a limit, is a result like another."""
    message_id = context.message.message_id
    try:
        with contexts.budget.spend():
            found = [_result(card, seen, context, contexts) for seen in look(context)]
    except OverLimitError as limit:
        found = [Skip(card.id, message_id, str(limit))]
    except Exception as error:  # noqa: BLE001 - a rule stops no other
        found = [Crash(card.id, message_id, f"{type(error).__name__}: {error}")]
    yield from found


def _result(card: Card, seen: Seen, context: Place, contexts: Contexts) -> Result:
    if isinstance(seen, NotChecked):
        return Skip(card.id, context.message.message_id, seen.needs)
    return stamp(card, seen, _place(seen, context, contexts), contexts)


def _place(match: Match, context: Place, contexts: Contexts) -> Place:
    """Return the mail a match is about: a check of a posting may name one."""
    if not match.message_id:
        return context
    here = (c for c in contexts.messages if c.message.message_id == match.message_id)
    return next(here, context)


def _new(before: Iterable[Seen], after: Iterable[Seen]) -> Iterator[Match]:
    """Yield the matches of one side that the other did not have, each counted once.

    First those with the same key are taken off, in whatever file they stand; then
    those with the same proof, since a function may be renamed around it.
    """
    known: dict[str, deque[Match]] = {}
    for old in before:
        if isinstance(old, Match):
            known.setdefault(_key(old), deque()).append(old)
    left: list[Match] = []
    for match in (seen for seen in after if isinstance(seen, Match)):
        if same := known.get(_key(match)):
            same.popleft()
        else:
            left.append(match)
    gone = (old for same in known.values() for old in same)
    proofs = Counter(proof for old in gone if (proof := _proof(old)))
    for match in left:
        proofs[_proof(match)] -= 1
        if proofs[_proof(match)] < 0:
            yield match


def _key(match: Match) -> str:
    return match.key or match.message


def _proof(match: Match) -> tuple[str, ...]:
    """Return the texts a match rests on; () if it shows none."""
    return (match.message, *(s.text for s in match.trace)) if match.trace else ()


def _unread(card: Card, context: PatchContext) -> Iterator[NotChecked]:
    """Say which files a card would read whole, where only hunks are known."""
    if card.evidence is Evidence.MAIL:
        return
    torn = torn_files(context)
    paths = {path for language, path in torn if language in card.languages}
    if paths:
        yield NotChecked(f"the whole file: {', '.join(sorted(paths))}")
