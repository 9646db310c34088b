# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint patchwork``: review, and post the outcome as checks; dry by default."""

from __future__ import annotations

import sys
from urllib.parse import quote

from patchlint.adapters.patchwork import PatchworkError, Server, account
from patchlint.cli.output import complain
from patchlint.cli.patchwork_options import PatchworkArguments
from patchlint.cli.review import reviewed
from patchlint.cli.status import BROKEN, CLEAN, USAGE
from patchlint.report.checks import Check, checks_of
from patchlint.report.safe import printable

# The longest URL that Patchwork takes.
_LONGEST = 200


def patchwork(options: PatchworkArguments) -> int:
    """Post or print the checks; return the exit status."""
    report, postings = reviewed(options.review)
    checks = tuple(checks_of(report, postings, options.context))
    status = BROKEN if report.crashes else CLEAN
    if not options.sends:
        for check in checks:
            _tell(check, "not sent")
        return status
    try:
        server = Server(account(options.url), options.project)
    except PatchworkError as error:
        complain(str(error))
        return USAGE
    # One patch that is not there stops no other.
    results = [_send(server, check, options.target) for check in checks]
    return status if all(results) else USAGE


def _send(server: Server, check: Check, target: str) -> bool:
    link = target.replace("{msgid}", quote(check.message_id, safe="@"))
    link = link if len(link) <= _LONGEST else ""
    try:
        patch = server.patch(check.message_id)
        if server.has(patch, check, link):
            _tell(check, "there already")
        else:
            server.post(patch, check, link)
            _tell(check, "sent")
    except PatchworkError as error:
        complain(str(error))
        return False
    return True


def _tell(check: Check, what: str) -> None:
    line = (
        f"<{check.message_id}> {check.context}: {check.state}: "
        f"{check.description} ({what})"
    )
    sys.stdout.write(f"{printable(line)}\n")
