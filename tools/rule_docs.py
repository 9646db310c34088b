# SPDX-License-Identifier: GPL-2.0-or-later
"""Write docs/rules: one page per card, and an index; --check says if they are stale."""

from __future__ import annotations

import sys
from pathlib import Path
from types import MappingProxyType

from patchlint.adapters.cards import load_cards
from patchlint.cli import rule_page
from patchlint.lint.card import Card

# It runs as a program, too, which knows no package of tools.
sys.path.insert(0, str(Path(__file__).parents[1]))
from tools import rule_rates

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs" / "rules"
HEAD = (
    "<!-- SPDX-License-Identifier: GPL-2.0-or-later -->\n"
    "<!-- Made from rules/ by tools/rule_docs.py: edit the card, not this page. -->\n"
)


def page(card: Card, found: rule_rates.Measured = MappingProxyType({})) -> str:
    """Return the page of one rule, with what was measured of it."""
    rates = rule_rates.section(card.id, found)
    return f"{HEAD}\n{rule_page.page(card)}" + (f"\n{rates}" if rates else "")


def pages() -> dict[Path, str]:
    """Return every page by its path."""
    cards = load_cards(ROOT / "rules")
    found = rule_rates.measured()
    rows = "".join(
        f"| [{c.id}]({c.id}.md) | {c.severity.name.lower()} | {c.evidence} "
        f"| {c.summary} |\n"
        for c in cards
    )
    index = (
        f"{HEAD}\n# Rules\n\n| rule | severity | needs | what it finds |\n"
        f"|---|---|---|---|\n{rows}"
    )
    return {
        OUT / "README.md": index,
        **{OUT / f"{c.id}.md": page(c, found) for c in cards},
    }


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
