# SPDX-License-Identifier: GPL-2.0-or-later
"""The words of a remark: the fact, the evidence, what to use instead."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

from patchlint.model.finding import Finding, Severity, Step
from patchlint.model.location import InFile, InMessage
from patchlint.report.choose import Again, Point
from patchlint.report.posting import (
    Mail,
    change_at,
    is_header,
    is_shown,
    line_of,
    place,
)
from patchlint.report.safe import lines_of, printable

WIDTH = 72
STEPS = 10
"""Steps of a proof that a mail shows."""
_SHORT = 60
_TABLE = 80
_FIRST = re.compile(r"(.+?[.?!])\s+(?=[A-Z])")
# A line like this would be read as a tag that somebody gives.
_TAG = re.compile(r"\s*([\w-]+-by\s*:)", re.IGNORECASE)
_BEHIND = ("It ", "They ", "This ", "That ", "These ", "Those ")
# A line like these would be read as a quote, or as the end of the mail.
_MARK = re.compile(r">|--|___|\.$")


def words(
    point: Point, mail: Mail, steps: int = STEPS, seen: Collection[int] = ()
) -> tuple[str, ...]:
    """Return the lines of a remark; only our own sentences are wrapped.

    Of a proof, ``steps`` are shown, if more than the lines ``seen`` above is in it. A
    remark of a kind that was said in full above is short, and without its proof.
    """
    finding = point.said
    if point.again is Again.WORDS:
        return ("Same here.",)
    news = _unseen(finding.trace, mail, seen) if steps else ()
    if point.again is Again.KIND:
        text, news = _same(finding, mail), ()
    else:
        text = _sentence(finding, mail, proven=bool(news))
    code, likewise = _code(finding, mail), _likewise(point, mail)
    blocks = [_wrapped(text if code else text + likewise)]
    if news:
        blocks.append(tuple(map(_own, _trace(news, mail, steps))))
    if code:
        blocks.append(tuple(map(_own, code)))
        blocks.append(_wrapped(likewise.strip()))
    return tuple(line for block in _spaced(filter(None, blocks)) for line in block)


def _wrapped(text: str) -> tuple[str, ...]:
    return tuple(map(_told, wrap(text))) if text else ()


def _unseen(
    steps: Sequence[Step], mail: Mail, seen: Collection[int]
) -> tuple[Step, ...]:
    """Return a proof, or nothing where the lines quoted above are all of it.

    Who sent the mail is no news to those who have it.
    """
    told = tuple(
        step
        for step in steps
        if not (
            isinstance(step.where, InMessage)
            and is_header(mail.message, step.where.span.line)
        )
    )
    if all(line_of(step.where, mail) in seen for step in told):
        return ()
    return told


def _same(finding: Finding, mail: Mail) -> str:
    """Return a remark whose reasons stand above: what differs, and no more."""
    shown = is_shown(finding, mail)
    lead = "Same here" if shown else f"Same at {place(finding.where, mail)}"
    if short := _replacement(finding, mail):
        return f"{lead}: {short}"
    if _code(finding, mail):
        return f"{lead}:"
    text = finding.message.strip("\n ").partition("\n")[0]
    if hit := _FIRST.match(text):
        text = hit[1]
    return f"{lead}: {text}"


def rest(findings: Sequence[Finding], mail: Mail) -> tuple[str, ...]:
    """Return the line about findings that found no room: rules and places."""
    if not findings:
        return ()
    text = f"And {len(findings)} more: {places_of(findings, mail)}"
    return tuple(_own(line) for line in wrap(text))


def places_of(findings: Iterable[Finding], mail: Mail) -> str:
    """Return rules with the places they speak of."""
    by_rule: dict[str, dict[str, None]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, {})[place(finding.where, mail)] = None
    return "; ".join(f"{rule} ({_listed(at)})" for rule, at in by_rule.items())


def wrap(text: str) -> tuple[str, ...]:
    """Wrap sentences at 72 columns; lines that begin with a blank are left alone."""
    made: list[str] = []
    for line in lines_of(text):
        made += [line.rstrip()] if line[:1].isspace() or not line else _filled(line)
    return tuple(made)


def _filled(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def _told(line: str) -> str:
    """Keep a sentence that begins with the name of a tag from being one."""
    return _own(_TAG.sub(r'"\1"', line, count=1) if _TAG.match(line) else line)


def _own(line: str) -> str:
    """Keep a line of ours from being taken for anything else."""
    if _TAG.match(line):
        return f"| {line.strip()}"
    return f" {line}" if _MARK.match(line) else line


def _spaced(blocks: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for count, block in enumerate(blocks):
        if count:
            yield ("",)
        yield block


def _sentence(finding: Finding, mail: Mail, *, proven: bool) -> str:
    text = finding.message.strip("\n ")
    if not is_shown(finding, mail):
        text = f"{place(finding.where, mail)}: {text}"
    if finding.severity is Severity.NIT and not text.lower().startswith("nit:"):
        text = f"Nit: {text}"
    if finding.mended_in is not None:
        text = (
            f"{text.rstrip('.')} (mended in {finding.mended_in}/{mail.series.total})."
        )
    return _closed(text, finding, mail, proven=proven)


def _closed(text: str, finding: Finding, mail: Mail, *, proven: bool) -> str:
    """End a question as one; let a statement lead over to what follows it."""
    if finding.severity is Severity.QUESTION:
        return _asked(text)
    open_end = text.rstrip(".:") if text.endswith((".", ":")) else text
    if short := _replacement(finding, mail):
        return f"{open_end}: {short}"
    if _code(finding, mail) and not proven and not text.endswith(("?", "!")):
        return f"{open_end}:"
    return text


def _asked(text: str) -> str:
    """Put what is known first and what is asked last."""
    if "\n" in text:
        return text if "?" in text else f"{text}\nIs that intended?"
    asked, mark, known = text.rpartition("? ")
    if mark and not text.endswith("?"):
        # It is what was asked about: nobody knows yet what that is.
        is_behind = known.startswith(_BEHIND)
        return text if is_behind else f"{known.rstrip('.:')}. {asked}?"
    return text if text.endswith("?") else f"{text.rstrip('.:')}. Is that intended?"


def _replacement(finding: Finding, mail: Mail) -> str:
    """Return ``s/old/new/`` for a few words of the message, or ""."""
    span = finding.anchor.span
    if span.end_line != span.line or finding.severity is Severity.QUESTION:
        return ""
    if isinstance(finding.where, InFile) or change_at(mail, span.line):
        return ""
    old = mail.message.line(span.line)[span.column - 1 : span.end_column - 1]
    new = finding.suggestion
    delimiter = next((d for d in "/|" if d not in old + new), "")
    fits = len(old + new) <= _SHORT and "\n" not in new + finding.message
    if not (old and new and fits and delimiter) or _is_said(finding):
        return ""
    return printable(delimiter.join(("s", old, new, "")))


def _code(finding: Finding, mail: Mail) -> tuple[str, ...]:
    """Return the suggestion as indented lines, unless the words hold it already."""
    if not finding.suggestion or _is_said(finding) or _replacement(finding, mail):
        return ()
    lines = lines_of(finding.suggestion.strip("\n"))
    return tuple(f"  {line}".rstrip() for line in lines)


def _is_said(finding: Finding) -> bool:
    """Say whether the message itself names what to use."""
    pattern = rf"(?<!\w){re.escape(finding.suggestion)}(?!\w)"
    return re.search(pattern, finding.message) is not None


def _likewise(point: Point, mail: Mail) -> str:
    """Name the other places of a nit, with what to use where that differs."""
    by_text: dict[str, dict[str, None]] = {}
    for other in point.others:
        short = _replacement(other, mail)
        by_text.setdefault(short, {})[place(other.where, mail)] = None
    if not by_text:
        return ""
    here = _replacement(point.said, mail)
    parts = (
        f"{text} ({_listed(at)})" if text not in ("", here) else _listed(at)
        for text, at in by_text.items()
    )
    return f"\nLikewise: {', '.join(parts)}."


def _listed(places: Iterable[str]) -> str:
    """Join places, and say what several of them begin with only once."""
    lines: dict[str, list[str]] = {}
    for at in places:
        head, _, number = at.rpartition(" " if at.startswith("text ") else ":")
        lines.setdefault(head, []).append(number)
    return ", ".join(_together(head, numbers) for head, numbers in lines.items())


def _together(head: str, numbers: Sequence[str]) -> str:
    if head == "text line":
        plural = "s" if len(numbers) > 1 else ""
        return f"text line{plural} {', '.join(numbers)}"
    return f"{head}:{', '.join(numbers)}" if head else ", ".join(numbers)


def _trace(steps: Sequence[Step], mail: Mail, most: int) -> Iterator[str]:
    """Yield the steps as a table, each path said once where it changes.

    A long proof is cut in the middle: it begins with what is, and ends with why.
    """
    gap = len(steps)
    if gap > most:
        gap = (most + 1) // 2
        steps = (*steps[:gap], *steps[len(steps) - (most - gap) :])
    places = [place(step.where, mail).rpartition(":") for step in steps]
    wide = max(len(number) for _, _, number in places)
    rows = [
        f"    {number:>{wide}}  {' '.join(printable(step.text).split())}"
        for step, (_, _, number) in zip(steps, places, strict=True)
    ]
    notes = [" ".join(printable(step.note).split()) for step in steps]
    at = _notes_at(rows, notes)
    above = ""
    for number, (path, row, note) in enumerate(
        zip((path for path, _, _ in places), rows, notes, strict=True)
    ):
        if number == gap:
            yield "  [...]"
        if path and path != above:
            yield f"  {path}"
        above = path
        yield f"{row:<{at}}  {note}".rstrip() if at else row
        if not at:
            yield from (f"{'':{wide + 6}}{part}" for part in _filled(note))


def _notes_at(rows: Sequence[str], notes: Sequence[str]) -> int:
    """Return the column of the notes beside the rows, 0 if they have to go below."""
    at = max(map(len, rows))
    return at if at + 2 + max(map(len, notes)) <= _TABLE else 0
