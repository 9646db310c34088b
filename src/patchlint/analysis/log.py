# SPDX-License-Identifier: GPL-2.0-or-later
"""The commit log of a mail as blocks and sentences, worked out once for all rules."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.lint.context import MessageContext
from patchlint.prose.blocks import Block, BlockKind
from patchlint.prose.engine import Passage
from patchlint.prose.log import body, log_blocks, subject_block
from patchlint.prose.sentences import Sentence, sentences


def blocks(context: MessageContext) -> tuple[Block, ...]:
    """Return the blocks of the log, trailers left out; none for a cover letter."""
    return context.facts.of(_blocks, context)


def subject(context: MessageContext) -> Block | None:
    """Return the summary of a patch, without brackets and prefixes."""
    if context.patch is None:
        return None
    return context.facts.of_one(subject_block, context.message)


def main_part(context: MessageContext) -> tuple[Block, ...]:
    """Return the blocks in front of the first footnote."""
    return body(blocks(context))


def prose(
    context: MessageContext, *kinds: BlockKind, notes: bool = True
) -> Iterator[Sentence]:
    """Yield the sentences of the blocks of some kinds, in order.

    Without ``notes``, only those in front of the first footnote.
    """
    wanted = blocks(context) if notes else main_part(context)
    for block in wanted:
        if block.kind in kinds:
            yield from context.facts.of_one(sentences, block)


def passages(context: MessageContext) -> tuple[Passage, ...]:
    """Return the paragraphs and list items of the log for an engine to read."""
    return tuple(
        Passage(block.kind, context.facts.of_one(sentences, block))
        for block in blocks(context)
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM)
    )


def _blocks(context: MessageContext) -> tuple[Block, ...]:
    return () if context.patch is None else log_blocks(context.patch)
