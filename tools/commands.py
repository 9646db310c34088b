# SPDX-License-Identifier: GPL-2.0-or-later
"""All commands as one tree of argparse, for the man page and for shells.

The program itself dispatches by hand, so that it loads one command only.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from patchlint.cli.baseline import baseline_parser
from patchlint.cli.config import config_parser
from patchlint.cli.explain_options import explain_parser, rules_parser
from patchlint.cli.fix_options import fix_parser
from patchlint.cli.lsp.options import lsp_parser
from patchlint.cli.main import COMMANDS
from patchlint.cli.options import review_parser
from patchlint.cli.patchwork_options import patchwork_parser
from patchlint.cli.reply_options import reply_parser
from patchlint.cli.scan_options import rates_parser, scan_parser
from patchlint.cli.show_options import show_parser
from patchlint.cli.state_options import answer_parser, state_parser
from patchlint.cli.thread_options import thread_parser
from patchlint.cli.trial import trial_parser

PARSERS: Mapping[str, Callable[[], argparse.ArgumentParser]] = {
    "show": show_parser,
    "fix": fix_parser,
    "thread": thread_parser,
    "reply": reply_parser,
    "patchwork": patchwork_parser,
    "explain": explain_parser,
    "rules": rules_parser,
    "scan": scan_parser,
    "rates": rates_parser,
    "lsp": lsp_parser,
    "answer": answer_parser,
    "state": state_parser,
    "config": config_parser,
    "baseline": baseline_parser,
    "test": trial_parser,
}
if missing := COMMANDS.keys() - PARSERS.keys():
    raise LookupError(f"tools/commands.py: no parser of {', '.join(sorted(missing))}")


def tree() -> argparse.ArgumentParser:
    """Return the parser of a review, with all other commands below it."""
    top: argparse.ArgumentParser = review_parser()
    below = top.add_subparsers(metavar="COMMAND", title="commands")
    for name, make in PARSERS.items():
        parser = make()
        below.add_parser(
            name,
            parents=[parser],
            add_help=False,
            help=parser.description,
            description=parser.description,
        )
    # A file may stand where a command does; shells are told of it in tools/manual.py.
    for actions in (top._actions, top._positionals._group_actions):  # noqa: SLF001
        actions[:] = [a for a in actions if a.option_strings or a.dest != "inputs"]
    return top
