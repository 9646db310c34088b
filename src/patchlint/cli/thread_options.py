# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint thread``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.cli.options import Parser

_EPILOG = """\
exit status: 0 shown, 2 usage or input that cannot be read
"""


class ThreadArguments(Struct, frozen=True):
    """Which mails are to be read, and where the answer goes."""

    inputs: tuple[str, ...]
    format: str
    output: Path | None


def parse(arguments: Sequence[str]) -> ThreadArguments:
    """Read the arguments; usage errors end the program with status 2."""
    given = thread_parser().parse_args(arguments)
    return ThreadArguments(tuple(given.inputs), given.format, given.output)


def thread_parser() -> argparse.ArgumentParser:
    """Return the parser of ``patchlint thread``."""
    parser = Parser(
        prog="patchlint thread",
        description="Print what people said about a series, at the lines they quote, "
        "and the tags they gave.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="FILE",
        help="a mailbox with the replies, as for a review; - is standard input",
    )
    add("--format", choices=("text", "json"), default="text", help="default: text")
    add("-o", "--output", type=Path, metavar="FILE", help="write there")
    return parser
