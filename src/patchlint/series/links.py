# SPDX-License-Identifier: GPL-2.0-or-later
"""Patches that count otherwise than the posting they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from patchlint.series.ancestry import NONE, Box
from patchlint.series.group import Group, is_near, made, sent
from patchlint.series.posted import Role


def find_covers(box: Box, groups: Sequence[Group]) -> list[Group]:
    """Give groups the cover letter that does not count itself as 0/n.

    It has no diff, begins the thread, is from the same sender, was sent right before,
    and one posting only answers it.
    """
    claims: dict[int, list[Group]] = {}
    for group in groups:
        if not group.has_cover and (cover := _naked_cover(box, group)) != NONE:
            claims.setdefault(cover, []).append(group)
    found = {number for number, claim in claims.items() if len(claim) == 1}
    for number in found:
        claims[number][0].cover = number
    return [group for group in groups if not found.issuperset(group.mails)]


def _naked_cover(box: Box, group: Group) -> int:
    mine = {*group.mails}
    over = {box.parents[n] for n in group.mails if box.above[n] not in mine}
    number = over.pop() if len(over) == 1 else NONE
    if number == NONE or box.parents[number] != NONE:
        return NONE
    mail, first = box.mails[number], box.mails[group.first]
    is_cover = (
        box.roles[number] in (Role.TALK, Role.EMPTY)
        and mail.subject.total == 1
        and not mail.subject.reply
        and mail.sender == first.sender
        and mail.sender.mailbox
        and is_near(box, made(box, [number]), group)
    )
    return number if is_cover else NONE


def link(box: Box, groups: Sequence[Group]) -> list[Group]:
    """Put patches that were sent into the thread of their posting where they belong.

    A later version of single patches replaces those that it answers, as b4 has it;
    what only counts wrongly fills the places that are empty.
    """
    owners: dict[int, Group] = {}
    kept: list[Group] = []
    for group in sorted(groups, key=lambda group: sent(box, group)):
        host = _host(box, group, owners)
        if host is None:
            kept.append(group)
            owners |= dict.fromkeys(group.mails, group)
            continue
        if not _is_reroll(box, group, host, owners):
            host.version = max(host.version, group.version)
            host.total = host.total if host.positions - {0} else group.total
        host.take(group)
        owners |= dict.fromkeys(group.mails, host)
    return kept


def _host(box: Box, group: Group, owners: dict[int, Group]) -> Group | None:
    """Return the posting before it whose part a group is, if there is one."""
    if group.has_cover:
        return None
    tops = (box.above[n] for n in group.mails if box.above[n] in owners)
    host = owners.get(next(tops, NONE))
    if host is None or host.sender != group.sender:
        return None
    if _is_reroll(box, group, host, owners):
        return host
    counts = group.total > 1 or group.total == host.total
    fills = counts and host.positions.isdisjoint(group.positions)
    return host if fills and is_near(box, host, group) else None


def _is_reroll(box: Box, group: Group, host: Group, owners: dict[int, Group]) -> bool:
    """Say whether a group is a later version of some patches of another posting.

    Each of them answers the patch it replaces, and the posting is not sent whole again.
    """
    mine = {*group.mails}
    if group.is_complete or group.total != host.total or group.version <= host.version:
        return False
    return all(
        box.above[number] in mine
        or (
            owners.get(box.above[number]) is host
            and _position(box, number) == _position(box, box.above[number])
        )
        for number in group.mails
    )


def _position(box: Box, number: int) -> int:
    return box.mails[number].subject.position
