# SPDX-License-Identifier: GPL-2.0-or-later
"""All the English of a patch: subject, log, and what it adds to files."""

from __future__ import annotations

from msgspec import Struct

from patchlint.analysis.log import blocks, subject
from patchlint.lint.context import MessageContext
from patchlint.model.change import FileChange, Kind
from patchlint.model.finding import Edit
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.prose.added import added_prose
from patchlint.prose.blocks import BlockKind
from patchlint.prose.sentences import Sentence, sentences


class Text(Struct, frozen=True):
    """A sentence, and the file it stands in: None for the mail."""

    sentence: Sentence
    change: FileChange | None = None

    def where(self, span: Span) -> Location:
        """Return the place of some of its words."""
        if self.change is None:
            return InMessage(span)
        return InFile(self.change.path, Side.NEW, span)

    def edit(self, span: Span, text: str) -> tuple[Edit, ...]:
        """Return the edit of the mail that puts other words there."""
        if self.change is None:
            return (Edit(span, text),)
        mails = {ln.new: ln.mail for ln in self.change.lines if ln.kind is Kind.ADDED}
        if span.line not in mails or span.end_line not in mails:
            return ()
        begin, end = mails[span.line], mails[span.end_line]
        return (Edit(Span(begin, span.column + 1, end, span.end_column + 1), text),)


def texts(context: MessageContext) -> tuple[Text, ...]:
    """Return the sentences of a mail and of what its patch adds, in order."""
    return () if context.patch is None else context.facts.of(_texts, context)


def _texts(context: MessageContext) -> tuple[Text, ...]:
    patch = context.patch
    if patch is None:
        return ()
    title = subject(context)
    found = [Text(sentence) for sentence in sentences(title)] if title else []
    for block in blocks(context):
        if block.kind in (BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.ITEM):
            found += [Text(s) for s in context.facts.of_one(sentences, block)]
    for change in patch.changes:
        for block in added_prose(change):
            found += [Text(sentence, change) for sentence in sentences(block)]
    return tuple(found)
