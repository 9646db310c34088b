# SPDX-License-Identifier: GPL-2.0-or-later
"""What a report looks like on a screen, before anyone says in which colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from patchlint.model.finding import Baseline, Comparison, Finding, Report, Step
from patchlint.model.location import InFile, Location
from patchlint.model.series import Series
from patchlint.report.look import Detail, Look
from patchlint.report.posting import (
    Mail,
    change_at,
    field,
    hunk_at,
    is_diff,
    is_header,
    is_shown,
    mails,
    place,
    spans,
    title,
)
from patchlint.report.rows import Piece, Role, Row, wrapped
from patchlint.report.safe import carets, cut, lines_of, printable
from patchlint.report.since import comparison_of, fates, patches, summary
from patchlint.report.summary import (
    already_said,
    closing,
    crashed,
    grounds,
    headline,
    left_out,
    not_checked,
)

# Eight columns, a tab stop: what is quoted is indented as it is in the diff.
_GUTTER = "{:>5} | "
_BLANK = _GUTTER.format("")
_WIDE = 500


_EMPTY: Row = ()


def layout(report: Report, postings: Sequence[Series], look: Look) -> Iterator[Row]:
    """Yield the rows of a report; the last one sums up."""
    found = tuple(mails(report, postings))
    for series in postings:
        rows = (
            row for mail in found if mail.series is series for row in _mail(mail, look)
        )
        if look.detail is Detail.QUIET:
            yield from rows
            continue
        yield (Piece(headline(series), Role.TITLE),)
        yield _EMPTY
        yield from rows
        if since := comparison_of(report, series):
            yield from _since(since, series, look.width)
    yield from _end(report, look)


def _end(report: Report, look: Look) -> Iterator[Row]:
    """Yield what is said below all findings."""
    broken = [(Piece(text, Role.ERROR),) for text in crashed(report)]
    if look.detail is Detail.QUIET:
        yield from broken
        return
    yield from _notes(report, look)
    yield from broken
    yield (Piece(closing(report, look.seconds), Role.TITLE),)


def _notes(report: Report, look: Look) -> Iterator[Row]:
    """Yield what was left out, and what could not be looked at."""
    each = look.detail is Detail.VERBOSE
    for text in left_out(report):
        yield (Piece(text, Role.NOTE),)
    for text in already_said(report) if each else ():
        yield (Piece(f"  {text}", Role.NOTE),)
    for text in not_checked(report.skips, each=each):
        for row in wrapped(text, look.width, "") if each else [text]:
            yield (Piece(row, Role.NOTE),)


def _since(since: Comparison, series: Series, width: int) -> Iterator[Row]:
    """Yield what became of what was found in the version before."""
    yield (Piece(summary(since), Role.TITLE),)
    if since.older:
        yield (Piece(f"  not looked at: {', '.join(since.older)}", Role.NOTE),)
    for text in patches(since, series):
        yield (Piece(f"  {text}", Role.CONTEXT),)
    last = None
    for fate, text in fates(since):
        if fate is not last:
            yield (Piece(f"  {fate.value}:"),)
        last = fate
        for row in wrapped(text, width, "    "):
            yield (Piece(row),)
    yield _EMPTY


def _mail(mail: Mail, look: Look) -> Iterator[Row]:
    if len(mail.series.messages) > 1 or mail.series.missing:
        subject = mail.message.subject
        position = f"{subject.position}/{subject.total}"
        yield (Piece(f"{position} {title(mail.message)}", Role.TITLE),)
        yield _EMPTY
    for number, findings in groupby(mail.findings, lambda f: f.anchor.span.line):
        yield from _excerpt(mail, number, tuple(findings), look)


def _excerpt(
    mail: Mail, number: int, findings: tuple[Finding, ...], look: Look
) -> Iterator[Row]:
    nearest = _nearest(findings).where
    at = place(nearest, mail) if is_diff(mail, number) else ""
    if at:
        yield (Piece(at, Role.PLACE, _leads(nearest)),)
    for above in _above(mail, number):
        yield _quote(mail, above, Role.CONTEXT)
    yield _quote(mail, number, Role.QUOTE)
    if marks := carets(cut(mail.message.line(number), _WIDE), spans(findings)):
        yield Piece(_BLANK, Role.GUTTER), Piece(marks, Role.CARETS)
    for below in _below(mail, number):
        yield _quote(mail, below, Role.CONTEXT)
    for finding in findings:
        yield from _words(finding, mail, at, look.width)
        yield from _proof(finding, mail, look)
    yield _EMPTY


def _nearest(findings: tuple[Finding, ...]) -> Finding:
    return next((f for f in findings if isinstance(f.where, InFile)), findings[0])


def _above(mail: Mail, number: int) -> Iterator[int]:
    """Yield the line above, where it belongs to the same sentence or hunk."""
    above = number - 1
    if above < mail.message.body_start or not mail.message.line(above).strip():
        return
    change = change_at(mail, number)
    hunk = hunk_at(change, number) if change else None
    if hunk is None and is_diff(mail, number):
        return
    if hunk and hunk.mail < above:
        yield hunk.mail
    if hunk is None or hunk.mail <= above:
        yield above


def _below(mail: Mail, number: int) -> Iterator[int]:
    """Yield the rest of a folded header field."""
    if is_header(mail.message, number):
        yield from (n for n in field(mail.message, number) if n > number)


def _leads(where: Location) -> tuple[str, int] | None:
    return (where.path, where.span.line) if isinstance(where, InFile) else None


def _quote(mail: Mail, number: int, role: Role) -> Row:
    text = cut(mail.message.line(number), _WIDE)
    return Piece(_GUTTER.format(number), Role.GUTTER), Piece(text, role)


def _words(finding: Finding, mail: Mail, at: str, width: int) -> Iterator[Row]:
    """Yield severity, message and rule; and the place, unless ``at`` says it."""
    severity = finding.severity.name.lower()
    head, tail = f"  {severity}: ", printable(f" [{finding.rule}]")
    where = place(finding.where, mail)
    text = finding.message.rstrip() + tail
    if where != at and not is_shown(finding, mail):
        text = f"{where}: {text}"
    first, *more = wrapped(text, width, head)
    rows = [[Piece(head, Role(severity)), Piece(first.removeprefix(head))]]
    rows += [[Piece(line)] for line in more]
    last = rows[-1].pop()
    rows[-1] += [Piece(last.text.removesuffix(tail[1:])), Piece(tail[1:], Role.RULE)]
    yield from (tuple(row) for row in rows)


def _proof(finding: Finding, mail: Mail, look: Look) -> Iterator[Row]:
    """Yield where it was, where the series mends it, what to use, and the steps."""
    before = mail.series.previous
    if finding.baseline is Baseline.UNCHANGED and before is not None:
        yield (Piece(f"    still there since v{before.version}", Role.NOTE),)
    if finding.mended_in is not None:
        yield (Piece(f"    mended in {finding.mended_in}/{mail.series.total}"),)
    for line in lines_of(finding.suggestion) if finding.suggestion else ():
        yield Piece("    use: "), Piece(cut(line, _WIDE), Role.SUGGESTION)
    for count, step in enumerate(finding.trace, 1):
        yield _step(count, step, mail)
    if look.detail is Detail.VERBOSE:
        yield (Piece(f"    {grounds(finding)}", Role.NOTE),)


def _step(count: int, step: Step, mail: Mail) -> Row:
    text = cut(" ".join(printable(step.text).split()), _WIDE)
    return (
        Piece(f"    {count}. "),
        Piece(place(step.where, mail), Role.PLACE, _leads(step.where)),
        Piece(": ", Role.PLACE),
        Piece(text, Role.QUOTE),
        Piece(f"  {printable(step.note)}" if step.note else "", Role.NOTE),
    )
