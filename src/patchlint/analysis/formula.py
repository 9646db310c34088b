# SPDX-License-Identifier: GPL-2.0-or-later
"""Conditions joined by and and or, negations pushed down to the literals.

A formula is made of whatever literals a step of the analysis has: pieces of a syntax
tree first, texts at the end. Formulas of texts are compared by truth table, so that
neither order nor form counts; above ``_TABLE`` texts by their form.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

L = TypeVar("L", bound=Hashable)
M = TypeVar("M", bound=Hashable)

_TABLE = 12


class Literal(Struct, frozen=True):
    """A condition as text, or its contrary, for which there may be a text as well."""

    text: str
    negated: bool = False
    contrary: str = ""

    def flipped(self) -> Literal:
        """Return the contrary."""
        return replace(self, negated=not self.negated)

    def respelled(self, write: Callable[[str], str]) -> Literal:
        """Return the literal with its texts rewritten."""
        return Literal(write(self.text), self.negated, write(self.contrary))


class Formula(Struct, Generic[L], frozen=True):
    """A literal, or parts joined by ``&&`` or ``||``.

    No part of a joint is of its own kind, none stands twice. ``&&`` of nothing always
    holds, ``||`` of nothing never.
    """

    joint: str
    literal: L | None = None
    parts: tuple[Formula[L], ...] = ()

    @property
    def always(self) -> bool:
        """Say whether it holds whatever the literals are."""
        return self.joint == "&&" and not self.parts

    @property
    def never(self) -> bool:
        """Say whether it does not hold whatever the literals are."""
        return self.joint == "||" and not self.parts

    @property
    def conjuncts(self) -> tuple[Formula[L], ...]:
        """What must all hold."""
        return self.parts if self.joint == "&&" else (self,)

    def literals(self) -> Iterator[L]:
        """Yield the literals, in order, as often as they stand there."""
        if self.literal is not None:
            yield self.literal
        for part in self.parts:
            yield from part.literals()

    def expand(self, value: Callable[[L], Formula[M]]) -> Formula[M]:
        """Put a formula in the place of each literal."""
        if self.literal is not None:
            return value(self.literal)
        parts = [part.expand(value) for part in self.parts]
        return all_of(parts) if self.joint == "&&" else any_of(parts)


def atom(literal: L) -> Formula[L]:
    """Return a literal as a formula."""
    return Formula("", literal)


def all_of(parts: Iterable[Formula[L]]) -> Formula[L]:
    """Join by and."""
    return _join("&&", parts)


def any_of(parts: Iterable[Formula[L]]) -> Formula[L]:
    """Join by or."""
    return _join("||", parts)


def _join(joint: str, parts: Iterable[Formula[L]]) -> Formula[L]:
    other = "||" if joint == "&&" else "&&"
    found: dict[Formula[L], None] = {}
    for part in parts:
        if part.joint == other and not part.parts:
            return part
        inner = part.parts if part.joint == joint else (part,)
        found.update(dict.fromkeys(inner))
    kept = tuple(found)
    return kept[0] if len(kept) == 1 else Formula(joint, None, kept)


def contrary(formula: Formula[Literal]) -> Formula[Literal]:
    """Return what holds where a formula of texts does not."""
    return inverted(formula, Literal.flipped)


def inverted(formula: Formula[L], flip: Callable[[L], L]) -> Formula[L]:
    """Return what holds where a formula does not; ``flip`` does it for a literal."""
    if formula.literal is not None:
        return atom(flip(formula.literal))
    parts = [inverted(part, flip) for part in formula.parts]
    return any_of(parts) if formula.joint == "&&" else all_of(parts)


def texts(formula: Formula[Literal]) -> frozenset[str]:
    """Return the texts a formula is made of."""
    return frozenset(literal.text for literal in formula.literals())


def same(one: Formula[Literal], two: Formula[Literal]) -> bool:
    """Say whether two formulas hold in the same cases."""
    names = texts(one) | texts(two)
    if len(names) > _TABLE:
        return _form(one) == _form(two)
    columns = _columns(names)
    return _table(one, columns) == _table(two, columns)


def simplified(formula: Formula[Literal]) -> Formula[Literal]:
    """Leave out what makes no difference: ``a || (!a && b)`` is ``a || b``."""
    formula = _without_known(formula)
    names = texts(formula)
    if formula.joint == "" or len(names) > _TABLE:
        return formula
    columns = _columns(names)
    table = _table(formula, columns)
    for name in sorted(names):
        rows = columns[name]
        period = (rows & -rows).bit_length() - 1
        if (table & rows) >> period == table & (rows >> period):
            return simplified(assumed(formula, name, holds=True))
    return formula


def _without_known(formula: Formula[Literal]) -> Formula[Literal]:
    """What stands beside a literal may take it for given."""
    join = all_of if formula.joint == "&&" else any_of
    parts = [_without_known(part) for part in formula.parts]
    for one in [part.literal for part in parts if part.literal is not None]:
        holds = one.negated != (formula.joint == "&&")
        parts = [
            part if part.literal == one else assumed(part, one.text, holds=holds)
            for part in parts
        ]
    return join(parts) if parts else formula


def assumed(formula: Formula[Literal], text: str, *, holds: bool) -> Formula[Literal]:
    """Return what is left of a formula where one text holds, or does not."""

    def value(literal: Literal) -> Formula[Literal]:
        if literal.text != text:
            return atom(literal)
        return Formula("&&" if literal.negated != holds else "||")

    return formula.expand(value)


def _columns(names: frozenset[str]) -> dict[str, int]:
    """Return in which rows of the truth table each text holds, a bit a row.

    Rows are counted in binary, the first text being the lowest digit; "" is all rows.
    """
    size = 1 << len(names)
    every = (1 << size) - 1
    found = {"": every}
    for digit, name in enumerate(sorted(names)):
        period = 1 << digit
        found[name] = every // ((1 << period) + 1) << period
    return found


def _table(formula: Formula[Literal], columns: Mapping[str, int]) -> int:
    """Return in which rows of the truth table a formula holds."""
    literal, every = formula.literal, columns[""]
    if literal is not None:
        rows = columns[literal.text]
        return every ^ rows if literal.negated else rows
    result = every if formula.joint == "&&" else 0
    for part in formula.parts:
        rows = _table(part, columns)
        result = result & rows if formula.joint == "&&" else result | rows
    return result


def _form(formula: Formula[Literal]) -> tuple[object, ...]:
    literal = formula.literal
    if literal is not None:
        return (literal.text, literal.negated)
    return (formula.joint, frozenset(_form(part) for part in formula.parts))
