# SPDX-License-Identifier: GPL-2.0-or-later
"""What people said about a version, held against the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchlint.analysis.changelog import words_of
from patchlint.analysis.tags import mailbox, message_lines, tags
from patchlint.lint.context import VersionContext
from patchlint.lint.options import Options
from patchlint.mail.date import utc_seconds
from patchlint.model.finding import Match, Severity
from patchlint.model.location import InMessage, Span
from patchlint.model.message import Address, Message
from patchlint.model.remark import GivenTag, Remark
from patchlint.model.series import Patch, Series
from patchlint.model.versions import By, Change
from patchlint.series.heeded import still_open, unanswered
from patchlint.series.talk import talk

_LETTERS = 3
_WIDE = 90
_LONG = 2000


def comment_unaddressed(context: VersionContext, options: Options) -> Iterator[Match]:
    """Who asked for something is answered, or finds the place changed."""
    patch, old, pair = context.patch, context.old, context.pair
    if patch is None or old is None or pair is None or not context.previous.thread:
        return
    told = _told(context, options)
    remarks = [
        remark
        for remark in context.facts.of_one(_said, context.previous)[0]
        if not _is_own(remark, old, options)
        and _is_asked(remark, options)
        and _came_first(remark.message_id, context.previous, context.message)
        and not _is_told(remark.author, told)
    ]
    for found in still_open(remarks, old, patch):
        remark = found.remark
        yield Match(
            InMessage(Span(found.line)),
            f"{_name(remark.author)} said of this in v{context.previous.version}: "
            f'"{_words(remark)}" (<{remark.message_id}>). Nobody answered, and nothing '
            "changed here. Was it overlooked?",
            key=f"{remark.message_id} {remark.start}",
        )


def tags_not_collected(context: VersionContext, options: Options) -> Iterator[Match]:
    """Tags that were given by mail are in the next version.

    One for the cover letter may not fit all patches: it is missed where none has it.
    """
    told = _told(context, options)
    if options.pattern("talk").search(told):
        return
    lost = [tag for tag in _lost(context, options) if not _is_told(_person(tag), told)]
    if not lost:
        return
    once = dict.fromkeys(f"{tag.token}: {tag.value}" for tag in lost)
    names = dict.fromkeys(f"{tag.token} of {_name(_person(tag))}" for tag in lost)
    verb = "it is" if len(names) == 1 else "they are"
    text = f"v{context.previous.version} was given {', '.join(names)}; {verb} not here."
    patch, pair = context.patch, context.pair
    changed = pair is not None and pair.change is Change.DIFF
    yield Match(
        _end(patch) if patch else InMessage(Span(context.message.subject.line)),
        text + (" If what changed is why, say so." if changed else ""),
        suggestion="" if changed else "\n".join(once),
        severity=Severity.NIT if changed else None,
        key="tags-not-collected",
    )


def _lost(context: VersionContext, options: Options) -> Iterator[GivenTag]:
    """Yield the tags that were given to a mail by those they name, and are gone."""
    patch, old, pair = context.patch, context.old, context.pair
    before = old.message if old else context.previous.cover
    if before is None or (patch and (pair is None or pair.by is By.LIKENESS)):
        return
    ones = (patch, old) if patch else context.series.patches
    here = {who for one in ones if one for tag in tags(one) for who in _who(tag.value)}
    wanted = {name.lower() for name in options.words("tags")}
    for tag in context.facts.of_one(_said, context.previous)[1]:
        is_given = tag.about == before.message_id and tag.token.lower() in wanted
        # "# for the driver" is for a part of the series.
        is_whole = patch is not None or not mailbox(tag.value).rest
        is_gone = is_given and is_whole and not here & {*_who(tag.value)}
        came_first = _came_first(tag.message_id, context.previous, context.message)
        if is_gone and _is_from(tag) and came_first:
            yield tag


def _said(series: Series) -> tuple[tuple[Remark, ...], tuple[GivenTag, ...]]:
    """Return what was said about a version and not answered, and the tags it was given.

    Who gives a tag with his remark leaves it to the author.
    """
    said = talk(series)
    gave = {tag.message_id for tag in said.tags}
    left = (r for r in unanswered(said, series) if r.message_id not in gave)
    return tuple(left), said.tags


def _is_own(remark: Remark, old: Patch, options: Options) -> bool:
    """Say whether a remark is from who wrote or sent the patch, or from a machine."""
    own = {old.message.sender.mailbox.lower()}
    if old.message.author:
        own.add(old.message.author.mailbox.lower())
    author = remark.author
    return author.mailbox.lower() in own or bool(
        options.pattern("machines").search(str(author))
    )


def _is_asked(remark: Remark, options: Options) -> bool:
    """Say whether a remark asks for something, and does not say that it is done.

    A diff below a quoted log proposes to change something else than the log.
    """
    text = _text(remark)
    is_elsewhere = remark.where is None and any(map(_is_diff, remark.text))
    if is_elsewhere or options.pattern("done").search(text):
        return False
    return options.pattern("asks").search(text) is not None


def _is_diff(line: str) -> bool:
    return line.startswith(("diff --git ", "--- a/", "@@ -"))


def _text(remark: Remark) -> str:
    """Return the words of a remark without what it proposes as code."""
    lines = [line for line in remark.text if not line.startswith(("\t", "    ", "+"))]
    return " ".join(" ".join(lines).split())[:_LONG]


def _words(remark: Remark) -> str:
    text = _text(remark)
    return text if len(text) <= _WIDE else f"{text[:_WIDE].rsplit(' ', 1)[0]} [...]"


def _told(context: VersionContext, options: Options) -> str:
    """Return what the new version says beside the logs, without lists of people."""
    people = options.pattern("people")
    lines = (text for _, _, text in words_of(context.series))
    return "\n".join(line for line in lines if not people.match(line)).lower()


def _is_told(person: Address, told: str) -> bool:
    """Say whether a text calls somebody by a name, or by the address."""
    names = person.name.replace(",", " ").lower().split()
    called = [name for name in names if len(name) >= _LETTERS]
    return any(name in told for name in (*called, person.mailbox.lower()))


def _who(value: str) -> Sequence[str]:
    """Return what the person in a tag is known by: address, name of several words."""
    box = mailbox(value)
    name = " ".join(box.name.lower().split())
    return [box.box.lower(), *([name] if " " in name else [])]


def _person(tag: GivenTag) -> Address:
    box = mailbox(tag.value)
    return Address(box.name, box.box)


def _name(person: Address) -> str:
    return person.name or person.mailbox


def _is_from(tag: GivenTag) -> bool:
    """Say whether who is named sent it; another's tag is for the author to ask for."""
    sender = tag.author
    name = " ".join(sender.name.lower().split())
    return sender.mailbox.lower() in _who(tag.value) or name in _who(tag.value)


def _came_first(message_id: str, previous: Series, message: Message) -> bool:
    """Say whether a mail had been sent when the next version was."""
    mails = (mail for mail in previous.thread if mail.message_id == message_id)
    given = next((utc_seconds(mail.date) for mail in mails), None)
    sent = utc_seconds(message.date)
    return given is not None and sent is not None and given < sent


def _end(patch: Patch) -> InMessage:
    """Return the last trailer, or the last line of the message."""
    if patch.parts.trailers:
        return InMessage(Span(patch.parts.trailers[-1].line))
    lines = [n for n in message_lines(patch) if patch.message.line(n).strip()]
    return InMessage(Span(lines[-1] if lines else patch.message.subject.line))
