# SPDX-License-Identifier: GPL-2.0-or-later
"""A card as a page in Markdown: for docs/rules, and for editors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchlint.cli.explained import switched_off
from patchlint.lint.card import Card, Example, ExamplePatch
from patchlint.report.safe import printable


def page(card: Card, *, whole: bool = True) -> str:
    """Return the page of a rule, with all examples, or one of each kind."""
    most = None if whole else 1
    sections = (
        f"# {card.id}\n\n{card.summary}\n",
        f"## Why\n\n{card.why}\n",
        *(_example("Reported", each) for each in card.bad[:most]),
        *(_example("Not reported", each) for each in card.good[:most]),
        f"## Instead\n\n{card.fix}\n",
        _facts(card),
        _bullets("Left alone, or known to go wrong", card.false_positives),
        _bullets("References", card.references),
        _bullets("How to switch it off", _ways_off(card.id)),
    )
    return "\n".join(section for section in sections if section)


def _facts(card: Card) -> str:
    """Return the table of what a user wants to know at a glance."""
    rows = {
        "severity": card.severity.name.lower(),
        "confidence": card.confidence.name.lower(),
        "status": card.status,
        "needs": card.evidence.value,
        "looks at": card.scope,
        "measured": card.measured,
        "in checkpatch": ", ".join(card.checkpatch),
    }
    body = "".join(f"| {name} | {value} |\n" for name, value in rows.items() if value)
    return f"## Facts\n\n| | |\n|---|---|\n{body}"


def _bullets(title: str, lines: Sequence[str]) -> str:
    """Return a section with a list, or nothing."""
    body = "".join(f"- {line}\n" for line in lines)
    return f"## {title}\n\n{body}" if lines else ""


def _ways_off(rule: str) -> tuple[str, ...]:
    """Return the ways to switch a rule off, what is to be written as code."""
    return tuple(f"{where}: `{typed}`" for where, typed in switched_off(rule))


def _example(title: str, shown: Example) -> str:
    """Return one example; the carets stay, they say what is meant."""
    note = f": {shown.note}" if shown.note else ""
    return f"## {title}{note}\n\n" + "\n".join(_blocks(shown))


def _blocks(shown: Example) -> Iterator[str]:
    """Yield the parts of an example, each as a code block with its name."""
    texts = {"cover letter": shown.cover, "message": shown.message, "mail": shown.mail}
    for name, text in texts.items():
        if text:
            yield _block(name, "text", text)
    if shown.history:
        known = "".join(f"{oid} {title}\n" for oid, title in shown.history.items())
        yield _block("commits of the repository", "text", known)
    for when, files in (("before", shown.before), ("after", shown.after)):
        for path, text in files.items():
            name = f"`{path}`, {when}" if shown.before or shown.patches else f"`{path}`"
            yield _block(name, "asm" if path.endswith(".S") else "c", text)
    for number, patch in enumerate(shown.patches, 1):
        yield from _patch_blocks(number, patch)


def _patch_blocks(number: int, patch: ExamplePatch) -> Iterator[str]:
    """Yield the parts of one patch of an example."""
    if patch.message:
        yield _block(f"message of patch {number}", "text", patch.message)
    for path, text in patch.after.items():
        name = f"`{path}`, after patch {number}"
        yield _block(name, "asm" if path.endswith(".S") else "c", text)


def _block(name: str, language: str, text: str) -> str:
    """Return a named code block; a page shows what a card may hide."""
    body = "\n".join(map(printable, text.strip("\n").split("\n")))
    return f"{name}:\n\n```{language}\n{body}\n```\n"
