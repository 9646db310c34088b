# SPDX-License-Identifier: GPL-2.0-or-later
"""``-o FILE`` and ``-o FORMAT=FILE``: where the answers of one run go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from msgspec import Struct


class OutputError(ValueError):
    """An output that cannot be meant; the text says why."""


class Outputs(Struct, frozen=True):
    """``main`` takes the place of standard output, ``more`` are written besides."""

    main: Path | None = None
    more: tuple[tuple[str, Path], ...] = ()


def parse_outputs(given: Iterable[str], formats: Collection[str]) -> Outputs:
    """Sort what was given; a file that is called ``a=b`` is ``./a=b``."""
    main: list[Path] = []
    more: list[tuple[str, Path]] = []
    for text in given:
        name, sign, path = text.partition("=")
        if not sign or not re.fullmatch(r"[a-z-]+", name):
            main.append(Path(text))
        elif name in formats and path:
            more.append((name, Path(path)))
        else:
            raise OutputError(_unknown(text, name, formats))
    if len(main) > 1:
        raise OutputError(f"{main[1]}: there is one standard output; use FORMAT=FILE")
    return Outputs(main[0] if main else None, tuple(more))


def _unknown(text: str, name: str, formats: Collection[str]) -> str:
    if name in formats:
        return f"{text}: no file is named"
    from difflib import get_close_matches

    near = get_close_matches(name, formats, n=1)
    hint = f" (is it {near[0]}?)" if near else ""
    return f"no format is called {name!r}{hint}; a file of that name is ./{text}"
