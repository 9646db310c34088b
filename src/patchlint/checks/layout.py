# SPDX-License-Identifier: GPL-2.0-or-later
"""How added lines are laid out: blank lines, wraps, braces, the steps of examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from patchlint.analysis.added_lines import added, removed
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.finding import Match, Step
from patchlint.model.location import InFile, Side, Span

_TAB = 8
_LONGEST = 400
# How many lines above a statement may begin, or a condition.
_FAR = 60
_CALL = re.compile(r"\s+(?P<name>[\w.>-]+) = [\w.>-]*\w\(")
_WRAPPED = re.compile(r"\s*[^\s/*#].*,")
_BRANCH = re.compile(r"(?P<indent>\t+)(?P<close>\} )?else\b(?P<open>.*\{)?")
_HEAD = re.compile(r"\t+(?:\} else )?if \(")

Run = Sequence[Line]


def blank_at_brace(context: MessageContext, options: Options) -> Iterator[Match]:
    """No blank line stands right behind an opening brace, or before a closing one."""
    files = options.pattern("files")
    for change, run in _runs(context):
        if not files.search(change.path):
            continue
        for above, line, below in zip(run, run[1:], run[2:], strict=False):
            if line.text.strip():
                continue
            opens = above.text.rstrip().endswith("{") and above.text[:1].isspace()
            closes = below.text.strip() in ("}", "};")
            if opens or closes:
                where = "behind an opening" if opens else "before a closing"
                yield Match(
                    _whole(change, line),
                    f"No blank line {where} brace.",
                    key=f"{above.text.strip()}|{below.text.strip()}",
                )


def blank_before_check(context: MessageContext, options: Options) -> Iterator[Match]:
    """What a call returns is looked at in the very next line."""
    ends = tuple(options.words("ends"))
    for change, run in _runs(context):
        if not change.path.endswith(ends):
            continue
        for at in range(1, len(run) - 1):
            above, line, below = run[at - 1 : at + 2]
            if line.text.strip() or not above.text.endswith(");"):
                continue
            call = _CALL.match(_statement(run, at - 1))
            if call is None:
                continue
            name = re.escape(call["name"])
            if re.match(rf"\s+if \(!?{name}(?: [<>=!]+ \w+)?\)", below.text):
                step = Step(_whole(change, above), above.text.strip(), "the call")
                yield Match(
                    _whole(change, line),
                    "No blank line between a call and the check of what it returns.",
                    trace=(step,),
                    key=f"{above.text.strip()}|{below.text.strip()}",
                )


def needless_wrap(context: MessageContext, options: Options) -> Iterator[Match]:
    """A call or a prototype over two lines does not fit on one."""
    ends, limit = tuple(options.words("ends")), options.number("columns")
    aside = options.pattern("asides")
    for change, run in _runs(context):
        if not change.path.endswith(ends):
            continue
        for at, (upper, lower) in enumerate(pairwise(run)):
            joined = f"{upper.text.rstrip()} {lower.text.strip()}"
            width = len(joined.expandtabs(_TAB))
            begins = at == 0 or not run[at - 1].text.rstrip().endswith((",", "("))
            if width > limit or not begins or aside.search(joined):
                continue
            if _is_wrap(upper.text, joined):
                yield Match(
                    _whole(change, lower),
                    f"This fits on the line above, with {width} columns.",
                    suggestion=joined.strip(),
                    key=joined.strip(),
                )


def braces_on_both_arms(context: MessageContext, options: Options) -> Iterator[Match]:
    """Where one arm of a condition has braces, the other one has them, too."""
    ends = tuple(options.words("ends"))
    gone = {_arm(text) for text in removed(context)} - {None}
    for change, hunk in _hunks(context):
        if not change.path.endswith(ends):
            continue
        for at, line in enumerate(hunk):
            if line.kind is not Kind.ADDED or len(line.text) > _LONGEST:
                continue
            hit = _BRANCH.fullmatch(line.text)
            if hit is None or bool(hit["close"]) == bool(hit["open"]):
                continue
            if _arm(line.text) in gone:
                continue
            head = _head(hunk[max(0, at - _FAR) : at], hit["indent"])
            if head is not None:
                yield Match(
                    _whole(change, line),
                    "Braces on one arm only: use them on both.",
                    trace=(Step(_whole(change, head), head.text.strip(), ""),),
                    key=f"{head.text.strip()}|{line.text.strip()}",
                )


def uneven_example(context: MessageContext, options: Options) -> Iterator[Match]:
    """An example of a binding is indented by the same step all through."""
    files = options.pattern("files")
    for change, run in _runs(context):
        if not files.search(change.path):
            continue
        steps: dict[int, Line] = {}
        for above, line in pairwise(_filled(run)):
            if above.text.rstrip().endswith("{") and line.text.strip()[:1] != "}":
                steps.setdefault(_indent(line.text) - _indent(above.text), line)
        if len(steps) > 1:
            (first, _), (other, line) = list(steps.items())[:2]
            yield Match(
                _whole(change, line),
                f"Indented by {other} here and by {first} above: use one step in"
                " the whole example.",
                key="steps",
            )


def _runs(context: MessageContext) -> Iterator[tuple[FileChange, list[Line]]]:
    """Yield the added lines that stand one below the other."""
    run: list[Line] = []
    last: FileChange | None = None
    for change, line in added(context):
        follows = bool(run) and run[-1].mail + 1 == line.mail and change is last
        if not follows and last is not None:
            yield last, run
            run = []
        run.append(line)
        last = change
    if last is not None:
        yield last, run


def _hunks(context: MessageContext) -> Iterator[tuple[FileChange, list[Line]]]:
    """Yield the lines of each hunk as they stand afterwards."""
    for change in context.patch.changes if context.patch else ():
        for hunk in change.hunks:
            yield change, [ln for ln in hunk.lines if ln.kind is not Kind.REMOVED]


def _whole(change: FileChange, line: Line) -> InFile:
    return InFile(change.path, Side.NEW, Span(line.new or 1))


def _statement(run: Run, last: int) -> str:
    """Return the line a statement begins on: the last one, or what it goes on from."""
    at = last
    while at and last - at < _FAR and run[at - 1].text.endswith((",", "(", "=")):
        at -= 1
    return run[at].text[:_LONGEST]


def _is_wrap(upper: str, joined: str) -> bool:
    """Say whether arguments go on in a second line, and end there."""
    if not _WRAPPED.fullmatch(upper):
        return False
    is_open = upper.count("(") > upper.count(")")
    return is_open and joined.count("(") == joined.count(")")


def _arm(text: str) -> tuple[str, bool, bool] | None:
    """Return the indentation and the braces of an ``else``."""
    hit = _BRANCH.fullmatch(text) if len(text) <= _LONGEST else None
    return (hit["indent"], bool(hit["close"]), bool(hit["open"])) if hit else None


def _head(above: Run, indent: str) -> Line | None:
    """Return the ``if`` that an ``else`` belongs to, among the lines above."""
    for line in reversed(above):
        if not line.text.strip() or len(line.text) > _LONGEST:
            continue
        deep = len(line.text) - len(line.text.lstrip("\t"))
        if deep < len(indent):
            return None
        if deep == len(indent):
            return line if _HEAD.match(line.text) else None
    return None


def _filled(run: Run) -> list[Line]:
    return [line for line in run if line.text.strip()]


def _indent(text: str) -> int:
    return len(text.expandtabs(_TAB)) - len(text.expandtabs(_TAB).lstrip())
