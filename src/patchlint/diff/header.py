# SPDX-License-Identifier: GPL-2.0-or-later
"""What the header of one file in a diff says: names, modes, ids."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from patchlint.diff.names import (
    is_epoch,
    is_null,
    lone_prefix,
    prefix,
    read_name,
    split_pair,
    strip,
)

GIT = "diff --git "
_WORDS = (
    "--- ", "+++ ", "old mode ", "new mode ", "deleted file mode ", "new file mode ",
    "copy from ", "copy to ", "rename old ", "rename new ", "rename from ",
    "rename to ", "similarity index ", "dissimilarity index ", "index ",
)  # fmt: skip
_INDEX = re.compile(r"([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?:[ \t]+([0-7]{1,6}))?\s*")
_MODE = re.compile(r"([0-7]{1,6})(?=\s|$)")
_PERCENT = re.compile(r"([0-9]{1,3})%?\s*")
_ZERO = re.compile(r"0+")


class HeaderError(ValueError):
    """The header contradicts itself, or names no file; git refuses it too."""


class Header(Struct, frozen=True):
    """The header of one file; ``stripped`` is how many folders were a prefix."""

    old_path: str | None
    new_path: str | None
    stripped: int = 1
    oids: tuple[str, str] = ("", "")
    modes: tuple[str, str] = ("", "")
    similarity: int | None = None
    copied: bool = False


def header_end(lines: Sequence[str], start: int) -> int:
    """Return the index behind the git header whose first line is at ``start``."""
    end = start + 1
    while end < len(lines) and lines[end].startswith(_WORDS):
        end += 1
    return end


def git_header(lines: Sequence[str], usual: int) -> Header:
    """Read a git header; a name that stands alone has the ``usual`` prefix."""
    said = _said(lines[1:])
    is_new, is_deleted = "new file mode " in said, "deleted file mode " in said
    is_renamed = any(word.startswith("rename ") for word in said)
    is_copied = any(word.startswith("copy ") for word in said)
    if is_new + is_deleted + is_renamed + is_copied > 1:
        raise HeaderError("the header says two things about one file")
    if is_renamed or is_copied:
        old, new, stripped = _moved(said)
    else:
        old, new, stripped = _named(split_pair(lines[0][len(GIT) :]), said, usual)
    return Header(
        old,
        new,
        stripped,
        _oids(said),
        _modes(said),
        _similarity(said),
        is_copied,
    )


def plain_header(first: str, second: str, usual: int) -> Header:
    """Read a header of ``---`` and ``+++`` alone, as git reads it."""
    first, second = first[4:], second[4:]
    old = None if is_null(first) else read_name(first, stamped=True)
    new = None if is_null(second) else read_name(second, stamped=True)
    if old and new:
        stripped = prefix(old, new)
        old, new = strip(old, stripped), strip(new, stripped)
        path = old if new.startswith(old) else new
        is_new, is_gone = is_epoch(first), is_epoch(second)
    elif (name := old or new) and (is_null(first) or is_null(second)):
        stripped = lone_prefix(name, usual)
        path = strip(name, stripped)
        is_new, is_gone = is_null(first), is_null(second)
    else:
        raise HeaderError("the header names no file")
    return Header(
        None if is_new else path, None if is_gone and not is_new else path, stripped
    )


def _said(lines: Sequence[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for line in lines:
        word = next(word for word in _WORDS if line.startswith(word))
        said[word] = line[len(word) :]
    return said


def _moved(said: dict[str, str]) -> tuple[str | None, str | None, int]:
    """Return the names of a rename or a copy; the other lines must not contradict."""
    old = _either(said, "rename from ", "rename old ", "copy from ")
    new = _either(said, "rename to ", "rename new ", "copy to ")
    if not old or not new:
        raise HeaderError("the header of a rename names only one file")
    for word, name in (("--- ", old), ("+++ ", new)):
        other = read_name(said[word]) if word in said else None
        if other and other != name and not other.endswith(f"/{name}"):
            raise HeaderError("the names in the header contradict each other")
    return old, new, 1


def _either(said: dict[str, str], *words: str) -> str | None:
    text = next((said[word] for word in words if word in said), "")
    return read_name(text, tab=False)


def _named(
    pair: tuple[str, str] | None, said: dict[str, str], usual: int
) -> tuple[str | None, str | None, int]:
    """Return the names of a file that keeps its own; None for that of no file."""
    old, new = _side(said, "--- ", "new"), _side(said, "+++ ", "deleted")
    if old and new:
        stripped = prefix(old, new)
    elif pair:
        stripped = prefix(*pair)
    elif name := old or new:
        stripped = lone_prefix(name, usual)
    else:
        raise HeaderError("the header names no file")
    if pair and old is None:
        old = pair[0]
    if pair and new is None:
        new = pair[1]
    own = strip(old or new or "", stripped)
    if (not old or not new) and pair and own != strip(pair[1], stripped):
        raise HeaderError("the names in the header contradict each other")
    return (
        strip(old, stripped) if old else None,
        strip(new, stripped) if new else None,
        stripped,
    )


def _side(said: dict[str, str], word: str, state: str) -> str | None:
    """Return the name of one side, "" for /dev/null, None where no line tells it."""
    text = said.get(word)
    if text is None:
        return "" if f"{state} file mode " in said else None
    if is_null(text):
        return ""
    if f"{state} file mode " in said:
        raise HeaderError(f"a {state} file has a name where it ought to have none")
    return read_name(text) or None


def _oids(said: dict[str, str]) -> tuple[str, str]:
    """Return the abbreviated blob ids; an id of zeros means that side is no file."""
    hit = _INDEX.fullmatch(said.get("index ", ""))
    if not hit:
        return "", ""
    old, new = ("" if _ZERO.fullmatch(oid) else oid for oid in (hit[1], hit[2]))
    return old, new


def _modes(said: dict[str, str]) -> tuple[str, str]:
    """Return the modes before and after; empty where the mail gives none."""
    hit = _INDEX.fullmatch(said.get("index ", ""))
    same = (hit[3] or "") if hit else ""
    old = _mode(said, "old mode ", "deleted file mode ")
    new = _mode(said, "new mode ", "new file mode ")
    if "new file mode " in said or "deleted file mode " in said:
        return old, new
    return old or same, new or same


def _mode(said: dict[str, str], *words: str) -> str:
    for word in words:
        if word in said:
            hit = _MODE.match(said[word])
            if not hit:
                raise HeaderError(f"{word.strip()}: no mode")
            return hit[1]
    return ""


def _similarity(said: dict[str, str]) -> int | None:
    hit = _PERCENT.fullmatch(said.get("similarity index ", ""))
    return int(hit[1]) if hit else None
