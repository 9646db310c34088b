# SPDX-License-Identifier: GPL-2.0-or-later
"""The chain of custody: who signed off, in which order, beside which tag."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchlint.analysis.tags import (
    Tag,
    author,
    header_value,
    in_body_from,
    mailbox,
    message_lines,
    tags_of,
)
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match, NotChecked, Severity, Step
from patchlint.model.location import InMessage, Span
from patchlint.model.message import Address

_SIGNED = "signed-off-by"
_WITH = ("co-developed-by", "originally-by", "co-authored-by", "based-on-patch-by")
_SIGNED_LINE = re.compile(r"\s*signed-off-by:\s*\S", re.IGNORECASE)
_SUBADDRESS = re.compile(r"\+[^@]*@")
_VIA = re.compile(r"\s+(?:via|\[)\b.*|\s*\(.*|\s+via\s.*", re.IGNORECASE)


def missing_sign_off(
    context: MessageContext, options: Options
) -> Iterator[Match | NotChecked]:
    """Somebody stands for the right to submit the patch."""
    patch = context.patch
    if patch is None or not patch.parts.diff or _is_draft(context, options):
        return
    if patch.is_bare:
        yield NotChecked("a message")
        return
    lines = range(patch.parts.log.start, patch.parts.diff.start)
    if any(_SIGNED_LINE.match(context.message.line(number)) for number in lines):
        return
    last = max(
        (n for n in message_lines(patch) if context.message.line(n).strip()),
        default=context.message.subject.line,
    )
    who = author(context.message)
    right = f"Signed-off-by: {who}" if who.name else ""
    said = "No Signed-off-by: nobody states that the patch may be submitted."
    yield Match(InMessage(Span(last)), said, suggestion=right, key="missing-sign-off")


def _is_draft(context: MessageContext, options: Options) -> bool:
    """A patch that says itself that it must not go in needs no sign-off."""
    words = {word.upper() for word in context.message.subject.prefixes}
    return bool(words & set(options.some_words("drafts")))


def author_signed(context: MessageContext, options: Options) -> Iterator[Match]:
    """The author of the patch signed it off, under the same name and address."""
    patch = context.patch
    if patch is None or not patch.parts.diff or _is_draft(context, options):
        return
    who = author(context.message)
    signed = [tag for tag in tags_of(context) if tag.name == _SIGNED]
    if not signed or not who.mailbox:
        return
    same, near = _signatures(who, signed)
    if same is not None:
        return
    line = _author_line(context)
    step = Step(InMessage(Span(line)), context.message.line(line), "the author")
    if near is None:
        last = signed[0]
        yield Match(
            last.whole,
            f"The author, {who}, did not sign the patch off.",
            trace=(step,),
            suggestion=f"Signed-off-by: {who}" if who.name else "",
            key="author",
        )
        return
    tag, said = near
    yield Match(
        tag.content,
        said,
        trace=(step,),
        severity=Severity.NIT,
        key=f"mismatch {tag.value}",
    )


def _signatures(
    who: Address, signed: Sequence[Tag]
) -> tuple[Tag | None, tuple[Tag, str] | None]:
    """Return the sign-off of the author, or the nearest one and what differs."""
    near: tuple[Tag, str] | None = None
    for tag in signed:
        found = mailbox(tag.value)
        same_name = _plain(found.name) == _plain(who.name)
        same_box = found.box.lower() == who.mailbox.lower()
        if same_box and same_name:
            return tag, None
        if same_box and near is None:
            near = tag, f'The sign-off says "{found.name}", From: "{who.name}".'
        elif same_name and who.name and near is None:
            near = tag, _other_box(found.box, who.mailbox)
    return None, near


def _other_box(signed: str, sent: str) -> str:
    bare = [_SUBADDRESS.sub("@", box.lower()) for box in (signed, sent)]
    if bare[0] == bare[1]:
        return f"From: and sign-off differ in the part behind the +: {sent}, {signed}."
    return f"The patch comes from {sent}, and is signed off by {signed}."


def _plain(name: str) -> str:
    """Return a name without what mailers add or take away: quotes, dots, lists."""
    text = _VIA.sub("", name.strip().strip("\"'"))
    if text.count(",") == 1:
        last, first = text.split(",")
        text = f"{first.strip()} {last.strip()}"
    return " ".join(text.replace('"', "").replace("\\", "").split()).casefold()


def _author_line(context: MessageContext) -> int:
    """Return the line that names the author."""
    named = in_body_from(context.message)
    return named[1] if named else _from_line(context)


def _from_line(context: MessageContext) -> int:
    """Return the line of the header that names the sender."""
    head = range(1, max(1, context.message.body_start - 1))
    is_from = (n for n in head if context.message.line(n).lower().startswith("from:"))
    return next(is_from, context.message.subject.line)


def last_is_sender(context: MessageContext, options: Options) -> Iterator[Match]:
    """Who sends the mail signed off last; a mail that was not sent has no sender."""
    patch, message = context.patch, context.message
    if patch is None or not (message.to or message.cc) or _is_draft(context, options):
        return
    signed = [tag for tag in tags_of(context) if tag.name == _SIGNED]
    sender = message.sender
    robots = options.pattern("robots")
    if not signed or not sender.mailbox or robots.search(str(sender)):
        return
    last = mailbox(signed[-1].value)
    if not last.box or _is_same(last.name, last.box, sender):
        return
    reply_to = next(iter(message.reply_to), None)
    if reply_to and _is_same(last.name, last.box, reply_to):
        return
    if robots.search(header_value(message, "Sender")):
        return
    step = Step(InMessage(Span(_from_line(context))), f"From: {sender}", "the sender")
    has_signed = any(
        _is_same(mailbox(tag.value).name, mailbox(tag.value).box, sender)
        for tag in signed
    )
    what = "stands further up" if has_signed else "is missing"
    yield Match(
        signed[-1].whole,
        f"The sender signs off last; the sign-off of {sender} {what}.",
        trace=(step,),
        key="sender",
    )


def _is_same(name: str, box: str, who: Address) -> bool:
    if box.lower() == who.mailbox.lower():
        return True
    return bool(name) and _plain(name) == _plain(who.name)


def first_is_author(context: MessageContext, options: Options) -> Iterator[Match]:
    """The first sign-off is the author's, or that of one who developed it with him."""
    patch = context.patch
    if patch is None or not patch.parts.diff or _is_draft(context, options):
        return
    who, found = author(context.message), tags_of(context)
    signed = [tag for tag in found if tag.name == _SIGNED]
    others = {mailbox(t.value).box.lower() for t in found if t.name in _WITH}
    if not signed or _signatures(who, signed)[0] is None:
        return
    first = mailbox(signed[0].value)
    if _signatures(who, signed[:1])[0] is not None or first.box.lower() in others:
        return
    same = (first.name.lower(), first.box.lower())
    if who.name.lower() == same[0] or who.mailbox.lower() == same[1]:
        return
    line = _author_line(context)
    step = Step(InMessage(Span(line)), context.message.line(line), "the author")
    said = (
        f"{first.name or first.box} signed off first, and {who.name or who.mailbox} is"
        " the author. A From: line on top names another author, Co-developed-by: one"
        " more: who wrote it?"
    )
    yield Match(signed[0].whole, said, trace=(step,), key="first")


def codeveloped_pair(context: MessageContext, options: Options) -> Iterator[Match]:
    """Each Co-developed-by is followed by the sign-off of the same person."""
    patch = context.patch
    if patch is None:
        return
    found = tags_of(context)
    skipped = options.words("between")
    for at, tag in enumerate(found):
        if tag.name != "co-developed-by":
            continue
        following = next((t for t in found[at + 1 :] if t.name not in skipped), None)
        match = _pair(context, tag, following)
        if match is not None:
            yield match


def _pair(context: MessageContext, tag: Tag, following: Tag | None) -> Match | None:
    who, writer = mailbox(tag.value), author(context.message)
    if who.box and who.box.lower() == writer.mailbox.lower():
        said = f"{writer} is the author already: Co-developed-by: is for all others."
        return Match(tag.whole, said, key=tag.value)
    right = f"Signed-off-by: {tag.value}"
    if following is None or following.name != _SIGNED:
        said = (
            "Co-developed-by: is followed by the Signed-off-by: of the same person, "
            "on the next line."
        )
        return Match(tag.whole, said, suggestion=right, key=tag.value)
    signed = mailbox(following.value)
    if signed.box.lower() == who.box.lower() and signed.name == who.name:
        return None
    where = InMessage(Span(following.line))
    step = Step(where, context.message.line(following.line), "what follows")
    said = "Co-developed-by: and the Signed-off-by: that follows differ."
    return Match(tag.content, said, trace=(step,), suggestion=right, key=tag.value)
