# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about the shape of C that some parts of the tree ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from patchlint.analysis.comment_text import LONGEST, code, comments
from patchlint.analysis.paths import is_covered
from patchlint.lint.context import PatchContext, Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match, Step
from patchlint.model.location import Span

_STATEMENT = re.compile(
    r"\t[ \t]*(?!(?:static|extern|const|struct|union|enum|case|default)\b)"
    r"(?:\}[ ]*)?(?:(?:else[ ]+)?(?:if|for|while|switch)[ ]?\(.*[){;]|else(?:[ ]\{)?"
    r"|(?:return|goto)\b.*;|(?:break|continue);"
    r"|[^=,]*[\w\])][ \t]*[-+*/|&^<>]{0,2}=[ ].*;|[\w>.-]+\(.*\);)"
)
_DECLARED = re.compile(
    r"\t+((?:(?:const|unsigned|signed|struct|enum|union|volatile)[ ]+)*[A-Za-z_]\w*)"
    r"([ ]+\**|[ ]*\*+[ ]*)(?!=)(\w[^;]*);"
)
_OPENS = re.compile(r"(?:^[ \t]*|\)[ ]?|\belse[ ]|\bdo[ ])\{\s*$")
_NO_TYPE = re.compile(r"(?:return|goto|else|case|typedef|static|extern)\b")
_NEAR = 30
_NAME = re.compile(r"[A-Za-z_]\w*")


def tail_comment(program: Program, options: Options) -> Iterator[Match]:
    """A patch puts a comment behind a statement.

    Declarations, initialisers and the like are left alone; so are the words in
    ``but_comments`` and what stands behind ``but_code``.
    """
    comment_ok, code_ok = options.pattern("but_comments"), options.pattern("but_code")
    for source in program.written_in("c"):
        if not is_covered(options, source.path):
            continue
        table = _laid_out(source)
        for comment in comments(source):
            front, line = comment.front.rstrip(), comment.lines[0]
            if comment.first not in source.changed or comment.back.strip():
                continue
            if comment.first in table:
                continue
            if not _STATEMENT.fullmatch(front) or code_ok.search(front):
                continue
            words = " ".join(row.text for row in comment.lines)
            if words and not comment_ok.search(words):
                begin = len(comment.front) + 1
                end = begin + len(comment.text.split("\n")[0])
                yield Match(
                    where=source.at(Span(line.number, begin, line.number, end)),
                    message="Put this comment above the statement.",
                    key=f"tail: {words}",
                )


def _laid_out(source: Source) -> frozenset[int]:
    """Return the lines whose comments stand below each other, as those of a table."""
    columns = {
        comment.first: len(comment.front.expandtabs(8))
        for comment in comments(source)
        if comment.front.strip()
    }
    return frozenset(
        number
        for number, column in columns.items()
        if column in (columns.get(number - 1), columns.get(number + 1))
    )


class _Declaration(Struct, frozen=True):
    """A line that declares locals: their type and names, and what values need."""

    text: str
    number: int
    type: str
    names: frozenset[str]
    needs: frozenset[str]

    @property
    def width(self) -> int:
        """How far the line reaches."""
        return len(self.text.expandtabs(8).rstrip())


_Block = Sequence[_Declaration]


def reverse_fir_tree(context: PatchContext, options: Options) -> Iterator[Match]:
    """A patch adds a declaration below a shorter one.

    Only in blocks that are new, or whose other lines stood longest first before. One
    that needs a name from above has to stand below it.
    """
    slack = options.number("slack")
    known = [
        block
        for source in context.before.written_in("c")
        for block in _blocks(source)
        if _has_changed(source, block) and next(_inversions(block, slack), None)
    ]
    for source in context.after.written_in("c"):
        for block in _blocks(source) if is_covered(options, source.path) else ():
            kept = [line for line in block if line.number not in source.changed]
            if not _has_changed(source, block) or next(_inversions(kept, slack), None):
                continue
            if any(_is_same(block, old) for old in known):
                continue
            for upper, lower in _inversions(block, slack):
                added = lower if lower.number in source.changed else upper
                if added.number in source.changed:
                    yield _unsorted(source, upper, lower, added)
                    break


def blank_after_declarations(program: Program, options: Options) -> Iterator[Match]:
    """A blank line stands between the declarations of a block and its statements.

    Only where both lines are new; what is in ``declares`` only looks like a statement.
    """
    declares = options.pattern("declares")
    for source in program.written_in("c"):
        rows = dict(zip(source.image.numbers, code(source).split("\n"), strict=False))
        for last in (block[-1] for block in _blocks(source)):
            row = rows.get(last.number + 1, "")
            is_new = {last.number, last.number + 1} <= source.changed
            is_level = _indent(row) == _indent(last.text)
            if not is_new or not is_level or declares.search(row):
                continue
            if _STATEMENT.match(row) and len(row) <= LONGEST:
                yield Match(
                    where=source.at(Span(last.number + 1)),
                    message="Put a blank line between declarations and statements.",
                    trace=(Step(source.at(Span(last.number)), last.text.strip(), ""),),
                    key=f"blank: {last.text.strip()} {row.strip()}",
                )


def _indent(row: str) -> str:
    return row[: len(row) - len(row.lstrip())]


def _has_changed(source: Source, block: _Block) -> bool:
    return any(line.number in source.changed for line in block)


def _is_same(block: _Block, old: _Block) -> bool:
    """Say whether two blocks declare mostly the same names."""
    names, olds = (
        frozenset(name for line in lines for name in line.names)
        for lines in (block, old)
    )
    return 2 * len(names & olds) >= min(len(names), len(olds))


def _inversions(
    block: _Block, slack: float
) -> Iterator[tuple[_Declaration, _Declaration]]:
    """Yield each line that stands above a longer one without need."""
    for upper, lower in pairwise(block):
        longer = lower.width > upper.width + slack
        if longer and not _is_bound(block, upper, lower):
            yield upper, lower


def _is_bound(block: _Block, upper: _Declaration, lower: _Declaration) -> bool:
    """Say whether two lines are of one type, or ordered by what their values need."""
    at = block.index(lower)
    above = frozenset(name for d in block[:at] for name in d.names)
    below = frozenset(name for d in block[at:] for name in d.needs)
    needed = bool(above & lower.needs or upper.names & below)
    return needed or upper.type == lower.type


def _unsorted(
    source: Source, upper: _Declaration, lower: _Declaration, added: _Declaration
) -> Match:
    return Match(
        where=source.at(Span(added.number)),
        message="Sort the declarations by length, the longest line first.",
        trace=(
            Step(source.at(Span(upper.number)), upper.text.strip(), "shorter"),
            Step(source.at(Span(lower.number)), lower.text.strip(), "longer"),
        ),
        key=f"fir: {sorted(upper.names)} {sorted(lower.names)}",
    )


def _blocks(source: Source) -> Iterator[list[_Declaration]]:
    """Yield the declarations at the head of each block that stand without a gap.

    Only near lines that the patch changes.
    """
    near = {number - back for number in source.changed for back in range(_NEAR)}
    near |= {number + ahead for number in source.changed for ahead in range(_NEAR)}
    block: list[_Declaration] | None = None
    rows = zip(source.image.numbers, code(source).split("\n"), strict=False)
    for number, row in ((n, r) for n, r in rows if n in near and len(r) <= LONGEST):
        found = None if block is None else _declaration(row, number)
        if block is not None and found and _follows(block, number):
            block.append(found)
            continue
        if block:
            yield block
        block = [] if _OPENS.search(row) else None
    if block:
        yield block


def _follows(block: _Block, number: int) -> bool:
    return not block or block[-1].number == number - 1


def _declaration(row: str, number: int) -> _Declaration | None:
    hit = _DECLARED.fullmatch(row.rstrip())
    if hit is None or _NO_TYPE.match(hit[1]):
        return None
    names, needs = set[str](), set[str]()
    for part in re.split(r",(?![^(\[{]*[)\]}])", hit[3]):
        name, _, value = part.partition("=")
        words = _NAME.findall(name)
        names.update(words[:1])
        needs.update(words[1:], _NAME.findall(value))
    return _Declaration(row, number, hit[1], frozenset(names), frozenset(needs))
