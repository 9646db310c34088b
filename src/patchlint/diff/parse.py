# SPDX-License-Identifier: GPL-2.0-or-later
"""Diff text to FileChanges; the only module that knows unidiff.

unidiff reads the hunks of one file at a time. Where files and hunks begin and end,
what they are called, and what is wrong with them is found before (``sections``,
``header``): unidiff loses the whole mail to one bad line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace
from unidiff.patch import Hunk as RawLines
from unidiff.patch import PatchSet

from patchlint.diff.header import GIT, Header, HeaderError, git_header, plain_header
from patchlint.diff.path import printed, unsafe
from patchlint.diff.sections import COMBINED, WRAPPED, RawHunk, Section, sections
from patchlint.model.change import Diff, FileChange, Hunk, Kind, Line
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.limits import DEFAULT_LIMITS, Limits

_KINDS = frozenset(kind.value for kind in Kind)
_NO_NEWLINE = "\\"
_MARKER = "\\ No newline at end of file"


def parse_diff(
    lines: Sequence[str], first: int = 1, limits: Limits = DEFAULT_LIMITS
) -> Diff:
    """Read a diff of any kind; never fail.

    ``lines`` have no newline at their end; ``first`` is the mail line number of the
    first of them. What cannot be read is a defect, and the rest is read.
    """
    found = tuple(_read(lines, first, limits))
    return Diff(
        tuple(entry for entry in found if isinstance(entry, FileChange)),
        tuple(entry for entry in found if isinstance(entry, Defect)),
    )


def _read(
    lines: Sequence[str], first: int, limits: Limits
) -> Iterator[FileChange | Defect]:
    usual, left = 1, limits.hunk_lines
    for number, section in enumerate(sections(lines), 1):
        at = first + section.start
        left -= sum(hunk.end - hunk.at for hunk in section.hunks)
        if number > limits.files or left < 0:
            yield _limit(limits, at, is_files=number > limits.files)
            return
        header = _header(lines, section, usual)
        if isinstance(header, Header):
            usual = header.stripped
            yield from _faults(section, first)
            yield _change(lines, section, header, first)
        else:
            yield Defect(*header, at, hides=header[1] != WRAPPED)


def _limit(limits: Limits, at: int, *, is_files: bool) -> Defect:
    what = (
        f"{limits.files} files" if is_files else f"{limits.hunk_lines} lines of hunks"
    )
    text = f"more than {what}: the diff is not read from here on"
    return Defect(DefectKind.LIMIT, text, at, hides=True)


def _header(
    lines: Sequence[str], section: Section, usual: int
) -> Header | tuple[DefectKind, str]:
    """Return the header of a file, or why that file is not read."""
    if section.fault:
        is_combined = section.fault == COMBINED
        kind = DefectKind.DIFF_COMBINED if is_combined else DefectKind.DIFF_UNREADABLE
        return kind, section.fault
    head = lines[section.start : section.body]
    try:
        is_git = head[0].startswith(GIT)
        header = (
            git_header(head, usual) if is_git else plain_header(head[0], head[1], usual)
        )
    except HeaderError as error:
        return DefectKind.DIFF_UNREADABLE, str(error)
    for path in (header.old_path, header.new_path):
        if path is not None and (reason := unsafe(path)):
            return (
                DefectKind.DIFF_PATH,
                f"{printed(path)} {reason}: the file is left out",
            )
    return header


def _faults(section: Section, first: int) -> Iterator[Defect]:
    """Say which hunks could not be read, in whole or in part."""
    for hunk in section.hunks:
        at = first + hunk.at
        if hunk.fault:
            yield Defect(DefectKind.DIFF_COUNT, hunk.fault, at, hides=True)
        elif hunk.rest > hunk.end:
            text = f"a hunk has {hunk.rest - hunk.end} lines more than its header says"
            yield Defect(DefectKind.DIFF_COUNT, text, at, hides=True)


def _change(
    lines: Sequence[str], section: Section, header: Header, first: int
) -> FileChange:
    whole = [hunk for hunk in section.hunks if not hunk.fault]
    return FileChange(
        old_path=header.old_path,
        new_path=header.new_path,
        old_oid=header.oids[0],
        new_oid=header.oids[1],
        hunks=tuple(_hunks(lines, whole, first)),
        mail=first + section.start,
        binary=section.binary,
        copied=header.copied,
        old_mode=header.modes[0],
        new_mode=header.modes[1],
        similarity=header.similarity,
        incomplete=any(hunk.fault or hunk.rest > hunk.end for hunk in section.hunks),
    )


def _hunks(
    lines: Sequence[str], hunks: Sequence[RawHunk], first: int
) -> Iterator[Hunk]:
    """Let unidiff read the hunks of one file, under a header that cannot fail."""
    files = PatchSet(_text(lines, hunks)) if hunks else []
    number = 3
    for raw, hunk in zip((h for file in files for h in file), hunks, strict=True):
        at = first + hunk.at
        yield _hunk(raw, at, at - number)
        number += hunk.end - hunk.at


def _text(lines: Sequence[str], hunks: Sequence[RawHunk]) -> Iterator[str]:
    yield "--- a/f\n"
    yield "+++ b/f\n"
    for hunk in hunks:
        for line in lines[hunk.at : hunk.end]:
            yield f"{_MARKER if line.startswith(_NO_NEWLINE) else line}\n"


def _hunk(raw: RawLines, at: int, offset: int) -> Hunk:
    lines: list[Line] = []
    for line in raw:
        if line.line_type in _KINDS:
            lines.append(
                Line(
                    kind=Kind(line.line_type),
                    text=line.value.removesuffix("\n"),
                    old=line.source_line_no,
                    new=line.target_line_no,
                    mail=offset + (line.diff_line_no or 0),
                )
            )
        elif lines:
            lines[-1] = replace(lines[-1], newline=False)
    return Hunk(
        raw.source_start, raw.target_start, raw.section_header, tuple(lines), at
    )
