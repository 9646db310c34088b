# SPDX-License-Identifier: GPL-2.0-or-later
"""Join the parts of a posting where a mail between them is missing, or no thread is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from patchlint.series.ancestry import Box
from patchlint.series.group import Group, is_near, rounds

_DAY = 24 * 3600
_PASSING = frozenset({"RFC", "RFT", "RESEND", "REPOST"})
_COVER = {0}


def join(box: Box, fragments: Iterable[Group]) -> list[Group]:
    """Return fewer groups: first by what they answer, then by sender, time and count.

    The prefixes have to be the same too, but for a cover letter and its patches.
    """
    answering = _by_parent(sorted(fragments, key=_first))
    parts = [part for group in answering for part in rounds(box, group)]
    parts = _in_a_row(parts, lambda group: _words(box, group), _fit(box))
    return _in_a_row(parts, lambda _: (), _cover_fits(box))


def _by_parent(groups: Sequence[Group]) -> list[Group]:
    """Join what counts alike, is from one sender and answers one mail, here or not."""
    first: dict[Hashable, Group] = {}
    kept: list[Group] = []
    for group in groups:
        key = (group.version, group.total, group.parent, group.sender)
        if group.parent and group.total > 1 and key in first:
            first[key].take(group)
            continue
        first[key] = group
        kept.append(group)
    return kept


def _in_a_row(
    groups: Iterable[Group],
    likeness: Callable[[Group], Hashable],
    fit: Callable[[Group, Group], bool],
) -> list[Group]:
    """Join what one sender sent, one after the other, for as long as it fits."""
    last: dict[Hashable, Group] = {}
    kept: list[Group] = []
    for group in sorted(groups, key=_first):
        key = (group.version, group.total, group.sender, likeness(group))
        if key in last and fit(last[key], group):
            last[key].take(group)
            continue
        last[key] = group
        kept.append(group)
    return kept


def _fit(box: Box) -> Callable[[Group, Group], bool]:
    """Return what says whether two groups are parts of one posting.

    No position may come twice. Single patches are on their own, as far as nothing
    more is known. Files that nobody sent have the dates of their commits, which say
    nothing.
    """

    def fit(first: Group, second: Group) -> bool:
        whole = first.is_complete and second.is_complete
        alone = first.total == 1
        if alone or whole or not first.positions.isdisjoint(second.positions):
            return False
        if first.parent or second.parent:
            return is_near(box, first, second)
        return not first.sender or is_near(box, first, second, _DAY, unknown=True)

    return fit


def _cover_fits(box: Box) -> Callable[[Group, Group], bool]:
    """Return what says whether a cover letter alone is that of the group after it.

    The group may have one too: one that went out alone, and again with its patches.
    """

    def fit(first: Group, second: Group) -> bool:
        is_alone = first.positions == _COVER and first.sender != ""
        return is_alone and is_near(box, first, second)

    return fit


def _words(box: Box, group: Group) -> frozenset[str]:
    words = box.mails[group.first].subject.prefixes
    return frozenset(word.upper() for word in words) - _PASSING


def _first(group: Group) -> int:
    return group.first
