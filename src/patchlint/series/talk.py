# SPDX-License-Identifier: GPL-2.0-or-later
"""What was said about a posting: its thread, read against its mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from patchlint.mail.own_words import tags
from patchlint.mail.quoting import Row
from patchlint.model.message import Message
from patchlint.model.remark import GivenTag, Remark, Talk
from patchlint.model.series import Series
from patchlint.series.ancestry import NONE, nearest
from patchlint.series.posts import Post, Posts
from patchlint.series.remarks import Reading, read_reply, remarks, tail_lines


def talk(series: Series) -> Talk:
    """Return every remark and every tag of a thread, in the order of its mails.

    A reply is read against the mail of the posting above it, or against another one
    that its quotes are from. It costs time in proportion to the text of both.
    """
    if not series.thread:
        return Talk()
    posts = Posts(series)
    found: list[Remark] = []
    given: list[GivenTag] = []
    lines = lost = 0
    for reply, post in _answered(series, posts):
        reading = read_reply(reply, posts, post)
        parent = "" if reply.in_reply_to in posts.by_id else reply.in_reply_to
        found += remarks(reading, parent)
        given += _given(reading, series)
        quoted, missing = tail_lines(reading)
        lines, lost = lines + quoted, lost + missing
    return Talk(tuple(found), tuple(given), lines, lost)


def _answered(series: Series, posts: Posts) -> Iterator[tuple[Message, Post]]:
    """Yield each mail of the thread with the mail of the posting that is above it."""
    mails = [*(post.message for post in posts.posts), *series.thread]
    numbers = {mail.message_id: number for number, mail in enumerate(mails)}
    parents = [_parent(number, mail, numbers) for number, mail in enumerate(mails)]
    posted = len(posts.posts)
    over = nearest(parents, lambda number: number < posted)
    for number in range(posted, len(mails)):
        above = over[number] if over[number] != NONE else 0
        yield mails[number], posts.posts[above]


def _parent(number: int, mail: Message, numbers: dict[str, int]) -> int:
    for name in (mail.in_reply_to, *reversed(mail.references)):
        if (found := numbers.get(name, number)) != number:
            return found
    return NONE


def _given(reading: Reading, series: Series) -> Iterator[GivenTag]:
    """Yield the tags a reply gives; those for the cover letter are for all patches.

    A tag is a line of its own that is not quoted, or one of the block at the end, as
    ``git interpret-trailers`` reads it. Below a diff or scissors there is a proposal,
    whose tags are its own.
    """
    about = reading.post
    every = tuple(patch.position for patch in series.patches)
    patches = (about.position,) if about.position else every
    for number, token, value in tags(_own(reading)):
        yield GivenTag(
            token=token,
            value=value,
            author=reading.reply.sender,
            message_id=reading.reply.message_id,
            line=number,
            about=about.message.message_id,
            patches=patches,
        )


def _own(reading: Reading) -> Sequence[Row]:
    own: list[Row] = []
    for at, row in enumerate(reading.rows):
        if row.depth == 0 and row.text.startswith(("diff --git ", "@@ -", "--- a/")):
            break
        if row.cut and "8<" in reading.reply.line(row.number):
            break
        if not reading.is_quote(at):
            own.append(row)
    return own
