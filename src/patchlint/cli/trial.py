# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint test DIR``: try cards on their own examples."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from patchlint.adapters.more_cards import cards_in, checks_with
from patchlint.adapters.settings import of_user, user_file
from patchlint.cli.options import Parser
from patchlint.cli.output import write
from patchlint.cli.status import CLEAN, FOUND
from patchlint.lint.bind import bind
from patchlint.lint.settings import SettingsError, merged
from patchlint.report.safe import cut
from patchlint.report.summary import count as counted
from patchlint.trial.run import count, faults

_WIDEST = 400
_EPILOG = """\
A bad example has carets (^^^) under what is to be found, then what is to be said; a
good one has none. See docs/third-party-rules.md.

exit status: 0 all are as their cards say, 1 some are not, 2 a card cannot be read
"""


def trial(arguments: Sequence[str]) -> int:
    """Run every rule of a folder on the examples of its card, and tell of each."""
    folder = trial_parser().parse_args(arguments).folder
    # Cards may name checks that the user's own settings bring.
    checks = checks_with(merged((of_user(user_file(os.environ)),)).checks)
    cards = cards_in(folder)
    if not cards:
        raise SettingsError(f"{folder}: no cards (GROUP/NAME.toml) in it")
    rows: list[str] = []
    wrong = 0
    for card in cards:
        if card.extra:
            rows.append(f"{card.id}: left out: needs the extra {card.extra}")
            continue
        found = list(faults(bind(card, checks)))
        wrong += bool(found)
        state = "wrong" if found else "ok"
        rows.append(f"{card.id}: {counted(count(card), 'example')}: {state}")
        rows += (f"    {fault}" for fault in found)
    rows.append(f"{counted(len(cards), 'card')}, {wrong} wrong")
    write("".join(f"{cut(row, _WIDEST)}\n" for row in rows), None)
    return FOUND if wrong else CLEAN


def trial_parser() -> Parser:
    """Return the parser of ``patchlint test``."""
    what = "Try the rules of a folder of cards on the examples of these cards."
    parser = Parser(prog="patchlint test", description=what, epilog=_EPILOG)
    parser.add_argument("folder", metavar="DIR", type=Path)
    return parser
