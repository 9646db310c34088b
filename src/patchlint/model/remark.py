# SPDX-License-Identifier: GPL-2.0-or-later
"""What people said about a posting: their remarks, and the tags they gave."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from patchlint.model.location import InFile
from patchlint.model.message import Address


class RemarkKind(StrEnum):
    """What a remark is, as far as that is certain."""

    REMARK = "remark"
    QUESTION = "question"
    TAG = "tag"


class Remark(Struct, frozen=True):
    """What somebody wrote between two quotes, and what it is about.

    ``author`` wrote it in the mail ``message_id``, from its line ``start`` on.
    ``about`` is the id of the cover letter or patch that is talked of, ``patch`` its
    position. ``line`` is the line of that mail which is quoted last above the text, and
    ``first`` where that quote begins: both 0 where nothing of it is quoted there.
    ``where`` is the same place in the file, where a line of a diff is quoted.
    ``points`` are the columns of that line that a ``^`` stands under. ``answers`` is
    the id of the mail whose own words are quoted right above: what is said then is said
    to them, and stands where they do.
    """

    author: Address
    message_id: str
    start: int
    about: str
    patch: int
    line: int
    first: int
    where: InFile | None
    text: tuple[str, ...]
    kind: RemarkKind = RemarkKind.REMARK
    points: tuple[int, ...] = ()
    answers: str = ""


class GivenTag(Struct, frozen=True):
    """A tag that somebody gave by mail: ``Reviewed-by: R Viewer <r@example.org>``.

    ``author`` sent the mail ``message_id``, in which it is line ``line``. ``about`` is
    the id of the mail it was given to, ``patches`` the positions it counts for: all of
    them where it was given to the cover letter.
    """

    token: str
    value: str
    author: Address
    message_id: str
    line: int
    about: str
    patches: tuple[int, ...]


class Talk(Struct, frozen=True):
    """Everything that was said about one posting, by the date of the mails.

    ``lines`` counts the lines of diffs that were quoted right above a remark, by the
    look of them; ``lost`` are those of them that stand in no mail of the posting.
    """

    remarks: tuple[Remark, ...] = ()
    tags: tuple[GivenTag, ...] = ()
    lines: int = 0
    lost: int = 0
