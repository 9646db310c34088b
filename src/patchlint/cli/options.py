# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of the command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from msgspec import Struct

from patchlint import __version__
from patchlint.cli.drafting import Drafting, add_drafting
from patchlint.cli.given import NOTHING, Given, add_settings, told
from patchlint.cli.keeping import Keeping, add_keeping
from patchlint.cli.limits import LimitError, help_text, parse_limits
from patchlint.cli.outputs import OutputError, parse_outputs
from patchlint.cli.status import USAGE
from patchlint.lint.profile import Audience
from patchlint.model.finding import Evidence, Severity
from patchlint.model.limits import Limits
from patchlint.report import FORMATS
from patchlint.report.look import Detail
from patchlint.report.safe import printable

_MOST = 1024
_EPILOG = """\
"patchlint show FILE..." prints what is understood of an input, "patchlint fix FILE..."
writes messages again with what can be put right, "patchlint thread FILE..." prints
what people said about which line, "patchlint reply FILE..." writes replies and sends
those you accept, "patchlint config" prints every setting and where it is from,
"patchlint test DIR" tries cards, "patchlint baseline update FILE..." notes what is
known; see their --help.

exit status: 0 nothing at or above --fail-on, 1 findings, 2 usage or input that
cannot be read, 3 a rule crashed (the others still ran)
"""


class Arguments(Struct, frozen=True):
    """What was asked for; without ``repository``, the one you are in is meant.

    ``jobs`` is 0 where it was left to us. ``output`` takes the place of standard
    output, ``more`` are formats and the files they are written to besides. What can be
    set elsewhere, too, is as it is without a setting where the command line is silent;
    ``given`` says what it sets. An answer ``keeps`` for the next run; ``times`` asks
    where the time of this one went.
    """

    inputs: tuple[str, ...]
    commits: str
    previous: tuple[str, ...]
    repository: Path | None
    format: str
    output: Path | None
    fail_on: Severity
    evidence: Evidence
    repeats: bool
    audience: Audience
    profile: str
    engine: str
    jobs: int
    limits: Limits
    drafting: Drafting
    keeping: Keeping
    bisects: bool = False
    more: tuple[tuple[str, Path], ...] = ()
    detail: Detail = Detail.USUAL
    children: tuple[str, ...] = ()
    given: Given = NOTHING
    keeps: bool = True
    times: bool = False


class Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line, as every other error of ours."""

    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        self.exit(
            USAGE, f"{self.prog}: {printable(message)} (see {self.prog} --help)\n"
        )


def parse(arguments: Sequence[str]) -> Arguments:
    """Read the arguments; usage errors end the program with status 2."""
    parser = review_parser()
    given = parser.parse_args(arguments)
    if bool(given.inputs) == bool(given.range):
        parser.error("name mailboxes or patches, or a --range A..B")
    return arguments_of(given, parser)


def arguments_of(given: argparse.Namespace, parser: Parser) -> Arguments:
    """Return what was parsed as a review takes it; what is wrong ends the program."""
    try:
        limits = parse_limits(given.limit)
    except LimitError as error:
        parser.error(f"--limit: {error}")
    try:
        outputs = parse_outputs(given.output, FORMATS)
    except OutputError as error:
        parser.error(f"-o: {error}")
    return Arguments(
        inputs=tuple(given.inputs),
        commits=given.range or "",
        previous=tuple(given.previous),
        repository=given.repo,
        format=given.format or "text",
        output=outputs.main,
        more=outputs.more,
        fail_on=Severity[(given.fail_on or "warning").upper()],
        evidence=Evidence(given.evidence or Evidence.TREE),
        repeats=bool(given.repeat),
        audience=Audience(given.audience or Audience.AUTHOR),
        profile=given.profile or "",
        engine=given.engine or "",
        jobs=given.jobs or 0,
        limits=limits,
        drafting=Drafting.of(given),
        keeping=Keeping.of(given),
        bisects=bool(given.bisect),
        detail=_detail(given),
        children=tuple(getattr(given, "with") or ()),
        given=told(given, parser),
        keeps=not (given.no_cache or given.timing),
        times=given.timing,
    )


def review_parser(
    prog: str = "patchlint",
    description: str = "Review Linux-kernel patch series as they are mailed.",
    epilog: str = _EPILOG,
) -> Parser:
    """Return the parser of a review, and of what takes the same arguments."""
    parser = Parser(
        prog=prog,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "inputs",
        nargs="*",
        metavar="FILE",
        help="a mailbox, a mail, a folder of *.patch files, or - for standard input",
    )
    add("--range", metavar="A..B", help="review commits of the repository instead")
    add(
        "--previous",
        action="append",
        default=[],
        metavar="FILE|C..D",
        help="the version before, to say what became of what was found there; "
        "without it, earlier versions among the input are found",
    )
    add(
        "--repo",
        type=Path,
        metavar="PATH",
        help="where whole files come from (default: the repository you are in)",
    )
    add("--format", choices=tuple(FORMATS), help="default: text")
    add(
        "-o",
        "--output",
        action="append",
        default=[],
        metavar="[FORMAT=]FILE",
        help="write the answer there; with FORMAT=, write that format there besides "
        "(several are possible)",
    )
    add(
        "--fail-on",
        choices=[severity.name.lower() for severity in reversed(Severity)],
        metavar="SEVERITY",
        help="error, warning (default), question, nit or note",
    )
    add(
        "--evidence",
        choices=[level.value for level in Evidence],
        help="what may be read: the mail, whole files too, or the tree too (default)",
    )
    add(
        "--repeat",
        action="store_true",
        default=None,
        help="say too what somebody has already said in the thread, or answered",
    )
    add(
        "--audience",
        choices=[audience.value for audience in Audience],
        help="who reads: the author (default; all is said), the maintainer (what is "
        "worth a mail), or the list (what its tree enforces, and what is sure)",
    )
    add(
        "--engine",
        choices=["harper"],
        metavar="NAME",
        help="ask another engine for English, too: harper (an extra)",
    )
    add(
        "--bisect",
        action="store_true",
        default=None,
        help="say, as a note, what a later patch of the series mends; it is left out",
    )
    add(
        "--profile",
        metavar="NAME",
        help="the tree the patches are for (default: by path, list and subject)",
    )
    add(
        "-j",
        "--jobs",
        type=_count,
        metavar="N",
        help="how many processes may work (default: one for each processor)",
    )
    add(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"change a bound: {help_text()}",
    )
    add(
        "--no-cache",
        action="store_true",
        help="look at everything anew, and keep nothing of it",
    )
    add(
        "--timing",
        action="store_true",
        help="print on standard error where the time went, by stage and by rule",
    )
    add_drafting(parser)
    add_keeping(parser)
    add_settings(parser)
    _add_voices(parser)
    add("--version", action="version", version=f"patchlint {__version__}")
    return parser


def _add_voices(parser: argparse.ArgumentParser) -> None:
    voices = parser.add_mutually_exclusive_group()
    voices.add_argument(
        "-q",
        "--quiet",
        action="store_true",
        help="print findings only: no titles, no sum, no progress",
    )
    voices.add_argument(
        "-v",
        "--verbose",
        action="store_true",
        help="say how sure each finding is, and name each rule that was not checked",
    )


def _detail(given: argparse.Namespace) -> Detail:
    if given.quiet:
        return Detail.QUIET
    return Detail.VERBOSE if given.verbose else Detail.USUAL


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"not a number from 1 to {_MOST}")
    return int(text)
