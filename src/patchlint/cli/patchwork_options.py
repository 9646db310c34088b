# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint patchwork``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from msgspec import Struct

from patchlint.cli import options
from patchlint.cli.options import Arguments, Parser

_EPILOG = """\
All options of a review go too (patchlint --help). The token is PATCHWORK_TOKEN, or what
your own git configuration has as b4.pw-key or pw.token; see docs/patchwork.md.

exit status: 0 done, 2 usage, input that cannot be read, or the server refused,
3 a rule crashed
"""
_CONTEXT = re.compile(r"[-a-zA-Z0-9_]{1,200}")
_URL = re.compile(r"https?://[!-~]{1,190}")


class PatchworkArguments(Struct, frozen=True):
    """What is to be reviewed, and where the checks go.

    In ``target``, ``{msgid}`` stands for the Message-ID of the patch.
    """

    review: Arguments
    url: str
    project: str
    context: str
    target: str
    sends: bool


def parse(arguments: Sequence[str]) -> PatchworkArguments:
    """Read the arguments; usage errors end the program with status 2."""
    parser = patchwork_parser()
    given, rest = parser.parse_known_args(arguments)
    if not _CONTEXT.fullmatch(given.context):
        parser.error("--context: letters, digits, - and _ only")
    if given.target_url and not _URL.fullmatch(given.target_url):
        parser.error("--target-url: no URL, or a long one")
    return PatchworkArguments(
        review=options.parse(rest),
        url=given.url,
        project=given.project,
        context=given.context,
        target=given.target_url,
        sends=given.send,
    )


def patchwork_parser() -> argparse.ArgumentParser:
    """Return the parser of ``patchlint patchwork``."""
    parser = Parser(
        prog="patchlint patchwork",
        description="Post what a review comes to as checks of a Patchwork server.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="patchlint patchwork [--send] [--url URL] [--project NAME] "
        "[--context NAME] [--target-url URL] [options of a review] FILE...",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--send",
        action="store_true",
        help="post them; without it, they are printed and nothing is asked or sent",
    )
    add("--url", default="", help="the server (default: PATCHWORK_URL, or git's)")
    add("--project", default="", help="the project, where a mail went to several")
    add(
        "--context",
        default="patchlint",
        metavar="NAME",
        help="the name of the check (default: patchlint)",
    )
    add(
        "--target-url",
        default="",
        metavar="URL",
        help="where the whole answer can be read; {msgid} is filled in",
    )
    return parser
