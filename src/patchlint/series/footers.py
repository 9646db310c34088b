# SPDX-License-Identifier: GPL-2.0-or-later
"""What a posting says to tools: the commit, patches and series that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from patchlint.model.message import Message
from patchlint.model.series import Footer

_FOOTER = re.compile(
    r"(base-commit|prerequisite-(?:patch-id|message-id|change-id)|depends-on|based-on"
    r"|change-id): *(\S[^\r\n]*)",
    re.IGNORECASE,
)
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_ID = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


def footers(mails: Iterable[Message]) -> tuple[Footer, ...]:
    """Return the footers of a posting, in its order.

    As ``git format-patch --base``, b4 (docs/contributor/prep.rst) and patchwork
    (docs/usage/overview.rst, "Dependencies") write them: a line of its own that begins
    at the first column, in the log, in the notes or below the diff.
    """
    return tuple(found for mail in mails for found in _of(mail))


def base_commit(found: Iterable[Footer]) -> str:
    """Return the first full commit id that a posting names as its base, or ""."""
    values = (footer.value for footer in found if footer.key == "base-commit")
    return next((value for value in values if _COMMIT.fullmatch(value)), "")


def _of(mail: Message) -> Iterator[Footer]:
    for number in range(mail.body_start, len(mail.lines) + 1):
        if hit := _FOOTER.match(mail.line(number)):
            value = hit[2].rstrip()
            name = _ID.fullmatch(value)
            value = name[1] if name else value
            yield Footer(hit[1].lower(), value, mail.message_id, number)
