# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint reply``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.send import parse_identity
from patchlint.cli import options
from patchlint.cli.options import Arguments, Parser
from patchlint.model.message import Address

_EPILOG = """\
All options of a review go too (patchlint --help). The audience is the list unless
--audience names another: what its tree enforces, and what is sure.

exit status: 0 done, or nothing to say; 2 usage, input that cannot be read, or git
could not send
"""


class ReplyArguments(Struct, frozen=True):
    """What is to be reviewed, what is known, and whether drafts are sent."""

    review: Arguments
    sends: bool
    sender: Address | None
    ignored: tuple[str, ...]
    mutes: Path | None


def parse(arguments: Sequence[str]) -> ReplyArguments:
    """Read the arguments; usage errors end the program with status 2."""
    parser = reply_parser()
    given, rest = parser.parse_known_args(arguments)
    sender = parse_identity(given.sender) if given.sender else None
    if given.sender and sender is None:
        parser.error("--from: no address")
    review = options.parse(["--audience", "list", *rest, "--format", "reply"])
    return ReplyArguments(
        review=review,
        sends=given.send,
        sender=sender,
        ignored=tuple(given.ignore),
        mutes=given.mute,
    )


def reply_parser() -> argparse.ArgumentParser:
    """Return the parser of ``patchlint reply``."""
    parser = Parser(
        prog="patchlint reply",
        description="Write drafts of replies, and send those you accept.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="patchlint reply [--send] [--from ADDRESS] [--ignore ADDRESS] "
        "[--mute FILE] [options of a review] FILE...",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--send",
        action="store_true",
        help="show each draft, ask, and hand those you accept to git send-email",
    )
    add(
        "--from",
        dest="sender",
        metavar="ADDRESS",
        help="who sends; (patchlint) is added to the name (default with --send: who "
        "you are to git)",
    )
    add(
        "--ignore",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="do not reply to this author, or on this list",
    )
    add(
        "--mute",
        type=Path,
        metavar="FILE",
        help="a list of addresses, rules and findings to leave alone, one a line",
    )
    return parser
