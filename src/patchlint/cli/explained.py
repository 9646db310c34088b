# SPDX-License-Identifier: GPL-2.0-or-later
"""A card as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from patchlint.lint.card import Card, Example
from patchlint.report.safe import lines_of, printable

_WIDTH = 80
# What a level of evidence means to whoever has to provide it.
_NEEDS = {
    "mail": "the mail alone",
    "file": "the whole files (--repo)",
    "tree": "the tree (--repo)",
}


def explained(card: Card, *, whole: bool) -> str:
    """Return a card as text, with one example of each kind, or all."""
    return "\n".join(_lines(card, whole=whole)) + "\n"


def switched_off(rule: str) -> tuple[tuple[str, str], ...]:
    """Return the ways to switch a rule off: where, and what is written there."""
    return (
        ("in one mail, below the cut (---)", f"patchlint: ignore {rule} -- reason"),
        ("for a tree, or for you, in the settings", f'ignore = ["{rule}"]'),
    )


def _lines(card: Card, *, whole: bool) -> Iterator[str]:
    yield printable(card.id)
    yield from _filled(card.summary)
    yield ""
    yield from _facts(card)
    yield from _section("Why", card.why)
    yield from _section("Instead", card.fix)
    yield from _examples("Reported", card.bad, whole=whole)
    yield from _examples("Not reported", card.good, whole=whole)
    yield from _bullets("Left alone, or known to go wrong", card.false_positives)
    yield from _bullets("References", card.references)
    yield ""
    yield "How to switch it off"
    for where, typed in switched_off(card.id):
        yield f"  - {where}:"
        yield f"    {typed}"


def _facts(card: Card) -> Iterator[str]:
    rows = {
        "severity": card.severity.name.lower(),
        "confidence": card.confidence.name.lower(),
        "status": card.status,
        "needs": _NEEDS[card.evidence.value],
        "measured": card.measured,
        "checkpatch": ", ".join(card.checkpatch),
        "extra": card.extra,
    }
    for name, value in rows.items():
        if value:
            yield from _filled(value, f"  {name + ':':<12}", " " * 14)


def _section(title: str, text: str) -> Iterator[str]:
    yield ""
    yield title
    paragraphs = text.strip().split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield ""
        yield from _filled(paragraph, "  ", "  ")


def _bullets(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield title
    for line in lines:
        yield from _filled(line, "  - ", "    ")


def _examples(title: str, shown: Sequence[Example], *, whole: bool) -> Iterator[str]:
    for example in shown if whole else shown[:1]:
        yield ""
        yield from _filled(f"{title}: {example.note}" if example.note else title)
        for name, text in _parts(example):
            yield f"  {printable(name)}:"
            yield from (f"    | {line}".rstrip() for line in lines_of(text.strip("\n")))
    if not whole and len(shown) > 1:
        yield f"  ({len(shown) - 1} more with --all)"


def _parts(example: Example) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each part of an example."""
    texts = {"cover letter": example.cover, "message": example.message}
    texts["mail"] = example.mail
    yield from ((name, text) for name, text in texts.items() if text)
    if example.history:
        known = (f"{oid} {title}" for oid, title in example.history.items())
        yield "commits of the repository", "\n".join(known)
    for path, text in example.before.items():
        yield f"{path}, before", text
    for path, text in example.after.items():
        yield (f"{path}, after" if example.before else path), text
    for number, patch in enumerate(example.patches, 1):
        if patch.message:
            yield f"message of patch {number}", patch.message
        for path, text in patch.after.items():
            yield f"{path}, after patch {number}", text


def _filled(text: str, first: str = "", then: str = "") -> list[str]:
    shown = printable(" ".join(text.split()))
    return textwrap.wrap(
        shown,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
