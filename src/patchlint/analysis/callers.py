# SPDX-License-Identifier: GPL-2.0-or-later
"""Whether a function may be called inside a region, by what the program shows of it."""

from __future__ import annotations

from patchlint.analysis import c_file
from patchlint.analysis.flow_build import watching
from patchlint.analysis.region_options import RegionCard, concerns, region
from patchlint.analysis.regions import inside
from patchlint.lint.context import Program, Source
from patchlint.syntax.c import Item
from patchlint.syntax.node import Node

_DEEP = 3


def may_be_entered_inside(
    program: Program, item: Item, card: RegionCard, left: int = _DEEP
) -> bool:
    """Say whether a call in the program, or one of its caller, may be in the region.

    ``card`` is one whose region is what comes before (``outside``). A function that
    is handed on as a value is called by who knows whom.
    """
    for source in program.written_in("c"):
        for user in c_file.outline(source):
            if user is item or item.name not in c_file.words(source, user):
                continue
            if user.kind != c_file.FUNCTION:
                if user.name != item.name and "EXPORT_" not in user.text:
                    return True
            elif _may_call_inside(source, user, item.name, card) or (
                left and may_be_entered_inside(program, user, card, left - 1)
            ):
                return True
    return False


def _may_call_inside(source: Source, user: Item, name: str, card: RegionCard) -> bool:
    if not concerns(card, source, user):
        return True
    function = c_file.tree(source, user)
    calls = [call for called, call in c_file.calls(function) if called == name]
    if len(calls) < sum(_names(node, name) for node in function.walk()):
        return True
    made = source.facts.of(watching, (function, frozenset()))
    before = {
        id(hit.event.node) for hit in inside(made, region(card, function)) if hit.must
    }
    return not all(id(call) in before for call in calls)


def _names(node: Node, name: str) -> bool:
    return node.kind == "identifier" and node.text == name
