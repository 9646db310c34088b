# SPDX-License-Identifier: GPL-2.0-or-later
"""C and assembly of a work tree: what changed since HEAD, as one patch.

What an editor shows counts, not what it has saved.
"""

from __future__ import annotations

from pathlib import Path

from patchlint.adapters.work_tree import changes, top_of
from patchlint.cli.lsp.series_look import look_at, start_of
from patchlint.cli.lsp.told import NOTHING, Answer, Place, Remark, Swap, Task
from patchlint.cli.lsp.words import remark, troubles
from patchlint.mail.rewrite import changed_lines
from patchlint.model.change import Kind
from patchlint.model.finding import Finding
from patchlint.model.location import Location
from patchlint.report.posting import Mail, change_at, line_at
from patchlint.report.spot import Spot, located, place

_NAME = "the work tree"


def look(task: Task) -> Answer:
    """Return what is said of the open files of one work tree."""
    first = Path(next(iter(task.texts)))
    top = top_of(first)
    if top is None:
        return NOTHING
    names = {_below(top, name): name for name in task.texts}
    texts = {path: task.texts[name] for path, name in names.items() if path}
    found = changes(top, texts)
    if not found.diff:
        return NOTHING
    # What is not committed is no mail; the settings are those of the commit below.
    seen = look_at(_NAME, found.diff, start_of(task, (top,), "HEAD"))
    remarks = tuple(
        _remark(each.finding, each.spot, each.mail, top, names[each.spot.path])
        for each in located(seen.report, seen.postings)
        if not each.spot.in_mail and each.spot.path in names
    )
    unread = seen.unread
    if found.left_out:
        unread += (f"{found.left_out} changed files are too large, or too many",)
    return Answer(remarks, unread, troubles(seen.report))


def _below(top: Path, name: str) -> str:
    """Return a path as the repository has it; "" for one that leads out of it."""
    path = Path(name)
    whole = path.parent.resolve() / path.name
    inner = top.resolve()
    return whole.relative_to(inner).as_posix() if whole.is_relative_to(inner) else ""


def _remark(finding: Finding, at: Spot, mail: Mail, top: Path, name: str) -> Remark:
    first, end = at.columns or (1, 0)
    trace = ((_step(step.where, mail, top), step) for step in finding.trace)
    here = Place(name, at.line, first, end)
    return remark(finding, here, trace, _swaps(finding, mail, at.path))


def _step(where: Location, mail: Mail, top: Path) -> Place | None:
    at = place(where, mail, _NAME)
    return None if at.in_mail else Place(str(top / at.path), at.line)


def _swaps(finding: Finding, mail: Mail, path: str) -> tuple[Swap, ...]:
    """Return the edits of lines that were added, as edits of the file."""
    made = []
    for number, new in changed_lines(mail.message.lines, finding.edits).items():
        change = change_at(mail, number)
        line = line_at(change, number) if change else None
        if change is None or line is None or line.new is None:
            return ()
        is_ours = change.path == path and line.kind is Kind.ADDED
        if not is_ours or not all(row.startswith("+") for row in new):
            return ()
        made.append(Swap(line.new, line.text, tuple(row[1:] for row in new)))
    return tuple(made)
