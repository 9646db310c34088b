# SPDX-License-Identifier: GPL-2.0-or-later
"""What other programs say of a patch, as findings of ours.

Their rules are called ``TOOL/TYPE``. A program reads one patch at a time, as it stands
in the mail when that is decoded; each line of it knows the line of the mail it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from patchlint.lint.card import Card
from patchlint.lint.context import Contexts, PatchContext
from patchlint.lint.options import Options
from patchlint.lint.stamp import stamp
from patchlint.model.change import Kind
from patchlint.model.finding import (
    Confidence,
    Evidence,
    Finding,
    Match,
    Severity,
)
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.model.series import Patch


class Said(Struct, frozen=True):
    """A line of a program: its type, how loud, and the line of the mail, 0 if none."""

    type: str
    severity: Severity
    confidence: Confidence
    text: str
    line: int = 0


class Decoded(Struct, frozen=True):
    """A patch as text, and the line of the mail that each line of it is (0: none)."""

    lines: tuple[str, ...]
    mail: tuple[int, ...]

    @property
    def text(self) -> bytes:
        """The bytes of it."""
        return "".join(f"{line}\n" for line in self.lines).encode(
            "utf-8", "surrogateescape"
        )

    def line(self, number: int) -> int:
        """Return the line of the mail that a line of the text is; 0 if none."""
        return self.mail[number - 1] if 0 < number <= len(self.mail) else 0


def decoded(patch: Patch) -> Decoded:
    """Return a patch as ``git mailinfo`` would have it: who, what, log and diff."""
    message = patch.message
    subject = message.subject
    words = [*subject.prefixes]
    words += [f"v{subject.version}"] if subject.version > 1 else []
    if subject.total > 1:
        words.append(f"{subject.position}/{subject.total}")
    tags = f"[{' '.join(words)}] " if words else ""
    head = {
        f"From: {message.author or message.sender}": _header(patch, "from:"),
        f"Subject: {tags}{subject.text}": subject.line,
        f"Date: {message.date}": _header(patch, "date:"),
        "": 0,
    }
    start = max(message.log_start, 1)
    lines = message.lines[start - 1 :]
    numbers = range(start, start + len(lines))
    return Decoded((*head, *lines), (*head.values(), *numbers))


def _header(patch: Patch, name: str) -> int:
    top = patch.message.lines[: max(patch.message.body_start - 1, 0)]
    found = (at for at, line in enumerate(top, 1) if line.lower().startswith(name))
    return next(found, 0)


def card_of(
    tool: str, summary: str, why: str, evidence: Evidence = Evidence.MAIL
) -> Card:
    """Return what stands for a program among the rules, and what it looks at."""
    return Card(
        id=tool,
        summary=summary,
        why=why,
        fix="",
        severity=Severity.WARNING,
        confidence=Confidence.MEDIUM,
        status="stable",
        scope="patch",
        evidence=evidence,
        check="",
        languages=(),
        references=(),
        false_positives=(),
        measured="",
        options=Options({}),
        bad=(),
        good=(),
    )


def findings(
    card: Card, said: Iterable[Said], context: PatchContext, contexts: Contexts
) -> Iterator[Finding]:
    """Yield what a program says of a patch, each thing once."""
    places = _places(context.patch)
    for one in dict.fromkeys(said):
        where = places.get(one.line) or _in_message(context.patch, one.line)
        match = Match(where, one.text, severity=one.severity, key=one.text)
        ours = replace(card, id=f"{card.id}/{one.type}")
        made = stamp(ours, match, context, contexts)
        # Whatever we know of the place, the program does not; and it shows no proof.
        yield replace(made, confidence=one.confidence, evidence=card.evidence, trace=())


def _places(patch: Patch) -> Mapping[int, Location]:
    """Return the place in a file that each line of the diff is."""
    found: dict[int, Location] = {}
    for change in patch.changes:
        for line in change.lines:
            is_old = line.kind is Kind.REMOVED
            path = change.old_path if is_old else change.new_path
            number = line.old if is_old else line.new
            if path and number:
                side = Side.OLD if is_old else Side.NEW
                found[line.mail] = InFile(path, side, Span(number))
    return found


def _in_message(patch: Patch, line: int) -> InMessage:
    is_there = 0 < line <= len(patch.message.lines)
    return InMessage(Span(line if is_there else patch.message.subject.line))
