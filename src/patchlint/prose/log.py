# SPDX-License-Identifier: GPL-2.0-or-later
"""The prose of a patch mail: its subject line and its commit log."""

from __future__ import annotations

import re
from collections.abc import Sequence

from patchlint.model.message import Message
from patchlint.model.series import Patch
from patchlint.prose.blocks import Block, BlockKind, Row, blocks
from patchlint.prose.lines import LONGEST

_FIELD = re.compile(r"Subject:\s*", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*(?:\[[^\]]*\]\s*)+")


def log_blocks(patch: Patch) -> tuple[Block, ...]:
    """Return the blocks of the commit log, trailers left out."""
    log = patch.parts.log
    return blocks(patch.message.lines[log.start - 1 : log.stop - 1], log.start)


def body(found: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks in front of the first footnote."""
    kinds = [block.kind for block in found]
    if BlockKind.FOOTNOTE in kinds:
        return tuple(found[: kinds.index(BlockKind.FOOTNOTE)])
    return tuple(found)


def subject_block(message: Message) -> Block | None:
    """Return the summary as it stands in the header, without ``[PATCH]`` and prefixes.

    None where the mail has no readable subject, or a giant one. A subject may be
    folded over lines.
    """
    first = message.subject.line
    rows = []
    for number in range(first, min(message.body_start, len(message.lines) + 1)):
        text = message.line(number)
        if number > first and not text[:1].isspace():
            break
        rows.append(Row(number, 1, text))
    if any(len(row.text) > LONGEST for row in rows):
        return None
    if not rows or not (hit := _FIELD.match(rows[0].text)):
        return None
    return _from(rows, _summary_start(rows, hit.end()))


def _summary_start(rows: Sequence[Row], begin: int) -> int:
    """Return the offset, in all the rows, where brackets and prefixes are over."""
    text = "\n".join(row.text for row in rows)
    hit = _BRACKETS.match(text, begin)
    begin = hit.end() if hit else begin
    return max(begin, text.rfind(": ", begin) + 2)


def _from(rows: Sequence[Row], offset: int) -> Block | None:
    """Return the rows as a heading that begins ``offset`` characters in."""
    kept = []
    for row in rows:
        begin = min(max(offset, 0), len(row.text))
        begin += len(row.text[begin:]) - len(row.text[begin:].lstrip())
        if text := row.text[begin:].rstrip():
            kept.append(Row(row.line, begin + 1, text))
        offset -= len(row.text) + 1
    return Block(BlockKind.HEADING, tuple(kept)) if kept else None
