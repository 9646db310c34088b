# SPDX-License-Identifier: GPL-2.0-or-later
"""A rename that a patch makes in passing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.added_lines import in_file
from patchlint.analysis.renames import Renamed, renamed_in
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.change import Kind
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Patch

_C = (".c", ".h")


def rename_buried(context: MessageContext, options: Options) -> Iterator[Match]:
    """A patch that does something else renames a name, and its message is silent."""
    patch = context.patch
    if patch is None:
        return
    text = _text(context, patch)
    if options.pattern("announced").search(text):
        return
    buried = [item for item in renamed_in(patch) if not _told(text, item)]
    lines = 2 * sum(item.places for item in buried)
    if lines * 100 <= _changed(patch) * options.number("share"):
        yield from map(_match, buried)


def _text(context: MessageContext, patch: Patch) -> str:
    message = context.message
    return "\n".join((message.subject.text, *map(message.line, patch.parts.log)))


def _told(text: str, item: Renamed) -> bool:
    """Say whether it is no C, or the message has a word in which the names differ."""
    old, new = (set(name.lower().split("_")) for name in (item.old, item.new))
    words = {item.old.lower(), item.new.lower(), *(w for w in old ^ new if len(w) > 1)}
    lower = text.lower()
    return not item.change.path.endswith(_C) or any(word in lower for word in words)


def _changed(patch: Patch) -> int:
    """Return how many lines a patch removes and adds."""
    lines = (line for change in patch.changes for line in change.lines)
    return sum(1 for line in lines if line.kind is not Kind.CONTEXT)


def _match(item: Renamed) -> Match:
    was, line = item.old_line, item.line
    begin = re.search(rf"\b{re.escape(item.new)}\b", line.text)
    column = begin.start() if begin else 0
    before = was.old or 1
    path = item.change.old_path or item.change.path
    there = InFile(path, Side.OLD, Span(before, 1, before, len(was.text) + 1))
    return Match(
        in_file(item.change, line, column, column + len(item.new)),
        f"{item.old} becomes {item.new} at {item.places} places, and the message does "
        "not say so. Better a patch of its own.",
        trace=(Step(there, was.text.strip(), "its name before"),),
        key=f"{item.old} {item.new}",
    )
