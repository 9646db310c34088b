# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong with a posting: what is missing, twice there, or counts otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from patchlint.model.defect import Defect, DefectKind
from patchlint.series.ancestry import Box
from patchlint.series.group import Group
from patchlint.series.posted import Role

_NAMED = 20


def faults(box: Box, group: Group, chosen: Sequence[int]) -> Iterator[Defect]:
    """Yield the defects of a posting; ``chosen`` are the mails that count."""
    yield from _missing(group)
    yield from _empty(box, chosen)
    yield from _some(_twice(box, group, chosen))
    yield from _some(_mixed(box, group, chosen))


def _some(defects: Iterator[Defect]) -> Iterator[Defect]:
    """Yield the first ones: a thread can be made to have thousands, which nobody reads.

    How many more there are is one more.
    """
    yield from islice(defects, _NAMED)
    rest = list(defects)
    if rest:
        hides = any(defect.hides for defect in rest)
        yield Defect(rest[0].kind, f"and {len(rest)} more like that", hides=hides)


def _empty(box: Box, chosen: Sequence[int]) -> Iterator[Defect]:
    for number in chosen:
        if box.roles[number] is Role.EMPTY:
            text = f"{_name(box.mails[number].subject.position)} has no diff"
            yield Defect(DefectKind.DIFF_UNREADABLE, text, hides=True)


def _missing(group: Group) -> Iterator[Defect]:
    gaps = list(_gaps(group))
    if not gaps:
        return
    named = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in gaps[:_NAMED])
    more = ", ..." if len(gaps) > _NAMED else ""
    text = f"of {group.total} patches these are not at hand: {named}{more}"
    yield Defect(DefectKind.SERIES_MISSING, text, hides=True)


def _gaps(group: Group) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each gap; totals may be absurd."""
    expected = 1
    for position in sorted(group.positions - {0}):
        if position > group.total:
            break
        if position > expected:
            yield expected, position - 1
        expected = position + 1
    if expected <= group.total:
        yield expected, group.total


def _twice(box: Box, group: Group, chosen: Sequence[int]) -> Iterator[Defect]:
    best = {box.mails[number].subject.position: number for number in chosen}
    spare = sorted({*group.mails} - {*chosen})
    for number in spare:
        mail = box.mails[number]
        other = box.mails[best[mail.subject.position]]
        shared = any(defect.kind is DefectKind.MAIL_ID for defect in mail.defects)
        text = (
            f"{_name(mail.subject.position)} came more than once:"
            f" <{other.message_id}> is read, <{mail.message_id}> is not"
        )
        yield Defect(DefectKind.SERIES_DUPLICATE, text, hides=shared)


def _mixed(box: Box, group: Group, chosen: Sequence[int]) -> Iterator[Defect]:
    for number in chosen:
        subject = box.mails[number].subject
        name = _name(subject.position)
        if subject.version != group.version:
            text = f"{name} is of v{subject.version}, the posting is v{group.version}"
            yield Defect(DefectKind.SERIES_MIXED, text)
        if subject.total != group.total:
            text = f"{name} counts {subject.total} patches, others {group.total}"
            yield Defect(DefectKind.SERIES_MIXED, text)


def _name(position: int) -> str:
    return f"patch {position}" if position else "the cover letter"
