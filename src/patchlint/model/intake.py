# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that was read from the input."""

from __future__ import annotations

from msgspec import Struct

from patchlint.model.defect import Defect
from patchlint.model.message import Message
from patchlint.model.series import Series


class Intake(Struct, frozen=True):
    """The postings, every mail at hand (replies too), and what could not be read.

    ``defects`` are those of the input as a whole; those of a mail, a diff or a posting
    stand there.
    """

    postings: tuple[Series, ...]
    messages: tuple[Message, ...]
    defects: tuple[Defect, ...] = ()
