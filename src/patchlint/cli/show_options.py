# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint show``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.cli.options import Parser
from patchlint.model.finding import Evidence

_EPILOG = """\
exit status: 0 shown, 2 usage or input that cannot be read
"""


class ShowArguments(Struct, frozen=True):
    """What is to be shown; without ``repository``, the one you are in is meant."""

    inputs: tuple[str, ...]
    commits: str
    repository: Path | None
    format: str
    output: Path | None
    evidence: Evidence
    verbose: bool


def parse(arguments: Sequence[str]) -> ShowArguments:
    """Read the arguments; usage errors end the program with status 2."""
    parser = show_parser()
    given = parser.parse_args(arguments)
    if bool(given.inputs) == bool(given.range):
        parser.error("name mailboxes or patches, or a --range A..B")
    return ShowArguments(
        inputs=tuple(given.inputs),
        commits=given.range or "",
        repository=given.repo,
        format=given.format,
        output=given.output,
        evidence=Evidence(given.evidence),
        verbose=given.verbose,
    )


def show_parser() -> argparse.ArgumentParser:
    """Return the parser of ``patchlint show``."""
    parser = Parser(
        prog="patchlint show",
        description="Print what is understood of an input; no rule runs.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "inputs", nargs="*", metavar="FILE", help="as for a review; - is standard input"
    )
    add("--range", metavar="A..B", help="show commits of the repository instead")
    add(
        "--repo",
        type=Path,
        metavar="PATH",
        help="where whole files come from (default: the repository you are in)",
    )
    add("--format", choices=("text", "json"), default="text", help="default: text")
    add("-o", "--output", type=Path, metavar="FILE", help="write there")
    add(
        "--evidence",
        choices=(Evidence.MAIL.value, Evidence.FILE.value),
        default=Evidence.FILE.value,
        help="what may be read: the mail, or whole files too (default)",
    )
    add(
        "-v",
        "--verbose",
        action="store_true",
        help="list every hunk, and the mails that are no patches",
    )
    return parser
