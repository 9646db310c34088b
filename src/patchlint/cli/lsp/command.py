# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint lsp``: serve an editor on standard input and output."""

from __future__ import annotations

from collections.abc import Sequence

from patchlint.adapters.inputs import InputError
from patchlint.cli.lsp.options import parse
from patchlint.cli.status import CLEAN

_HOW = "patchlint lsp: it is not installed; pip install 'patchlint[lsp]'"


def lsp(arguments: Sequence[str]) -> int:
    """Serve until the editor ends it; InputError where the extra is missing."""
    words = parse(arguments)
    try:
        from patchlint.cli.lsp.server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise InputError(_HOW) from error
    serve(words)
    return CLEAN
