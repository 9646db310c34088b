# SPDX-License-Identifier: GPL-2.0-or-later
"""How a commit log is laid out: order of paragraphs, notes, commit references."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from patchlint.analysis import log
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import InMessage, Span
from patchlint.model.series import Patch
from patchlint.prose.blocks import Block, BlockKind
from patchlint.prose.tokens import Places

_SHOWN = 40


def nfc_not_last(context: MessageContext, options: Options) -> Iterator[Match]:
    """Nothing about the change follows "No functional change"."""
    if context.patch is None:
        return
    statement, aside = options.pattern("statement"), options.pattern("asides")
    for block, following in pairwise(log.main_part(context)):
        if not _states(block, statement, options.number("statement_words")):
            continue
        if following.kind is not BlockKind.PARAGRAPH or aside.match(following.text):
            continue
        where = InMessage(Span(following.first))
        yield Match(
            InMessage(Span(block.first)),
            f'More about the change follows "{_one_line(block)}"; '
            "I would move that statement to the end of the text.",
            trace=(Step(where, following.rows[0].text, "this follows"),),
            key="nfc-not-last",
        )
        return


def _states(block: Block, statement: re.Pattern[str], limit: float) -> bool:
    prose = block.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)
    return prose and block.words <= limit and statement.match(block.text) is not None


def _one_line(block: Block) -> str:
    """Return the text of a block with its offsets, line ends being blanks."""
    return block.text.replace("\n", " ")


def also_opener(context: MessageContext, options: Options) -> Iterator[Match]:
    """The last paragraph of the text is no afterthought."""
    if context.patch is None:
        return
    paragraphs = _paragraphs(context, options.pattern("asides"))
    if len(paragraphs) < 2:
        return
    text = _one_line(paragraphs[-1])
    if not (hit := options.pattern("openers").match(text)):
        return
    opener = hit[0].rstrip(",")
    rest = text[hit.end() :].lstrip(", ")
    where = InMessage(Places(paragraphs[-1]).span(0, len(opener)))
    start = _start(rest)
    if _first_word(rest) in options.words("actions"):
        said = (
            f'"{opener}" brings in a second change; if it can stand alone, '
            "make it a patch of its own."
        )
        yield Match(where, said, key=start)
    elif len(paragraphs) > options.number("paragraphs"):
        said = f'Drop "{opener}" and begin the paragraph with "{start}".'
        yield Match(where, said, suggestion=start, key=start)


def _paragraphs(context: MessageContext, aside: re.Pattern[str]) -> tuple[Block, ...]:
    """Return the paragraphs about the change, in front of all footnotes."""
    return tuple(
        block
        for block in log.main_part(context)
        if block.kind is BlockKind.PARAGRAPH and not aside.match(block.text)
    )


def _first_word(text: str) -> str:
    return next(iter(text.lower().split()), "")


def _start(rest: str) -> str:
    """Return the first words of a text, as the beginning of a sentence."""
    kept = ""
    for word in rest.split():
        if len(kept) + len(word) > _SHOWN:
            break
        kept = f"{kept} {word}" if kept else word
    is_code = any(sign in _first_word(kept) for sign in "_()/.")
    return kept if is_code else kept[:1].upper() + kept[1:]


def appendix_too_long(context: MessageContext, options: Options) -> Iterator[Match]:
    """What stands behind a footnote mark is short, in a message that is long."""
    if context.patch is None:
        return
    found = log.blocks(context)
    notes = found[len(log.main_part(context)) :]
    total = sum(block.words for block in found)
    size = sum(block.words for block in notes)
    if total <= options.number("words") or size < options.number("share") * total:
        return
    yield Match(
        InMessage(Span(notes[0].first)),
        f"From here on {size} of {total} words are notes: a reader who thought to be "
        "done has to start again. Move them below the cut or to the cover letter, or "
        "put a Link: to where they can be read.",
        key="appendix",
    )


_CITED = re.compile(
    r"\bcommits?\s+(?P<id>[0-9a-f]{7,40})\b(?P<after>[:,]?\s*[(\"'\u201c`])?",
    re.IGNORECASE,
)
_COLON = re.compile(
    r"(?<![\w/=.-])(?P<id>[0-9a-f]{8,40}):\s*\(\s*[\"\u201c]"
    r"(?P<subject>[^\"\u201d]{1,200})"
)
_NAMED = re.compile(r"\b(?P<id>[0-9a-f]{7,40})\b(?:\s*[:,])?\s*[(\"'\u201c`]")
_CITING = (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.HEADING, BlockKind.CODE)


def commit_ref_format(context: MessageContext, options: Options) -> Iterator[Match]:
    """A commit is cited as: commit, 12 digits or more, and its subject."""
    if context.patch is None:
        return
    named, aside = _named(context.patch), options.pattern("asides")
    seen: set[str] = set()
    for block in log.blocks(context):
        if block.kind not in _CITING or aside.search(block.text):
            continue
        for match in _references(block, named):
            if match.key not in seen:
                seen.add(match.key)
                yield match


def _named(patch: Patch) -> tuple[str, ...]:
    """Return the ids that the message gives a subject for, trailers included."""
    ends = [trailer.line for trailer in patch.parts.trailers]
    last = max([patch.parts.log.stop - 1, *ends])
    text = "\n".join(patch.message.lines[patch.parts.log.start - 1 : last])
    return tuple(hit["id"] for hit in _NAMED.finditer(text))


def _references(block: Block, named: Sequence[str]) -> Iterator[Match]:
    places = Places(block)
    for hit in _COLON.finditer(block.text):
        subject = " ".join(hit["subject"].split())
        yield Match(
            InMessage(places.span(hit.start("id"), hit.end("id") + 1)),
            f"Drop the colon behind {hit['id']}: the usual form is "
            'commit <id> ("subject").',
            suggestion=f'{hit["id"]} ("{subject}")',
            key=hit["id"],
        )
    if block.kind is BlockKind.CODE:
        return
    for hit in _CITED.finditer(block.text):
        if said := _wrong(hit, named):
            where = places.span(hit.start("id"), hit.end("id"))
            yield Match(InMessage(where), said, key=hit["id"])


def _wrong(hit: re.Match[str], named: Sequence[str]) -> str:
    """Say what is missing in a reference, or nothing."""
    cited = hit["id"]
    if not any(digit.isdigit() for digit in cited):
        return ""
    if len(cited) < 12:
        return (
            f"{cited} is short for a commit id: give 12 digits or more, and the "
            'subject, as in commit <id> ("subject").'
        )
    known = any(cited.startswith(name) or name.startswith(cited) for name in named)
    if hit["after"] or known:
        return ""
    return (
        f'Give the subject of commit {cited[:12]} too: commit {cited[:12]} ("subject").'
    )
