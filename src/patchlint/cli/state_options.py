# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint answer`` and ``patchlint state``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from patchlint.cli.keeping import Keeping
from patchlint.cli.options import Parser
from patchlint.report.header import is_id

_ID = re.compile(r"[a-z0-9]+/[a-z0-9-]+|[0-9a-f]{8,16}")
_VERDICTS = ("not-a-bug", "bug")
_ANSWER = """\
The answer holds for that mail, and for later versions of it: mails with its title and
sender. Where they are not known yet (patchlint reply learns them), it holds for that
mail alone. In a mail, one line does the same: "patchlint: not-a-bug RULE".

exit status: 0 kept, 2 usage, or it cannot be kept
"""
_STATE = """\
exit status: 0 shown or removed, 2 usage, or the file cannot be used
"""


class AnswerArguments(Struct, frozen=True):
    """The mail, the rule or finding, and whether it is a bug after all."""

    message_id: str
    id_: str
    is_bug: bool
    keeping: Keeping


class StateArguments(Struct, frozen=True):
    """The mail to tell of, or "", and whether the file is to go."""

    message_id: str
    removes: bool
    keeping: Keeping


def parse_answer(arguments: Sequence[str]) -> AnswerArguments:
    """Read the arguments; usage errors end the program with status 2."""
    given = answer_parser().parse_args(arguments)
    is_bug = given.verdict == "bug"
    return AnswerArguments(given.message_id, given.id_, is_bug, Keeping(given.state))


def parse_state(arguments: Sequence[str]) -> StateArguments:
    """Read the arguments; usage errors end the program with status 2."""
    given = state_parser().parse_args(arguments)
    return StateArguments(given.message_id or "", given.remove, Keeping(given.state))


def answer_parser() -> argparse.ArgumentParser:
    """Return the parser of ``patchlint answer``."""
    parser = _parser("answer", "Say that a finding is no bug, once for all.", _ANSWER)
    add = parser.add_argument
    add("message_id", metavar="MESSAGE-ID", type=_message_id, help="of the patch")
    add("id_", metavar="RULE", type=_name, help="group/name, or the id of a finding")
    add("verdict", choices=_VERDICTS, help="bug takes an answer back")
    return parser


def state_parser() -> argparse.ArgumentParser:
    """Return the parser of ``patchlint state``."""
    what = "Say what is kept between runs, about one mail or in all, or remove it."
    parser = _parser("state", what, _STATE)
    add = parser.add_mutually_exclusive_group().add_argument
    add("message_id", nargs="?", metavar="MESSAGE-ID", type=_message_id)
    add("--remove", action="store_true", help="remove the file")
    return parser


def _parser(command: str, description: str, epilog: str) -> argparse.ArgumentParser:
    parser = Parser(
        prog=f"patchlint {command}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="where it is kept (default: ~/.local/state/patchlint/state.sqlite)",
    )
    return parser


def _message_id(text: str) -> str:
    name = text.strip().removeprefix("<").removesuffix(">")
    if not is_id(name):
        raise argparse.ArgumentTypeError("no message-id")
    return name


def _name(text: str) -> str:
    name = text.lower()
    if not _ID.fullmatch(name):
        raise argparse.ArgumentTypeError("no rule, and no id of a finding")
    return name
