# SPDX-License-Identifier: GPL-2.0-or-later
"""The tags of a message as they are written, wherever in it they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from patchlint.lint.context import MessageContext
from patchlint.mail.address import addresses
from patchlint.model.location import InMessage, Span
from patchlint.model.message import Address, Message
from patchlint.model.series import Patch

_TAG = re.compile(r"([ \t]*)([A-Za-z][A-Za-z0-9_-]*)([ \t]*):(?!//)([ \t]*)(.*?)[ \t]*")
_ANYWHERE = frozenset({
    "signed-off-by", "co-developed-by", "acked-by", "tested-by", "reviewed-by",
    "reported-by", "suggested-by", "reported-and-tested-by", "cc", "fixes", "link",
    "closes", "change-id",
})  # fmt: skip
_INDENT = 4
_AUTHOR = re.compile(r">?From:[ \t]*(.*)", re.IGNORECASE)
_IN_BODY = re.compile(r"(?:From|Subject|Date):[ \t]*\S", re.IGNORECASE)
_BRACKETED = re.compile(r"(?P<name>[^<]*)<(?P<box>[^<>\s]+@[^<>\s]+)>(?P<rest>.*)")
_OPEN = re.compile(r"(?P<name>[^<]*)<(?P<box>[^<>\s]+@[^<>\s]+)(?P<rest>)")
_BARE = re.compile(r"(?P<box>[^\s<>()\"',;]+@[^\s<>()\"',;]+)(?P<rest>.*)")
_LONGEST = 2000


class Tag(Struct, frozen=True):
    """A ``Token: value`` line.

    ``indent``, ``before`` and ``gap`` are the blanks in front of the token, of the
    colon and of the value. ``is_trailer`` says that it stands in the last paragraph.
    """

    token: str
    value: str
    line: int
    indent: str
    before: str
    gap: str
    is_trailer: bool

    @property
    def name(self) -> str:
        """The token in small letters."""
        return self.token.lower()

    @property
    def whole(self) -> InMessage:
        """The place of token, colon and value."""
        start = len(self.indent) + 1
        size = len(self.token) + len(self.before) + 1 + len(self.gap) + len(self.value)
        return InMessage(Span(self.line, start, self.line, start + size))

    @property
    def label(self) -> InMessage:
        """The place of the token."""
        start = len(self.indent) + 1
        return InMessage(Span(self.line, start, self.line, start + len(self.token)))

    @property
    def content(self) -> InMessage:
        """The place of the value; all of the line where there is none."""
        if not self.value:
            return self.whole
        size = len(self.indent) + len(self.token) + len(self.before) + len(self.gap)
        return InMessage(
            Span(self.line, size + 2, self.line, size + 2 + len(self.value))
        )


class Mailbox(Struct, frozen=True):
    """What a value holds: ``Name <box> rest``, ``box rest``; box is "" without one."""

    name: str
    box: str
    rest: str


def message_lines(patch: Patch) -> range:
    """Return the lines of the message, log and trailers, in front of the cut."""
    first = patch.parts.log.start
    end = min(patch.parts.notes.start, patch.parts.diff.start)
    end = min(end, len(patch.message.lines) + 1)
    if end - 1 >= first and patch.message.line(end - 1).rstrip() == "---":
        end -= 1
    return range(first, max(first, end))


def tags_of(context: MessageContext) -> tuple[Tag, ...]:
    """Return the tags of a message, worked out once for all rules."""
    patch = context.patch
    return () if patch is None else context.facts.of_one(tags, patch)


def tags(patch: Patch) -> tuple[Tag, ...]:
    """Return the tags of a message in order.

    In the last paragraph every trailer is one; in front of it only what is known as
    a tag and has the value of one: a trailer that a blank line cuts off is common.
    """
    trailers = frozenset(trailer.line for trailer in patch.parts.trailers)
    found = []
    for number in message_lines(patch):
        text = patch.message.line(number)
        if len(text) > _LONGEST or not (hit := _TAG.fullmatch(text)):
            continue
        indent, token, before, gap, value = hit.groups()
        tag = Tag(token, value, number, indent, before, gap, number in trailers)
        if tag.is_trailer or _is_tag(tag):
            found.append(tag)
    return tuple(found)


def _is_tag(tag: Tag) -> bool:
    if len(tag.indent.expandtabs(8)) > _INDENT:
        return False
    if tag.name.endswith("-by") or tag.name == "cc":
        return "@" in tag.value
    return tag.name in _ANYWHERE and not tag.indent


def mailbox(value: str) -> Mailbox:
    """Take the value of a tag that names somebody apart."""
    text = value[:_LONGEST]
    if hit := _BRACKETED.match(text) or _OPEN.fullmatch(text):
        return Mailbox(hit["name"].strip().strip('"'), hit["box"], hit["rest"].strip())
    if hit := _BARE.match(text):
        return Mailbox("", hit["box"], hit["rest"].strip())
    return Mailbox(text.strip(), "", "")


def in_body_from(message: Message) -> tuple[Address, int] | None:
    """Return the author that the first lines of a body name, and the line."""
    for number in range(message.body_start, len(message.lines) + 1):
        text = message.line(number)
        if hit := _AUTHOR.fullmatch(text):
            found = next(iter(addresses(hit[1])), None)
            return (found, number) if found and found.mailbox else None
        if text.strip() and not _IN_BODY.match(text):
            return None
    return None


def author(message: Message) -> Address:
    """Return who wrote the patch: the From: in the body, else that of the mail."""
    named = in_body_from(message)
    return named[0] if named else message.sender


def header_value(message: Message, name: str) -> str:
    """Return the first line of a header field, or nothing."""
    start = f"{name.lower()}:"
    for text in message.lines[: max(0, message.body_start - 2)]:
        if text.lower().startswith(start):
            return text[len(start) :].strip()
    return ""


def by_people(found: tuple[Tag, ...]) -> Iterator[Tag]:
    """Yield the tags that name somebody."""
    return (tag for tag in found if tag.name.endswith("by") or tag.name == "cc")
