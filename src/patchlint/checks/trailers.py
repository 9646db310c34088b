# SPDX-License-Identifier: GPL-2.0-or-later
"""How tags are written: the token, the blanks, the address, once each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.tags import Mailbox, Tag, by_people, mailbox, tags_of
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match, Step
from patchlint.model.location import InMessage, Span

_EDITS = 2
_FAR = 99
_REMARK = re.compile(r"(?:#.*|\(.*\)|\[.*\])?")
_JUNK = re.compile(r"[.,;:>\"')\]]+")
_STABLE = re.compile(r"stable@(?:vger\.)?kernel\.org", re.IGNORECASE)
_COMBINED = re.compile(r"-?(?:and|&)-?", re.IGNORECASE)


def tag_form(context: MessageContext, options: Options) -> Iterator[Match]:
    """A tag is spelled as everybody spells it: tools look for it by its letters."""
    if context.patch is None:
        return
    known = {word.lower(): word for word in options.words("tags")}
    kept = {word.lower() for word in options.words("customary")}
    for tag in tags_of(context):
        if match := _token(tag, known, kept):
            yield match
        elif (tag.name in known or tag.name.endswith("by")) and (
            blanks := _blanks(tag)
        ):
            yield blanks


def _token(tag: Tag, known: dict[str, str], kept: set[str]) -> Match | None:
    """Say how a token should read, if that is certain."""
    if tag.name in known:
        right = known[tag.name]
        if tag.token == right or tag.name == "cc":
            return None
        said = f'Written "{right}:" everywhere else; the case is part of the form.'
    elif (close := _closest(tag, known)) is not None:
        right = close
        said = f'"{tag.token}:" is no tag that tools know; "{right}:" is.'
    elif _is_odd(tag, kept):
        said = f'"{tag.token}:" is no tag that tools know.'
        return Match(tag.label, said, key=tag.name)
    else:
        return None
    edits = (Edit(tag.label.span, right),)
    return Match(tag.label, said, suggestion=right, key=tag.token, edits=edits)


def _closest(tag: Tag, known: dict[str, str]) -> str | None:
    """Return the known tag that a token misspells, or None."""
    if "@" not in tag.value or tag.name in known:
        return None
    name = tag.name.replace("_", "-")
    near = [(_distance(name, word), word) for word in known if word.endswith("-by")]
    best = min(near, default=(_FAR, ""))
    return known[best[1]] if best[0] <= _EDITS else None


def _is_odd(tag: Tag, kept: set[str]) -> bool:
    """A tag about somebody in words that nobody uses; "-and-" has a rule of its own."""
    is_plain = tag.name.endswith("-by") and "-and-" not in tag.name
    return tag.is_trailer and is_plain and tag.name not in kept and "@" in tag.value


def _distance(one: str, other: str) -> int:
    """Return how many letters must be put in, left out or changed, up to a bound."""
    if abs(len(one) - len(other)) > _EDITS:
        return _FAR
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, there in enumerate(other, 1):
            change = last + (letter != there)
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, change)
    return row[-1]


def _blanks(tag: Tag) -> Match | None:
    """A tag begins the line; one blank follows its colon, none stands before it."""
    if tag.indent:
        said, span = "No blanks before a tag: tools do not see it there.", tag.label
    elif tag.before:
        said, span = "No blank before the colon of a tag.", tag.label
    elif tag.gap != " " and tag.value:
        said, span = "One blank between the colon of a tag and its value.", tag.label
    else:
        return None
    right = f"{tag.token}: {tag.value}"
    end = tag.whole.span.end_column
    edit = Edit(Span(tag.line, 1, tag.line, end), right)
    return Match(span, said, suggestion=right, key=right, edits=(edit,))


def tag_address(context: MessageContext, options: Options) -> Iterator[Match]:
    """A tag about somebody ends with an address that mail can be sent to."""
    if context.patch is None:
        return
    names = options.words("tags")
    for tag in by_people(tags_of(context)):
        if tag.name not in names or _STABLE.search(tag.value):
            continue
        if match := _address(tag, mailbox(tag.value)):
            yield match


def _address(tag: Tag, found: Mailbox) -> Match | None:
    """Say what is wrong with an address, and how the value should read."""
    right = ""
    if tag.value.count("<") != tag.value.count(">"):
        said = "The angle brackets around the address do not match."
    elif not found.box:
        if not tag.is_trailer:
            return None
        said = f"No mail address that can be read in this {tag.token}: tag."
    elif "(" in found.box:
        right = re.sub(r"\([^()]*\)", "", tag.value)
        said = "A remark inside of the address: nobody can write to it."
    else:
        said, right = _behind(tag, found)
    if not said:
        return None
    edits = (Edit(tag.content.span, right),) if right else ()
    return Match(tag.content, said, suggestion=right, key=tag.value, edits=edits)


def _behind(tag: Tag, found: Mailbox) -> tuple[str, str]:
    """Look at what stands behind an address, and in front of it."""
    if "@" in found.rest:
        said = f"One person a line: tools read only the first of a {tag.token}: tag."
        return said, ""
    if _JUNK.fullmatch(found.rest):
        right = tag.value[: tag.value.rindex(found.rest)].rstrip()
        return f'"{found.rest}" behind the address does not belong there.', right
    if not _REMARK.fullmatch(found.rest):
        return "Text behind an address stands in round brackets, or behind a #.", ""
    if tag.name == "signed-off-by" and not found.name:
        return "Signed-off-by: is a statement of a person: the name is missing.", ""
    return "", ""


def duplicate_tag(context: MessageContext, options: Options) -> Iterator[Match]:
    """The same tag of the same person stands once."""
    if context.patch is None:
        return
    names = options.words("tags")
    first: dict[str, Tag] = {}
    for tag in by_people(tags_of(context)):
        key = "".join(f"{tag.name}:{tag.value}".lower().split())
        if tag.name not in names:
            continue
        if key not in first:
            first[key] = tag
        elif not (tag.name == "signed-off-by" and _handled(context, first[key], tag)):
            where = InMessage(Span(first[key].line))
            text = context.message.line(first[key].line)
            said = f"This {tag.token}: is already there; drop one of the two."
            step = Step(where, text, "the first one")
            yield Match(tag.whole, said, trace=(step,), key=key)


def _handled(context: MessageContext, first: Tag, again: Tag) -> bool:
    """Who takes up his own patch with the tags it got signs it off once more."""
    between = range(first.line + 1, again.line)
    return any(context.message.line(number).strip() for number in between)


def combined_tag(context: MessageContext, options: Options) -> Iterator[Match]:
    """Each role has a tag of its own."""
    if context.patch is None:
        return
    roles = {word.lower().removesuffix("-by"): word for word in options.words("tags")}
    for tag in tags_of(context):
        parts = _COMBINED.split(tag.name.removesuffix("-by").strip("-"))
        if len(parts) < 2 or not tag.name.endswith("by"):
            continue
        names = [roles.get(part.strip("-"), "") for part in parts]
        if not all(names):
            continue
        right = "\n".join(f"{name}: {tag.value}" for name in names)
        end = tag.whole.span.end_column
        edit = Edit(Span(tag.line, 1, tag.line, end), right)
        said = f"One tag a role: {' and '.join(f'{name}:' for name in names)}"
        yield Match(tag.label, said, suggestion=right, key=tag.value, edits=(edit,))
