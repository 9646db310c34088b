# SPDX-License-Identifier: GPL-2.0-or-later
"""Which mails are not answered, and why.

Machines answer machines until somebody pulls the plug; pull requests and notices are
no proposals; and whoever asks to be left alone is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from patchlint.mail.header import fields
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.report.manner import Manner

# The part of an address in front of the @.
_BOT = re.compile(
    r"(?:.*[-_+.])?(?:bot|robot|syzbot|lkp|daemon|no-?reply)[0-9]*(?:[-_+.].*)?",
    re.IGNORECASE,
)
_ROBOT = re.compile(r"\btest robot\b|\bbot[0-9]* for\b", re.IGNORECASE)
_NOTICE = re.compile(
    r"\.patch (?:added to|removed from)\b|\bhas been (?:added|applied) to\b"
    r"|\bfailed to apply to\b",
    re.IGNORECASE,
)
_OFF = re.compile(r"\s*(?:X-)?patchlint:\s*off\s*", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z]+")


def why_not(message: Message, series: Series, manner: Manner) -> str:
    """Return why a mail is not to be answered, or ""."""
    mails = (message,) if message is series.head else (message, series.head)
    for mail in mails:
        if reason := _automatic(mail) or _kind(mail, manner):
            return reason
    if any(map(_is_off, mails)) or is_off_below(message, series):
        return "it asks for no replies (patchlint: off)"
    if who := _ignored(message, manner):
        return f"{who} is to be left alone"
    return ""


def _automatic(message: Message) -> str:
    header = dict(_fields(message))
    made = header.get("auto-submitted", "no").partition(";")[0].strip().lower()
    if made != "no":
        return f"a program sent it (Auto-Submitted: {made[:40]})"
    mailbox = message.sender.mailbox.partition("@")[0]
    if "robot-id" in header or _BOT.fullmatch(mailbox[:200]):
        return "a bot sent it"
    return "a bot sent it" if _ROBOT.search(message.sender.name[:200]) else ""


def _kind(message: Message, manner: Manner) -> str:
    subject = message.subject
    words = {word.upper() for text in subject.prefixes for word in _WORDS.findall(text)}
    if subject.reply:
        return "it is a reply itself"
    if "PULL" in words or subject.text.upper().startswith(("[GIT PULL", "GIT PULL")):
        return "it is a pull request"
    is_notice = any(word.lower().startswith("tip:") for word in subject.prefixes)
    if is_notice or "AUTOSEL" in words or _NOTICE.search(subject.text[:1000]):
        return "it is a notice, not a proposal"
    if words & {"RFC", "RFCV", "RFT"} and not manner.answers_rfc:
        return "it is an RFC (--rfc answers those)"
    return ""


def _is_off(message: Message) -> bool:
    header = dict(_fields(message))
    return header.get("x-patchlint", "").strip().lower() == "off"


def is_off_below(message: Message, series: Series) -> bool:
    """Say whether a patch says so below its ``---``, or its cover letter anywhere."""
    if series.cover is not None and _says_off(
        series.cover, range(series.cover.body_start, len(series.cover.lines) + 1)
    ):
        return True
    patch = next((p for p in series.patches if p.message is message), None)
    return patch is not None and _says_off(message, patch.parts.notes)


def _says_off(message: Message, numbers: Iterable[int]) -> bool:
    return any(_OFF.fullmatch(message.line(number)[:200]) for number in numbers)


def _fields(message: Message) -> list[tuple[str, str]]:
    lines = message.lines[: max(message.body_start - 1, 0)]
    return [(name, value) for name, value, _ in fields(lines)]


def _ignored(message: Message, manner: Manner) -> str:
    """Return the author or the list that wants no replies, or ""."""
    if not manner.ignored:
        return ""
    for address in (message.sender, *message.to, *message.cc):
        mailbox = address.mailbox.lower()
        if mailbox in manner.ignored:
            return mailbox
    domain = message.sender.mailbox.lower().rpartition("@")[2]
    return f"@{domain}" if f"@{domain}" in manner.ignored else ""
