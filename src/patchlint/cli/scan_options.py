# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint scan`` and ``patchlint rates``."""

from __future__ import annotations

import argparse
from calendar import timegm
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from patchlint.cli.options import Parser
from patchlint.model.finding import Evidence

_MOST = 1024
_SCAN = """\
An archive is a folder of public-inbox (git/0.git, 1.git, ...), a mailbox, a maildir, or
a folder that has such in it; LIST=PATH says what its list is called. The same command
goes on where it was stopped. See docs/scan.md.

exit status: 0 all is done, 2 usage or input that cannot be read, 3 a unit could not be
looked at, or a rule crashed, 130 stopped
"""
_RATES = """\
exit status: 0 told, 2 there is no scan
"""


class ScanArguments(Struct, frozen=True):
    """What was asked for; ``jobs`` is 0 where it was left to us."""

    archives: tuple[str, ...]
    accepted: tuple[str, ...]
    folder: Path
    lists: tuple[str, ...]
    rules: tuple[str, ...]
    since: int
    sample: int
    evidence: Evidence
    repository: Path | None
    jobs: int
    scheduler: str
    quiet: bool


def parse(arguments: Sequence[str]) -> ScanArguments:
    """Read the arguments; usage errors end the program with status 2."""
    parser = scan_parser()
    given = parser.parse_args(arguments)
    if not (given.archives or given.accepted):
        parser.error("name an archive")
    if given.jobs and given.scheduler:
        parser.error("--jobs: the cluster of --scheduler has its own")
    return ScanArguments(
        archives=tuple(given.archives),
        accepted=tuple(given.accepted),
        folder=given.output,
        lists=tuple(given.list),
        rules=tuple(given.rules),
        since=given.since,
        sample=given.sample,
        evidence=Evidence.FILE if given.repo else Evidence.MAIL,
        repository=given.repo,
        jobs=given.jobs,
        scheduler=given.scheduler,
        quiet=given.quiet,
    )


def scan_parser() -> Parser:
    """Return the parser of ``patchlint scan``."""
    parser = Parser(
        prog="patchlint scan",
        description="Run the rules over archives of mail, and keep what they find.",
        epilog=_SCAN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("archives", nargs="*", metavar="ARCHIVE", help="mails as they were posted")
    add(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="the folder of the tables (Parquet), and of what is done",
    )
    add(
        "--accepted",
        action="append",
        default=[],
        metavar="ARCHIVE",
        help="an archive of patches as they were merged; may be repeated",
    )
    _add_choice(parser)
    _add_machines(parser)
    return parser


def _add_choice(parser: Parser) -> None:
    """Add what says which mails and rules are wanted."""
    add = parser.add_argument
    add(
        "--since",
        type=_day,
        default=0,
        metavar="DAY",
        help="only mails from that day on (YYYY-MM-DD, UTC)",
    )
    add(
        "--list",
        action="append",
        default=[],
        metavar="NAME",
        help="only archives of that list, or of those that fit (linux-*)",
    )
    add(
        "--rules",
        action="append",
        default=[],
        metavar="RULE",
        help="only that rule or group (c/, msg/subject-*); may be repeated",
    )
    add(
        "--sample",
        type=_number,
        default=1,
        metavar="N",
        help="look at one posting of N: the same ones in every run",
    )
    add(
        "--repo",
        type=Path,
        metavar="DIR",
        help="take whole files from that repository (default: mails alone)",
    )


def _add_machines(parser: Parser) -> None:
    """Add what says who does the work."""
    add = parser.add_argument
    add(
        "-j",
        "--jobs",
        type=_number,
        default=0,
        metavar="N",
        help="processes (default: one for each processor)",
    )
    add(
        "--scheduler",
        default="",
        metavar="ADDRESS",
        help="give the work to a Dask cluster: tcp://HOST:PORT",
    )
    add("-q", "--quiet", action="store_true", help="say nothing of how far it is")


class RatesArguments(Struct, frozen=True):
    """What was asked for."""

    folders: tuple[Path, ...]
    output: Path | None
    rules: tuple[str, ...]
    examples: int
    form: str


def parse_rates(arguments: Sequence[str]) -> RatesArguments:
    """Read the arguments; usage errors end the program with status 2."""
    given = rates_parser().parse_args(arguments)
    return RatesArguments(
        folders=tuple(given.folders),
        output=given.output,
        rules=tuple(given.rules),
        examples=given.examples,
        form=given.format,
    )


def rates_parser() -> Parser:
    """Return the parser of ``patchlint rates``."""
    parser = Parser(
        prog="patchlint rates",
        description="Say how often each rule speaks of what a scan has looked at.",
        epilog=_RATES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("folders", nargs="+", type=Path, metavar="DIR", help="the folder of a scan")
    add("-o", "--output", type=Path, metavar="FILE", help="write there, not to stdout")
    add(
        "--format",
        choices=("text", "toml", "json"),
        default="text",
        help="text, or the form of rules/measured.toml (default: text)",
    )
    add(
        "--rules",
        action="append",
        default=[],
        metavar="RULE",
        help="only that rule or group; may be repeated",
    )
    add(
        "--examples",
        type=_number,
        default=2,
        metavar="N",
        help="name so many mails for each rule (default: 2)",
    )
    return parser


def _number(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 0
    if not 1 <= number <= _MOST**2:
        raise argparse.ArgumentTypeError(f"not a number from 1 to {_MOST**2}")
    return number


def _day(text: str) -> int:
    try:
        return timegm(date.fromisoformat(text).timetuple())
    except ValueError:
        raise argparse.ArgumentTypeError("not a day: YYYY-MM-DD") from None
