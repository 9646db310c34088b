# SPDX-License-Identifier: GPL-2.0-or-later
"""What is wrong with a mail, a diff or a series, as a value."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class DefectKind(StrEnum):
    """What kind of thing is wrong; the first part names the stage that saw it."""

    CONTAINER = "container"
    MAIL_HEADER = "mail-header"
    MAIL_ID = "mail-id"
    MAIL_MIME = "mail-mime"
    MAIL_ENCODING = "mail-encoding"
    MAIL_CHARSET = "mail-charset"
    MAIL_NO_TEXT = "mail-no-text"
    MAIL_WRAPPED = "mail-wrapped"
    MAIL_BLANKS = "mail-blanks"
    MAIL_FIRST_COLUMN = "mail-first-column"
    DIFF_UNREADABLE = "diff-unreadable"
    DIFF_COUNT = "diff-count"
    DIFF_COMBINED = "diff-combined"
    DIFF_PATH = "diff-path"
    SERIES_MISSING = "series-missing"
    SERIES_DUPLICATE = "series-duplicate"
    SERIES_MIXED = "series-mixed"
    LIMIT = "limit"


class Defect(Struct, frozen=True):
    """One thing that is wrong: what, and at which line.

    ``line`` counts from 1 in the decoded mail; 0 means the whole. ``hides`` says that
    something could not be read because of it, so that rules were not able to look.
    """

    kind: DefectKind
    text: str
    line: int = 0
    hides: bool = False

    def __str__(self) -> str:
        """Return the text to show, with the line where there is one."""
        return f"line {self.line}: {self.text}" if self.line else self.text
