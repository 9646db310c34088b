# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint hook``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from patchlint.adapters.hooks import HOOKS
from patchlint.cli.options import Parser

_SEVERITIES = ("error", "warning", "question", "nit", "note")
_EPILOG = """\
git looks for hooks where core.hooksPath says, else in .git/hooks. A hook that somebody
else put there is left alone; --chain lets it run first. See docs/git.md.
"""


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; usage errors end the program with status 2.

    ``names`` are the hooks that are meant.
    """
    parser = Parser(
        prog="patchlint hook",
        description="Have git ask patchlint before it commits, or sends mail.",
        epilog=_EPILOG,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    install = commands.add_parser("install", help="write hooks")
    _add_places(install)
    install.add_argument(
        "--chain", action="store_true", help="run a hook that is there first"
    )
    install.add_argument(
        "--fail-on",
        choices=_SEVERITIES,
        default="error",
        metavar="SEVERITY",
        help="what stops a commit, or mails: error (default), warning, ...",
    )
    install.add_argument(
        "--on-error",
        choices=("block", "warn"),
        default="",
        help="what to do where patchlint itself does not work (default: what git "
        "config patchlint.onError says, else warn)",
    )
    _add_places(commands.add_parser("uninstall", help="take hooks away"))
    _add_places(commands.add_parser("status", help="say whose hooks there are"))
    given = parser.parse_args(arguments)
    named = [name for name in HOOKS if getattr(given, name.replace("-", "_"))]
    given.names = named or (list(HOOKS) if given.command != "install" else HOOKS[:1])
    return given


def _add_places(parser: argparse.ArgumentParser) -> None:
    for name in HOOKS:
        what = "mails before they are sent" if "mail" in name else "commit messages"
        parser.add_argument(
            f"--{name}", action="store_true", help=f"the hook on {what}"
        )
    parser.add_argument(
        "--global",
        dest="everywhere",
        action="store_true",
        help="for all repositories of yours",
    )
