# SPDX-License-Identifier: GPL-2.0-or-later
"""What a diff adds that nobody wants: stray blanks, odd modes, markers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.added_lines import added, in_file, removed
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.change import FileChange, Kind, Line
from patchlint.model.finding import Edit, Match, Severity, Step
from patchlint.model.location import InFile, InMessage, Side, Span

_MODE = re.compile(r"new (?:file )?mode \d*[1357]\d{0,2}$")
_NAME_LINE = re.compile(r"\+\+\+ (?P<name>\S+)")
_HEAD_LINES = 12
_LONGEST = 4000


def _edit(line: Line, begin: int, end: int, text: str) -> Edit:
    """Return a replacement within the line as it stands in the mail, behind its +."""
    return Edit(Span(line.mail, begin + 2, line.mail, end + 2), text)


def trailing_whitespace(context: MessageContext, options: Options) -> Iterator[Match]:
    """No blank ends a line."""
    moved = removed(context)
    quiet = options.pattern("quiet")
    for change, line in added(context):
        text = line.text.removesuffix("\r")
        kept = text.rstrip(" \t\f\v")
        if len(kept) < len(text) and not quiet.search(change.path):
            where = in_file(change, line, len(kept), len(text))
            edits = (_edit(line, len(kept), len(text), ""),)
            said = "Blanks at the end of the line."
            louder = Severity.NOTE if line.text in moved else None
            yield Match(where, said, key=text, severity=louder, edits=edits)


def space_before_tab(context: MessageContext, options: Options) -> Iterator[Match]:
    """No blank stands in front of a tab: it cannot be seen, and diffs show it."""
    moved = removed(context)
    for change, line in added(context):
        if not change.path.endswith(tuple(options.words("ends"))):
            continue
        tab = line.text.find(" \t") + 1
        if tab > 0:
            before = line.text[:tab].rstrip(" ")
            # Where the blanks do not reach the next stop, the tab alone does the same.
            narrow = len(before.expandtabs(8)) % 8 + tab - len(before) < 8
            edits = (_edit(line, len(before), tab + 1, "\t"),) if narrow else ()
            where = in_file(change, line, len(before), tab + 1)
            louder = Severity.NOTE if line.text in moved else None
            said = "A blank in front of a tab."
            yield Match(where, said, key=line.text, severity=louder, edits=edits)


def dos_line_endings(context: MessageContext, options: Options) -> Iterator[Match]:
    """Lines end with a newline, not with a carriage return before it."""
    del options
    for change in context.patch.changes if context.patch else ():
        lines = [ln for ln in change.lines if ln.kind is Kind.ADDED and "\r" in ln.text]
        if lines:
            where = InMessage(Span(change.mail))
            step = Step(
                InMessage(Span(lines[0].mail)), lines[0].text.strip(), "such one"
            )
            said = f"{len(lines)} added lines of {change.path} have DOS line ends."
            yield Match(where, said, trace=(step,), key=change.path)


def missing_newline(context: MessageContext, options: Options) -> Iterator[Match]:  # noqa: ARG001
    """A file ends with a newline."""
    for change, line in added(context):
        if not line.newline:
            size = max(1, len(line.text))
            said = "The last line of the file has no newline."
            yield Match(in_file(change, line, 0, size), said, key=change.path)


def executable_source(context: MessageContext, options: Options) -> Iterator[Match]:
    """What nobody runs is not executable."""
    patch = context.patch
    if patch is None:
        return
    scripts = options.pattern("scripts")
    for change in patch.changes:
        first = next((ln for ln in change.lines if ln.new == 1), None)
        if scripts.search(change.path) or (first and first.text.startswith("#!")):
            continue
        for number in _head(context, change):
            if _MODE.fullmatch(context.message.line(number).rstrip()):
                said = f"{change.path} is no script: do not make it executable."
                yield Match(InMessage(Span(number)), said, key=change.path)


def _head(context: MessageContext, change: FileChange) -> range:
    """Return the lines in front of the first hunk of a change."""
    message = context.message
    first = change.hunks[0].mail if change.hunks else change.mail + _HEAD_LINES
    last = min(first, change.mail + _HEAD_LINES, len(message.lines) + 1)
    end = next(
        (
            n
            for n in range(change.mail + 1, last)
            if message.line(n).startswith("diff --git ")
        ),
        last,
    )
    return range(change.mail, end)


def patch_prefix(context: MessageContext, options: Options) -> Iterator[Match]:
    """Paths of a diff begin with a/ and b/: git am takes the first part off."""
    tops = options.words("tops")
    for change in context.patch.changes if context.patch else ():
        for number in _head(context, change):
            hit = _NAME_LINE.match(context.message.line(number))
            if hit and hit["name"].split("/")[0] in tops and "/" in hit["name"]:
                said = "No a/ and b/ in front of the paths: git am -p1 cannot apply it."
                yield Match(InMessage(Span(number)), said, key="prefix")
                return


def include_asm(context: MessageContext, options: Options) -> Iterator[Match]:
    """include/asm is a link of old: headers of an architecture are below arch/."""
    for change in context.patch.changes if context.patch else ():
        if change.path.startswith(tuple(options.words("folders"))):
            said = "Headers of an architecture live in arch/*/include/asm."
            yield Match(InMessage(Span(change.mail)), said, key=change.path)


def name_in_file(context: MessageContext, options: Options) -> Iterator[Match]:
    """A comment does not tell a file its own path: nobody mends it on a move."""
    ends = tuple(options.words("ends"))
    comment = options.pattern("comments")
    for change, line in added(context):
        if not change.path.endswith(ends) or change.path not in line.text:
            continue
        begin = line.text.index(change.path)
        around = line.text[max(0, begin - 1) : begin + len(change.path) + 1]
        inner = around.replace(change.path, "", 1)
        if comment.match(line.text) and not any(
            c.isalnum() or c in "/_-" for c in inner
        ):
            where = in_file(change, line, begin, begin + len(change.path))
            said = "The path of the file inside of the file is wrong after a move."
            yield Match(where, said, key=change.path)


def version_keyword(context: MessageContext, options: Options) -> Iterator[Match]:
    """Keywords of version systems of old are not expanded by git."""
    words = options.pattern("words")
    for change, line in added(context):
        if hit := words.search(line.text):
            where = in_file(change, line, *hit.span())
            yield Match(where, f"git does not expand {hit[0]}: drop it.", key=hit[0])


def long_line(context: MessageContext, options: Options) -> Iterator[Match]:
    """A line of assembly is not wider than a screen."""
    limit = int(options.number("columns"))
    ends, aside = tuple(options.words("ends")), options.pattern("asides")
    for change, line in added(context):
        if not change.path.endswith(ends):
            continue
        width = len(line.text.expandtabs(8))
        if width <= limit or aside.search(line.text):
            continue
        where = InFile(change.path, Side.NEW, Span(line.new or 1))
        yield Match(where, f"{width} columns; {limit} is the limit.", key=line.text)


def added_text(context: MessageContext, options: Options) -> Iterator[Match]:
    """An added line holds a text that new code does not; the card says which."""
    files, texts = options.pattern("files"), options.pattern("texts")
    aside, said = options.some_pattern("asides"), options.text("say", "")
    moved = removed(context)
    paths = {change.path for change in context.patch.changes} if context.patch else ()
    wanted = {path for path in paths if files.search(path)}
    for change, line in added(context) if wanted else ():
        if change.path not in wanted or len(line.text) > _LONGEST:
            continue
        if line.text in moved:
            continue
        if (hit := texts.search(line.text)) and not aside.search(line.text):
            text = said.replace("{text}", hit[0].strip())
            begin = hit.start() + len(hit[0]) - len(hit[0].lstrip())
            yield Match(
                in_file(change, line, begin, hit.end()), text, key=line.text.strip()
            )


def split_string(context: MessageContext, options: Options) -> Iterator[Match]:
    """A message that users see stands on one line."""
    cut, aside = options.pattern("cuts"), options.pattern("asides")
    ends, quiet = tuple(options.words("ends")), options.pattern("quiet")
    last: Line | None = None
    for change, line in added(context):
        text = line.text.rstrip()
        begin = len(text) - len(text.lstrip())
        first = last.text.rstrip() if last and last.mail + 1 == line.mail else ""
        last = line
        is_split = first.endswith('"') and text[begin : begin + 1] == '"'
        is_ours = change.path.endswith(ends) and not quiet.search(change.path)
        if not (is_split and is_ours) or cut.search(first):
            continue
        is_call = "(" in first or first.lstrip().startswith('"')
        if is_call and not (aside.search(first) or aside.search(text)):
            end = max(begin + 1, text.rfind('"') + 1)
            said = "A message that is split cannot be found by grep: one line."
            yield Match(in_file(change, line, begin, end), said, key=text)
