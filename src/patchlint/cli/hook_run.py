# SPDX-License-Identifier: GPL-2.0-or-later
"""What a hook of ours does when git runs it.

It ends with 0 or 1 where it could look, and with something else where it could not:
what that is worth says the shell script that calls us (adapters/hooks.py).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from patchlint.cli.status import USAGE
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
    try:
        if limit and name == "commit-msg":
            from patchlint.cli.commit_msg import commit_msg

            return commit_msg(file, limit)
        if limit and name == "sendemail-validate":
            from patchlint.cli.sendemail import sendemail_validate

            return sendemail_validate(Path(file), "".join(more[:1]), limit)
    except Exception as error:  # noqa: BLE001 - the hook says what it is worth
        told = printable(" ".join(f"{type(error).__name__}: {error}".split()))
        sys.stderr.write(f"patchlint: {told}\n")
        return USAGE
    sys.stderr.write(f"patchlint: {_HOW}\n")
    return USAGE
