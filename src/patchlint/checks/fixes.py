# SPDX-License-Identifier: GPL-2.0-or-later
"""Tags that point somewhere: the commit a patch mends, stable trees, reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchlint.analysis.tags import Tag, mailbox, message_lines, tags_of
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match, Severity, Step
from patchlint.model.location import InMessage, Span

_FIXES = re.compile(
    r"(?P<word>(?:commit[ :]+)?)(?P<id>[0-9a-fA-F]{5,64})(?P<between>[\s:,-]*)"
    r"(?P<rest>.*)"
)
_QUOTED = re.compile(r"\(\"(?P<title>.+)\"\)")
_LOOSE = re.compile(r"\(?[\"'\u201c\u2018`]?(?P<title>.+?)[\"'\u201d\u2019`]?\)?")
_LINE = re.compile(r"\s{0,3}(fixes)\s*:?\s+(?=(?:commit\s+)?[0-9a-f]{7,40}\b)", re.I)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_TAG_URL = re.compile(r"\s{0,3}(?P<word>\w+)(?P<gap>\s*:\s*)https?://\S", re.IGNORECASE)
_STABLE = re.compile(r"stable@(?:vger\.)?kernel\.org", re.IGNORECASE)
_LONGEST = 2000
_ID = 12


def fixes_format(context: MessageContext, options: Options) -> Iterator[Match]:  # noqa: ARG001
    """Fixes: names a commit by 12 digits and its title, on one line."""
    if context.patch is None:
        return
    found = {tag.line: tag for tag in tags_of(context) if tag.name == "fixes"}
    lines = message_lines(context.patch)
    for number in lines:
        text = context.message.line(number)
        if number in found:
            following = context.message.line(number + 1) if number + 1 in lines else ""
            yield from _fixes(found[number], following)
        elif len(text) <= _LONGEST and (hit := _LINE.match(text)):
            said = 'The tag is "Fixes:", at the beginning of a line.'
            span = Span(number, hit.start(1) + 1, number, hit.end(1) + 1)
            yield Match(InMessage(span), said, key=text.strip())


def _fixes(tag: Tag, following: str) -> Iterator[Match]:
    """Say what is wrong with one tag, and how it should read where that is certain."""
    hit = _FIXES.fullmatch(tag.value)
    if hit is None:
        if tag.is_trailer:
            is_url = _URL.match(tag.value) is not None
            more = "a report belongs into Closes:" if is_url else "12 digits and title"
            yield Match(tag.content, f"Fixes: names a commit; {more}.", key=tag.value)
        return
    said, right = _wrong(tag, hit, following)
    edits = (Edit(Span(tag.line), right),) if right else ()
    if said:
        yield Match(tag.content, said, suggestion=right, key=tag.value, edits=edits)
    elif len(hit["id"]) > _ID:
        said = f"12 digits of the id will do: {hit['id'][:_ID]}."
        yield Match(tag.content, said, key=tag.value, severity=Severity.NOTE)


def _wrong(tag: Tag, hit: re.Match[str], following: str) -> tuple[str, str]:
    """Return what is wrong, or nothing, and the whole tag as it should be."""
    rest, oid = hit["rest"].strip(), hit["id"]
    title = _QUOTED.fullmatch(rest)
    is_open = rest.startswith("(") and not rest.endswith(")")
    if is_open and following.rstrip().endswith(")"):
        right = f"Fixes: {oid[:_ID]} {rest} {following.strip()}"
        said = "Fixes: stands on one line, however long: tools read lines."
        return said, right if _QUOTED.search(right) else ""
    if not rest:
        return "The title of the commit is missing behind its id.", ""
    if len(oid) < _ID:
        return f"{oid} is short for a commit id: 12 digits.", ""
    loose = title or _LOOSE.fullmatch(rest)
    right = f'Fixes: {oid[:_ID].lower()} ("{loose["title"]}")' if loose else ""
    spelled = (tag.token, tag.gap, hit["word"], hit["between"])
    said = ""
    if title is None:
        said = 'The title of the commit stands in ("..."), round brackets outside.'
    elif spelled != ("Fixes", " ", "", " ") or oid != oid.lower():
        said = 'The form is: Fixes: 12 digits ("title"), one blank between.'
    return said, right if said and not is_open else ""


def fixes_missing(context: MessageContext, options: Options) -> Iterator[Match]:
    """What speaks of a fault that a tool found, or goes to stable, mends a commit."""
    patch = context.patch
    if patch is None or not patch.parts.diff:
        return
    signs, aside = options.pattern("signs"), options.pattern("asides")
    lines = [(n, context.message.line(n)) for n in message_lines(patch)]
    texts = [text[:_LONGEST] for _, text in lines]
    if any(tag.name == "fixes" for tag in tags_of(context)) or any(
        map(_LINE.match, texts)
    ):
        return
    if any(aside.search(text) for text in (context.message.subject.text, *texts)):
        return
    for number, text in lines:
        if hit := signs.search(text[:_LONGEST]):
            span = Span(number, hit.start() + 1, number, hit.end() + 1)
            said = f'"{hit[0]}", and no Fixes: tag. Which commit brought the fault in?'
            yield Match(InMessage(span), said, key="fixes-missing")
            return


def stable_form(context: MessageContext, options: Options) -> Iterator[Match]:
    """The stable tree is named by its address alone; a remark stands behind a #."""
    if context.patch is None:
        return
    for tag in tags_of(context):
        if not _STABLE.search(tag.value):
            continue
        if tag.name != "cc":
            if tag.is_trailer and tag.name.endswith(("by", "to")):
                said = "The stable tree is asked for by Cc: stable@vger.kernel.org."
                yield Match(tag.whole, said, key=tag.value)
            continue
        found = mailbox(tag.value)
        if (found.rest and not found.rest.startswith("#")) or found.name:
            rest = found.rest.strip("#()[] ")
            names = {word.lower() for word in options.words("names")}
            remark = f" # {rest}" if rest else ""
            right = f"Cc: {found.box}{remark}"
            if found.name.lower() not in names:
                right = ""
            said = (
                "The stable tree is named by its address alone, a remark stands "
                "behind a #: scripts read this line."
            )
            edits = (Edit(Span(tag.line), right),) if right else ()
            yield Match(tag.content, said, suggestion=right, key=tag.value, edits=edits)


def link_form(context: MessageContext, options: Options) -> Iterator[Match]:
    """A line that is an address is Link: or Closes:, and these hold an address."""
    if context.patch is None:
        return
    known = options.words("tags")
    for number in message_lines(context.patch):
        text = context.message.line(number)[:_LONGEST]
        if hit := _TAG_URL.match(text):
            word = hit["word"]
            if (
                word in known
                or word.isdigit()
                or options.pattern("versions").match(word)
            ):
                continue
            span = Span(number, hit.start("word") + 1, number, hit.end("word") + 1)
            instead = "Closes" if word.lower() in options.words("reports") else "Link"
            edit = (Edit(span, instead),) if word.lower() != "fixes" else ()
            said = f'"{instead}:" instead of "{word}:", which no tool knows.'
            yield Match(
                InMessage(span), said, suggestion=instead, key=text.strip(), edits=edit
            )
    for tag in tags_of(context):
        if tag.name in ("link", "closes") and not _URL.search(tag.value):
            said = f"{tag.token}: is followed by an address that everybody can open."
            if tag.is_trailer or tag.name == "link":
                yield Match(tag.content, said, key=tag.value)


def old_archive(context: MessageContext, options: Options) -> Iterator[Match]:
    """Mails are linked by their id on lore.kernel.org, which stays."""
    if context.patch is None:
        return
    archives = options.pattern("archives")
    for number in message_lines(context.patch):
        for hit in _URL.finditer(context.message.line(number)[:_LONGEST]):
            if archives.search(hit[0]):
                span = Span(number, hit.start() + 1, number, hit.end() + 1)
                said = "Link the mail by its Message-ID: https://lore.kernel.org/r/ID."
                yield Match(InMessage(span), said, key=hit[0])


def change_id(context: MessageContext, options: Options) -> Iterator[Match]:
    """What a review server needs is not sent."""
    if context.patch is None:
        return
    for tag in tags_of(context):
        if tag.name in options.words("tags"):
            said = f"Take {tag.token}: out: it means nothing outside of your server."
            end = len(context.message.line(tag.line)) + 1
            edit = Edit(Span(tag.line, 1, tag.line, end), "")
            yield Match(tag.whole, said, key=tag.name, edits=(edit,))


def reported_closes(context: MessageContext, options: Options) -> Iterator[Match]:
    """A report is followed by where it can be read."""
    if context.patch is None:
        return
    found = tags_of(context)
    robots = options.pattern("robots")
    for at, tag in enumerate(found):
        if tag.name not in options.words("tags") or _has_report(found[at + 1 :]):
            continue
        if _linked(found):
            continue
        said = f"{tag.token}: is followed by Closes: with the address of the report"
        if robots.search(tag.value):
            yield Match(tag.whole, f"{said}; a robot's is public.", key=tag.value)
        else:
            said = f"{said}, if that is public."
            yield Match(tag.whole, said, key=tag.value, severity=Severity.NOTE)


def _has_report(following: Sequence[Tag]) -> bool:
    """Say whether the tags that follow a report name where it is."""
    for tag in following:
        if tag.name in ("closes", "link"):
            return True
        if not tag.name.startswith(("reported", "tested", "debugged", "cc")):
            return False
    return False


def _linked(found: Sequence[Tag]) -> bool:
    return any(tag.name in ("closes", "link") for tag in found)


def fixes_after_sign_off(context: MessageContext, options: Options) -> Iterator[Match]:
    """What a patch mends is told first, who signed it off behind that."""
    if context.patch is None:
        return
    found = [tag for tag in tags_of(context) if tag.is_trailer]
    signed = next((tag for tag in found if tag.name == "signed-off-by"), None)
    for tag in found:
        if signed and tag.name in options.words("first") and tag.line > signed.line:
            where = InMessage(Span(signed.line))
            step = Step(where, context.message.line(signed.line), "the sign-off")
            said = f"{tag.token}: stands in front of the first Signed-off-by:."
            yield Match(tag.whole, said, trace=(step,), key=tag.value)
