# SPDX-License-Identifier: GPL-2.0-or-later
"""Commits that a message names, held against the repository."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis import log
from patchlint.analysis.tags import Tag, tags_of
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match, NotChecked, Step
from patchlint.model.location import InMessage, Span
from patchlint.prose.blocks import BlockKind
from patchlint.prose.tokens import Places
from patchlint.series.history import Commit

Seen = Match | NotChecked

_FIXES = re.compile(r"(?P<id>[0-9a-f]{8,64})\s*(?:\(\"(?P<title>.*)\"\))?")
_CITED = re.compile(
    r"\bcommit\s+(?P<id>[0-9a-f]{8,40})\b(?:\s*\(\"(?P<title>[^\"]{1,300})\"\))?",
    re.IGNORECASE,
)
_BLOCKS = (BlockKind.PARAGRAPH, BlockKind.ITEM)
_WORD = re.compile(r"\w+")


def fixes_known(context: MessageContext, options: Options) -> Iterator[Seen]:  # noqa: ARG001
    """The commit that a patch mends exists, is called so, and is in the past."""
    if context.patch is None:
        return
    cited = [
        (tag, hit)
        for tag in tags_of(context)
        if tag.name == "fixes" and (hit := _FIXES.fullmatch(tag.value))
    ]
    if cited and not _can_look(context):
        yield NotChecked("a repository with its whole history, for the Fixes: tag")
        return
    for tag, hit in cited:
        found = context.history.commit(hit["id"])
        if found is None:
            yield _unknown(context, tag, hit)
        elif match := _differs(context, tag, hit, found):
            yield match


def _can_look(context: MessageContext) -> bool:
    """A repository that does not know the base is another one, or too old."""
    if not context.history.is_whole():
        return False
    base = context.series.base_commit
    return not base or context.history.commit(base) is not None


def _unknown(context: MessageContext, tag: Tag, hit: re.Match[str]) -> Match:
    title = hit["title"] or ""
    same = [
        patch.position
        for patch in context.series.patches
        if title and patch.message.subject.text == title
    ]
    said = f"There is no commit {hit['id']} in this repository."
    if same:
        said = (
            f"That is patch {same[0]} of this series: it has no id yet that stays. "
            "Fold the two, or drop the tag."
        )
    return Match(tag.content, said, key=tag.value)


def _differs(
    context: MessageContext, tag: Tag, hit: re.Match[str], found: Commit
) -> Match | None:
    right = f'Fixes: {found.oid[:12]} ("{found.subject}")'
    edits = (Edit(Span(tag.line), right),)
    if hit["title"] and hit["title"].strip() != found.subject:
        if _words(hit["title"]) == _words(found.subject):
            said = "The title is copied with other signs or blanks."
        else:
            said = f'Commit {hit["id"][:12]} is called "{found.subject}".'
        return Match(tag.content, said, suggestion=right, key=tag.value, edits=edits)
    base = context.series.base_commit or "HEAD"
    if context.history.is_ancestor(found.oid, base) is False:
        said = f"Commit {found.oid[:12]} is not in the past of {base[:12]}."
        step = Step(tag.content, context.message.line(tag.line), found.subject)
        return Match(tag.content, said, trace=(step,), key=tag.value)
    return None


def _words(title: str) -> list[str]:
    return _WORD.findall(title.lower())


def commit_known(context: MessageContext, options: Options) -> Iterator[Seen]:
    """A commit that the log cites exists, and has the subject it is given."""
    if context.patch is None:
        return
    aside = options.pattern("asides")
    cited = [
        (Places(block), hit)
        for block in log.blocks(context)
        if block.kind in _BLOCKS and not aside.search(block.text)
        for hit in _CITED.finditer(block.text)
        if any(sign.isdigit() for sign in hit["id"])
    ]
    if cited and not _can_look(context):
        yield NotChecked("a repository with its whole history, for cited commits")
        return
    told: set[str] = set()
    for places, hit in cited:
        where = InMessage(places.span(hit.start("id"), hit.end("id")))
        found = context.history.commit(hit["id"].lower())
        said = ""
        if found is None:
            said = f"There is no commit {hit['id']} in this repository."
        elif hit["title"] and _words(hit["title"]) != _words(found.subject):
            said = f'Commit {hit["id"]} is called "{found.subject}".'
        if said and hit["id"] not in told:
            told.add(hit["id"])
            yield Match(where, said, key=hit["id"])
