# SPDX-License-Identifier: GPL-2.0-or-later
"""Cut the diff of a mail into files and hunks, as git apply does.

Nothing is understood here but where things begin and end, so that what is wrong with
one file, or with one hunk, spoils no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.diff.header import GIT, header_end

_HUNK = re.compile(
    r"@@ -([0-9]{1,10})(?:,([0-9]{1,10}))? \+([0-9]{1,10})(?:,([0-9]{1,10}))? @@"
)
_COMBINED = ("diff --cc ", "diff --combined ")
_PARENTS = re.compile(r"@@@+ -|index [0-9a-f]+,[0-9a-f]+")
_NEAR = 6
_MARKS = {" ": (1, 1), "": (1, 1), "-": (1, 0), "+": (0, 1)}


class RawHunk(Struct, frozen=True):
    """A hunk: the index of its ``@@`` line, that behind its last line, its numbers.

    More lines of it than it announces may follow, up to ``rest``. ``fault`` says why it
    cannot be read.
    """

    at: int
    end: int
    rest: int
    old: int = 0
    old_count: int = 0
    new: int = 0
    new_count: int = 0
    fault: str = ""


class Section(Struct, frozen=True):
    """One file: indices of its first line, and of that behind its header.

    ``fault`` says why there is no file here: a combined diff, a header that is torn, a
    hunk without a header.
    """

    start: int
    body: int
    hunks: tuple[RawHunk, ...] = ()
    binary: bool = False
    fault: str = ""

    @property
    def end(self) -> int:
        """The index behind its last line."""
        return self.hunks[-1].rest if self.hunks else self.body


COMBINED = "a combined diff: git cannot apply it, and no file can be made of it"
TORN = "the header of a file is torn"
WRAPPED = "the header of a file is torn: its modes and ids are lost"
HEADLESS = "a hunk without the header of a file"


def sections(lines: Sequence[str]) -> Iterator[Section]:
    """Yield every file of a diff in order; text around them is passed over."""
    at = 0
    while at < len(lines):
        section = _section(lines, at)
        if section:
            yield section
        at = section.end if section else at + 1


def _section(lines: Sequence[str], at: int) -> Section | None:
    line = lines[at]
    if line.startswith(GIT):
        body = header_end(lines, at)
        if body > at + 1:
            return _file(lines, at, body)
        fault = _tear(lines, at)
        return Section(at, at + 1, fault=fault) if fault else None
    if _is_plain(lines, at):
        return _file(lines, at, at + 2)
    if line.startswith(_COMBINED):
        near = lines[at + 1 : at + 1 + _NEAR]
        if any(map(_PARENTS.match, near)):
            return Section(at, at + 1, fault=COMBINED)
    if line.startswith("@@ -") and _HUNK.match(line):
        return Section(at, at, tuple(_hunks(lines, at)), fault=HEADLESS)
    return None


def _is_plain(lines: Sequence[str], at: int) -> bool:
    """Say whether a header without a git line begins here."""
    return (
        lines[at].startswith("--- ")
        and len(lines) > at + 2
        and lines[at + 1].startswith("+++ ")
        and lines[at + 2].startswith("@@ -")
    )


def _tear(lines: Sequence[str], at: int) -> str:
    """Say what is wrong where a header goes on, but not at once: a mailer broke it."""
    fault = ""
    for number in range(at + 1, min(at + _NEAR, len(lines))):
        if not lines[number].strip() or lines[number].startswith(GIT):
            break
        if _is_plain(lines, number):
            return WRAPPED
        if header_end(lines, number - 1) > number:
            fault = TORN
    return fault


def _file(lines: Sequence[str], start: int, body: int) -> Section:
    hunks = tuple(_hunks(lines, body))
    first = lines[body] if body < len(lines) else ""
    binary = first.rstrip("\r") == "GIT binary patch" or (
        first.startswith(("Binary files ", "Files ")) and first.endswith(" differ")
    )
    return Section(start, body, hunks, binary and not hunks)


def _hunks(lines: Sequence[str], at: int) -> Iterator[RawHunk]:
    while at < len(lines) and lines[at].startswith("@@ -"):
        hunk = _hunk(lines, at)
        yield hunk
        at = hunk.rest


def _hunk(lines: Sequence[str], at: int) -> RawHunk:
    hit = _HUNK.match(lines[at])
    if not hit:
        return _faulty(lines, at, "the header of a hunk is torn")
    old, new = (1 if hit[n] is None else int(hit[n]) for n in (2, 4))
    end, fault = _extent(lines, at + 1, old, new)
    if fault:
        return _faulty(lines, at, fault)
    return RawHunk(at, end, _rest(lines, end), int(hit[1]), old, int(hit[3]), new)


def _faulty(lines: Sequence[str], at: int, fault: str) -> RawHunk:
    end = _next(lines, at + 1)
    return RawHunk(at, end, end, fault=fault)


def _extent(lines: Sequence[str], at: int, old: int, new: int) -> tuple[int, str]:
    """Return the index behind a hunk of so many lines, or why there is none."""
    start, changed = at, False
    while (old > 0 or new > 0) and at < len(lines):
        cost = _MARKS.get(lines[at][:1])
        if cost:
            old, new = old - cost[0], new - cost[1]
            changed = changed or cost[0] != cost[1]
        elif not _is_marker(lines[at]):
            break
        at += 1
    if old < 0 or new < 0:
        return at, "the lines of a hunk are not as many as its header says"
    if old or new:
        return at, f"a hunk ends after {at - start} lines, too early for its header"
    if not changed:
        return at, "a hunk changes nothing"
    return at + (at < len(lines) and _is_marker(lines[at])), ""


def _is_marker(line: str) -> bool:
    r"""Say whether this is ``\ No newline at end of file``, in any language."""
    return line.startswith("\\ ") and len(line) >= 11


def _rest(lines: Sequence[str], end: int) -> int:
    """Return the index behind lines that a hunk still has, or ``end``.

    Text may follow the last hunk, so a blank or a dash there proves nothing.
    """
    at = end
    while at < len(lines) and lines[at][:1] in ("+", "-", " ", "\\"):
        if lines[at].startswith("-- ") or _is_plain(lines, at):
            break
        at += 1
    if at == end:
        return end
    if at < len(lines) and _HUNK.match(lines[at]):
        return at
    return at if lines[end][0] == "+" else end


def _next(lines: Sequence[str], at: int) -> int:
    """Return the index of the next hunk or file."""
    while at < len(lines):
        line = lines[at]
        if line.startswith((GIT, *_COMBINED)) or _is_plain(lines, at):
            break
        if line.startswith("@@ -") and _HUNK.match(line):
            break
        at += 1
    return at
