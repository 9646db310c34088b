# SPDX-License-Identifier: GPL-2.0-or-later
"""The patch id of git: what a diff does, wherever it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from patchlint.model.change import FileChange, Kind, Line

_BLANKS = str.maketrans("", "", " \t\n\r\v\f")
_NULL = "/dev/null"
_BITS = 160


def patch_id(changes: Sequence[FileChange]) -> str:
    """Return what ``git patch-id --stable`` prints, "" where there is nothing to hash.

    It hashes a file at a time, its header and its lines without blanks, and adds the
    hashes up, so that the order of the files makes no difference (builtin/patch-id.c).
    Line numbers and headings do not count; context does. A binary change counts by its
    blob ids, as far as the mail gives them.
    """
    total = 0
    for change in changes:
        text = "".join(_hashed(change)).encode("utf-8", "surrogatepass")
        digest = hashlib.sha1(text, usedforsecurity=False).digest()
        total += int.from_bytes(digest, "little")
    if not changes:
        return ""
    return (total % (1 << _BITS)).to_bytes(_BITS // 8, "little").hex()


def _hashed(change: FileChange) -> Iterator[str]:
    yield from (line.translate(_BLANKS) for line in _header(change))
    if change.binary:
        yield change.old_oid + change.new_oid
        return
    if change.lines:
        old, new = change.old_path, change.new_path
        yield f"---a/{old}".translate(_BLANKS) if old else f"---{_NULL}"
        yield f"+++b/{new}".translate(_BLANKS) if new else f"+++{_NULL}"
    for line in change.lines:
        yield line.kind.value.strip() + line.text.translate(_BLANKS)


def _header(change: FileChange) -> Iterator[str]:
    old, new = change.old_path, change.new_path
    yield f"diff --git a/{old or new} b/{new or old}"
    if old is None or new is None:
        mode, word = (
            (change.new_mode, "new") if old is None else (change.old_mode, "deleted")
        )
        if mode:
            yield f"{word} file mode {mode}"
        return
    if change.old_mode != change.new_mode:
        yield f"old mode {change.old_mode}"
        yield f"new mode {change.new_mode}"
    if change.similarity is not None:
        yield f"similarity index {change.similarity}%"
    if old != new:
        word = "copy" if change.copied else "rename"
        yield f"{word} from {old}"
        yield f"{word} to {new}"


def change_id(changes: Sequence[FileChange]) -> str:
    """Return the same for the lines that come and go alone, "" where none does.

    Two diffs that have it in common differ by what is around them at most.
    """
    total = 0
    for change in changes:
        head = "\0".join(
            (
                change.old_path or _NULL,
                change.new_path or _NULL,
                *(change.new_mode if change.new_mode != change.old_mode else ()),
                *((change.old_oid, change.new_oid) if change.binary else ()),
            )
        )
        text = "\n".join((head, *_moved(change.lines)))
        digest = hashlib.sha1(
            text.encode("utf-8", "surrogatepass"), usedforsecurity=False
        ).digest()
        total += int.from_bytes(digest, "little")
    return f"{total % (1 << _BITS):040x}" if changes else ""


def _moved(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        if line.kind is not Kind.CONTEXT:
            yield line.kind.value + line.text
