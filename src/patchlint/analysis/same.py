# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether two guards ask the same, before and after a patch."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from patchlint.analysis.formula import (
    Formula,
    Literal,
    assumed,
    atom,
    same,
    simplified,
    texts,
)
from patchlint.analysis.renames import Renames, renames
from patchlint.analysis.root import SET_HERE, Root
from patchlint.analysis.sites import Operations, Site
from patchlint.lint.context import PatchContext

_WORDS = re.compile(r"\w+|\W")


class Same(Struct, frozen=True):
    """What makes two conditions the same."""

    operations: Operations
    context: PatchContext

    def holds(self, before: Site, after: Site) -> bool:
        """Say whether two guards ask the same.

        A check for failure counts only where both sides have it. Renamed names are
        one, as are functions that ask the same and globals of one type.
        """
        old, new, ask = before.guard, after.guard, self.operations.ask
        one, two = _kept(old, new, ask), _kept(new, old, ask)
        if same(one, two) or same(before.needed, after.needed):
            return True
        names = renames(self.context).joined_by(_locals(before, after))
        for option in sorted(names.options & texts(one)):
            one = assumed(one, option, holds=True)
        one, two = _respelled(one, names.typed), _respelled(two, names.typed)
        return same(one, two) or same(_renamed(one, two, names), two)

    def clear(self, old: Site, new: Site) -> bool:
        """Say whether two guards can be compared.

        Not where both hide a register, nor where one side sets a flag of which the
        other does not show who does.
        """
        sides = [texts(site.guard.formula) for site in (old, new)]
        hidden = all(any("%" in text for text in side) for side in sides)
        return not hidden and not _set_by(sides[0], new) and not _set_by(sides[1], old)


def _set_by(names: frozenset[str], site: Site) -> bool:
    set_here = {step.note.removesuffix(SET_HERE) for step in site.guard.steps}
    return not names.isdisjoint(set_here)


def _locals(before: Site, after: Site) -> Iterator[tuple[str, str]]:
    """Yield the locals of one type of which one goes and the other comes."""
    olds, news = dict(before.names), dict(after.names)
    for old, kind in olds.items():
        if old not in news:
            yield from ((old, n) for n in news if n not in olds and news[n] == kind)


def _kept(root: Root, other: Root, ask: Callable[[str], str]) -> Formula[Literal]:
    """Return what counts of a guard: checks for failure only if the other has them."""
    formula = root.formula
    for text in sorted(root.weak - texts(other.formula)):
        negated = {one.negated for one in formula.literals() if one.text == text}
        formula = assumed(formula, text, holds=negated == {False})
    return simplified(_respelled(formula, ask))


def _respelled(
    formula: Formula[Literal], write: Callable[[str], str]
) -> Formula[Literal]:
    return formula.expand(lambda literal: atom(literal.respelled(write)))


def _renamed(
    old: Formula[Literal], new: Formula[Literal], allowed: Renames
) -> Formula[Literal]:
    """Return the old formula with the names of the new one, as far as they fit."""
    names: dict[str, str] = {}
    missing = sorted(texts(new) - texts(old))
    for text in sorted(texts(old) - texts(new)):
        for candidate in missing:
            found = _fitting(text, candidate, allowed, names)
            if found is not None:
                names |= found
                missing.remove(candidate)
                break
    return _respelled(old, lambda text: _swap(text, names))


def _fitting(
    old: str, new: str, allowed: Renames, names: dict[str, str]
) -> dict[str, str] | None:
    """Return the names to put for others so that one text becomes the other."""
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    if len(olds) != len(news):
        return None
    found: dict[str, str] = {}
    for a, b in zip(olds, news, strict=True):
        if a == b:
            continue
        if not allowed.allows(a, b) or {**names, **found}.get(a, b) != b:
            return None
        found[a] = b
    return found


def _swap(text: str, names: dict[str, str]) -> str:
    return "".join(names.get(word, word) for word in _WORDS.findall(text))
