# SPDX-License-Identifier: GPL-2.0-or-later
"""The best way to pair the things of two lists, each of them once at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Link = tuple[int, int]

_MOST = 80
"""How many things of a side are weighed against each other; time is their cube."""


def assign(gains: Mapping[Link, int]) -> tuple[Link, ...]:
    """Return the pairs whose gains add up to the most, by number.

    ``gains`` says of the pairs that may be made what each is worth, above 0. What no
    link joins is solved apart; where more than 80 things hang together, the best pair
    is taken first.
    """
    found: list[Link] = []
    for links in _components(gains):
        olds = sorted({old for old, _ in links})
        news = sorted({new for _, new in links})
        if max(len(olds), len(news)) > _MOST:
            found += _greedy(gains, links)
        else:
            found += _best(gains, olds, news)
    return tuple(sorted(found))


def _components(gains: Mapping[Link, int]) -> Iterator[list[Link]]:
    """Yield the links that hang together, directly or over others."""
    tops: dict[tuple[bool, int], tuple[bool, int]] = {}

    def top(node: tuple[bool, int]) -> tuple[bool, int]:
        while tops.setdefault(node, node) != node:
            tops[node] = tops[tops[node]]
            node = tops[node]
        return node

    for old, new in sorted(gains):
        tops[top((True, new))] = top((False, old))
    joined: dict[tuple[bool, int], list[Link]] = {}
    for link in sorted(gains):
        joined.setdefault(top((False, link[0])), []).append(link)
    yield from joined.values()


def _greedy(gains: Mapping[Link, int], links: Sequence[Link]) -> Iterator[Link]:
    olds: set[int] = set()
    news: set[int] = set()
    for old, new in sorted(links, key=lambda link: (-gains[link], link)):
        if old not in olds and new not in news:
            olds.add(old)
            news.add(new)
            yield old, new


def _best(
    gains: Mapping[Link, int], olds: Sequence[int], news: Sequence[int]
) -> Iterator[Link]:
    """Yield the pairs of the cheapest assignment, as git range-diff looks for it."""
    turned = len(olds) > len(news)
    rows, columns = (news, olds) if turned else (olds, news)

    def cost(row: int, column: int) -> int:
        one, other = rows[row], columns[column]
        return -gains.get((other, one) if turned else (one, other), 0)

    table = [[cost(r, c) for c in range(len(columns))] for r in range(len(rows))]
    for row, column in enumerate(_hungarian(table)):
        if table[row][column] < 0:
            one, other = rows[row], columns[column]
            yield (other, one) if turned else (one, other)


def _hungarian(table: Sequence[Sequence[int]]) -> list[int]:
    """Return the column of each row, so that the costs add up to the least.

    There are no more rows than columns. The Hungarian method with potentials: one
    shortest path for each row.
    """
    width = len(table[0])
    row_price, column_price = [0] * (len(table) + 1), [0] * (width + 1)
    owner, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, len(table) + 1):
        owner[0] = row
        at = _walk(table, (row_price, column_price), owner, way)
        while at:
            owner[at] = owner[way[at]]
            at = way[at]
    found = [0] * len(table)
    for column in range(1, width + 1):
        if owner[column]:
            found[owner[column] - 1] = column - 1
    return found


def _walk(
    table: Sequence[Sequence[int]],
    prices: tuple[list[int], list[int]],
    owner: list[int],
    way: list[int],
) -> int:
    """Mark the cheapest way from the row at 0 to a free column, which is returned."""
    row_price, column_price = prices
    width = len(column_price)
    far = 1 << 62
    least = [far] * width
    seen = [False] * width
    at = 0
    while owner[at]:
        seen[at] = True
        here, step, following = owner[at], far, 0
        for column in range(1, width):
            if seen[column]:
                continue
            cost = table[here - 1][column - 1] - row_price[here] - column_price[column]
            if cost < least[column]:
                least[column], way[column] = cost, at
            if least[column] < step:
                step, following = least[column], column
        for column in range(width):
            if seen[column]:
                row_price[owner[column]] += step
                column_price[column] -= step
            else:
                least[column] -= step
        at = following
    return at
