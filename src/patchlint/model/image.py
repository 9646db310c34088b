# SPDX-License-Identifier: GPL-2.0-or-later
"""One side of a file."""

from __future__ import annotations

from msgspec import Struct


class Image(Struct, frozen=True):
    """The text of one side of a file, as far as it is known.

    ``numbers`` gives the line number in the file for each line of ``text``; they
    differ when only hunks are known (``whole`` is False). ``proven`` says that the git
    blob id of the text is the one the mail names. Bytes that are not UTF-8 are kept
    as surrogate escapes.
    """

    path: str
    text: str
    numbers: tuple[int, ...]
    whole: bool
    proven: bool
