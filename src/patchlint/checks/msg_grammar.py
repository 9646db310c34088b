# SPDX-License-Identifier: GPL-2.0-or-later
"""Slips that an engine from elsewhere finds."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.analysis import log
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import InMessage
from patchlint.prose.harper import Harper


def grammar(context: MessageContext, options: Options) -> Iterator[Match]:
    """The rules of the engine that the card names have nothing to say."""
    if context.patch is None:
        return
    for remark in Harper(options.words("rules")).check(log.passages(context)):
        is_plain = "\n" not in remark.replacement and remark.replacement
        said = f"s/{remark.words}/{remark.replacement}/" if is_plain else ""
        yield Match(
            InMessage(remark.span),
            said or f'"{remark.words}": {remark.kind}',
            suggestion=said,
            key=remark.words,
        )
