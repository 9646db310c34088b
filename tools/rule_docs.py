# SPDX-License-Identifier: GPL-2.0-or-later
"""Write docs/rules: one page per card, and an index; --check says if they are stale."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from patchlint.adapters.cards import load_cards
from patchlint.cli.explained import switched_off
from patchlint.lint.card import Card, Example, ExamplePatch
from patchlint.report.safe import printable

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "rules"
HEAD = (
    "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
    "<!-- Made from rules/ by tools/rule_docs.py: edit the card, not this page. -->\n"
)


def page(card: Card) -> str:
    """Return the page of one rule."""
    sections = (
        f"{HEAD}\n# {card.id}\n\n{card.summary}\n",
        f"## Why\n\n{card.why}\n",
        *(example("Reported", each) for each in card.bad),
        *(example("Not reported", each) for each in card.good),
        f"## Instead\n\n{card.fix}\n",
        facts(card),
        bullets("Left alone, or known to go wrong", card.false_positives),
        bullets("References", card.references),
        bullets("How to switch it off", ways_off(card.id)),
    )
    return "\n".join(section for section in sections if section)


def facts(card: Card) -> str:
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


def bullets(title: str, lines: tuple[str, ...]) -> str:
    """Return a section with a list, or nothing."""
    body = "".join(f"- {line}\n" for line in lines)
    return f"## {title}\n\n{body}" if lines else ""


def ways_off(rule: str) -> tuple[str, ...]:
    """Return the ways to switch a rule off, what is to be written as code."""
    return tuple(f"{where}: `{typed}`" for where, typed in switched_off(rule))


def example(title: str, shown: Example) -> str:
    """Return one example; the carets stay, they say what is meant."""
    note = f": {shown.note}" if shown.note else ""
    return f"## {title}{note}\n\n" + "\n".join(blocks(shown))


def blocks(shown: Example) -> Iterator[str]:
    """Yield the parts of an example, each as a code block with its name."""
    texts = {"cover letter": shown.cover, "message": shown.message, "mail": shown.mail}
    for name, text in texts.items():
        if text:
            yield block(name, "text", text)
    if shown.history:
        known = "".join(f"{oid} {title}\n" for oid, title in shown.history.items())
        yield block("commits of the repository", "text", known)
    for when, files in (("before", shown.before), ("after", shown.after)):
        for path, text in files.items():
            name = f"`{path}`, {when}" if shown.before or shown.patches else f"`{path}`"
            yield block(name, "asm" if path.endswith(".S") else "c", text)
    for number, patch in enumerate(shown.patches, 1):
        yield from patch_blocks(number, patch)


def patch_blocks(number: int, patch: ExamplePatch) -> Iterator[str]:
    """Yield the parts of one patch of an example."""
    if patch.message:
        yield block(f"message of patch {number}", "text", patch.message)
    for path, text in patch.after.items():
        name = f"`{path}`, after patch {number}"
        yield block(name, "asm" if path.endswith(".S") else "c", text)


def block(name: str, language: str, text: str) -> str:
    """Return a named code block; a page shows what a card may hide."""
    body = "\n".join(map(printable, text.strip("\n").split("\n")))
    return f"{name}:\n\n```{language}\n{body}\n```\n"


def pages() -> dict[Path, str]:
    """Return every page by its path."""
    cards = load_cards(ROOT / "rules")
    rows = "".join(
        f"| [{c.id}]({c.id}.md) | {c.severity.name.lower()} | {c.evidence} "
        f"| {c.summary} |\n"
        for c in cards
    )
    index = (
        f"{HEAD}\n# Rules\n\n| rule | severity | needs | what it finds |\n"
        f"|---|---|---|---|\n{rows}"
    )
    return {OUT / "README.md": index, **{OUT / f"{c.id}.md": page(c) for c in cards}}


def main() -> int:
    """Write the pages, or with --check only compare."""
    made = pages()
    stale = [p for p, text in made.items() if not p.exists() or p.read_text() != text]
    extra = [p for p in OUT.rglob("*.md") if p not in made]
    if "--check" in sys.argv:
        for path in (*stale, *extra):
            print(f"{path.relative_to(ROOT)}: stale; run make docs")
        return 1 if stale or extra else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path])
    for path in extra:
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
