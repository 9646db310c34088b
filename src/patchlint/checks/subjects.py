# SPDX-License-Identifier: GPL-2.0-or-later
"""The subject of a patch: how long, in which form, and that it is about the change."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis import log
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match
from patchlint.model.location import InMessage, Span
from patchlint.prose.tokens import Places

_WORD = re.compile(r"[A-Za-z][\w'-]*")
_DOUBLED = re.compile(r"\b([A-Za-z]+) \1\b", re.IGNORECASE)
_PREFIX = re.compile(r"^((?:[^\s:,]+(?:[ ,]+[^\s:,]+){0,3}: *)+)")


def subject_period(context: MessageContext, options: Options) -> Iterator[Match]:
    """A subject is a title: no full stop ends it."""
    block = log.subject(context)
    if block is None:
        return
    text = block.text.rstrip()
    if (
        text.endswith(".")
        and not text.endswith("..")
        and not _abbreviated(text, options)
    ):
        where = Places(block).span(len(text) - 1, len(text))
        edit = Edit(where, "")
        said = "No full stop at the end of a subject: it is a title."
        yield Match(InMessage(where), said, key="period", edits=(edit,))


def _abbreviated(text: str, options: Options) -> bool:
    last = text.split()[-1].lower()
    return last in options.words("abbreviations") or last.count(".") > 1


def subject_length(context: MessageContext, options: Options) -> Iterator[Match]:
    """A subject fits a line of a log."""
    block = log.subject(context)
    text = context.message.subject.text
    limit = int(options.number("columns"))
    if block is None or len(text) <= limit:
        return
    where = InMessage(Span(context.message.subject.line))
    said = f"The subject has {len(text)} characters; {limit} fit in a log."
    yield Match(where, said, key="length")


def _is_of(context: MessageContext, options: Options) -> bool:
    """Say whether every file of the patch is in a tree that asks for the form."""
    changes = context.patch.changes if context.patch else ()
    trees = options.pattern("trees")
    return bool(changes) and all(trees.match(change.path) for change in changes)


def subject_imperative(context: MessageContext, options: Options) -> Iterator[Match]:
    """A subject gives an order to the code: add, not adds, added or adding."""
    block = log.subject(context)
    hit = _WORD.match(block.text) if block else None
    if block is None or hit is None:
        return
    forms = {
        form: verb for verb, found in options.table("verbs").items() for form in found
    }
    verb = forms.get(hit[0].lower())
    following = block.text[hit.end() : hit.end() + 1]
    if verb is None or following not in (" ", "\n"):
        return
    rest = block.text[hit.end() :].split()
    if rest and rest[0].lower().strip(",.") in options.words("nouns"):
        return
    right = verb.capitalize() if hit[0][0].isupper() else verb
    where = Places(block).span(0, hit.end())
    said = f'"{right}", the imperative: a subject tells the code what to do.'
    yield Match(
        InMessage(where), said, suggestion=right, key=verb, edits=(Edit(where, right),)
    )


def subject_doubled(context: MessageContext, options: Options) -> Iterator[Match]:
    """No word of a subject stands twice in a row."""
    block = log.subject(context)
    if block is None:
        return
    for hit in _DOUBLED.finditer(block.text):
        if hit[1].lower() in options.words("meant"):
            continue
        where = Places(block).span(hit.start(), hit.end())
        said = f'"{hit[1]}" stands twice.'
        edits = (Edit(where, hit[1]),)
        yield Match(InMessage(where), said, suggestion=hit[1], key=hit[0], edits=edits)


def subject_tool(context: MessageContext, options: Options) -> Iterator[Match]:
    """A subject tells the change, not the tool that asked for it."""
    block = log.subject(context)
    if block is None:
        return
    if options.pattern("about").search(context.message.subject.text):
        return
    if hit := options.pattern("tools").search(block.text):
        where = Places(block).span(hit.start(), hit.end())
        said = f"Say what changes; that {hit[0]} found it belongs into the log."
        yield Match(InMessage(where), said, key=hit[0].lower())


def subject_file(context: MessageContext, options: Options) -> Iterator[Match]:
    """The prefix of a subject is a subsystem, not a file."""
    text = context.message.subject.text
    prefix = _PREFIX.match(text)
    if context.patch is None or prefix is None or not _is_of(context, options):
        return
    names = {change.path.rsplit("/", 1)[-1] for change in context.patch.changes}
    paths = {change.path for change in context.patch.changes}
    for part in prefix[1].split(":"):
        word = part.strip()
        if "." in word and (word in names or word in paths):
            said = f"{word} is a file: the prefix names the subsystem."
            where = InMessage(Span(context.message.subject.line))
            yield Match(where, said, key=word)
