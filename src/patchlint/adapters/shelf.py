# SPDX-License-Identifier: GPL-2.0-or-later
"""What rules said of a series, kept for the next run that would ask the same.

The name of a file is a digest of everything an answer rests on (see ``shelf_for``), so
that no file is ever wrong, only of no use any more. The folder is the user's cache: it
can be removed at any time, its size is bounded, and any number of processes may read
and write it, since each file is written whole and under another name first.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from patchlint import __version__
from patchlint.adapters.folders import builtin_cards, replace_file
from patchlint.adapters.repo_stamp import repo_stamp
from patchlint.adapters.rulebook import PACKED
from patchlint.adapters.world import World
from patchlint.lint.budget import is_of_time
from patchlint.lint.card import Card
from patchlint.lint.options import Options
from patchlint.lint.rule import Result, Rule
from patchlint.model.finding import Crash, Evidence, Skip
from patchlint.model.series import Series

# Bytes: the largest answer that is kept, and what each of 16 folders may hold.
_LARGEST = 1 << 20
_FOLDER = 4 << 20
_NO_OPTIONS = Options()
_SOURCES = Path(__file__).parents[1]
_PARSERS = ("tree_sitter", "tree_sitter_c", "unidiff")


def _plain(value: object) -> object:
    """Return what msgpack has no form for as something that it has."""
    if isinstance(value, range):
        return value.start, value.stop, value.step
    if isinstance(value, re.Pattern):
        return value.pattern, value.flags
    raise NotImplementedError


# In order, so that a set of words is the same bytes in every process.
_ENCODER = Encoder(enc_hook=_plain, order="deterministic")
_DECODER: Decoder[tuple[Result, ...]] = Decoder(tuple[Result, ...])


class Shelf(Struct, frozen=True):
    """A folder, and the digest of all that is the same for all series of a run.

    ``keeps`` says whether something new may be put there.
    """

    folder: Path
    key: str
    keeps: bool

    def look(
        self, series: Series, anew: Callable[[], tuple[Result, ...]]
    ) -> tuple[Result, ...]:
        """Return what is kept of a series, else look ``anew`` and keep that."""
        path = self._path(series)
        if path is None:
            return anew()
        try:
            if path.stat().st_size <= _LARGEST:
                found = unpacked(path.read_bytes())
                # What is in use is let go of last.
                os.utime(path)
                return found
        except (OSError, MsgspecError):
            pass
        found = anew()
        if self.keeps and not any(map(_may_differ, found)):
            with suppress(OSError):
                _keep(path, packed(found))
        return found

    def _path(self, series: Series) -> Path | None:
        """Return where the answer for a series is kept, None where none can be."""
        text = packed(series)
        if text is None:
            return None
        name = sha256(self.key.encode() + text).hexdigest()
        return self.folder / name[0] / f"{name}.msgpack"


def packed(value: object) -> bytes | None:
    """Return a value as bytes; None for what msgpack has no form for.

    A mail may hold halves of characters, and numbers of any length.
    """
    try:
        return _ENCODER.encode(value)
    except (NotImplementedError, OverflowError, RecursionError, TypeError, ValueError):
        return None


def unpacked(data: bytes) -> tuple[Result, ...]:
    """Return the results that are packed; MsgspecError where it is something else."""
    return _DECODER.decode(data)


def shelf_for(folder: Path, rules: Sequence[Rule], world: World) -> Shelf | None:
    """Return the shelf of a run, None where what it rests on has no digest.

    That is: this program, the rules with their options, who is told what, the limits,
    and the state of the repository as far as it may be read.
    """
    stamp, keeps = "", True
    if world.evidence is not Evidence.MAIL:
        stamped = repo_stamp(world.repository)
        if stamped is None:
            return None
        stamp, keeps = stamped.text, stamped.is_settled
    policy = world.policy
    told = policy.profiles, policy.wanted, policy.audience, policy.bisects
    parts = (
        [__version__, _code(), stamp, world.evidence],
        [_told(rule.card) for rule in rules],
        [told, policy.selection, world.limits],
    )
    text = packed(parts)
    return None if text is None else Shelf(folder, sha256(text).hexdigest(), keeps)


def _told(card: Card) -> tuple[Card, Mapping[str, object]]:
    """Return a card without what its options know by heart after their first use."""
    return replace(card, options=_NO_OPTIONS), card.options.values


def _code() -> str:
    """Return what changes with this program, also where somebody works on it."""
    packed = builtin_cards() / PACKED
    paths = [packed] if packed.exists() else sorted(_SOURCES.rglob("*.py"))
    specs = map(find_spec, _PARSERS)
    paths += [Path(spec.origin) for spec in specs if spec and spec.origin]
    states = ((path, path.stat()) for path in paths)
    told = (f"{path} {s.st_size} {s.st_mtime_ns}" for path, s in states)
    return " ".join((sys.version, *told))


def _may_differ(result: Result) -> bool:
    """Say whether another run might answer otherwise: in more time, or alive."""
    return isinstance(result, Crash) or (
        isinstance(result, Skip) and is_of_time(result.needs)
    )


def _keep(path: Path, data: bytes | None) -> None:
    """Write a file, and let go of those that were not used for longest."""
    if data is None or len(data) > _LARGEST:
        return
    replace_file(path, data)
    for old in _surplus(path.parent.iterdir()):
        old.unlink(missing_ok=True)


def _surplus(paths: Iterable[Path]) -> list[Path]:
    """Return the files that do not fit, after those that were used last."""
    sizes: list[tuple[int, int, Path]] = []
    for path in paths:
        # Another process may be faster.
        with suppress(OSError):
            state = path.stat()
            sizes.append((state.st_mtime_ns, state.st_size, path))
    left, surplus = _FOLDER, []
    for _, size, path in sorted(sizes, reverse=True):
        left -= size
        if left < 0:
            surplus.append(path)
    return surplus
