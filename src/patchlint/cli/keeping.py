# SPDX-License-Identifier: GPL-2.0-or-later
"""What is kept between runs, as the arguments want it.

A file that was named has to be usable. The one that is there by default only helps:
a run that cannot use it says so, and goes on without.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.cli.output import complain
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.report.manner import Memory


class Keeping(Struct, frozen=True):
    """The file that was named, if one was, and whether nothing is to be kept."""

    named: Path | None = None
    is_off: bool = False

    @classmethod
    def of(cls, given: argparse.Namespace) -> Keeping:
        """Return what was given of the options that ``add_keeping`` adds."""
        return cls(given.state, given.no_state)


def add_keeping(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    group = parser.add_argument_group("what is kept between runs")
    add = group.add_mutually_exclusive_group().add_argument
    add(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep it there; for patchlint reply, drafts then count as sent (default: "
        "~/.local/state/patchlint/state.sqlite, and only what was sent)",
    )
    add("--no-state", action="store_true", help="neither read nor write any")


def state_file() -> Path | None:
    """Return where the state is kept (XDG base directory specification), None if
    there is no home to keep it in."""
    base = os.environ.get("XDG_STATE_HOME", "")
    if Path(base).is_absolute():
        return Path(base) / "patchlint/state.sqlite"
    try:
        return Path.home() / ".local/state/patchlint/state.sqlite"
    except RuntimeError:
        return None


def place_of(keeping: Keeping) -> Path | None:
    """Return the file to use, None if there is to be none."""
    return None if keeping.is_off else keeping.named or state_file()


def recall(keeping: Keeping, postings: Sequence[Series]) -> Memory:
    """Return what earlier runs know of the mails of postings."""
    place = place_of(keeping)
    if place is None or (keeping.named is None and not is_file(place)):
        return Memory()
    # Not before it is known that there is something to read.
    from patchlint.adapters.state import StateError, load

    try:
        return load(place, _mails_of(postings))
    except StateError as error:
        if keeping.named is not None:
            raise
        complain(f"nothing is known of earlier runs: {error}")
        return Memory()


def keep(keeping: Keeping, news: Memory) -> None:
    """Add what is new to what is known."""
    place = place_of(keeping)
    if place is None or news == Memory():
        return
    from patchlint.adapters.state import StateError, save

    try:
        save(place, news)
    except StateError as error:
        if keeping.named is not None:
            raise
        complain(f"not kept for later runs: {error}")


def is_file(place: Path) -> bool:
    """Say whether there is a file; what cannot be looked at may be one."""
    try:
        return place.is_file()
    except OSError:
        return True


def _mails_of(postings: Sequence[Series]) -> Iterator[Message]:
    """Yield the mails of postings and of the versions before them."""
    for series in postings:
        at: Series | None = series
        while at is not None:
            yield from at.messages
            at = at.previous
