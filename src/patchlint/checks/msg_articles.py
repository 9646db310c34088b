# SPDX-License-Identifier: GPL-2.0-or-later
"""Articles that are missing in a commit log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from patchlint.analysis import diff_names, log
from patchlint.lint.context import MessageContext
from patchlint.lint.options import OptionError, Options
from patchlint.model.finding import Edit, Match, Step
from patchlint.model.location import InMessage
from patchlint.model.message import Message
from patchlint.prose.articles import Articles, Habits, Tier
from patchlint.prose.engine import Remark

_STEPS = 5


def missing_article(context: MessageContext, options: Options) -> Iterator[Match]:
    """A single thing that can be counted has an article."""
    if context.patch is None:
        return
    engine = Articles(_habits(options))
    found: dict[str, list[Remark]] = {}
    for remark in engine.check(log.passages(context)):
        if _single(remark) not in context.facts.of_one(
            diff_names.variables, context.patch
        ):
            found.setdefault(remark.words, []).append(remark)
    for remarks in islice(found.values(), int(options.number("most"))):
        yield _match(context.message, remarks)


def _single(remark: Remark) -> str:
    """Return a noun that stands alone, which may be the name of a variable."""
    old, new = remark.words.split(), remark.replacement.split()
    return old[-1] if len(old) == 1 + (old[0] == new[0]) else ""


def _match(message: Message, remarks: Sequence[Remark]) -> Match:
    """Tell of the first one; the others with the same words are in the trace."""
    first, *others = remarks
    said = f"s/{first.words}/{first.replacement}/"
    steps = tuple(
        Step(InMessage(other.span), message.line(other.span.line).strip(), "same here")
        for other in others[:_STEPS]
    )
    return Match(
        InMessage(first.span),
        f'{said} (or "{first.other}")' if first.other else said,
        trace=steps,
        suggestion=said,
        key=first.words,
        edits=tuple(Edit(r.span, r.replacement) for r in remarks if r.sure),
    )


def _habits(options: Options) -> Habits:
    def words(key: str) -> frozenset[str]:
        return frozenset(options.words(key))

    return Habits(
        tiers=tuple(_tiers(options, "tiers")),
        rate=options.number("rate"),
        mass=words("mass"),
        idioms=words("idioms"),
        names=words("names"),
        kept=words("kept"),
        asking=words("asking"),
        asked=next(_tiers(options, "asked")),
        asked_rate=options.number("asked_rate"),
        countable=words("countable"),
        labels=words("labels"),
    )


def _tiers(options: Options, key: str) -> Iterator[Tier]:
    """Read pairs of thresholds: "0.7 0.8"."""
    for pair in options.words(key):
        try:
            regression, net = map(float, pair.split())
        except ValueError as error:
            raise OptionError(f"options: {key}: {pair!r}") from error
        yield Tier(regression, net)
