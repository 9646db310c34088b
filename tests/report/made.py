# SPDX-License-Identifier: GPL-2.0-or-later
"""Findings made by hand, on small mails and on hostile ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace

from patchlint.model.change import FileChange
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.finding import (
    Confidence,
    Crash,
    Evidence,
    Finding,
    Report,
    Severity,
    Skip,
    Step,
)
from patchlint.model.location import InFile, InMessage, Location, Side, Span
from patchlint.model.message import Address, Message, Trailer
from patchlint.model.rule import RuleInfo
from patchlint.model.series import Footer, Series
from patchlint.pipeline import read
from tests.mails import FROM, diff, patch_mail

PATH = "kernel/foo.c"
SUBJECT = "[PATCH net-next v3 2/7] net: foo: fix bar"
OLD = "int a;\n\nint foo(int n)\n{\n\tint b;\n\n\tb = n;\n\treturn b;\n}\n"
NEW = "int a;\n\nint foo(int n)\n{\n\tint b;\n\n\tb = 2 * n;\n\treturn b;\n}\n"
REST = "".join(f"long rest_{n};\n" for n in range(60))
LOG = f"Call cpu and cpu.\n\nSecond part\nof the text.\n\nSigned-off-by: {FROM}"
HEADERS = {
    "To": "Net List <netdev@example.org>, A Dev <dev@example.org>",
    "Cc": "stable@vger.kernel.org, one@example.org, ONE@example.org",
    "Message_ID": "<2@example.org>",
    "In_Reply_To": "<0@example.org>",
    "References": "<r@example.org> <0@example.org>",
}


def posting(log: str = LOG, subject: str = SUBJECT, **headers: str) -> Series:
    """Return a series of one mail with a diff, long enough for eight remarks."""
    text = diff({PATH: OLD}, {PATH: NEW, "z/rest.c": REST})
    mail = patch_mail(log, text, subject, **(HEADERS | headers))
    (series,) = read([mail.encode("utf-8", "surrogateescape")])
    return series


def at(message: Message, text: str, word: str = "") -> InMessage:
    """Return the first line that holds ``text``, or the columns of a word in it."""
    number = next(n for n, line in enumerate(message.lines, 1) if text in line)
    if not word:
        return InMessage(Span(number))
    column = message.line(number).index(word) + 1
    return InMessage(Span(number, column, number, column + len(word)))


def finding(series: Series, anchor: InMessage, **changes: object) -> Finding:
    """Return a warning about a place in the first mail, with ``changes``."""
    message = series.messages[0]
    made = Finding(
        rule="msg/rule",
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        evidence=Evidence.MAIL,
        patch=message.subject.position,
        message_id=message.message_id,
        where=anchor,
        anchor=anchor,
        quote=message.line(anchor.span.line),
        message="this is wrong",
        suggestion="",
        trace=(),
        mended_in=None,
        fingerprint="0" * 32,
    )
    return replace(made, **changes)


def report(
    *findings: Finding, skips: Sequence[Skip] = (), crashes: Sequence[Crash] = ()
) -> Report:
    """Return a report of one rule."""
    infos = (RuleInfo("msg/rule", "A rule"),)
    return Report(infos, findings, tuple(skips), tuple(crashes))


def is_visible(text: str) -> bool:
    """Say whether text holds nothing hidden but tabs and line feeds."""
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return all(unicodedata.category(c) not in hidden for c in text if c not in "\t\n")


# A hostile mail with its findings is large; so many are drawn in a few seconds.
few = settings(max_examples=40)

# Any character there is, lone surrogates included, and more often the bad ones.
BAD = "\r\n\t\x00\x07\x1b\x7f\x85\x9b\u200b\u202e\u2028\u2066\ufeff\udc80\udcff"
CHARS = st.one_of(
    st.characters(), st.sampled_from(BAD), st.sampled_from('ab >.,:;<>@"\\?=[]-^日é')
)
PIECES = st.sampled_from(
    [
        "From ",
        "\nBcc: x@evil.example",
        "=?utf-8?q?=0ABcc:_x@evil?=",
        "> ",
        "-- ",
        "Re: ",
    ]
)
TEXT = st.lists(st.one_of(CHARS, PIECES), max_size=16).map("".join)
LINES = st.lists(TEXT.map(lambda text: text.replace("\n", "")), max_size=6)
ADDRESSES = st.builds(
    Address, TEXT, st.one_of(TEXT, st.just("dev@example.org"), st.just("l@k.org"))
)


@st.composite
def hostile_series(draw: st.DrawFn) -> Series:
    """Return a series whose mail holds whatever a parser could ever let through."""
    series = posting(log="\n".join([*_logs(draw), f"Signed-off-by: {FROM}"]))
    (patch,) = series.patches
    message = patch.message
    subject = replace(message.subject, text=draw(TEXT))
    lines = list(message.lines)
    lines[subject.line - 1] = "Subject: [PATCH " + draw(TEXT).replace("\n", "")
    message = replace(
        message,
        message_id=draw(st.one_of(TEXT, st.just("2@example.org"))),
        subject=subject,
        sender=draw(ADDRESSES),
        to=tuple(draw(st.lists(ADDRESSES, max_size=3))),
        cc=tuple(draw(st.lists(ADDRESSES, max_size=3))),
        reply_to=tuple(draw(st.lists(ADDRESSES, max_size=1))),
        date=draw(TEXT),
        references=tuple(draw(st.lists(TEXT, max_size=3))),
        lines=tuple(lines),
    )
    patch = replace(
        patch,
        message=message,
        parts=replace(patch.parts, trailers=(Trailer(draw(TEXT), draw(TEXT), 3),)),
        changes=tuple(_hostile_change(draw, change) for change in patch.changes),
        defects=(_defect(draw),),
    )
    return replace(
        series,
        patches=(patch,),
        base_commit=draw(TEXT),
        defects=(_defect(draw),),
        footers=(Footer(draw(TEXT), draw(TEXT), draw(TEXT), 3),),
        superseded=(replace(message, message_id=draw(TEXT)),),
    )


def _hostile_change(draw: st.DrawFn, change: FileChange) -> FileChange:
    """Draw names, ids and lines; the lines stay where they are in the mail."""
    paths = st.one_of(TEXT, st.just(PATH))
    return replace(
        change,
        old_path=draw(paths),
        new_path=draw(paths),
        old_oid=draw(TEXT),
        old_mode=draw(TEXT),
        new_mode=draw(TEXT),
        hunks=tuple(
            replace(
                hunk,
                heading=draw(TEXT),
                lines=(
                    *(replace(line, text=draw(TEXT)) for line in hunk.lines[:8]),
                    *hunk.lines[8:],
                ),
            )
            for hunk in change.hunks
        ),
    )


def _defect(draw: st.DrawFn) -> Defect:
    return Defect(draw(st.sampled_from(DefectKind)), draw(TEXT), 3, hides=True)


def _logs(draw: st.DrawFn) -> list[str]:
    """Draw lines that stay lines, and stay outside the diff."""
    lines = draw(LINES)
    return [f"x{line}".encode("utf-8", "replace").decode() for line in lines]


@st.composite
def hostile_cases(draw: st.DrawFn) -> tuple[Report, Series]:
    """Return a hostile series with up to twelve findings anywhere in it."""
    series = draw(hostile_series())
    message = series.messages[0]
    findings = [
        finding(
            series,
            _anchor(draw, message),
            rule=draw(st.sampled_from(["a/b", "c/d", "e/f"])),
            severity=draw(st.sampled_from(Severity)),
            message=draw(TEXT),
            suggestion=draw(TEXT),
            trace=tuple(draw(st.lists(_steps(), max_size=2))),
            mended_in=draw(st.sampled_from([None, 4])),
        )
        for _ in range(draw(st.integers(0, 12)))
    ]
    strange = InFile(draw(TEXT), Side.OLD, Span(3))
    places = st.sampled_from([None, _file(3), _file(7), strange])
    wheres = [draw(places) for _ in findings]
    findings = [
        replace(made, where=where or made.where)
        for made, where in zip(findings, wheres, strict=True)
    ]
    findings.sort(key=lambda made: made.anchor.span)
    mid = message.message_id
    skips = (Skip("a/b", mid, draw(TEXT)),)
    crashes = (Crash("a/b", mid, draw(TEXT)),)
    return report(*findings, skips=skips, crashes=crashes), series


def _file(line: int) -> Location:
    return InFile(PATH, Side.NEW, Span(line))


def _anchor(draw: st.DrawFn, message: Message) -> InMessage:
    line = draw(st.integers(1, len(message.lines)))
    first = draw(st.integers(1, 8))
    width = draw(st.integers(0, 5))
    whole, part = Span(line), Span(line, first, line, first + width)
    return InMessage(draw(st.sampled_from([whole, part])))


def _steps() -> st.SearchStrategy[Step]:
    files = st.builds(InFile, TEXT, st.sampled_from(Side), st.just(Span(3)))
    return st.builds(Step, files, TEXT, TEXT)
