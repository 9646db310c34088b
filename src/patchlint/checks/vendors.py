# SPDX-License-Identifier: GPL-2.0-or-later
"""Conditions that get into the code of one vendor, or out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patchlint.analysis.questions import Question, anywhere, touched
from patchlint.analysis.sites import readable
from patchlint.lint.context import PatchContext, Program
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step


class _Paths(Struct, frozen=True):
    """Which files belong to a vendor, and which to no one."""

    vendors: Mapping[str, re.Pattern[str]]
    all: re.Pattern[str]

    def both(self, context: PatchContext) -> bool:
        """Say whether a patch touches code of a vendor and code for all."""
        changed = (change.path for change in context.patch.changes)
        owners = {self.owner(path) for path in changed if path.endswith((".c", ".h"))}
        return "" in owners and len(owners - {None}) > 1

    def vendor(self, question: Question) -> str | None:
        """Return whose code asks: a vendor's, or "" for everyone's."""
        return self.owner(question.where.path)

    def owner(self, path: str) -> str | None:
        """Return whose a file is; None for one that is not looked at."""
        if not self.all.match(path):
            return None
        owners = (name for name, own in self.vendors.items() if own.fullmatch(path))
        return next(owners, "")


def vendor_scope_change(context: PatchContext, options: Options) -> Iterator[Match]:
    """What all CPUs were asked, only those of one vendor are asked now, or reversed.

    Only what asks the CPU counts, and only what is gone where it was. A condition
    that stood beside one for the vendor has not changed its reach.
    """
    paths = _Paths(
        {
            name: re.compile("|".join(own))
            for name, own in options.table("vendors").items()
        },
        options.pattern("paths"),
    )
    asks, tests = options.pattern("asks"), options.pattern("vendor_tests")
    if not paths.both(context):
        return
    gone = _only(context.before, context.after, paths, asks)
    come = _only(context.after, context.before, paths, asks)
    pairs = [
        (old, new)
        for old in gone
        for new in come
        if old.text == new.text
        and bool(paths.vendor(old)) != bool(paths.vendor(new))
        and not any(tests.search(text) for text in (*old.beside, *new.beside))
    ]
    for functions in dict.fromkeys((o.function, n.function) for o, n in pairs):
        yield _match(
            [(o, n) for o, n in pairs if (o.function, n.function) == functions], paths
        )


def _only(
    program: Program, other: Program, paths: _Paths, asks: re.Pattern[str]
) -> list[Question]:
    """Return what one side asks on changed lines, and the other nowhere alike."""
    return [
        question
        for question in touched(program)
        if (vendor := paths.vendor(question)) is not None
        and asks.search(question.text)
        and all(paths.vendor(same) != vendor for same in anywhere(other, question.text))
    ]


def _match(pairs: Sequence[tuple[Question, Question]], paths: _Paths) -> Match:
    old, new = pairs[0]
    texts = " and ".join(dict.fromkeys(readable(old.said) for old, _ in pairs))
    owner = paths.vendor(new)
    if owner:
        said = (
            f"{old.function}() asked {texts} of any CPU; now only {new.function}(), "
            f"which is {owner} code, does. Can no CPU of another vendor need it?"
        )
    else:
        said = (
            f"{old.function}() asked {texts} of {paths.vendor(old)} CPUs; now "
            f"{new.function}() asks any CPU. Is that right for other vendors?"
        )
    steps = [
        step
        for one, other in pairs
        for step in (
            Step(one.where, readable(one.said), f"before, in {one.function}()"),
            Step(other.where, readable(other.said), f"after, in {other.function}()"),
        )
    ]
    key = f"{old.function} {new.function}"
    return Match(new.where, said, tuple(dict.fromkeys(steps)), key=key)
