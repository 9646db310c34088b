# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint thread``: read the replies, and print who said what about which line."""

from __future__ import annotations

from patchlint.adapters.inputs import read_inputs
from patchlint.cli.output import write
from patchlint.cli.status import CLEAN
from patchlint.cli.taking import tell, understood
from patchlint.cli.thread_options import ThreadArguments
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.report.talked import Talked
from patchlint.series.talk import talk


def thread(options: ThreadArguments) -> int:
    """Show what was said about every posting the arguments name."""
    intake = understood(read_inputs(options.inputs, DEFAULT_LIMITS), DEFAULT_LIMITS)
    tell(intake.defects)
    talked = tuple(Talked(series, talk(series)) for series in intake.postings)
    write(_rendered(talked, options.format), options.output)
    return CLEAN


def _rendered(talked: tuple[Talked, ...], wanted: str) -> str:
    if wanted == "json":
        from patchlint.report import thread_json

        return thread_json.render(talked)
    from patchlint.report import thread_text

    return thread_text.render(talked)
