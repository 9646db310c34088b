# SPDX-License-Identifier: GPL-2.0-or-later
"""The prefix of a subject: ``x86/mm, kexec: `` before what the patch does."""

from __future__ import annotations

import re

from patchlint.model.location import Span
from patchlint.model.message import Message

_PREFIX = re.compile(r"(?:[^\s:,]+(?:, ?[^\s:,]+)*:[ \t]+)+")
_PART = re.compile(r"[^a-z0-9]+")
_LONGEST = 200


def prefix_of(subject: str) -> str:
    """Return the prefix without the colon that ends it, or ""."""
    found = _PREFIX.match(subject[:_LONGEST])
    return found[0].rstrip().removesuffix(":") if found else ""


def rest_of(subject: str) -> tuple[int, str]:
    """Return where the summary begins, and the summary."""
    found = _PREFIX.match(subject[:_LONGEST])
    at = found.end() if found else 0
    return at, subject[at:]


def key(prefix: str) -> str:
    """Return what spellings of one prefix share: its words in lower case."""
    return "/".join(filter(None, _PART.split(prefix.lower())))


def subject_span(message: Message, begin: int, end: int) -> Span:
    """Return where a part of the subject stands in the mail.

    The whole line where the subject is folded or encoded over several.
    """
    subject = message.subject
    at = message.line(subject.line).find(subject.text) if subject.line else -1
    if at < 0:
        return Span(subject.line)
    return Span(subject.line, at + begin + 1, subject.line, at + end + 1)
