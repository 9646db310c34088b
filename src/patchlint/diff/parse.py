# SPDX-License-Identifier: GPL-2.0-or-later
"""Diff text to FileChanges; the only module that knows unidiff."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as RawHunk
from unidiff.patch import PatchedFile, PatchSet

from patchlint.model.change import FileChange, Hunk, Kind, Line

_INDEX = re.compile(r"index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})")
_ZERO = re.compile(r"0+")
_QUOTED = re.compile(r'\\(?:([0-3][0-7]{2})|([abfnrtv"\\]))')
_LETTERS = dict(zip('abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))
_KINDS = frozenset(kind.value for kind in Kind)


class DiffError(ValueError):
    """The diff does not parse; the text says where."""


def parse_diff(lines: Sequence[str], first: int = 1) -> tuple[FileChange, ...]:
    """Read a git diff.

    ``lines`` have no newline at their end; ``first`` is the mail line number of the
    first of them. Raises DiffError where unidiff refuses the text.
    """
    try:
        files = PatchSet("\n".join(lines) + "\n")
    except (UnidiffParseError, ValueError) as error:
        raise DiffError(" ".join(str(error).split())) from error
    return tuple(_change(file, first - 1, _head(file, lines)) for file in files)


def _head(raw: PatchedFile, lines: Sequence[str]) -> int:
    """Return where a file begins; unidiff names its ``+++`` if it has no git header."""
    number = raw.diff_line_no or 1
    return number - 1 if lines[number - 1].startswith("+++ ") else number


def _change(raw: PatchedFile, offset: int, head: int) -> FileChange:
    old, new = _oids(raw)
    hunks = tuple(_hunk(hunk, offset) for hunk in raw)
    return FileChange(
        old_path=_path(raw.source_file),
        new_path=_path(raw.target_file),
        old_oid=old,
        new_oid=new,
        hunks=hunks,
        mail=offset + head,
        binary=raw.is_binary_file,
        copied=any(line.startswith("copy from ") for line in raw.patch_info or ()),
    )


def _oids(raw: PatchedFile) -> tuple[str, str]:
    """Return the abbreviated blob ids; an id of zeros means that side is no file."""
    for line in raw.patch_info or ():
        if hit := _INDEX.match(line):
            old, new = hit[1], hit[2]
            return ("" if _ZERO.fullmatch(old) else old), (
                "" if _ZERO.fullmatch(new) else new
            )
    return "", ""


def _path(name: str) -> str | None:
    if name == "/dev/null":
        return None
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = _unquoted(name[1:-1])
    return name[2:] if name.startswith(("a/", "b/")) else name


def _unquoted(name: str) -> str:
    """Undo the quoting of core.quotePath: C letters, and bytes as octal numbers."""
    raw = name.encode("utf-8", "surrogateescape").decode("latin-1")
    text = _QUOTED.sub(
        lambda hit: chr(int(hit[1], 8) if hit[1] else _LETTERS[hit[2]]), raw
    )
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


def _hunk(raw: RawHunk, offset: int) -> Hunk:
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
        elif line.line_type == "\\" and lines:
            lines[-1] = replace(lines[-1], newline=False)
    at = lines[0].mail - 1 if lines else offset + 1
    return Hunk(
        raw.source_start, raw.target_start, raw.section_header, tuple(lines), at
    )
