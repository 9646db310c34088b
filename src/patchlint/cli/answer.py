# SPDX-License-Identifier: GPL-2.0-or-later
"""Write what a review found: to a terminal, to a pipe, to files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from patchlint.cli.links import links_to
from patchlint.cli.options import Arguments
from patchlint.cli.output import write
from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.report import FORMATS
from patchlint.report.look import Look


def answer(
    options: Arguments, report: Report, postings: Sequence[Series], seconds: float
) -> None:
    """Write every answer that was asked for, the one for whoever called us last."""
    for form, path in options.more:
        write(_rendered(form, options, report, postings), path)
    if options.drafting.drafts is not None:
        _save_drafts(options.drafting.drafts, options, report, postings)
    if options.format == "text" and options.output is None and sys.stdout.isatty():
        text = _for_terminal(options, report, postings, seconds)
    else:
        text = _rendered(options.format, options, report, postings)
    write(text, options.output)


def _rendered(
    form: str, options: Arguments, report: Report, postings: Sequence[Series]
) -> str:
    if form == "reply":
        return _drafts(options, report, postings)
    if form == "text":
        from patchlint.report import text

        return text.render(report, postings, Look(detail=options.detail))
    return FORMATS[form](report, postings)


def _for_terminal(
    options: Arguments, report: Report, postings: Sequence[Series], seconds: float
) -> str:
    """Return text as wide as the terminal, in colour (https://no-color.org)."""
    look = Look(
        width=shutil.get_terminal_size().columns,
        detail=options.detail,
        seconds=seconds,
        link=links_to(options.repository or Path(), os.environ),
    )
    if os.environ.get("NO_COLOR"):
        from patchlint.report import text

        return text.render(report, postings, look)
    from patchlint.report import terminal

    return terminal.render(report, postings, look)


def _drafts(options: Arguments, report: Report, postings: Sequence[Series]) -> str:
    from patchlint.cli.drafts import manner_of, replies_of
    from patchlint.report import draft

    manner = manner_of(options)
    made = replies_of(report, postings, manner)
    return draft.box(draft.write(one, manner) for one in made)


def _save_drafts(
    folder: Path, options: Arguments, report: Report, postings: Sequence[Series]
) -> None:
    from patchlint.cli.drafts import manner_of, replies_of, save_drafts

    manner = manner_of(options)
    save_drafts(folder, replies_of(report, postings, manner), manner)
