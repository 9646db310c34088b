# SPDX-License-Identifier: GPL-2.0-or-later
"""What one reply says, each remark at the line it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from patchlint.mail.own_words import kind, points, said
from patchlint.mail.quoting import Row, rows
from patchlint.model.message import Message
from patchlint.model.remark import Remark
from patchlint.series.fit import Place, fit
from patchlint.series.posts import Post, Posts
from patchlint.series.run import key

MOST_LINES = 20_000
"""Lines of one reply that are read; nobody reads more."""
_SHORT = 12
_NEAR = 3
_DIFF = re.compile(r"[-+] ?\S|[-+]\t|@@ -|diff --git ")


class Reading(Struct, frozen=True):
    """A reply against the mail it quotes: its rows, and where each stands there."""

    reply: Message
    post: Post
    rows: tuple[Row, ...]
    places: Sequence[Place | None]
    depth: int

    def line(self, at: int) -> int:
        """Return the line of the mail that a row quotes the end of; 0 if none."""
        place = self.places[at]
        return self.post.text.line(place[1] - 1) if place else 0

    def first(self, at: int) -> int:
        """Return the line of the mail that a row quotes the beginning of."""
        place = self.places[at]
        return self.post.text.line(place[0]) if place else 0

    def is_quote(self, at: int) -> bool:
        """Say whether a row is somebody else's text, or stands for some."""
        row = self.rows[at]
        return row.depth > 0 or row.cut or self.places[at] is not None


def read_reply(reply: Message, posts: Posts, nearest: Post) -> Reading:
    """Read a reply against the mail above it, or the one its quotes are from."""
    found = rows(reply, MOST_LINES)
    keys, loose = _keys(found)
    quoted = [made for made, row in zip(keys, found, strict=True) if row.depth]
    reading = _fitted(reply, nearest, found, keys, loose)
    weight, most = _weight(reading, keys), sum(map(len, quoted))
    other = posts.likely(quoted) if 2 * weight < most else None
    if other is not None and other is not nearest:
        better = _fitted(reply, other, found, keys, loose)
        if _weight(better, keys) > weight:
            return better
    return reading


def _keys(found: Sequence[Row]) -> tuple[list[str], list[bool]]:
    """Return what is looked up of each row, and which of them may be no quote at all.

    A mailer that wraps quotes loses the mark of the second half.
    """
    keys: list[str] = []
    loose: list[bool] = []
    is_below = False
    for row in found:
        is_loose = row.depth == 0 and is_below and bool(row.text.strip())
        keys.append(key(row.text) if row.depth or is_loose else "")
        loose.append(is_loose)
        is_below = row.depth > 0
    return keys, loose


def _fitted(
    reply: Message,
    post: Post,
    found: tuple[Row, ...],
    keys: Sequence[str],
    loose: Sequence[bool],
) -> Reading:
    places = fit(post.text, keys, loose)
    weights: Counter[int] = Counter()
    for row, made, place in zip(found, keys, places, strict=True):
        if place and row.depth:
            weights[row.depth] += len(made)
    depth = max(weights, key=lambda d: (weights[d], -d), default=0)
    # A short line of somebody's words may look like one of the patch by chance.
    kept = [
        place if row.depth in (0, depth) or len(made) >= _SHORT else None
        for row, made, place in zip(found, keys, places, strict=True)
    ]
    return Reading(reply, post, found, kept, depth)


def _weight(reading: Reading, keys: Sequence[str]) -> int:
    pairs = zip(keys, reading.places, strict=True)
    return sum(len(made) for made, place in pairs if place)


def remarks(reading: Reading, parent: str) -> Iterator[Remark]:
    """Yield what the reply says between its quotes.

    A remark stands where the quote right above it ends. ``parent`` is the mail that is
    answered, where that is none of the posting: what is said below its words is said to
    them, and stands where they do, as far as the quotes above show it.
    """
    blocks = list(_blocks(reading))
    owns = [number for number, (is_quote, _) in enumerate(blocks) if not is_quote]
    placed = -1
    above = range(0)
    for number, (is_quote, block) in enumerate(blocks):
        if is_quote:
            above = block
            continue
        own = said(
            [reading.rows[at] for at in block],
            first=number == owns[0],
            last=number == owns[-1],
        )
        placed = max((at for at in above if reading.places[at]), default=placed)
        if own:
            yield _remark(reading, own, _Above(above, placed), parent)
        above = range(0)


class _Above(Struct, frozen=True):
    """The quote right above a remark, and the last row so far that has a place."""

    block: range
    placed: int

    def tail(self, reading: Reading) -> int:
        """Return the last row of the quote that says something, or -1."""
        rows = reading.rows
        return max((at for at in self.block if rows[at].text.strip()), default=-1)


def _blocks(reading: Reading) -> Iterator[tuple[bool, range]]:
    """Yield the runs of quoted and of own rows."""
    numbers = range(len(reading.rows))
    for is_quote, run in groupby(numbers, reading.is_quote):
        members = list(run)
        yield is_quote, range(members[0], members[-1] + 1)


def tail_lines(reading: Reading) -> tuple[int, int]:
    """Return how many remarks stand below a changed line of a diff, by its look.

    The second number is how many of these lines stand in no mail of the posting.
    """
    lines = lost = 0
    above = range(0)
    for is_quote, block in _blocks(reading):
        if is_quote:
            above = block
            continue
        tail = _Above(above, -1).tail(reading)
        has_words = any(reading.rows[at].text.strip() for at in block)
        if has_words and tail >= 0 and _looks_like_diff(reading, tail):
            lines += 1
            lost += reading.places[tail] is None
        above = range(0)
    return lines, lost


def _looks_like_diff(reading: Reading, tail: int) -> bool:
    row = reading.rows[tail]
    is_patch = row.depth == (reading.depth or 1)
    return is_patch and _DIFF.match(row.text) is not None


def _remark(reading: Reading, own: Sequence[Row], above: _Above, parent: str) -> Remark:
    at, is_answer = _place(reading, above)
    line = reading.line(at) if at >= 0 else 0
    block = (n for n in above.block if n <= at and reading.places[n])
    first = next(block, at)
    marks: tuple[int, ...] = ()
    if at >= 0 and at == above.tail(reading) and own[0].number == _below(reading, at):
        row = reading.rows[at]
        quoted = reading.reply.line(row.number)
        marks = points(own, quoted, row.width)
    text = tuple(row.text for row in own)
    return Remark(
        author=reading.reply.sender,
        message_id=reading.reply.message_id,
        start=own[0].number,
        about=reading.post.message.message_id,
        patch=reading.post.position,
        line=line,
        first=reading.first(first) if at >= 0 else 0,
        where=reading.post.where(line),
        text=text,
        kind=kind(text),
        points=marks,
        answers=parent if is_answer else "",
    )


def _below(reading: Reading, at: int) -> int:
    return reading.rows[at].number + 1


def _place(reading: Reading, above: _Above) -> tuple[int, bool]:
    """Return the row that shows what a remark is about, and whether it is an answer.

    A line or two that a mailer or the writer has changed do no harm; a long quote that
    is nowhere in the posting is not guessed at.
    """
    tail = above.tail(reading)
    if tail < 0:
        return above.placed, above.placed < 0
    if reading.places[tail]:
        return tail, False
    if reading.rows[tail].depth != reading.depth:
        return above.placed, True
    near = range(max(above.block.start, tail - _NEAR), tail)
    return max((at for at in near if reading.places[at]), default=-1), False
