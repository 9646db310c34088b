# SPDX-License-Identifier: GPL-2.0-or-later
"""What a log says in words that the card names."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.analysis import log
from patchlint.analysis.tags import message_lines
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import InMessage
from patchlint.prose.blocks import BlockKind
from patchlint.prose.tokens import Places

_PROSE = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_LONGEST = 4000


def log_says(context: MessageContext, options: Options) -> Iterator[Match]:
    """A paragraph has words that the card names, once a message.

    ``asides`` in the same paragraph excuse it, ``unless`` anywhere in the message.
    """
    if context.patch is None:
        return
    texts, asides = options.pattern("texts"), options.some_pattern("asides")
    lines = message_lines(context.patch) if options.some_words("unless") else ()
    unless = options.some_pattern("unless")
    if any(unless.search(context.message.line(n)[:_LONGEST]) for n in lines):
        return
    for block in log.blocks(context):
        if block.kind not in _PROSE or len(block.text) > _LONGEST:
            continue
        hit = texts.search(block.text)
        if hit is None or asides.search(block.text):
            continue
        begin = hit.start() + len(hit[0]) - len(hit[0].lstrip())
        where = Places(block).span(begin, hit.end())
        words = " ".join(hit[0].split())
        said = options.text("say", "").replace("{text}", words)
        yield Match(InMessage(where), said, key=words.lower())
        return
