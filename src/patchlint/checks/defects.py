# SPDX-License-Identifier: GPL-2.0-or-later
"""What could not be read, or was damaged on its way, is said and not passed over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.lint.context import MessageContext
from patchlint.lint.options import OptionError, Options
from patchlint.model.defect import Defect
from patchlint.model.finding import Match, Severity
from patchlint.model.location import InMessage, Span
from patchlint.model.message import Message


def defects(context: MessageContext, options: Options) -> Iterator[Match]:
    """No mail, diff or posting has a defect of one of the ``kinds``.

    It is as severe as the first of ``severities`` that fits its text; else as the card,
    if rules could not look because of it, else as ``readable``. What follows from a
    defect of the kinds in ``because_of`` in the same mail is not told again.
    """
    kinds = options.words("kinds")
    found = tuple(_defects(context))
    if any(defect.kind.value in options.some_words("because_of") for defect in found):
        return
    for defect in found:
        if defect.kind.value in kinds:
            advice = options.text("advice", "")
            text = ". ".join(part for part in (_sentence(defect), advice) if part)
            yield Match(
                InMessage(Span(_line(defect, context.message))),
                text if text.endswith(".") else f"{text}.",
                severity=_severity(defect, options),
                key=defect.text,
            )


def _defects(context: MessageContext) -> Iterator[Defect]:
    """Yield those of the mail and its patch; the first mail speaks for the posting."""
    yield from context.message.defects
    if context.patch is not None:
        yield from context.patch.defects
    if context.message is context.series.head:
        yield from context.series.defects


def _sentence(defect: Defect) -> str:
    return defect.text[:1].upper() + defect.text[1:]


def _line(defect: Defect, message: Message) -> int:
    """Return the line to quote: that of the subject for what concerns the whole."""
    lines = len(message.lines)
    here = defect.line if defect.line else message.subject.line
    return min(max(here, 1), lines)


def _severity(defect: Defect, options: Options) -> Severity | None:
    """Return None for that of the card."""
    for name, patterns in _severities(options):
        if any(re.search(pattern, defect.text) for pattern in patterns):
            return _named(name)
    readable = options.text("readable", "")
    return None if defect.hides or not readable else _named(readable)


def _severities(options: Options) -> Iterator[tuple[str, tuple[str, ...]]]:
    if "severities" in options.values:
        yield from options.table("severities").items()


def _named(name: str) -> Severity:
    try:
        return Severity[name.upper()]
    except KeyError as error:
        raise OptionError(f"options: {name}: no severity") from error
