# SPDX-License-Identifier: GPL-2.0-or-later
"""The arguments of ``patchlint lsp``: some of those that a review takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from patchlint.cli.given import add_settings
from patchlint.cli.options import Parser
from patchlint.cli.options import parse as parse_review
from patchlint.model.finding import Evidence

_STDIO = "--stdio"
_EPILOG = """\
The editor starts it, and talks to it on standard input and output; docs/editors.md says
how. Settings are those of a review in the repository of each file. It needs an extra:
pip install 'patchlint[lsp]'

exit status: 0 the editor has ended it, 2 usage, or the extra is not installed
"""


def parse(arguments: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments for reviews; usage errors end the program with status 2."""
    lsp_parser().parse_args(arguments)
    words = tuple(word for word in arguments if word != _STDIO)
    # What is wrong is told here, and not in a log that nobody reads.
    parse_review([*words, "-"])
    return words


def lsp_parser() -> Parser:
    """Return the parser of ``patchlint lsp``."""
    parser = Parser(
        prog="patchlint lsp",
        description="Serve an editor: remarks on commit messages, patches and changes.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--evidence",
        choices=[level.value for level in Evidence],
        help="what may be read: the mail, whole files too (default), or the tree too, "
        "of which an index is made once per base",
    )
    add(
        "--profile",
        metavar="NAME",
        help="the tree the patches are for (default: by path, list and subject)",
    )
    add(
        "--limit",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a bound, see patchlint --help; here some are lower",
    )
    add_settings(parser)
    add(_STDIO, action="store_true", help="taken for granted; some editors say it")
    return parser
