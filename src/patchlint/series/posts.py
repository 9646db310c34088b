# SPDX-License-Identifier: GPL-2.0-or-later
"""The mails of a posting as texts that quotes are looked up in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from patchlint.model.change import FileChange, Kind
from patchlint.model.location import InFile, Side, Span
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.series.run import Text, text

# A line that stands in more mails than these does not tell which one is quoted.
_MAILS = 4
_TELLING = 12


class Post:
    """One mail of a posting; what is needed of it is worked out when it is."""

    def __init__(self, message: Message, patch: Patch | None) -> None:
        """Know the mail, and the patch in it if any."""
        self.message = message
        self.patch = patch
        self.position = message.subject.position if patch else 0

    @cached_property
    def text(self) -> Text:
        """The subject and the body, ready to be searched."""
        return text(tuple(_lines(self.message)))

    @cached_property
    def _places(self) -> Mapping[int, InFile]:
        changes = self.patch.changes if self.patch else ()
        return dict(shown for change in changes for shown in _shown(change))

    def where(self, number: int) -> InFile | None:
        """Return the place in a file that a line of the mail shows, if any."""
        return self._places.get(number)


def _lines(message: Message) -> list[tuple[int, str]]:
    """Return the lines people quote: those of the subject, and the body."""
    numbers = list(range(message.body_start, len(message.lines) + 1))
    at = message.subject.line
    if 0 < at < message.body_start - 1:
        end = at + 1
        while message.line(end)[:1] in (" ", "\t"):
            end += 1
        numbers = [*range(at, end), *numbers]
    return [(number, message.line(number)) for number in numbers]


def _shown(change: FileChange) -> Iterator[tuple[int, InFile]]:
    """Yield each line of a diff by its line in the mail; the side after, if on both."""
    for line in change.lines:
        if line.kind is Kind.REMOVED and change.old_path is not None:
            yield line.mail, InFile(change.old_path, Side.OLD, Span(line.old or 0))
        elif line.kind is not Kind.REMOVED and change.new_path is not None:
            yield line.mail, InFile(change.new_path, Side.NEW, Span(line.new or 0))


class Posts:
    """All mails of a posting, and which of them holds a line."""

    def __init__(self, series: Series) -> None:
        """Take the cover letter, the patches, and those that were replaced."""
        patches = {patch.message.message_id: patch for patch in series.patches}
        mails = (*series.messages, *series.superseded)
        self.posts: Sequence[Post] = tuple(
            Post(mail, patches.get(mail.message_id)) for mail in mails
        )
        self.by_id = {post.message.message_id: post for post in self.posts}

    @cached_property
    def _owners(self) -> Mapping[str, Sequence[int]]:
        found: dict[str, list[int]] = {}
        for number, post in enumerate(self.posts):
            for made in post.text.whole:
                if len(made) >= _TELLING:
                    found.setdefault(made, []).append(number)
        return found

    def likely(self, keys: Sequence[str]) -> Post | None:
        """Return the mail that most of the lines stand in, or None."""
        votes: Counter[int] = Counter()
        for made in {*keys}:
            owners = self._owners.get(made, ())
            if len(owners) <= _MAILS:
                votes.update(owners)
        if not votes:
            return None
        return self.posts[max(votes, key=lambda number: (votes[number], -number))]
