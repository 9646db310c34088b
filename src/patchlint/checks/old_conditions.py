# SPDX-License-Identifier: GPL-2.0-or-later
"""Comments that stay above a condition which a patch changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.comment_text import Comment, Line, comments
from patchlint.analysis.guards import Change, Fate, guard_record, operations_of
from patchlint.analysis.sites import Site
from patchlint.lint.context import PatchContext, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, Span

_WORD = re.compile(r"[A-Za-z]{3,}")


def describes_old_condition(context: PatchContext, options: Options) -> Iterator[Match]:
    """The guard of an operation gets another root, and its comment speaks of the old.

    Of each paragraph that stays as it is right above the condition or the operation:
    it holds a word that only the old condition has, and none of the new one.
    ``plain`` are words that say nothing of a condition.
    """
    plain = frozenset(options.words("plain"))
    sources = {source.path: source for source in context.after.sources}
    said: set[InFile] = set()
    for change in _record(context, options):
        source = sources.get(change.after.where.path)
        if change.fate is not Fate.CHANGED or source is None:
            continue
        old, new = (_words(site, plain) for site in (change.before, change.after))
        for paragraph in _above(change.after, source):
            hit = _only_old(paragraph, old - new, new - old)
            if hit and (where := _place(source, *hit)) not in said:
                said.add(where)
                yield _match(change, where, hit[0], hit[1])


def _record(context: PatchContext, options: Options) -> tuple[Change, ...]:
    names = [name for listed in options.table("operations").values() for name in listed]
    texts = [source.image.text for source in context.after.sources if source.language]
    if not any(name in text for text in texts for name in names):
        return ()
    return guard_record(context, operations_of(options))


def _words(site: Site, plain: frozenset[str]) -> frozenset[str]:
    """Return the words of a condition and of all it comes from, in lower case."""
    texts = [*site.guard.atoms, *site.asked, *(step.text for step in site.guard.steps)]
    words = {w.lower() for text in texts for w in _WORD.findall(text.replace("_", " "))}
    own = {w.lower() for w in _WORD.findall(f"{site.kind} {site.name}")}
    return frozenset(words) - own - plain


def _above(site: Site, source: Source) -> Iterator[tuple[Line, ...]]:
    """Yield the paragraphs that stay of comments above a site or its conditions."""
    rows = {site.where.span.line} | {
        step.where.span.line
        for step in site.guard.steps
        if isinstance(step.where, InFile)
        and step.where.path == source.path
        and step.note.startswith("guards ")
    }
    for comment in comments(source):
        if comment.last + 1 in rows and not comment.front.strip():
            for paragraph in _paragraphs(comment):
                if not any(line.number in source.changed for line in paragraph):
                    yield paragraph


def _paragraphs(comment: Comment) -> Iterator[tuple[Line, ...]]:
    found: list[Line] = []
    for line in comment.lines:
        if line.text:
            found.append(line)
        elif found:
            yield tuple(found)
            found = []
    if found:
        yield tuple(found)


def _only_old(
    paragraph: tuple[Line, ...], old: frozenset[str], new: frozenset[str]
) -> tuple[Line, re.Match[str]] | None:
    """Return the first word of the old condition, if there is none of the new one."""
    found = [(line, hit) for line in paragraph for hit in _WORD.finditer(line.text)]
    if any(hit[0].lower() in new for _, hit in found):
        return None
    return next(((line, hit) for line, hit in found if hit[0].lower() in old), None)


def _place(source: Source, line: Line, hit: re.Match[str]) -> InFile:
    begin, end = line.column + hit.start(), line.column + hit.end()
    return source.at(Span(line.number, begin, line.number, end))


def _match(change: Change, where: InFile, line: Line, hit: re.Match[str]) -> Match:
    before, after = change.before, change.after
    name = after.name.removesuffix("()")
    return Match(
        where=where,
        message=(
            f"This speaks of {hit[0]!r}, as the condition of {name} did: it was "
            f"{before.shown or 'none'}, it is {after.shown or 'none'} now. Does the "
            "comment still hold?"
        ),
        trace=(
            Step(
                before.where, before.name, f"before: {before.shown or 'no condition'}"
            ),
            Step(after.where, after.name, f"after: {after.shown or 'no condition'}"),
            Step(where, line.text, "the comment stays"),
        ),
        key=f"{after.function} {hit[0]} {line.text}",
    )
