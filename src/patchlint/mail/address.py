# SPDX-License-Identifier: GPL-2.0-or-later
"""Read the addresses of a header in one pass; whatever they hold, never fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.mail.header import decode_words
from patchlint.model.message import Address

_REST = (
    r"|(?P<opens><)|(?P<closes>>)|(?P<stop>[,;])|(?P<colon>:)|(?P<comment>\()|\s+"
    r"|\[[^\]\s,;<>]*\]|=\?[^?\s]{0,80}\?[bq]\?[^?]*\?="
    r'|[^\s"<>,;:()]+|[")]'
)
_TOKEN = re.compile(r'"(?P<quoted>(?:[^"\\]|\\.)*+)"' + _REST, re.I | re.S)
_NO_QUOTES = re.compile("(?P<quoted>(?!))" + _REST, re.I | re.S)
_PARENS = re.compile(r"\\.|[()]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def addresses(value: str) -> tuple[Address, ...]:
    """Return the addresses of a To or Cc value; what has no mailbox is left out.

    Groups are opened (``list: a@b, c@d;``), comments are a name where no other is,
    names are decoded after they are split, so that an encoded comma separates nothing.
    """
    return tuple(
        address
        for phrase, inside, comment in _mailboxes(value)
        if (address := _address(phrase, inside, comment)) is not None
    )


def _address(phrase: str, inside: str, comment: str) -> Address | None:
    """Make an address of a name, what stands in angle brackets, and a comment."""
    mailbox = inside.replace(" ", "")
    if mailbox.startswith("@") and ":" in mailbox:  # a route of old (RFC 822)
        mailbox = mailbox.rpartition(":")[2]
    mailbox = decode_words(mailbox)
    if "@" not in mailbox.strip("@"):
        return None
    if not phrase.strip() or phrase.strip() == f"({comment})":
        phrase = comment
    return Address(decode_words(phrase), mailbox)


def _mailboxes(value: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name, address, comment) between separators."""
    box, token, at = _Box(), _TOKEN, 0
    while hit := token.match(value, at):
        at = hit.end()
        if hit[0] == '"':  # nothing closes it: do not look again at each that follows
            token = _NO_QUOTES
        if hit["stop"]:
            yield box.take()
        if hit["stop"] or (hit["colon"] and not box.at):
            box = _Box()
        elif hit["comment"]:
            at, text = _comment(value, at)
            box.remark(text)
        else:
            box.read(hit)
    yield box.take()


class _Box:
    """What was read of one mailbox so far."""

    def __init__(self) -> None:
        self.phrase: list[str] = []
        self.bare: list[str] = []
        self.comment: list[str] = []
        self.inside: list[str] | None = None
        self.angle = False
        self.at = False

    def read(self, hit: re.Match[str]) -> None:
        """Take a token that separates nothing."""
        if hit["opens"] and self.inside is None:
            self.inside, self.angle = [], True
        elif hit["closes"]:
            self.angle = False
        elif hit["quoted"] is not None:
            self.add(_ESCAPED.sub(r"\1", hit["quoted"]))
        else:
            self.add(" " if hit[0].isspace() else hit[0])

    def add(self, text: str) -> None:
        """Take a word, or the blanks between two."""
        if self.angle and self.inside is not None:
            self.inside.append(text)
        else:
            self.phrase.append(text)
            self.bare.append(text)
        self.at = self.at or self.angle or "@" in text

    def remark(self, text: str) -> None:
        """Take a comment: people write "(Company)" behind their name."""
        self.comment.append(text)
        if not self.angle and self.inside is None:
            self.phrase.append(f"({text})")

    def take(self) -> tuple[str, str, str]:
        """Return the name, the address and the comment that were read."""
        comment = " ".join(self.comment).strip()
        if self.inside is None:
            return "", "".join(self.bare).strip(), comment
        return "".join(self.phrase).strip(), "".join(self.inside).strip(), comment


def _comment(value: str, at: int) -> tuple[int, str]:
    """Return where the comment that is open ends, and its text."""
    depth, start = 1, at
    for hit in _PARENS.finditer(value, at):
        depth += {"(": 1, ")": -1}.get(hit[0], 0)
        if depth == 0:
            return hit.end(), value[start : hit.start()]
    return len(value), value[start:]
