# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint explain`` and ``patchlint rules``."""

from __future__ import annotations

import argparse

from patchlint.cli.options import Parser

_EPILOG = """\
exit status: 0 told, 2 there is no such rule
"""


def explain_parser() -> Parser:
    """Return the parser of ``patchlint explain``."""
    parser = Parser(
        prog="patchlint explain",
        description="Say what a rule finds, why, what to do, and how to switch it off.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "rules",
        nargs="+",
        metavar="RULE",
        help="as a report names it; the part behind the slash will do",
    )
    add("--all", action="store_true", help="show all examples, not one of each kind")
    return parser


def rules_parser() -> Parser:
    """Return the parser of ``patchlint rules``."""
    parser = Parser(
        prog="patchlint rules",
        description="List the rules.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("prefixes", nargs="*", metavar="PREFIX", help="only those: x86, msg/com")
    add("--format", choices=("text", "json"), default="text", help="default: text")
    return parser
