# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from msgspec.structs import replace

from patchlint.model.finding import Finding, Report, Severity, Step
from patchlint.model.location import InFile, InMessage, Side, Span
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report.blocks import Block, Cut, Quote, Remark, fitted
from patchlint.report.manner import Manner
from patchlint.report.posting import mails
from patchlint.report.quote import stand
from patchlint.report.reply import Reply, replies
from patchlint.report.safe import printable
from tests.mails import diff, patch_mail
from tests.report.made import (
    LOG,
    NEW,
    OLD,
    PATH,
    at,
    few,
    finding,
    hostile_cases,
    posting,
)
from tests.report.made import report as report_of

CHANGED = "+\tb = 2 * n;"


def reply_to(series: Series, *findings: Finding) -> Reply:
    manner = Manner(answers_rfc=True)
    (reply,) = replies(report_of(*findings), [series], manner)
    return reply


def said(series: Series, *findings: Finding) -> list[Block]:
    return list(reply_to(series, *findings).blocks)


def remark(series: Series, made: Finding) -> list[str]:
    """Return the lines of the only remark."""
    blocks = said(series, made)
    (lines,) = (block.lines for block in blocks if isinstance(block, Remark))
    return list(lines)


def test_silence_when_nothing_is_found() -> None:
    series = posting()
    note = finding(series, at(series.head, "Second"), severity=Severity.NOTE)

    assert list(replies(report_of(), [series])) == []
    assert list(replies(report_of(note), [series])) == []


def test_author_gets_it_and_all_others_but_stable_a_copy() -> None:
    reply = reply_to(series := posting(), finding(series, at(series.head, "Second")))

    assert [str(a) for a in reply.to] == ["A Dev <dev@example.org>"]
    assert [str(a) for a in reply.cc] == [
        "Net List <netdev@example.org>",
        "one@example.org",
    ]


def test_reply_to_wins_over_from() -> None:
    series = posting(Reply_To="other@example.org")

    reply = reply_to(series, finding(series, at(series.head, "Second")))

    assert [str(a) for a in reply.to] == ["other@example.org"]
    assert "dev@example.org" not in [a.mailbox for a in reply.cc]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("[PATCH net-next v3 2/7] net: foo", "Re: [PATCH net-next v3 2/7] net: foo"),
        ("[PATCH] [RFC] net: foo [bar]", "Re: [PATCH] [RFC] net: foo [bar]"),
        ("[PATCH] net:\n foo", "Re: [PATCH] net: foo"),
        ("[PATCH] =?utf-8?q?=C3=A9?=", "Re: [PATCH] é"),
        ("net: foo", "Re: net: foo"),
    ],
)
def test_subject_keeps_its_brackets(subject: str, expected: str) -> None:
    series = posting(subject=subject)

    reply = reply_to(series, finding(series, at(series.head, "Second")))

    assert reply.subject == expected


def test_mail_without_a_subject_is_answered_without_one() -> None:
    (series,) = read([f"From: a@b.org\n\n{diff({PATH: OLD}, {PATH: NEW})}".encode()])

    assert reply_to(series, finding(series, InMessage(Span(1)))).subject == "Re:"


def test_remark_in_prose_follows_its_paragraph() -> None:
    series = posting()

    assert said(series, finding(series, at(series.head, "of the", "text"))) == [
        Quote(("Second part", "of the text.")),
        Remark(("this is wrong",), "       ^^^^"),
    ]


def test_remark_in_code_keeps_the_names_of_file_and_hunk() -> None:
    series = posting()

    assert said(series, finding(series, at(series.head, "+\tb = 2 * n;"))) == [
        Quote((f"diff --git a/{PATH} b/{PATH}", "@@ -4,6 +4,6 @@")),
        Cut(),
        Quote(("-\tb = n;", "+\tb = 2 * n;")),
        Remark(("this is wrong",)),
    ]


def test_second_remark_in_a_hunk_goes_on_where_the_first_stood() -> None:
    series = posting()
    first = finding(series, at(series.head, "-\tb = n;"))
    second = finding(
        series, at(series.head, " \treturn b;"), message="so is this", rule="c/d"
    )

    assert said(series, first, second)[-2:] == [
        Quote(("+\tb = 2 * n;", " \treturn b;")),
        Remark(("so is this",)),
    ]


def test_two_files_are_named_once_each() -> None:
    before = {"a.c": OLD, "b.c": OLD}
    after = {"a.c": NEW, "b.c": NEW.replace("int a;", "int z;")}
    (series,) = read([patch_mail(LOG, diff(before, after)).encode()])
    numbers = [n for n, text in enumerate(series.head.lines, 1) if text == CHANGED]
    extra = at(series.head, "+int z;")
    anchors = [InMessage(Span(numbers[0])), extra, InMessage(Span(numbers[1]))]

    blocks = said(series, *(finding(series, anchor) for anchor in anchors))

    quoted = [ln for b in blocks if isinstance(b, Quote) for ln in b.lines]
    assert [line for line in quoted if line.startswith(("diff", "@@"))] == [
        "diff --git a/a.c b/a.c",
        "@@ -4,6 +4,6 @@",
        "diff --git a/b.c b/b.c",
        "@@ -1,9 +1,9 @@",
    ]
    assert blocks.count(Cut()) == 3


def test_subject_is_quoted_first_and_whole() -> None:
    series = posting(subject="[PATCH] net:\n foo")

    assert said(
        series,
        finding(series, at(series.head, "Second")),
        finding(
            series, at(series.head, "Subject:", "net"), message="not so", rule="a/b"
        ),
    ) == [
        Quote(("Subject: [PATCH] net:", " foo")),
        Remark(("not so",)),
        Quote(("Second part",)),
        Remark(("this is wrong",)),
    ]


def test_mail_without_headers_has_no_subject_to_quote() -> None:
    text = diff({PATH: OLD}, {PATH: NEW})
    (series,) = read([text.encode()])

    assert said(series, finding(series, InMessage(Span(1)))) == [
        Remark(("this is wrong",))
    ]


def test_diff_that_cannot_be_read_is_quoted_line_by_line() -> None:
    mail = patch_mail(LOG, "diff --git a/x b/x\n@@ -1,9 +1,9 @@\n broken\n")
    (series,) = read([mail.encode()])

    assert said(series, finding(series, at(series.head, " broken"))) == [
        Quote((" broken",)),
        Remark(("this is wrong",)),
    ]


def test_carets_of_two_remarks_share_the_line_under_the_quote() -> None:
    series = posting()
    first = finding(series, at(series.head, "Call cpu", "Call"))
    second = finding(
        series, at(series.head, "Call cpu", "cpu"), message="this too", rule="a/b"
    )

    assert said(series, first, second)[1:] == [
        Remark(("this is wrong",), "^^^^ ^^^"),
        Remark(("this too",)),
    ]


def test_nit_is_marked_and_says_what_to_write() -> None:
    series = posting()
    places = [at(series.head, "Subject", "foo"), at(series.head, "Call cpu", "cpu")]
    nits = [
        finding(series, anchor, severity=Severity.NIT, suggestion=new)
        for anchor, new in zip(places, ("FOO", "CPU"), strict=True)
    ]
    code = finding(series, at(series.head, "+\tb = 2"), severity=Severity.NIT)

    assert said(series, *nits, code)[1:] == [
        Remark(
            (
                "Nit: this is wrong: s/foo/FOO/",
                "Likewise: s/cpu/CPU/ (text line 1), kernel/foo.c:7.",
            ),
            "                                      ^^^",
        ),
    ]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Is a meant? b is not touched", "b is not touched. Is a meant?"),
        ("a and b differ. Is that meant?", "a and b differ. Is that meant?"),
        ("a and b differ.", "a and b differ. Is that intended?"),
    ],
)
def test_question_ends_as_one(message: str, expected: str) -> None:
    series = posting()
    asked = finding(
        series,
        at(series.head, "Second"),
        severity=Severity.QUESTION,
        message=message,
    )

    assert remark(series, asked) == [expected]


def test_question_about_a_table_is_put_below_it() -> None:
    series = posting()
    asked = finding(
        series,
        at(series.head, "Second"),
        severity=Severity.QUESTION,
        message="They differ:\n  a  1",
    )

    assert remark(series, asked) == ["They differ:", "  a  1", "Is that intended?"]
    told = "They differ, why?\n  a  1"
    assert remark(series, replace(asked, message=told))[-1] == "  a  1"


def test_code_to_use_stands_by_itself() -> None:
    series = posting()
    made = finding(series, at(series.head, "+\tb = 2"), suggestion="b = n << 1;")

    assert remark(series, made) == ["this is wrong:", "", "  b = n << 1;"]
    told = replace(made, message="use b = n << 1;")
    assert remark(series, told) == ["use b = n << 1;"]


def test_trace_is_a_table_with_each_path_once() -> None:
    series = posting()
    steps = (
        Step(InFile(PATH, Side.NEW, Span(3)), "int foo(int n)", "called here"),
        Step(InFile(PATH, Side.OLD, Span(127)), "\tb  = n;", ""),
    )
    made = finding(series, at(series.head, "+\tb = 2"), trace=steps)

    assert remark(series, made) == [
        "this is wrong",
        "",
        "  kernel/foo.c",
        "            3  int foo(int n)  called here",
        "    127 (old)  b = n;",
    ]


def test_notes_of_a_trace_go_below_where_there_is_no_room() -> None:
    series = posting()
    step = Step(InFile(PATH, Side.NEW, Span(3)), "x" * 70, "called here")
    made = finding(series, at(series.head, "+\tb = 2"), trace=(step,))

    assert remark(series, made)[-2:] == ["    3  " + "x" * 70, "       called here"]


def test_place_that_no_hunk_shows_is_named() -> None:
    series = posting()
    where = InFile(PATH, Side.OLD, Span(90))
    made = finding(series, at(series.head, "@@"), where=where)

    assert remark(series, made) == ["kernel/foo.c:90 (old): this is wrong"]


def test_line_of_the_old_file_is_known() -> None:
    series = posting()
    where = InFile(PATH, Side.OLD, Span(7))
    made = finding(series, at(series.head, "-\tb = n;"), where=where)

    assert remark(series, made) == ["this is wrong"]


def test_what_a_later_patch_mends_says_so() -> None:
    series = posting()
    made = finding(series, at(series.head, "+\tb = 2"), mended_in=4)

    assert remark(series, made) == ["this is wrong (mended in 4/7)."]


def test_only_our_sentences_are_wrapped() -> None:
    series = posting()
    words = "word " * 30 + "\n  a  table " + "x" * 80
    made = finding(series, at(series.head, "Second"), message=words)

    lines = remark(series, made)

    assert "  a  table " + "x" * 80 in lines
    assert max(len(line) for line in lines if "word" in line) <= 72


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Reviewed-by: A <a@b> is here", '"Reviewed-by:" A <a@b> is here'),
        ("> quoted", " > quoted"),
        ("---", " ---"),
        ("-- ", " --"),
    ],
)
def test_our_words_are_not_taken_for_anything_else(message: str, expected: str) -> None:
    series = posting()
    made = finding(series, at(series.head, "Second"), message=message)

    assert remark(series, made) == [expected]


def test_the_rest_is_named_at_the_end() -> None:
    series = posting()
    loud = [
        finding(series, at(series.head, "Second"), message=f"{n}") for n in range(5)
    ]
    quiet = [
        finding(series, at(series.head, text), severity=Severity.NIT, rule=rule)
        for text, rule in (("Call", "a/b"), ("Second", "a/b"), ("+\tb", "c/d"))
    ]

    reply = reply_to(series, *loud, *quiet)

    assert reply.rest == ("And 3 more: a/b (text lines 1, 3); c/d (kernel/foo.c:7)",)
    assert reply.rules == ("msg/rule", "a/b", "c/d")


@few
@given(hostile_cases())
def test_quotes_are_lines_of_the_mail_in_order(case: tuple[Report, Series]) -> None:
    report, series = case
    lines = [printable(line) for line in series.head.lines]

    for reply in replies(report, [series]):
        rest = iter(lines)
        quotes = [block for block in reply.blocks if isinstance(block, Quote)]

        assert all(line in rest for quote in quotes for line in quote.lines)
        assert all(0 < len(quote.lines) <= 12 for quote in quotes)


@few
@given(hostile_cases())
def test_remarks_stand_under_their_lines(case: tuple[Report, Series]) -> None:
    report, series = case
    lines = ["", *(printable(line) for line in series.head.lines)]

    for mail in mails(report, [series]):
        points = fitted(mail)[0].points
        expected = sorted(stand(mail, p.said.anchor.span.line) for p in points)
        above = [
            line
            for reply in replies(report, [series])
            for line in _above_remarks(reply.blocks)
        ]

        assert above == [lines[number] for number in expected]
        assert len(points) <= 8


def _above_remarks(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield for each remark the line it stands under, "" for the top."""
    line = ""
    last: Block = Cut()
    for block in blocks:
        if isinstance(block, Remark):
            assert not isinstance(last, Cut) or line == ""
            assert not block.carets or isinstance(last, Quote)
            yield line
        if isinstance(block, Quote):
            line = block.lines[-1]
        last = block
