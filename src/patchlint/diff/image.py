# SPDX-License-Identifier: GPL-2.0-or-later
"""Pre- and post-images: from hunks alone, or hunks applied to a whole file."""

from __future__ import annotations

from patchlint.diff.oid import is_blob
from patchlint.model.change import FileChange, Hunk, Kind, Line
from patchlint.model.image import Image
from patchlint.model.location import Side


def whole_image(path: str, text: str, oid: str) -> Image:
    """Wrap the whole text of a file; it is proven if ``oid`` names it."""
    count = text.count("\n") + (not text.endswith("\n"))
    numbers = tuple(range(1, count + 1))
    return Image(path, text, numbers, whole=True, proven=is_blob(text, oid))


def partial_image(change: FileChange, side: Side) -> Image | None:
    """Join one side of every hunk; None where that side is no file of text."""
    if change.is_symlink or change.is_submodule:
        return None
    path = change.new_path if side is Side.NEW else change.old_path
    if path is None:
        return None
    lines = [line for line in change.lines if _number(line, side) is not None]
    return Image(
        path=path,
        text="".join(f"{line.text}\n" for line in lines),
        numbers=tuple(_number(line, side) or 0 for line in lines),
        whole=False,
        proven=False,
    )


def apply(text: str, change: FileChange) -> str | None:
    """Apply every hunk where it says it belongs.

    None where the text disagrees, or where not every hunk is at hand. A hunk that ends
    without context ends the file, as git apply has it, unless the diff has none at all.
    """
    if change.incomplete:
        return None
    old = _lines(text)
    has_context = any(line.kind is Kind.CONTEXT for line in change.lines)
    new: list[str] = []
    at = 0
    for hunk in change.hunks:
        start = _start(hunk)
        before = [_text(line) for line in hunk.lines if line.kind is not Kind.ADDED]
        if not at <= start <= len(old) or old[start : start + len(before)] != before:
            return None
        is_last = has_context and hunk.lines[-1].kind is not Kind.CONTEXT
        if is_last and start + len(before) != len(old):
            return None
        new += old[at:start]
        new += [_text(line) for line in hunk.lines if line.kind is not Kind.REMOVED]
        at = start + len(before)
    return "".join(new + old[at:])


def _lines(text: str) -> list[str]:
    """Return the lines, each with the newline it has."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _text(line: Line) -> str:
    return f"{line.text}\n" if line.newline else line.text


def _start(hunk: Hunk) -> int:
    """Index of the first old line; an insertion-only hunk names the line before."""
    has_old = any(line.kind is not Kind.ADDED for line in hunk.lines)
    return hunk.old_start - 1 if has_old else hunk.old_start


def _number(line: Line, side: Side) -> int | None:
    return line.new if side is Side.NEW else line.old
