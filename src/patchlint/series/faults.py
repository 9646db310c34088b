# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong with a posting: what is missing, twice there, or counts otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchlint.model.defect import Defect, DefectKind
from patchlint.series.ancestry import Box
from patchlint.series.group import Group

_NAMED = 20


def faults(box: Box, group: Group, chosen: Sequence[int]) -> Iterator[Defect]:
    """Yield the defects of a posting; ``chosen`` are the mails that count."""
    yield from _missing(group)
    yield from _twice(box, group, chosen)
    yield from _mixed(box, group, chosen)


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
