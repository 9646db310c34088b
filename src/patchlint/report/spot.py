# SPDX-License-Identifier: GPL-2.0-or-later
"""Where a finding is for a program that has the tree: a path, a line, columns.

Programs show what is there after the patches. A line that a patch takes away is told
as the one that stands there now, and what is about the text of a mail as a line of
``patches/N.patch``, a file that nobody need have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from patchlint.model.change import FileChange, Line
from patchlint.model.finding import Finding, Report
from patchlint.model.location import InFile, Location, Side, Span
from patchlint.model.series import Series
from patchlint.report.posting import Mail, change_at, is_shown, line_at, mails
from patchlint.report.safe import printable


class Spot(Struct, frozen=True):
    """A place: ``path`` is as the patch names it, and must be escaped to be shown.

    ``columns`` are (first, end) in characters of ``text``, from 1, end excluded; None
    where the whole line is meant, or nobody knows what it holds. ``was`` is the line
    of the file before, where it is not there any more.
    """

    path: str
    line: int
    text: str = ""
    columns: tuple[int, int] | None = None
    was: int | None = None
    in_mail: bool = False


class Located(Struct, frozen=True):
    """A finding, its mail and its place.

    ``copy`` is 1 for the first finding of its fingerprint, 2 for the next, and so on.
    """

    finding: Finding
    mail: Mail
    spot: Spot
    copy: int = 1


def located(report: Report, postings: Sequence[Series]) -> Iterator[Located]:
    """Yield each finding with its place, in posting order."""
    copies: Counter[str] = Counter()
    for mail in mails(report, postings):
        name = mail_path(mail, postings)
        for finding in mail.findings:
            copies[finding.fingerprint] += 1
            copy = copies[finding.fingerprint]
            yield Located(finding, mail, spot(finding, mail, name), copy)


def mail_path(mail: Mail, postings: Sequence[Series]) -> str:
    """Return the name of a mail as if it was a file: ``patches/2.patch``."""
    return named(mail.series, mail.message.subject.position, postings)


def named(series: Series, position: int, postings: Sequence[Series]) -> str:
    """Return the name of one mail; each of several postings has a folder."""
    if len(postings) < 2:
        return f"patches/{position}.patch"
    number = next(n for n, each in enumerate(postings, 1) if each is series)
    return f"patches/{number}/{position}.patch"


def spot(finding: Finding, mail: Mail, name: str) -> Spot:
    """Return the place of a finding; its line is known where the mail shows it."""
    where, at = finding.where, finding.anchor.span
    if isinstance(where, InFile) and not is_shown(finding, mail):
        return place(where, mail, name)
    made = _line_of_diff(mail, at.line)
    shift = 1 if made else 0
    made = made or Spot(name, at.line, mail.message.line(at.line), in_mail=True)
    if made.was is not None or at.end_line != at.line:
        return made
    first, end = at.column - shift, at.end_column - shift
    if not 0 < first <= end <= len(made.text) + 1:
        return made
    return Spot(made.path, made.line, made.text, (first, end), None, made.in_mail)


def place(where: Location, mail: Mail, name: str) -> Spot:
    """Return the place of a location, without columns."""
    if not isinstance(where, InFile):
        line = where.span.line
        found = _line_of_diff(mail, line)
        return found or Spot(name, line, in_mail=True)
    if where.side is Side.NEW:
        return Spot(where.path, where.span.line)
    return _after(where.path, where.span, mail)


def _line_of_diff(mail: Mail, number: int) -> Spot | None:
    """Return the line of a file that a line of the mail shows, or None."""
    change = change_at(mail, number)
    line = line_at(change, number) if change else None
    if change is None or line is None:
        return None
    if line.new is not None:
        return Spot(change.path, line.new, line.text)
    return _after(change.old_path or "", Span(line.old or 1), mail)


def _after(path: str, span: Span, mail: Mail) -> Spot:
    """Return the line that stands now where one of the file before stood."""
    changes = mail.patch.by_path.get((path, Side.OLD), ()) if mail.patch else ()
    change = next(iter(changes), None)
    if change is None or change.new_path is None:
        return Spot(path, span.line, was=span.line)
    shown = change.line_at(span.line, Side.OLD)
    if shown is None:
        return Spot(change.new_path, max(span.line + _shift(change, span.line), 1))
    if shown.new is not None:
        return Spot(change.new_path, shown.new, shown.text)
    return Spot(change.new_path, _instead(change, shown), was=span.line)


def _shift(change: FileChange, old: int) -> int:
    """Return by how much the hunks above move a line that none of them shows."""
    above = (ln for ln in change.lines if ln.old is not None and ln.old < old)
    both = [ln.new - ln.old for ln in above if ln.new is not None and ln.old]
    return both[-1] if both else 0


def _instead(change: FileChange, gone: Line) -> int:
    """Return the line that stands where one stood: the next one, or the last."""
    for line in change.lines:
        if line.new is not None and line.mail > gone.mail:
            return line.new
    return max((line.new for line in change.lines if line.new is not None), default=1)


def said(found: Located) -> str:
    """Return the words of a finding in one printable line."""
    finding = found.finding
    text = one_line(finding.message)
    if found.spot.was is not None:
        text += f" (line {found.spot.was} of the file before)"
    if finding.mended_in is not None:
        text += f" (mended in {finding.mended_in}/{found.mail.series.total})"
    return text


def one_line(text: str) -> str:
    """Return our own text, which may have line feeds, as one printable line."""
    return " ".join(printable(text.replace("\n", " ")).split())
