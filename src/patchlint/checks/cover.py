# SPDX-License-Identifier: GPL-2.0-or-later
"""What a cover letter must not be sent with."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import InMessage, Span


def cover_template(context: MessageContext, options: Options) -> Iterator[Match]:
    """No line of the template is left for the writer to fill in."""
    if context.patch is not None or context.message.subject.position != 0:
        return
    template = options.pattern("template")
    message = context.message
    lines = (message.subject.line, *range(message.body_start, len(message.lines) + 1))
    for number in lines:
        if hit := template.search(message.line(number)):
            where = Span(number, hit.start() + 1, number, hit.end() + 1)
            text = f'"{hit[0]}" of the template is still there; fill it in or drop it.'
            yield Match(InMessage(where), text, key=hit[0])
