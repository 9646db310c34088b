# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import mailbox
import re
import subprocess
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from hypothesis import given

from patchlint import __version__
from patchlint.model.finding import Report, Severity, Step
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report.draft import render, write
from patchlint.report.header import is_id, is_mailbox
from patchlint.report.manner import mark_of
from patchlint.report.reply import replies
from tests.mails import patch_mail
from tests.report.made import at, few, finding, hostile_cases, is_visible, posting
from tests.report.made import report as report_of

ALWAYS = [
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
    "Auto-Submitted",
    "X-Patchlint-Version",
    "X-Patchlint-Rules",
    "X-Patchlint-Findings",
]
# What a line of the body may be, in the order it is tried.
QUOTE, CARETS = re.compile(r">( |$)"), re.compile(r"[ \t]+\^[ \t^]*")


def drafts(report: Report, series: Series) -> list[EmailMessage]:
    return [
        message_from_bytes(write(reply).encode("utf-8"), policy=policy.default)
        for reply in replies(report, [series])
    ]


def test_a_draft_reads_like_a_reply() -> None:
    series = posting()
    made = report_of(
        finding(
            series,
            at(series.head, "Subject:", "foo"),
            severity=Severity.NIT,
            message="names are capitals.",
            suggestion="FOO",
        ),
        finding(series, at(series.head, "+\tb = 2"), rule="c/rule"),
    )

    assert render(made, [series]) == (
        "From patchlint@localhost Thu Jan  1 00:00:00 1970\n"
        "To: A Dev <dev@example.org>\n"
        "Cc: Net List <netdev@example.org>, one@example.org\n"
        "Subject: Re: [PATCH net-next v3 2/7] net: foo: fix bar\n"
        "In-Reply-To: <2@example.org>\n"
        "References: <r@example.org> <0@example.org> <2@example.org>\n"
        "MIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\n"
        "Content-Transfer-Encoding: 8bit\n"
        "Auto-Submitted: auto-replied\n"
        f"X-Patchlint-Version: {__version__}\n"
        "X-Patchlint-Rules: msg/rule, c/rule\n"
        f"X-Patchlint-Findings: {mark_of(made.findings[0], series.head)},"
        " 0000000000000000\n"
        "\n"
        "On Tue, 2 Jan 2024 03:04:05 +0000, A Dev wrote:\n"
        "> Subject: [PATCH net-next v3 2/7] net: foo: fix bar\n"
        "                                        ^^^\n"
        "\n"
        "Nit: names are capitals: s/foo/FOO/\n"
        "\n"
        "> diff --git a/kernel/foo.c b/kernel/foo.c\n"
        "> @@ -4,6 +4,6 @@\n"
        "[...]\n"
        "> -\tb = n;\n"
        "> +\tb = 2 * n;\n"
        "\n"
        "this is wrong\n"
        "\n"
        "-- \n"
        f"patchlint {__version__}: msg/rule, c/rule\n"
        "b4 mbox -o - 2@example.org | patchlint --format reply -\n"
        "\n"
    )


def test_no_line_is_too_long_for_a_mail() -> None:
    series = posting(log="Second " + "w\u00f6rd " * 500_000)
    where = at(series.head, "Second", "Second")
    step = Step(at(series.head, "+long rest_7;"), "x" * 9000, "note")
    made = finding(
        series, where, message="m" * 9000, trace=(step,), suggestion="y" * 9000
    )

    lines = render(report_of(made), [series]).split("\n")

    assert max(len(line.encode()) for line in lines) <= 902
    assert sum(line.endswith(" [...]") for line in lines) == 4
    assert any(line.startswith("> Second") for line in lines)


def test_nothing_found_nothing_written() -> None:
    assert render(report_of(), [posting()]) == ""


def test_drafts_come_in_posting_order() -> None:
    mails = [
        patch_mail("text", "", f"[PATCH {n}/2] t{n}", Message_ID=f"<{n}@x.org>")
        for n in (1, 2)
    ]
    (series,) = read([mail.encode() for mail in mails])
    where = at(series.head, "text")
    made = [finding(series, where, message_id=f"{n}@x.org") for n in (2, 1)]

    text = render(report_of(*made), [series])

    assert re.findall("^Subject: (.*)", text, re.MULTILINE) == [
        "Re: [PATCH 1/2] t1",
        "Re: [PATCH 2/2] t2",
    ]


def test_mail_without_id_is_answered_without_naming_one() -> None:
    (series,) = read([b"From: a@b.org\nSubject: [PATCH] x\n\ntext\n"])
    made = report_of(finding(series, at(series.head, "text")))

    (mail,) = drafts(made, series)

    assert mail.keys() == ["To", "Subject", *ALWAYS]
    assert render(made, [series]).endswith("patchlint --format reply FILE\n\n")


def test_the_rest_stands_above_the_footer() -> None:
    series = posting()
    where = at(series.head, "Second")
    made = [finding(series, where, message=f"{n}", rule=f"a/{n}") for n in range(9)]

    body = render(report_of(*made), [series])

    assert "\n\nAnd 1 more: a/8 (text line 3)\n\n-- \npatchlint" in body


def test_lines_that_begin_a_mail_are_quoted(tmp_path: Path) -> None:
    series = posting()
    where = at(series.head, "Second")
    made = finding(series, where, message="From here on\n it is wrong")
    path = tmp_path / "drafts"
    path.write_text(render(report_of(made), [series]), encoding="utf-8")

    with closing(mailbox.mbox(path)) as box:
        (mail,) = box

    assert "\n>From here on\n" in mail.as_string()


def test_git_reads_a_draft(tmp_path: Path) -> None:
    series = posting(subject="[PATCH] é: foo", From="Ä Dev <dev@example.org>")
    made = finding(series, at(series.head, "Second"), message="schön")
    (tmp_path / "drafts").write_text(render(report_of(made), [series]), "utf-8")

    subprocess.run(
        ["git", "mailsplit", "--mboxrd", "-o.", "drafts"], cwd=tmp_path, check=True
    )
    info = subprocess.run(
        ["git", "mailinfo", "-k", "msg", "patch"],
        cwd=tmp_path,
        input=(tmp_path / "0001").read_bytes(),
        capture_output=True,
        check=True,
    ).stdout.decode("utf-8")

    assert "Subject: Re: [PATCH] é: foo\n" in info
    assert "schön" in (tmp_path / "msg").read_text("utf-8")


@few
@given(hostile_cases())
def test_headers_are_the_expected_ones_whatever_the_mail_holds(
    case: tuple[Report, Series],
) -> None:
    report, series = case
    message = series.head
    allowed = {
        address.mailbox.lower()
        for address in (message.sender, *message.to, *message.cc, *message.reply_to)
        if is_mailbox(address.mailbox)
    }

    for reply, mail in zip(
        replies(report, [series]), drafts(report, series), strict=True
    ):
        parents = ["In-Reply-To"] if is_id(message.message_id) else []
        above = message.references or (message.in_reply_to,)
        known = parents or [name for name in above if is_id(name)]
        expected = [
            *(["To"] if any(is_mailbox(a.mailbox) for a in reply.to) else []),
            *(["Cc"] if any(is_mailbox(a.mailbox) for a in reply.cc) else []),
            "Subject",
            *parents,
            *(["References"] if known else []),
            *ALWAYS,
        ]

        assert mail.keys() == expected
        assert mail["Auto-Submitted"] == "auto-replied"
        assert str(mail["Subject"]).startswith("Re:")
        for name in {"To", "Cc"} & set(mail.keys()):
            told = {a.addr_spec.lower() for a in mail[name].addresses}
            assert told <= allowed


@few
@given(hostile_cases())
def test_body_is_quotes_remarks_cuts_and_a_footer(case: tuple[Report, Series]) -> None:
    report, series = case

    for reply, mail in zip(
        replies(report, [series]), drafts(report, series), strict=True
    ):
        head, *lines = mail.get_content().split("\n")
        footer = lines.index("-- ")
        ours = {line for block in reply.blocks for line in getattr(block, "lines", ())}
        ours |= {"", "[...]", *reply.rest}

        assert head.startswith("On ")
        assert head.endswith(" wrote:")
        assert len(lines[footer:]) == 4
        for line in lines[:footer]:
            assert line in ours or QUOTE.match(line) or CARETS.fullmatch(line)


@few
@given(hostile_cases())
def test_any_output_is_harmless(case: tuple[Report, Series]) -> None:
    report, series = case

    text = render(report, [series])

    assert is_visible(text)
    assert len(re.findall("^From ", text, re.MULTILINE)) == len(drafts(report, series))
