# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint b4``: what b4 calls, and how b4 is told to."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr
from functools import partial
from pathlib import Path
from types import TracebackType

from patchlint.cli.status import CLEAN, FOUND, USAGE

_CHECKS = ("check", "review-patch", "review-series")
_MOST = 64 << 20
_WORDS = ("install", "uninstall", "status")


def b4(arguments: Sequence[str]) -> int:
    """Answer b4, or set it up."""
    if arguments[:1] and arguments[0] in _CHECKS:
        return _answer(arguments[0])
    return _set_up(arguments)


def _answer(name: str) -> int:
    """Check the mail on standard input; --key only tells b4 that answers changed."""
    from patchlint.cli import b4_check

    mail = b4_check.Mail(sys.stdin.buffer.read(_MOST))
    answer = {
        "check": b4_check.terse,
        "review-patch": b4_check.perpatch,
        "review-series": b4_check.series,
    }[name]
    # b4 must hear of a crash, and takes each line of a traceback for a failure.
    sys.excepthook = partial(_broken, name)
    with redirect_stderr(io.StringIO()):
        text = answer(mail)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    return FOUND if name == "check" and text else CLEAN


def _broken(
    name: str, kind: type[BaseException], error: BaseException, _: TracebackType | None
) -> None:
    """Write what Python died of as an answer."""
    import json

    from patchlint.report.safe import printable

    why = printable(" ".join(f"not reviewed: {kind.__name__}: {error}".split()))
    entry = [{"tool": "patchlint", "status": "warn", "summary": why}]
    line = f"-:1: WARNING:patchlint: {why}".replace("ERROR:", "error:")
    sys.stdout.write(f"{line if name == 'check' else json.dumps(entry)}\n")


def agent(arguments: Sequence[str]) -> int:
    """Write a review for b4 to take up; the sentence it says is not needed."""
    from patchlint.adapters.git import RepositoryError
    from patchlint.cli.b4_agent import NoReviewError, write_review
    from patchlint.cli.output import complain

    if set(arguments) & {"-h", "--help"}:
        sys.stdout.write("usage: patchlint b4-agent\n\nSee docs/b4.md.\n")
        return CLEAN
    try:
        folder, count = write_review()
    except (NoReviewError, RepositoryError) as error:
        complain(str(error))
        return USAGE
    except OSError as error:
        complain(f"{error.filename}: {error.strerror}")
        return USAGE
    told = f"{folder}: {count} written" if count else "nothing to say"
    sys.stdout.write(f"patchlint: {told}\n")
    return CLEAN


def _set_up(arguments: Sequence[str]) -> int:
    from patchlint.adapters import b4_settings as settings
    from patchlint.cli.output import complain

    given = _parsed(arguments)
    here, scope = Path(), "--global" if given.everywhere else "--local"
    if given.command == "status":
        told = dict(settings.state(here))
        sys.stdout.write("".join(f"{name}: {what}\n" for name, what in told.items()))
        return CLEAN if set(told.values()) & {"ours"} else FOUND
    seams = [seam for seam in settings.SEAMS if getattr(given, seam)] or settings.SEAMS
    if given.command == "install" and (other := settings.foreign(here, seams)):
        complain(f"b4.review-agent-command: somebody else's: {other}")
        return USAGE
    change = settings.added if given.command == "install" else settings.removed
    for line in list(change(here, scope, seams)):
        sys.stdout.write(f"{line.shown(scope)}\n")
        if not given.dry_run and not settings.run(here, scope, line):
            complain(f"git refused: {line.shown(scope)}")
            return USAGE
    return CLEAN


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    from patchlint.adapters.b4_settings import SEAMS
    from patchlint.cli.options import Parser

    parser = Parser(
        prog="patchlint b4",
        description="Have b4 ask patchlint. Shows each line of git config it sets.",
        epilog="See docs/b4.md for what each seam says, and when.",
    )
    parser.add_argument("command", choices=_WORDS)
    for seam in SEAMS:
        parser.add_argument(f"--{seam}", action="store_true", help=f"only b4 {seam}")
    parser.add_argument(
        "--global",
        dest="everywhere",
        action="store_true",
        help="for all repositories of yours",
    )
    parser.add_argument("--dry-run", action="store_true", help="show, and set nothing")
    return parser.parse_args(arguments)
