# SPDX-License-Identifier: GPL-2.0-or-later
"""From what a check saw to a finding: rule, evidence, anchor and fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Protocol

from patchlint.lint.anchor import anchor
from patchlint.lint.card import Card
from patchlint.lint.context import Contexts, PatchContext, Program, Source
from patchlint.model.finding import Confidence, Evidence, Finding, Match, Step
from patchlint.model.location import InFile, Side
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series


class Place(Protocol):
    """What all contexts have: the mail they are about, and its patch if any."""

    @property
    def message(self) -> Message:
        """The mail a finding belongs to."""

    @property
    def patch(self) -> Patch | None:
        """The patch in it, or None for a cover letter."""


def stamp(card: Card, match: Match, place: Place, contexts: Contexts) -> Finding:
    """Add to a match what only the engine knows.

    Each doubt takes the confidence one step down: a whole file that no blob id proves
    may be the wrong one, and a function with a part that could not be parsed may say
    something else; the proof ends with that.
    """
    at = anchor(match, place.message, place.patch)
    quote = place.message.line(at.span.line)
    source = _source(match, place, contexts)
    image = source.image if source else None
    doubt = _doubt(match, source)
    severity = card.severity if match.severity is None else match.severity
    confidence = match.confidence or card.confidence
    is_whole = bool(image and image.whole)
    doubts = bool(image and image.whole and not image.proven) + bool(doubt)
    return Finding(
        rule=card.id,
        severity=severity,
        confidence=Confidence(max(Confidence.LOW, confidence - doubts)),
        evidence=_evidence(
            card, match, _touched(card, place, contexts), is_whole=is_whole
        ),
        patch=place.message.subject.position if place.patch else 0,
        message_id=place.message.message_id,
        where=match.where,
        anchor=at,
        quote=quote,
        message=match.message,
        suggestion=match.suggestion,
        trace=(*match.trace, doubt) if doubt else match.trace,
        mended_in=match.mended_in,
        fingerprint=fingerprint_of(card.id, match, quote),
        edits=match.edits,
        guards=match.guards,
    )


def _touched(card: Card, place: Place, contexts: Contexts) -> frozenset[str]:
    """Return the paths that a proof need not leave the mails for."""
    if card.scope == "series":
        return contexts.facts.of_one(_all_touched, contexts.series)
    return place.patch.touched if place.patch else frozenset[str]()


def _all_touched(series: Series) -> frozenset[str]:
    return frozenset(path for patch in series.patches for path in patch.touched)


def _evidence(
    card: Card, match: Match, touched: frozenset[str], *, is_whole: bool
) -> Evidence:
    """Return what a match rests on; a proof that leaves the patch rests on the tree."""
    steps = [step.where for step in match.trace]
    is_far = any(isinstance(at, InFile) and at.path not in touched for at in steps)
    if card.evidence is Evidence.TREE or is_far:
        return Evidence.TREE
    return Evidence.FILE if is_whole else Evidence.MAIL


def _source(match: Match, place: Place, contexts: Contexts) -> Source | None:
    where = match.where
    if not isinstance(where, InFile) or not contexts.patches:
        return None
    facts = contexts.patches[0].facts
    context = facts.of_one(_by_patch, contexts.patches).get(id(place.patch))
    if context is None:
        return None
    program = context.after if where.side is Side.NEW else context.before
    return facts.of(_by_path, program).get(where.path)


def _by_patch(contexts: tuple[PatchContext, ...]) -> Mapping[int, PatchContext]:
    return {id(context.patch): context for context in contexts}


def _by_path(program: Program) -> Mapping[str, Source]:
    return {source.path: source for source in reversed(program.sources)}


def _doubt(match: Match, source: Source | None) -> Step | None:
    if source is None:
        return None
    # It brings the parsers, which what is said of a mail alone needs none of.
    from patchlint.lint.reading import unread

    return unread(source, match.where.span.line)


def fingerprint_of(rule: str, match: Match, quote: str) -> str:
    """Name a finding by what it is, not where: line numbers move, texts stay."""
    path = match.where.path if isinstance(match.where, InFile) else ""
    words = quote[1:].split() if path else quote.split()
    parts = (rule, path, match.key or match.message, " ".join(words))
    text = "\0".join(parts).encode("utf-8", "surrogateescape")
    return hashlib.sha256(text).hexdigest()[:32]
