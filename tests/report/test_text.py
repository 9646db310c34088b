# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import re
import subprocess
import sys

from hypothesis import given
from msgspec.structs import replace

from patchlint.model.finding import Crash, Report, Severity, Skip, Step
from patchlint.model.location import InFile, Side, Span
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report import terminal, text
from patchlint.report.look import Detail, Look
from tests.mails import patch_mail
from tests.report.made import (
    PATH,
    at,
    few,
    finding,
    hostile_cases,
    is_visible,
    posting,
)
from tests.report.made import report as report_of

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def test_silence_says_what_was_read() -> None:
    assert text.render(report_of(), [posting(subject="[PATCH] net: foo")]) == (
        "[PATCH] net: foo: 1 patch\n\nnothing found\n"
    )


def test_the_title_shows_what_is_hidden_in_it() -> None:
    series = posting(subject="[PATCH] net:\n \x1b[31mfoo\x07 bar")

    first, *_ = text.render(report_of(), [series]).split("\n")

    assert first == "[PATCH] net: \u241b[31mfoo\u2407 bar: 1 patch"


def test_a_giant_line_is_cut() -> None:
    series = posting(log="Second " + "word " * 500_000)
    where = at(series.head, "Second", "Second")
    step = Step(where, "x" * 9000, "")
    made = report_of(finding(series, where, trace=(step,), suggestion="y" * 9000))

    lines = text.render(made, [series]).split("\n")

    assert max(map(len, lines)) < 560
    assert sum(line.endswith(" [...]") for line in lines) == 3
    assert "      | ^^^^^^" in lines


def test_missing_patches_are_named() -> None:
    first, *_ = text.render(report_of(), [posting()]).split("\n")

    assert first == "[PATCH v3] net: foo: fix bar: 1 of 7 patches (missing: 1, 3-7)"


def test_remark_in_prose_has_carets_context_and_suggestion() -> None:
    series = posting(subject="[PATCH] net: foo")
    where = at(series.head, "of the text.", "text")
    made = finding(series, where, severity=Severity.NIT, suggestion="words")
    number = where.span.line

    assert text.render(report_of(made), [series]) == (
        "[PATCH] net: foo: 1 patch\n"
        "\n"
        f"{number - 1:>5} | Second part\n"
        f"{number:>5} | of the text.\n"
        "      |        ^^^^\n"
        "  nit: this is wrong [msg/rule]\n"
        "    use: words\n"
        "\n"
        "1 finding: 1 nit\n"
    )


def test_remark_in_code_names_its_file_and_its_steps() -> None:
    series = posting(subject="[PATCH] net: foo")
    steps = (
        Step(InFile(PATH, Side.NEW, Span(3)), "int  foo(int n)", "called from here"),
        Step(InFile(PATH, Side.OLD, Span(7)), "\tb = n;", ""),
    )
    made = finding(
        series,
        at(series.head, "+\tb = 2 * n;"),
        where=InFile(PATH, Side.NEW, Span(7)),
        trace=steps,
        mended_in=4,
    )
    hunk, line = (at(series.head, t).span.line for t in ("@@ ", "+\tb = 2"))

    assert text.render(report_of(made), [series]).split("\n")[2:-2] == [
        "kernel/foo.c:7",
        f"{hunk:>5} | @@ -4,6 +4,6 @@",
        f"{line - 1:>5} | -\tb = n;",
        f"{line:>5} | +\tb = 2 * n;",
        "  warning: this is wrong [msg/rule]",
        "    mended in 4/1",
        "    1. kernel/foo.c:3: int foo(int n)  called from here",
        "    2. kernel/foo.c:7 (old): b = n;",
        "",
    ]


def test_place_that_no_hunk_shows_is_named() -> None:
    series = posting(subject="[PATCH] net: foo")
    far = finding(
        series, at(series.head, "@@ "), where=InFile(PATH, Side.NEW, Span(90))
    )
    off = replace(far, anchor=at(series.head, "Subject:"))

    made = text.render(report_of(off, far), [series])

    assert "  warning: kernel/foo.c:90: this is wrong [msg/rule]\n" in made
    assert "kernel/foo.c:90\n" in made


def test_folded_subject_is_quoted_whole_with_carets_in_place() -> None:
    series = posting(subject="[PATCH] net:\n foo the bar")
    made = finding(series, at(series.head, "Subject:", "net"))

    assert text.render(report_of(made), [series]).split("\n")[2:5] == [
        "    2 | Subject: [PATCH] net:",
        "      |                  ^^^",
        "    3 |  foo the bar",
    ]


def test_mails_of_a_series_have_headings() -> None:
    mails = [patch_mail("x", "", f"[PATCH {n}/2] t{n}") for n in (1, 2)]
    mails = [m.replace("<1@", f"<{n}@") for n, m in enumerate(mails)]
    (series,) = read([mail.encode() for mail in mails])
    made = finding(series, at(series.messages[0], "Subject:"))

    out = text.render(report_of(made), [series])

    assert out.startswith("[PATCH] t1: 2 patches\n\n1/2 t1\n\n")
    assert "2/2 t2" not in out


def test_each_series_has_its_headline_and_its_findings() -> None:
    one = posting(subject="[PATCH] one")
    two = posting(subject="[PATCH] two", Message_ID="<3@example.org>")
    made = finding(two, at(two.head, "Subject:"))

    lines = text.render(report_of(made), [one, two]).split("\n")

    assert lines[:4] == ["[PATCH] one: 1 patch", "", "[PATCH] two: 1 patch", ""]
    assert "Subject: [PATCH] two" in lines[4]


def test_summary_counts_and_groups() -> None:
    series = posting()
    where = at(series.head, "Second")
    kinds = [Severity.NIT, Severity.ERROR, Severity.NIT, Severity.NOTE]
    made = report_of(
        *(finding(series, where, severity=kind) for kind in kinds),
        skips=[
            Skip("c/a", "2@example.org", "the whole file: a.c"),
            Skip("c/a", "3@example.org", "the whole file: a.c"),
            Skip("c/b", "2@example.org", "the whole file: a.c"),
            Skip("series/a", "2@example.org", "patch 1 of 7"),
        ],
        crashes=[Crash("c/c", "2@example.org", "ValueError: no")],
    )

    assert text.render(made, [series]).split("\n")[-5:] == [
        "not checked: 2 rules need the whole file: a.c (give --repo)",
        "not checked: series/a needs patch 1 of 7",
        "crashed: c/c on <2@example.org>: ValueError: no",
        "4 findings: 1 error, 2 nits, 1 note; 3 rules not checked; 1 rule crashed",
        "",
    ]


def test_our_words_wrap_and_tables_do_not() -> None:
    series = posting()
    words = "word " * 30 + "\n  a table   " + "x" * 90
    made = finding(series, at(series.head, "Second"), message=words)

    lines = text.render(report_of(made), [series]).split("\n")

    assert f"             a table   {'x' * 90} [msg/rule]" in lines
    assert max(len(line) for line in lines if "word" in line) <= 80


def test_terminal_is_the_text_in_colour() -> None:
    series = posting()
    made = report_of(finding(series, at(series.head, "Second", "part")))

    out = terminal.render(made, [series], Look(80))

    assert COLOUR.sub("", out) == text.render(made, [series])
    assert "\x1b[1;35m  warning: \x1b[0m" in out


def test_terminal_wraps_our_words_at_its_width() -> None:
    series = posting()
    made = finding(series, at(series.head, "Second"), message="word " * 30)

    out = COLOUR.sub("", terminal.render(report_of(made), [series], Look(50)))

    assert max(len(line) for line in out.split("\n") if "word" in line) <= 50


def test_time_is_told_only_where_it_was_asked_for() -> None:
    series = posting()

    assert text.render(report_of(), [series]).endswith("\nnothing found\n")
    timed = text.render(report_of(), [series], Look(seconds=1.23))
    assert timed.endswith("\nnothing found; 1.2 s\n")


def test_quiet_is_findings_only() -> None:
    series = posting()
    quiet = Look(detail=Detail.QUIET)
    made = report_of(
        finding(series, at(series.head, "Second")),
        skips=[Skip("c/a", "2@example.org", "the tree")],
    )

    said = text.render(made, [series], quiet)

    assert text.render(report_of(), [series], quiet) == ""
    assert said.startswith("2/7 net: foo: fix bar\n")
    assert said.endswith("  warning: this is wrong [msg/rule]\n\n")


def test_verbose_names_rules_and_grounds() -> None:
    series = posting()
    rules = [f"group/a-rule-with-a-long-name-{n}" for n in range(9)]
    made = report_of(
        finding(series, at(series.head, "Second")),
        skips=[Skip(rule, "2@example.org", "the tree") for rule in rules],
    )

    lines = text.render(made, [series], Look(detail=Detail.VERBOSE)).split("\n")

    grounds = "    confidence high, rests on the mail, fingerprint " + "0" * 32
    assert grounds in lines
    assert all(any(rule in line for line in lines) for rule in rules)
    assert max(map(len, lines)) <= 84


def test_places_are_links_where_there_are_files() -> None:
    series = posting()
    where = InFile(PATH, Side.NEW, Span(7))
    made = finding(series, at(series.head, "+\tb = 2 * n;"), where=where)
    asked: list[tuple[str, int]] = []

    def link(path: str, line: int) -> str:
        asked.append((path, line))
        return "file://host/tree/foo.c#L7"

    out = terminal.render(report_of(made), [series], Look(link=link))

    assert asked == [(PATH, 7)]
    assert (
        "\x1b]8;;file://host/tree/foo.c#L7\x1b\\\x1b[36mkernel/foo.c:7\x1b[0m"
        "\x1b]8;;\x1b\\" in out
    )


def test_a_url_that_a_terminal_could_obey_is_no_link() -> None:
    series = posting()
    where = InFile(PATH, Side.NEW, Span(7))
    made = finding(series, at(series.head, "+\tb = 2 * n;"), where=where)

    look = Look(link=lambda *_: "file://host/\x1b\\\x1b[2J")

    assert "\x1b]8" not in terminal.render(report_of(made), [series], look)


@few
@given(hostile_cases())
def test_any_output_is_harmless(case: tuple[Report, Series]) -> None:
    report, series = case

    plain = text.render(report, [series])
    coloured = terminal.render(report, [series], Look(80))
    wordy = text.render(report, [series], Look(detail=Detail.VERBOSE))

    assert is_visible(plain)
    assert is_visible(wordy)
    assert is_visible(COLOUR.sub("", coloured))


def test_formats_do_not_load_rich() -> None:
    code = "import sys, patchlint.report; print('rich' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
