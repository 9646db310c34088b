# SPDX-License-Identifier: GPL-2.0-or-later
"""The form of a commit log: its width, what must not stand in it, what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis import log
from patchlint.analysis.tags import header_value, message_lines, tags_of
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.defect import DefectKind
from patchlint.model.finding import Edit, Match, NotChecked, Severity
from patchlint.model.location import InMessage, Span
from patchlint.prose.blocks import BlockKind

_WIDE_KINDS = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.FOOTNOTE)
_LONGEST = 2000
_PATH = re.compile(r"(?<![^\s\"'(])~?/(?:[\w.+-]+/)+[\w.+-]+")
_CHARSET = re.compile(r"charset=\"?([\w-]+)", re.IGNORECASE)
_MOJIBAKE = re.compile(r"[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac")
_SURROGATE = re.compile(r"[\udc80-\udcff]+")
_UTF8 = ("utf-8", "utf8")


def log_empty(
    context: MessageContext,
    options: Options,  # noqa: ARG001
) -> Iterator[Match | NotChecked]:
    """A log says why."""
    patch = context.patch
    if patch is None or not patch.parts.diff or log.blocks(context):
        return
    if patch.is_bare:
        yield NotChecked("a message")
        return
    if any(
        text.strip() and not text.startswith(("[", "("))
        for number in patch.parts.log
        if (text := context.message.line(number))
    ):
        return
    where = InMessage(Span(context.message.subject.line))
    said = "No word on why. Say what is wrong, what a user sees, and what this does."
    yield Match(where, said, key="empty")


def log_width(context: MessageContext, options: Options) -> Iterator[Match]:
    """Prose is wrapped where git log shows it whole; what is quoted is not."""
    if context.patch is None:
        return
    limit = int(options.number("columns"))
    aside = options.pattern("asides")
    wide = []
    for block in log.blocks(context):
        if block.kind not in _WIDE_KINDS:
            continue
        for row in block.rows:
            text = context.message.line(row.line).rstrip()
            is_wide = limit < len(text) <= _LONGEST and not aside.search(text)
            if is_wide and _could_wrap(text, limit):
                wide.append(row.line)
    if not wide:
        return
    first = context.message.line(wide[0])
    where = Span(wide[0], limit + 1, wide[0], len(first.rstrip()) + 1)
    said = f"Wrap prose at {limit} columns or before"
    others = len(wide) - 1
    lines = "line" if others == 1 else "lines"
    more = f"; {others} more {lines} like this." if others else "."
    widest = max(len(context.message.line(number).rstrip()) for number in wide)
    quiet = None if widest > options.number("screen") else Severity.NOTE
    yield Match(InMessage(where), said + more, key="width", severity=quiet)


def _could_wrap(text: str, limit: int) -> bool:
    """Say whether words stand behind a blank that is within the limit."""
    head = text.lstrip()
    indent = len(text) - len(head)
    cut = text.rfind(" ", indent + 1, limit + 1)
    longest = max((len(word) for word in head.split()), default=0)
    return cut > indent and longest <= limit // 2 and len(head.split()) > 5


def comment_symbol(context: MessageContext, options: Options) -> Iterator[Match]:  # noqa: ARG001
    """A line that begins with # is taken out by git where a log is edited."""
    if context.patch is None:
        return
    for number in message_lines(context.patch):
        text = context.message.line(number)
        if text.startswith("#"):
            edit = Edit(Span(number, 1, number, 1), " ")
            said = "git drops lines that begin with # when a log is edited; indent it."
            yield Match(InMessage(Span(number)), said, key=text.strip(), edits=(edit,))


def changelog_in_message(context: MessageContext, options: Options) -> Iterator[Match]:
    """What changed since the last version stands below the cut."""
    patch = context.patch
    if patch is None:
        return
    opens, lines = options.pattern("opens"), message_lines(patch)
    for number in lines:
        text = context.message.line(number)[:_LONGEST]
        if opens.match(text) and not options.pattern("asides").search(text):
            if not (patch.parts.notes or patch.parts.diff):
                return
            said = "What changed between versions stands below the ---: "
            said += "in the log it means nothing to who reads the history."
            yield Match(InMessage(Span(number)), said, key="changelog")
            return


def diff_in_message(context: MessageContext, options: Options) -> Iterator[Match]:
    """Nothing in a log looks like a diff to what applies it."""
    if context.patch is None:
        return
    shapes = options.pattern("shapes")
    for number in message_lines(context.patch):
        text = context.message.line(number)[:_LONGEST]
        if shapes.match(text):
            said = "This looks like a diff: patch(1) may try to apply it. Quote it."
            yield Match(InMessage(Span(number)), said, key=text.strip())
            return


def not_utf8(context: MessageContext, options: Options) -> Iterator[Match]:  # noqa: ARG001
    """Message and added lines are UTF-8, and labelled as that."""
    patch = context.patch
    if patch is None:
        return
    added = {line.mail for change in patch.changes for line in change.lines if line.new}
    old = {ln.mail for c in patch.changes for ln in c.lines if ln.old and ln.new}
    for number in (*message_lines(patch), *sorted(added - old)):
        if hit := _SURROGATE.search(context.message.line(number)):
            span = Span(number, hit.start() + 1, number, hit.end() + 1)
            raw = hit[0].encode("utf-8", "surrogateescape").hex(" ")
            said = f"Bytes that are not UTF-8: {raw}."
            yield Match(InMessage(span), said, key=raw)
    yield from _label(context)


def _label(context: MessageContext) -> Iterator[Match]:
    """A charset that the log does not keep to spoils names."""
    label = _CHARSET.search(header_value(context.message, "Content-Type"))
    broken = any(d.kind is DefectKind.MAIL_CHARSET for d in context.message.defects)
    if context.patch is None or label is None or label[1].lower() in _UTF8:
        return
    for number in message_lines(context.patch):
        text = context.message.line(number)
        is_plain = label[1].lower() in ("us-ascii", "ascii") and not text.isascii()
        is_odd = broken or is_plain or _MOJIBAKE.search(text)
        if is_odd and not text.isascii():
            said = f"The mail says {label[1]}, and this line is UTF-8."
            yield Match(InMessage(Span(number)), said, key=text.strip())
            return


def absolute_path(context: MessageContext, options: Options) -> Iterator[Match]:
    """A file of the kernel is named by its path in the tree."""
    if context.patch is None:
        return
    tops = options.words("tops")
    ends = tuple(options.words("ends"))
    touched = {change.path for change in context.patch.changes}
    for number in message_lines(context.patch):
        text = context.message.line(number)[:_LONGEST]
        for hit in _PATH.finditer(text) if "/" in text else ():
            inside = _inside(hit[0], touched, tops, ends)
            if inside:
                span = Span(number, hit.start() + 1, number, hit.end() + 1)
                said = f"Paths are told from the top of the tree: {inside}"
                edit = Edit(span, inside)
                yield Match(
                    InMessage(span), said, suggestion=inside, key=hit[0], edits=(edit,)
                )


def _inside(
    path: str, touched: set[str], tops: tuple[str, ...], ends: tuple[str, ...]
) -> str:
    """Return the part of an absolute path that lies in the tree, or nothing."""
    if path.startswith(("/usr/", "/lib/", "/etc/", "/sys/", "/proc/", ".../")):
        return ""
    parts = path.split("/")[1:]
    for at in range(1, len(parts)):
        inside = "/".join(parts[at:])
        is_source = parts[at] in tops and inside.endswith(ends)
        if inside in touched or (is_source and len(parts) - at > 2):
            return inside
    return ""


def single_paragraph(context: MessageContext, options: Options) -> Iterator[Match]:
    """A long log is cut into paragraphs: context, problem, solution."""
    if context.patch is None:
        return
    found = log.blocks(context)
    prose = [block for block in found if block.kind is BlockKind.PARAGRAPH]
    if len(found) != 1 or len(prose) != 1 or tags_of(context) == ():
        return
    rows = len(prose[0].rows)
    if rows < options.number("lines"):
        return
    said = (
        f"{rows} lines in one paragraph: cut it where the context ends and the "
        "problem begins, and where the solution begins."
    )
    yield Match(InMessage(Span(prose[0].first)), said, key="single")


def raw_backtrace(context: MessageContext, options: Options) -> Iterator[Match]:
    """Of a backtrace a log needs the call chain, not the noise around it."""
    if context.patch is None:
        return
    noise = options.pattern("noise")
    hits = [
        number
        for number in message_lines(context.patch)
        if noise.match(context.message.line(number)[:_LONGEST])
    ]
    if len(hits) >= options.number("lines"):
        said = (
            f"{len(hits)} lines of this dump do not help a reader (time stamps, "
            "registers, modules): keep the message and the call chain."
        )
        yield Match(InMessage(Span(hits[0])), said, key="backtrace")
