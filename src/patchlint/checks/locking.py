# SPDX-License-Identifier: GPL-2.0-or-later
"""Locking requirements that are only written down."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis import c_file
from patchlint.analysis.comment_text import Comment, Line, comments
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import Span
from patchlint.syntax.c import Item
from patchlint.syntax.comments import without_comments

_STATEMENTS = 2


def lockdep_over_comment(program: Program, options: Options) -> Iterator[Match]:
    """A new function says in a comment which lock to hold, and does not assert it.

    ``says`` are the sentences that ask for a lock, ``unless`` those that do not;
    ``asserts`` are what checks it, in the function or at its head.
    """
    says, unless = options.pattern("says"), options.pattern("unless")
    asserts = options.pattern("asserts")
    for source in program.written_in("c"):
        asking = {
            comment.last + 1: (comment, *found)
            for comment in comments(source)
            if comment.last + 1 in source.changed and not comment.front.strip()
            if (found := _sentence(comment, says, unless))
        }
        for item in c_file.functions(source) if asking else ():
            if item.span.line not in asking or not _is_new(source, item):
                continue
            comment, row, words = asking[item.span.line]
            if not _is_trivial(item) and not asserts.search(item.text):
                head = Span(item.span.line)
                yield Match(
                    where=source.at(_whole(comment.lines[row])),
                    message=(
                        f"Let {item.name}() assert this with lockdep_assert_held(); "
                        "a comment cannot warn."
                    ),
                    trace=(Step(source.at(head), item.text.split("\n")[0], "is new"),),
                    key=f"{item.name} {words}",
                )


def _is_new(source: Source, item: Item) -> bool:
    return all(
        n in source.changed for n in range(item.span.line, item.span.end_line + 1)
    )


def _is_trivial(item: Item) -> bool:
    """A stub, and a function that only calls another one, has nothing to assert."""
    body = without_comments(item.text).partition("{")[2]
    return body.count(";") < _STATEMENTS


def _sentence(
    comment: Comment, says: re.Pattern[str], unless: re.Pattern[str]
) -> tuple[int, str] | None:
    """Return the row and the words of the sentence that asks for a lock."""
    text = "\n".join(line.text for line in comment.lines)
    begin = 0
    for part in re.split(r"(?<=[.;])(?=\s)|(?=\n\n)|(?=\n\s*[@-])", text):
        bare = re.sub(r"\s", " ", part)
        hit = says.search(bare)
        if hit and not unless.search(bare):
            return text.count("\n", 0, begin + hit.start()), " ".join(bare.split())
        begin += len(part)
    return None


def _whole(line: Line) -> Span:
    end = line.column + len(line.text)
    return Span(line.number, line.column, line.number, end)
