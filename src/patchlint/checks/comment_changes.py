# SPDX-License-Identifier: GPL-2.0-or-later
"""Comments that a patch takes away, or leaves behind with words that no longer hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from patchlint.analysis.comment_text import Comment, comments
from patchlint.analysis.comment_text import Line as Row
from patchlint.lint.context import PatchContext, Source
from patchlint.lint.options import Options
from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, Side, Span

_WORD = re.compile(r"[A-Za-z_]\w{2,}")
_KEPT = 0.5
_LANGUAGES = ("c", "asm")
_HEADER = 4
_AROUND = 10


def comment_removed_silently(
    context: PatchContext, options: Options
) -> Iterator[Match]:
    """A patch deletes a long comment, keeps the code around it, and says no word.

    ``lines`` is how long; ``said`` what a message says that speaks of comments.
    """
    said, longest = options.pattern("said"), int(options.number("lines"))
    if said.search(_text(context)):
        return
    written = _words_written(context)
    sources = {source.path: source for source in reversed(context.before.sources)}
    for change in context.patch.changes:
        source = sources.get(change.old_path or "")
        if source is None or source.language not in _LANGUAGES or not change.new_path:
            continue
        diff = _laid_out(change)
        for comment in comments(source):
            lines = [line for line in comment.lines if line.text]
            if len(lines) < longest or comment.front.strip() or comment.back.strip():
                continue
            if _stands_alone(comment, diff) and not _is_kept(lines, written):
                yield Match(
                    where=source.at(Span(comment.first)),
                    message=(
                        "This comment goes and the code below it stays. Does it no "
                        "longer hold? Then the message should say why."
                    ),
                    key=f"removed: {' '.join(line.text for line in lines[:3])}",
                )


def _text(context: PatchContext) -> str:
    lines = [context.message.subject.text]
    lines += [context.message.line(number) for number in context.patch.parts.log]
    return "\n".join(lines)


def _words_written(context: PatchContext) -> frozenset[str]:
    """Return all words of the lines that the patch adds."""
    return frozenset(
        word
        for change in context.patch.changes
        for line in change.lines
        if line.kind is Kind.ADDED
        for word in _WORD.findall(line.text)
    )


def _is_kept(lines: Sequence[Row], written: frozenset[str]) -> bool:
    """Say whether most words of a comment stand in what the patch adds."""
    words = {w for line in lines for w in _WORD.findall(line.text)}
    return len(words & written) >= _KEPT * len(words)


class _Diff(Struct, frozen=True):
    """A change laid out for questions about lines of the old side.

    ``at`` gives the hunk and the row of each; ``words`` counts those of changed lines.
    """

    at: Mapping[int, tuple[Hunk, int]]
    words: Counter[str]


def _laid_out(change: FileChange) -> _Diff:
    at = {
        line.old: (hunk, row)
        for hunk in change.hunks
        for row, line in enumerate(hunk.lines)
        if line.old is not None
    }
    texts = (line.text for line in change.lines if _is_change(line))
    return _Diff(at, Counter(word for text in texts for word in _WORD.findall(text)))


def _stands_alone(comment: Comment, diff: _Diff) -> bool:
    """Say whether all of a comment is deleted, and nothing else around it.

    Code must follow. What the comment names by an identifier must not go elsewhere.
    """
    places = [diff.at.get(n) for n in range(comment.first, comment.last + 1)]
    shown = [place for place in places if place is not None]
    if len(shown) != len(places):
        return False
    (hunk, first), (other, last) = shown[0], shown[-1]
    rows = range(first, last + 1)
    if hunk is not other or any(not _is_removed(hunk.lines[row]) for row in rows):
        return False
    around = [*hunk.lines[max(0, first - _AROUND) : first], *_behind(hunk, last)]
    follows = any(line.text.strip() for line in _behind(hunk, last))
    if not follows or any(_is_change(line) for line in around):
        return False
    own = Counter(w for row in rows for w in _WORD.findall(hunk.lines[row].text))
    return not any("_" in word and diff.words[word] > own[word] for word in own)


def _behind(hunk: Hunk, last: int) -> tuple[Line, ...]:
    return hunk.lines[last + 1 : last + 1 + _AROUND]


def _is_removed(line: Line) -> bool:
    return line.kind is Kind.REMOVED


def _is_change(line: Line) -> bool:
    return line.kind is not Kind.CONTEXT and bool(line.text.strip())


def path_gone(context: PatchContext, _: Options) -> Iterator[Match]:
    """A comment or an entry names a file that the patch moves or deletes."""
    there = {change.new_path for change in context.patch.changes}
    for change in context.patch.changes:
        old = change.old_path
        if old is None or old in there or "/" not in old or _is_copy(context, change):
            continue
        for source in context.after.sources:
            for where, text in mentions(source, old):
                yield _gone(where, text, change)


def _is_copy(context: PatchContext, change: FileChange) -> bool:
    """Say whether the header of a change says that it copies a file."""
    last = min(change.mail + _HEADER, len(context.message.lines))
    header = (context.message.line(number) for number in range(change.mail, last + 1))
    return any(line.startswith("copy from ") for line in header)


def mentions(source: Source, path: str) -> Iterator[tuple[InFile, str]]:
    """Yield each place where a file names a path; in C and assembly, in comments."""
    name = re.compile(
        rf"(?<![\w./-])(?:\.?/)?(?:linux/)?{re.escape(path)}(?![\w/-]|\.\w)"
    )
    if path not in source.image.text:
        return
    if source.language:
        rows = [(r.number, r.text, r.column) for c in comments(source) for r in c.lines]
    else:
        numbers = source.image.numbers
        texts = source.image.text.split("\n")
        rows = [(n, text, 1) for n, text in zip(numbers, texts, strict=False)]
    for number, text, column in rows:
        for hit in name.finditer(text):
            span = Span(number, column + hit.start(), number, column + hit.end())
            yield source.at(span), text.strip()


def _gone(where: InFile, text: str, change: FileChange) -> Match:
    moved = change.new_path or ""
    what = f"this patch moves it to {moved}" if moved else "this patch deletes it"
    header = InFile(change.old_path or "", Side.OLD, Span(1))
    return Match(
        where=where,
        message=f"{change.old_path} is no longer there: {what}.",
        trace=(
            Step(header, change.old_path or "", "moved" if moved else "deleted"),
            Step(where, text, "still named here"),
        ),
        suggestion=moved,
        key=f"gone: {change.old_path} in {where.path}",
    )
