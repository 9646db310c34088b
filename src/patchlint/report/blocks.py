# SPDX-License-Identifier: GPL-2.0-or-later
"""The body of a reply: what is quoted, and what is said under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from msgspec import Struct

from patchlint.report.choose import MOST, Choice, Point, choose
from patchlint.report.posting import Mail, spans
from patchlint.report.quote import REACH, excerpts, is_cut, quoted, stand
from patchlint.report.remark import STEPS, words
from patchlint.report.safe import carets


class Quote(Struct, frozen=True):
    """Lines of the mail that stand together, printable."""

    lines: tuple[str, ...]


class Remark(Struct, frozen=True):
    """What we say about the line above; ``carets`` points at its words, or is ""."""

    lines: tuple[str, ...]
    carets: str = ""


class Cut(Struct, frozen=True):
    """Lines of the mail that are left out."""


Block = Quote | Remark | Cut


class Detail(Struct, frozen=True):
    """How much of a mail a reply may be.

    ``reach`` lines are quoted above the one in question, ``steps`` of a proof are
    shown, ``most`` remarks are made.
    """

    reach: int
    steps: int
    most: int = MOST


# From what reads best to what is shortest: the first that fits is taken.
_DETAILS = (
    Detail(REACH, STEPS), Detail(5, 8), Detail(2, 6), Detail(1, 4), Detail(0, 3),
    Detail(0, 0), Detail(0, 0, 5), Detail(0, 0, 3), Detail(0, 0, 2),
)  # fmt: skip
_REST = 3
TINY = 30
"""Lines of a mail of which any quote is a large part."""


def fitted(mail: Mail) -> tuple[Choice, tuple[Block, ...]]:
    """Return what to say and the blocks: under a third quoted, shorter than the mail.

    Where that cannot be, since the mail is tiny, they are as short as they can be.
    """
    size = size_of(mail)
    for detail in _DETAILS:
        choice = choose(mail.findings, detail.most)
        blocks = tuple(_blocks(mail, choice.points, detail))
        if _fits(choice, blocks, detail, size):
            return choice, blocks
    choice = choose(mail.findings, 1)
    return choice, tuple(_blocks(mail, choice.points, Detail(0, 0, 1)))


def size_of(mail: Mail) -> int:
    """Return how many lines a reply may have: those of the mail below its header.

    What is said of a cover letter is about the whole posting, and counts against that.
    """
    mails = [mail.message] if mail.patch else mail.series.messages
    return sum(len(one.lines) - one.body_start + 1 for one in mails)


def _fits(choice: Choice, blocks: Sequence[Block], detail: Detail, size: int) -> bool:
    quotes, lines = _counted(blocks)
    few_quotes = detail.most < MOST or size < TINY or 3 * quotes < size
    return few_quotes and lines + bool(choice.rest) * _REST <= size


def _counted(blocks: Sequence[Block]) -> tuple[int, int]:
    """Return how many lines are quoted, and how many there are but blank ones."""
    quotes = lines = 0
    for block in blocks:
        if isinstance(block, Quote):
            quotes += len(block.lines)
        elif isinstance(block, Remark):
            lines += sum(map(bool, block.lines)) + bool(block.carets)
        else:
            lines += 1
    return quotes, quotes + lines


def _blocks(mail: Mail, points: Sequence[Point], detail: Detail) -> Iterator[Block]:
    """Yield quotes, cuts and remarks in the order of the mail."""
    groups = _grouped(mail, points)
    last = 0
    for (_, here), lines in zip(
        groups,
        excerpts(mail, [at for at, _ in groups], detail.reach),
        strict=True,
    ):
        if lines:
            yield from _quoted(mail, lines, last)
            last = lines[-1]
        for number, point in enumerate(here):
            marks = _carets(mail, here, last) if number == 0 else ""
            yield Remark(words(point, mail, detail.steps, lines), marks)


def _grouped(
    mail: Mail, points: Sequence[Point]
) -> tuple[tuple[int, tuple[Point, ...]], ...]:
    """Sort points by the line they go under; several may share one."""
    placed = [(stand(mail, point.said.anchor.span.line), point) for point in points]
    placed.sort(key=lambda pair: pair[0])
    return tuple(
        (at, tuple(point for _, point in pairs))
        for at, pairs in groupby(placed, lambda pair: pair[0])
    )


def _quoted(mail: Mail, lines: Sequence[int], last: int) -> Iterator[Quote | Cut]:
    """Yield quoted runs with a cut wherever the mail goes on in between."""
    run: list[str] = []
    for before, after in pairwise((last, *lines)):
        if before and is_cut(mail, before, after):
            if run:
                yield Quote(tuple(run))
            yield Cut()
            run = []
        run.append(quoted(mail, after))
    yield Quote(tuple(run))


def _carets(mail: Mail, points: Sequence[Point], number: int) -> str:
    """Point at the words of all remarks under one line."""
    here = [p.said for p in points if p.said.anchor.span.line == number]
    return carets(quoted(mail, number), spans(here)) if here else ""
