# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint config``: every setting, and where it is from."""

from __future__ import annotations

import json
from collections.abc import Sequence

from patchlint.cli.configured import begin, configure, tree_of
from patchlint.cli.options import Parser, arguments_of, review_parser
from patchlint.cli.output import write
from patchlint.cli.status import CLEAN
from patchlint.lint.settings import merged
from patchlint.lint.settings_text import rows
from patchlint.report.safe import printable

_EPILOG = """\
Later ones win: .patchlint.toml of the base, the file of the user, git's configuration,
variables (PATCHLINT_...), the command line. See docs/settings.md.

exit status: 0 shown, 2 a setting is wrong
"""
_WIDTH = 44


def config(arguments: Sequence[str]) -> int:
    """Print every setting that a review with the same arguments would have."""
    parser = config_parser()
    given = parser.parse_args(arguments)
    options = arguments_of(given, parser)
    start = begin(options)
    # What is wrong is told here, too: rules that are none, options of another type.
    configure(start, ())
    found = list(rows(merged((tree_of(start, ()), start.own))))
    if given.format == "json":
        value = [{"key": r.key, "value": r.value, "from": r.place} for r in found]
        write(json.dumps(value, indent=2) + "\n", options.output)
        return CLEAN
    lines = (f"{r.key} = {r.value}" for r in found)
    pairs = zip(lines, found, strict=True)
    text = "".join(f"{line:<{_WIDTH}}  {row.place}\n" for line, row in pairs)
    write("".join(f"{printable(t)}\n" for t in text.splitlines()), options.output)
    return CLEAN


def config_parser() -> Parser:
    """Return the parser of ``patchlint config``."""
    what = "Print every setting and where it is from; takes the options of a review."
    return review_parser("patchlint config", what, _EPILOG)
