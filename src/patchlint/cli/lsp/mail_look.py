# SPDX-License-Identifier: GPL-2.0-or-later
"""A file of mails or a patch: findings at the lines of the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from patchlint.cli.lsp.series_look import Seen, look_at, start_of
from patchlint.cli.lsp.told import Answer, Place, Remark, Swap, Task
from patchlint.cli.lsp.words import remark, troubles
from patchlint.mail.cut import cut
from patchlint.mail.message import parse_message
from patchlint.mail.placing import Placed, placed, starts
from patchlint.mail.rewrite import changed_lines
from patchlint.model.finding import Finding
from patchlint.model.limits import Limits
from patchlint.model.location import Location
from patchlint.model.raw import Raw
from patchlint.report.posting import Mail, is_header, line_of, mails
from patchlint.series.fixes import edits_by_mail


def look(task: Task) -> Answer:
    """Return what is said of the mails of one file."""
    ((name, text),) = task.texts.items()
    data = text.encode()
    start = start_of(task, (Path(name).parent, *map(Path, task.folders)))
    seen = look_at(name, data, start)
    limits = start.options.limits
    where = _where(name, data, limits) if seen.report.findings else {}
    remarks = tuple(
        _remark(finding, mail, name, where[mail.message.message_id], seen)
        for mail in mails(seen.report, seen.postings)
        for finding in mail.findings
        if mail.message.message_id in where
    )
    return Answer(remarks, seen.unread, troubles(seen.report))


def _where(name: str, data: bytes, limits: Limits) -> Mapping[str, Placed]:
    """Return where the lines of each mail are; the first of a name counts."""
    pieces = [p for p in cut((Raw(name, data),), limits) if isinstance(p, bytes)]
    lines = [line.removesuffix("\r") for line in data.decode().split("\n")]
    found: dict[str, Placed] = {}
    for piece, start in zip(pieces, starts(data, pieces), strict=True):
        message = parse_message(piece, limits)
        if message.message_id not in found:
            found[message.message_id] = placed(lines, message, start)
    return found


def _remark(
    finding: Finding, mail: Mail, name: str, where: Placed, seen: Seen
) -> Remark:
    at = finding.anchor.span
    place = Place(name, where.number(at.line))
    if at.end_line == at.line and where.is_equal(at.line):
        place = Place(name, where.number(at.line), at.column, at.end_column)
    trace = ((_step(step.where, mail, name, where), step) for step in finding.trace)
    return remark(finding, place, trace, _swaps(finding, mail, where, seen))


def _step(where: Location, mail: Mail, name: str, placed: Placed) -> Place | None:
    line = line_of(where, mail)
    return Place(name, placed.number(line)) if line else None


def _swaps(finding: Finding, mail: Mail, where: Placed, seen: Seen) -> tuple[Swap, ...]:
    """Return what puts the mail right; none where its lines are not those of the file.

    Headers are ASCII, or would have to be encoded.
    """
    message = mail.message
    edits = edits_by_mail((finding,), seen.postings).get(message.message_id, ())
    changed = changed_lines(message.lines, edits)
    for line, new in changed.items():
        is_plain = not is_header(message, line) or all(row.isascii() for row in new)
        if not (is_plain and where.is_equal(line)):
            return ()
    return tuple(
        Swap(where.number(line), message.line(line), new)
        for line, new in changed.items()
    )
