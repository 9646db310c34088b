# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint fix``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.cli.options import Parser

_EPILOG = """\
Only messages are changed, never a diff, and only where the replacement is sure.
exit status: 0 fixed, or nothing to fix; 2 usage or input that cannot be read
"""


class FixArguments(Struct, frozen=True):
    """What is to be fixed, and where the result goes."""

    inputs: tuple[str, ...]
    commits: str
    repository: Path | None
    output: Path | None
    branch: str
    shows_diff: bool
    profile: str


def parse(arguments: Sequence[str]) -> FixArguments:
    """Read the arguments; usage errors end the program with status 2."""
    parser = fix_parser()
    given = parser.parse_args(arguments)
    if bool(given.inputs) == bool(given.range):
        parser.error("name mailboxes or patches, or a --range A..B")
    if given.range and given.output:
        parser.error("a --range is written to a --branch, not to a file")
    if given.branch and not given.range:
        parser.error("--branch goes with --range")
    return FixArguments(
        inputs=tuple(given.inputs),
        commits=given.range or "",
        repository=given.repo,
        output=given.output,
        branch=given.branch,
        shows_diff=given.diff,
        profile=given.profile,
    )


def fix_parser() -> argparse.ArgumentParser:
    """Return the parser of ``patchlint fix``."""
    parser = Parser(
        prog="patchlint fix",
        description="Write the messages of a series again, with what can be put right.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "inputs", nargs="*", metavar="FILE", help="as for a review; - is standard input"
    )
    add("--range", metavar="A..B", help="fix commits; writes a new branch")
    add(
        "--repo",
        type=Path,
        metavar="PATH",
        help="the repository (default: the one you are in)",
    )
    add(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write the mails there (default: standard output)",
    )
    add(
        "--branch",
        default="",
        metavar="NAME",
        help="the new branch (default: the name of the branch, with -fixed)",
    )
    add("--diff", action="store_true", help="show what would change; write nothing")
    add("--profile", default="", metavar="NAME", help="as for a review")
    return parser
