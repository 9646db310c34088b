# SPDX-License-Identifier: GPL-2.0-or-later
"""Join the parts of a posting where a mail between them is missing, or no thread is."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from patchlint.series.ancestry import Box
from patchlint.series.group import Group, is_near

_DAY = 24 * 3600
_PASSING = frozenset({"RFC", "RFT", "RESEND", "REPOST"})


def join(box: Box, groups: Iterable[Group]) -> list[Group]:
    """Return fewer groups: first by what they answer, then by sender, time and count.

    Groups that have a position in common are never joined, nor are single patches.
    """
    return _by_sender(box, _by_parent(sorted(groups, key=_first)))


def _by_parent(groups: Sequence[Group]) -> list[Group]:
    """Join what counts alike and answers the same mail, at hand or not."""
    last: dict[Hashable, Group] = {}
    kept: list[Group] = []
    for group in groups:
        key = (group.version, group.total, group.parent)
        if group.parent and group.total > 1:
            other = last.get(key)
            if other and _is_apart(other, group):
                other.take(group)
                continue
            last[key] = group
        kept.append(group)
    return kept


def _by_sender(box: Box, groups: Sequence[Group]) -> list[Group]:
    """Join what one sender sent at one time, until a position comes again."""
    last: dict[Hashable, Group] = {}
    kept: list[Group] = []
    for group in groups:
        if group.total > 1:
            key = (group.version, group.total, group.sender, _words(box, group))
            other = last.get(key)
            if other and _is_apart(other, group) and _fit(box, other, group):
                other.take(group)
                continue
            last[key] = group
        kept.append(group)
    return kept


def _fit(box: Box, first: Group, second: Group) -> bool:
    """Say whether two groups were sent in one go.

    Files that nobody sent have the dates of their commits, which say nothing.
    """
    if first.parent or second.parent:
        return is_near(box, first, second)
    return not first.sender or is_near(box, first, second, _DAY)


def _is_apart(first: Group, second: Group) -> bool:
    whole = first.is_complete and second.is_complete
    return not whole and first.positions.isdisjoint(second.positions)


def _words(box: Box, group: Group) -> frozenset[str]:
    words = box.mails[group.first].subject.prefixes
    return frozenset(word.upper() for word in words) - _PASSING


def _first(group: Group) -> int:
    return group.first
