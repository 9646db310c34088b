# SPDX-License-Identifier: GPL-2.0-or-later
"""Regular expressions, kept compiled from one start to the next.

Python compiles each of some 700 patterns anew at every start, in Python: a third of
the time of a small review. What the compiler makes is a list of numbers, so those that
modules and cards write down are kept in the user's cache; never one that is made of
what a mail says. It rests on the inside of ``re`` as it is since Python 3.11: where
that looks another way, or the file does not fit, everything is compiled as ever.
``_sre`` checks the numbers it is given (``_validate`` in Modules/_sre/sre.c).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from msgspec import MsgspecError, Struct
from msgspec.msgpack import Decoder, Encoder

from patchlint.adapters.folders import replace_file

_OPTIONS = "patchlint.lint.options"
_MOST = 4000
_LARGEST = 8_000_000
# What _sre.compile takes: pattern, flags, code, groups, names of groups both ways.
_Compiled = tuple[str, int, list[int], int, dict[str, int], tuple[str | None, ...]]


class _Entry(Struct, frozen=True, array_like=True):
    """A pattern and its flags as they are asked for, and what they compile to."""

    pattern: str
    flags: int
    made: _Compiled


_Known = dict[tuple[str, int], _Compiled]


@contextmanager
def kept(folder: Path) -> Iterator[None]:
    """Compile with what is kept below ``folder``, and keep what comes to it."""
    try:
        parts = ("_sre", "re._compiler", "re._parser")
        sre, compiler, parser = map(import_module, parts)
        memory = _Memory(sre, compiler, parser, folder)
    except (ImportError, AttributeError):
        yield
        return
    try:
        yield
    finally:
        memory.end()


class _Memory:
    """What stands in for the compiler of ``re`` until the end."""

    def __init__(self, sre: Any, compiler: Any, parser: Any, folder: Path) -> None:
        tag = sys.implementation.cache_tag
        self._path = folder / f"patterns-{tag}-{sre.MAGIC}.msgpack"
        self._usual, self._code = compiler.compile, compiler._code  # noqa: SLF001
        self._sre, self._compiler, self._parser = sre, compiler, parser
        self._known = _load(self._path)
        self._begun_with = len(self._known)
        compiler.compile = self._compile

    def end(self) -> None:
        """Give back what was there, and keep what is new."""
        self._compiler.compile = self._usual
        if self._begun_with < len(self._known) <= _MOST:
            # A card of others may have half a character.
            with suppress(OSError, UnicodeEncodeError):
                _keep(self._path, self._known)

    def _compile(self, pattern: Any, flags: int = 0) -> Any:
        key = (pattern, int(flags))
        made = self._known.get(key)
        if made is None:
            frame = sys._getframe(1)  # noqa: SLF001
            if not (isinstance(pattern, str) and _is_written(pattern, frame)):
                return self._usual(pattern, flags)
            made = _compiled(self._parser.parse(pattern, flags), self._code, *key)
            self._known[key] = made
        try:
            return self._sre.compile(*made)
        except RuntimeError:
            return self._usual(pattern, flags)


def _is_written(pattern: str, frame: FrameType | None) -> bool:
    """Say whether a module as it is imported, a line of ours or a card has it."""
    while frame is not None and frame.f_globals.get("__name__") == "re":
        frame = frame.f_back
    if frame is None:
        return False
    if frame.f_code.co_name == "<module>":
        return True
    name = str(frame.f_globals.get("__name__", ""))
    is_ours = name.startswith("patchlint.") and pattern in frame.f_code.co_consts
    return is_ours or name == _OPTIONS


def _compiled(
    parsed: Any, code: Callable[[Any, int], list[int]], pattern: str, flags: int
) -> _Compiled:
    """Do what ``re._compiler.compile`` does, but for the last step."""
    state = parsed.state
    names: list[str | None] = [None] * state.groups
    for name, number in state.groupdict.items():
        names[number] = name
    numbers = [int(number) for number in code(parsed, flags)]
    both = int(flags | state.flags)
    groups = dict(state.groupdict)
    return pattern, both, numbers, state.groups - 1, groups, tuple(names)


def _load(path: Path) -> _Known:
    """Return what is kept; nothing where the file is none of ours."""
    try:
        if path.stat().st_size > _LARGEST:
            return {}
        entries = Decoder(list[_Entry]).decode(path.read_bytes())
    except (OSError, MsgspecError):
        return {}
    return {(entry.pattern, entry.flags): entry.made for entry in entries}


def _keep(path: Path, known: _Known) -> None:
    entries = [_Entry(*key, made) for key, made in known.items()]
    replace_file(path, Encoder().encode(entries))
