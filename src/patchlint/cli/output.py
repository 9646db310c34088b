# SPDX-License-Identifier: GPL-2.0-or-later
"""Write an answer to a file or to standard output."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from patchlint.adapters.inputs import InputError
from patchlint.report.safe import printable


def write(text: str, path: Path | None) -> None:
    """Write text as UTF-8; a reader that has seen enough is no error."""
    write_bytes(text.encode("utf-8"), path)


def write_bytes(raw: bytes, path: Path | None) -> None:
    """Write bytes to a file or standard output; InputError if the file cannot be."""
    if path is not None:
        try:
            path.write_bytes(raw)
        except OSError as error:
            raise InputError(f"-o {path}: {error.strerror}") from error
        return
    try:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Python would complain again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(text: str) -> None:
    """Write one line on stderr, in ASCII; whatever it holds, nothing is obeyed."""
    line = printable(" ".join(text.split()))
    sys.stderr.write(f"patchlint: {line}\n".encode("ascii", "replace").decode())
