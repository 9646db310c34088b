# SPDX-License-Identifier: GPL-2.0-or-later
"""Places and edits as SARIF has them."""

from __future__ import annotations

from urllib.parse import quote

from patchlint.model.finding import Edit, Finding
from patchlint.report.columns import utf16
from patchlint.report.json import Json, clean
from patchlint.report.posting import Mail
from patchlint.report.safe import cut
from patchlint.report.spot import Spot

_ROOT = "%SRCROOT%"
_WIDE = 500


def physical(at: Spot) -> Json:
    """Return a place; one in a mail is below no root, since no tree has it."""
    return {"artifactLocation": _artifact(at.path, at.in_mail), "region": _region(at)}


def snippet(at: Spot) -> Json:
    """Return a place with its line, for those who have no mail."""
    text = {"snippet": {"text": clean(at.text[:_WIDE])}}
    return {
        "artifactLocation": _artifact(at.path, at.in_mail),
        "region": _region(at) | text,
    }


def fix(finding: Finding, mail: Mail, name: str) -> Json:
    """Return the edits of the mail that put a finding right."""
    changes = [_replacement(edit, mail) for edit in finding.edits]
    change = {"artifactLocation": {"uri": name}, "replacements": changes}
    use = cut(" ".join(finding.suggestion.split()), _WIDE)
    return {
        "description": {"text": use or "Change the text of the mail."},
        "artifactChanges": [change],
    }


def _artifact(path: str, in_mail: bool) -> Json:  # noqa: FBT001
    uri: Json = {"uri": quote(clean(path))}
    return uri if in_mail else uri | {"uriBaseId": _ROOT}


def _region(at: Spot) -> Json:
    if at.columns is None:
        return {"startLine": at.line}
    first, end = (utf16(at.text, column) for column in at.columns)
    return {"startLine": at.line, "startColumn": first, "endColumn": end}


def _replacement(edit: Edit, mail: Mail) -> Json:
    span = edit.span
    end = span.end_line or span.line
    column = span.end_column if span.end_line else len(_line(mail, end)) + 1
    return {
        "deletedRegion": {
            "startLine": span.line,
            "startColumn": utf16(_line(mail, span.line), span.column),
            "endLine": end,
            "endColumn": utf16(_line(mail, end), column),
        },
        "insertedContent": {"text": clean(edit.text)},
    }


def _line(mail: Mail, number: int) -> str:
    """Return a line of the mail; below the last there is an empty one."""
    lines = mail.message.lines
    return lines[number - 1] if number <= len(lines) else ""
