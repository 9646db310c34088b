# SPDX-License-Identifier: GPL-2.0-or-later
"""Remarks as the protocol has them: positions in the units of the editor.

An editor ends a line with LF or CR LF. One that takes a lone CR for an end, as the
protocol would have it, would show all that is below at another line than git does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from lsprotocol import types as lsp
from msgspec import Struct

from patchlint.cli.lsp.told import Place, Remark, Swap
from patchlint.report.columns import utf8, utf16

SOURCE = "patchlint"
FIX_ALL = f"{lsp.CodeActionKind.SourceFixAll.value}.{SOURCE}"
_SEVERITIES: Mapping[str, lsp.DiagnosticSeverity] = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "question": lsp.DiagnosticSeverity.Information,
    "nit": lsp.DiagnosticSeverity.Information,
    "note": lsp.DiagnosticSeverity.Hint,
}


class Sheet(Struct, frozen=True):
    """The lines of a document, and what its editor counts columns in."""

    lines: tuple[str, ...]
    encoding: str = lsp.PositionEncodingKind.Utf16.value

    @classmethod
    def of(cls, text: str, encoding: str) -> Sheet:
        """Return the lines of a text; a CR before an LF stays."""
        return cls(tuple(text.split("\n")), encoding)

    def text(self, line: int) -> str:
        """Return a line, counted from 1, without its end."""
        inside = 0 < line <= len(self.lines)
        return self.lines[line - 1].removesuffix("\r") if inside else ""

    def position(self, line: int, column: int) -> lsp.Position:
        """Return a place, counted from 1 in characters."""
        if self.encoding == lsp.PositionEncodingKind.Utf32.value:
            at = column
        else:
            is_bytes = self.encoding == lsp.PositionEncodingKind.Utf8.value
            at = (utf8 if is_bytes else utf16)(self.text(line), column)
        return lsp.Position(line - 1, at - 1)

    def range(self, place: Place) -> lsp.Range:
        """Return what is to be underlined: never nothing, where there is something."""
        line = max(min(place.line, len(self.lines)), 1)
        text = self.text(line)
        first, end = (min(n, len(text) + 1) for n in (place.column, place.end))
        if not 0 < first < end:
            first, end = len(text) - len(text.lstrip()) + 1, len(text) + 1
        return lsp.Range(self.position(line, first), self.position(line, end))


def diagnostic(
    remark: Remark, sheets: Mapping[str, Sheet], link: Callable[[str], str]
) -> lsp.Diagnostic:
    """Return a remark; its proof leads to lines of this document and of others.

    Of a file that the editor does not show, columns are not known.
    """
    page = link(remark.rule)
    related = [
        lsp.DiagnosticRelatedInformation(
            lsp.Location(uri(at.path), _range(at, sheets)), at.note
        )
        for at in remark.trace
    ]
    return lsp.Diagnostic(
        range=_range(remark.place, sheets),
        severity=_SEVERITIES[remark.severity],
        code=remark.rule,
        code_description=lsp.CodeDescription(page) if page else None,
        source=SOURCE,
        message=remark.message,
        related_information=related or None,
    )


def _range(place: Place, sheets: Mapping[str, Sheet]) -> lsp.Range:
    if sheet := sheets.get(place.path):
        return sheet.range(place)
    start = lsp.Position(place.line - 1, 0)
    return lsp.Range(start, start)


def touches(one: lsp.Range, other: lsp.Range) -> bool:
    """Say whether two ranges meet; a cursor right behind a word is at the word."""
    ends = [_pair(each.end) for each in (one, other)]
    return _pair(one.start) <= ends[1] and _pair(other.start) <= ends[0]


def _pair(at: lsp.Position) -> tuple[int, int]:
    return at.line, at.character


def text_edits(swaps: Iterable[Swap], sheet: Sheet) -> list[lsp.TextEdit] | None:
    """Return the swaps as edits; None where a line is not what it was, or is twice."""
    made: dict[int, lsp.TextEdit] = {}
    for swap in swaps:
        if swap.line in made or sheet.text(swap.line) != swap.old:
            return None
        made[swap.line] = _edit(swap, sheet)
    return list(made.values())


def _edit(swap: Swap, sheet: Sheet) -> lsp.TextEdit:
    begin = lsp.Position(swap.line - 1, 0)
    if not swap.new and swap.line < len(sheet.lines):
        return lsp.TextEdit(lsp.Range(begin, lsp.Position(swap.line, 0)), "")
    end = "\r\n" if sheet.lines[swap.line - 1].endswith("\r") else "\n"
    last = sheet.position(swap.line, len(swap.old) + 1)
    return lsp.TextEdit(lsp.Range(begin, last), end.join(swap.new))


def unread(why: str) -> lsp.Diagnostic:
    """Return what is said where nobody could look: silence would look like praise."""
    start = lsp.Position(0, 0)
    return lsp.Diagnostic(
        range=lsp.Range(start, start),
        severity=lsp.DiagnosticSeverity.Information,
        source=SOURCE,
        message=f"Not checked: {why}",
    )


def uri(path: str) -> str:
    """Return the address of a file."""
    return Path(path).as_uri()
