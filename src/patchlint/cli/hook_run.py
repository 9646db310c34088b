# SPDX-License-Identifier: GPL-2.0-or-later
"""What a hook of ours does when git runs it.

It ends with 0 where all is well and with ``STOP`` where it is not. Whatever else it
ends with, a crash of Python's among it, says that it could not look: what that is worth
says the shell script that calls us (adapters/hooks.py).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from patchlint.adapters.hooks import STOP
from patchlint.cli.status import FOUND, USAGE
from patchlint.model.finding import Severity
from patchlint.report.safe import printable

_HOW = "patchlint hook run NAME --fail-on SEVERITY FILE [HEADERS]"


def run(arguments: Sequence[str]) -> int:
    """Run a hook; its answer goes to stderr, as git would send it there itself."""
    match arguments:
        case [name, "--fail-on", severity, file, *more]:
            limit = Severity.__members__.get(severity.upper())
        case _:
            limit, name, file, more = None, "", "", []
    if limit is None:
        return _broken(_HOW)
    try:
        status = _run(name, limit, file, "".join(more[:1]))
    except (OSError, ValueError) as error:
        return _broken(f"{type(error).__name__}: {error}")
    return STOP if status == FOUND else status


def _run(name: str, limit: Severity, file: str, headers: str) -> int:
    if name == "commit-msg":
        from patchlint.cli.commit_msg import commit_msg

        return commit_msg(file, limit)
    if name == "sendemail-validate":
        from patchlint.cli.sendemail import sendemail_validate

        return sendemail_validate(Path(file), headers, limit)
    return _broken(_HOW)


def _broken(why: str) -> int:
    told = printable(" ".join(why.split()))
    sys.stderr.write(f"patchlint: {told}\n")
    return USAGE
