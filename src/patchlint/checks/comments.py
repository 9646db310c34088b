# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about comments in C and assembly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.comment_text import LONGEST, Paragraph, paragraphs
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Confidence, Match
from patchlint.model.location import Side, Span

_CODE = re.compile(r"[;{}\\]|->|#\s*(?:if|define)|\bif \(|\bfor \(|[=!]=")
_INTERVAL = re.compile(r"\([^()\[\]]*\]|\[[^()\[\]]*\)")
_QUOTED = re.compile(
    r"\"[^\"]*\"|(?<!\w)'[^'\n]{1,40}'(?!\w)|`[^`\n]{1,40}[`']"
    r"|(?<![\w)])[:;]-?[()](?=\s|$)"
)
_URL = re.compile(r"\b[a-z]{2,8}://[^\s<>\"]+")
# Drawings and tables: rules, box characters, a gap that no full stop explains.
_DRAWN = re.compile(
    r"-{4}|[+|]--|--[+|]|\+==|[\u2500-\u257f]|[^\s.?!:](?:[ ]{2,}|\t)\S"
)
_KEYED = 3
_LINES = 2
_HEADER = 5
_CUT = "This comment stops in mid-sentence."
_OPEN_END = "No full stop here, unlike above; this looks cut off."
_BEGINS = re.compile(r"[A-Z][\w'()]*[ ,]")
_SENTENCES = re.compile(r"[a-z)][.]\s+[A-Z][a-z]*\s")
_NO_PROSE = re.compile(
    r"(?i:copyright)|[;{}\\|]|->|==|-{3}|\t|[^.?!:\s] {2,}\S|\s[-+*/|&]?=\s"
    r"|^\s*(?:\d|[-*+@#o]\s|(?:Returns?|Context|Locking)\b)",
    re.MULTILINE,
)
_WORD_END = re.compile(r"(?:^|\s)\(?[A-Za-z][\w'-]*,?$")


def unclosed_parenthesis(program: Program, _: Options) -> Iterator[Match]:
    """A comment paragraph opens a parenthesis for good.

    In a whole file any counts, as the engine subtracts what was there before; where
    only hunks are known, one that the patch writes.
    """
    for source in program.sources:
        if source.language:
            for paragraph, following in paragraphs(source):
                written = any(line.number in source.changed for line in paragraph)
                if written or source.image.whole:
                    yield from _unclosed(source, paragraph, following)


def _unclosed(
    source: Source, paragraph: Paragraph, following: Paragraph
) -> Iterator[Match]:
    own = "\n".join(line.text for line in paragraph)
    text = "\n".join((own, *(line.text for line in following)))
    if _CODE.search(own) or any(len(line.text) > LONGEST for line in paragraph):
        return
    bare = _blanked(_blanked(_URL.sub(_without_url, text), _QUOTED), _INTERVAL)
    seen = (at for at in _open(bare) if at < len(own) and not _is_drawn(own, at))
    opened = next(seen, None)
    if opened is None:
        return
    row = own.count("\n", 0, opened)
    line = paragraph[row]
    at = opened - (own.rfind("\n", 0, opened) + 1)
    end = line.column + len(line.text.rstrip())
    yield Match(
        where=source.at(Span(line.number, line.column + at, line.number, end)),
        message="This parenthesis is never closed; the comment looks cut off.",
        key=f"unclosed: {' '.join(own[opened:].split()[:_KEYED])}",
    )


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda hit: re.sub(r"[^\n]", " ", hit[0]), text)


def _without_url(hit: re.Match[str]) -> str:
    """Blank an address, but for the parentheses it closes without opening them."""
    over = max(0, hit[0].count(")") - hit[0].count("("))
    return " " * (len(hit[0]) - over) + ")" * over


def _open(text: str) -> list[int]:
    """Return the offsets of parentheses that stay open; a ``1)`` opens nothing."""
    stack: list[int] = []
    for at, char in enumerate(text):
        if char == "(":
            stack.append(at)
        elif char == ")" and stack:
            stack.pop()
    return stack


def _is_drawn(text: str, at: int) -> bool:
    """Say whether a parenthesis belongs to a drawing or a table."""
    begin = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[begin : end if end >= 0 else len(text)]
    gap = _DRAWN.search(line)
    drawn = gap is not None and (gap.end() <= at - begin + 1 or gap[0][-1] in "-+|=")
    return drawn or text.startswith(("  ", "\t"), at + 1)


def truncated(program: Program, options: Options) -> Iterator[Match]:
    """A comment paragraph of several sentences ends without a full stop.

    One that a patch writes; the engine takes off those that ended so before. The
    ``dangling`` words cannot end a sentence: behind them it was cut for sure.
    """
    dangling = frozenset(options.words("dangling"))
    for source in program.sources:
        if not source.language:
            continue
        for paragraph, following in paragraphs(source):
            written = any(line.number in source.changed for line in paragraph)
            if (written or source.side is Side.OLD) and _is_cut(paragraph, following):
                last = paragraph[-1]
                end = last.column + len(last.text)
                sure = last.text.split()[-1].lower() in dangling
                yield Match(
                    where=source.at(Span(last.number, last.column, last.number, end)),
                    message=_CUT if sure else _OPEN_END,
                    confidence=Confidence.HIGH if sure else None,
                    key=f"cut: {' '.join(last.text.split()[-_KEYED:])}",
                )


def _is_cut(paragraph: Paragraph, following: Paragraph) -> bool:
    """Say whether prose that uses full stops ends without one."""
    text = "\n".join(line.text for line in paragraph)
    if paragraph[0].number <= _HEADER or len(paragraph) < _LINES:
        return False
    if len(text) > LONGEST or _NO_PROSE.search(text):
        return False
    if not _BEGINS.match(text) or not _SENTENCES.search(text):
        return False
    if len({line.column for line in paragraph}) > 1:
        return False
    goes_on = bool(following) and following[0].text[:1].islower()
    return _WORD_END.search(text) is not None and not goes_on
