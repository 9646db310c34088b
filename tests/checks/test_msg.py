# SPDX-License-Identifier: GPL-2.0-or-later
"""What the rules about a commit log see; their cards hold the plain examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.adapters.cards import load_rules
from patchlint.lint.context import contexts
from patchlint.lint.rule import Rule
from patchlint.model.finding import Crash, Finding, Severity
from patchlint.model.location import InFile
from patchlint.pipeline import read
from patchlint.series.images import NoSource
from tests.mails import FROM, diff, patch_mail

RULES = {
    r.card.id: r for r in load_rules() if r.card.check and r.card.scope == "message"
}
OURS = [
    "msg/acronym-case", "msg/also-opener", "msg/appendix-too-long",
    "msg/commit-ref-format", "msg/missing-article", "msg/nfc-not-last",
    "msg/run-on-sentence", "msg/spelling", "msg/a-or-an", "msg/doubled-word",
    "msg/verb-form", "msg/confused-words", "msg/this-patch", "msg/function-parentheses",
]  # fmt: skip


def found(
    rule: str, log: str, subject: str = "[PATCH] area: Do it", diff_text: str = ""
) -> list[Finding]:
    mail = patch_mail(f"{log}\n\nSigned-off-by: {FROM}", diff_text, subject)
    return list(findings(RULES[rule], mail))


def findings(rule: Rule, mail: str) -> list[Finding]:
    results: list[object] = []
    for series in read([mail.encode("utf-8", "surrogateescape")]):
        results += rule.apply(contexts(series, NoSource()))
    assert [r for r in results if isinstance(r, Crash)] == []
    return [r for r in results if isinstance(r, Finding)]


@pytest.mark.parametrize("rule", OURS)
def test_cover_letters_are_free_text(rule: str) -> None:
    text = (
        "It needs reset before use.\n\nNo functional change.\n\nAlso, wbinvd is slow."
    )

    assert findings(RULES[rule], patch_mail(text, "", "[PATCH 0/2] area: Do it")) == []


@pytest.mark.parametrize("rule", OURS)
def test_all_of_it_is_a_nit(rule: str) -> None:
    assert RULES[rule].card.severity is Severity.NIT


@given(
    st.lists(
        st.one_of(
            st.text(max_size=60),
            st.sampled_from((
                "", "Also,", "Also", "While at it", "No functional change.", "[1] x",
                "commit 0123456: (\"a", "needs cache", "wbinvd", "so, and the it is,",
            )),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_no_text_makes_a_rule_crash_or_point_at_nothing(lines: list[str]) -> None:
    mail = patch_mail("\n".join(lines), "", "[PATCH] wbinvd: Also, needs lock")
    for rule in OURS:
        for finding in findings(RULES[rule], mail):
            assert finding.quote.strip()
            assert finding.anchor.span.column <= len(finding.quote)


def test_the_corrected_words_are_the_suggestion() -> None:
    log = "The unit needs cache flush in this case. It prints error message then."

    assert [
        (f.suggestion, f.anchor.span.column) for f in found("msg/missing-article", log)
    ] == [
        ("s/needs cache flush/needs a cache flush/", 10),
        ("s/prints error message/prints an error message/", 45),
    ]


def test_an_article_fits_the_sound_behind_it() -> None:
    log = "This needs interrupt to wake up. It creates NULL pointer on the way."

    assert [f.suggestion for f in found("msg/missing-article", log)] == [
        "s/needs interrupt/needs an interrupt/",
        "s/creates NULL pointer/creates a NULL pointer/",
    ]


def test_the_same_words_are_told_of_once_and_mended_everywhere() -> None:
    log = "It always needs reset here. " * 3
    (finding,) = found("msg/missing-article", log)

    assert len(finding.trace) == 2
    assert [edit.text for edit in finding.edits][:1] == ["needs a reset"]


def test_three_missing_articles_are_enough() -> None:
    nouns = ("reset", "lock", "buffer", "callback", "handler")
    log = " ".join(f"It always needs {noun} here." for noun in nouns)

    assert len(found("msg/missing-article", log)) == 3


def test_an_edit_of_a_comment_is_a_place_of_the_mail() -> None:
    made = diff({"a.c": "int a;\n"}, {"a.c": "int a;\nint b; /* the the last */\n"})
    (finding,) = found("msg/doubled-word", "Do it.", diff_text=made)
    (edit,) = finding.edits

    assert edit.text == "the"
    assert edit.span == finding.anchor.span


def test_one_remark_names_all_functions_without_parentheses() -> None:
    calls = "int a;\n\tset_flag();\n\tclear_flag();\n"
    made = diff({"a.c": "int a;\n"}, {"a.c": calls})
    log = "It is set by set_flag and clear_flag, see clear_flag()."
    (finding,) = found("msg/function-parentheses", log, diff_text=made)

    assert [edit.text for edit in finding.edits] == ["set_flag()", "clear_flag()"]


@pytest.mark.parametrize(
    "log",
    [
        "The flush cache of the unit is small.",
        "It flushes cache lines of the unit.",
        "It needs locks for this.",
        "It needs a reset for this.",
        'It prints "needs reset" for this.',
        "needs_reset() needs reset_unit() for this.",
    ],
)
def test_no_article_is_missing(log: str) -> None:
    assert found("msg/missing-article", log) == []


def test_the_worst_sentence_is_reported_with_its_split() -> None:
    splice = "The lock is taken here, it is not released in the end of it."
    heavy = (
        "On big parts, at low level entries with and without the tag of the same line "
        "can coexist, and the unit can write them back to the memory in any order."
    )
    (finding,) = found("msg/run-on-sentence", f"{splice} {heavy}")

    assert finding.suggestion == "can coexist. The unit can write"
    assert finding.anchor.span.column == len(splice) + 2


def test_length_alone_has_no_suggestion() -> None:
    (finding,) = found("msg/run-on-sentence", "It is " + "very " * 60 + "long.")

    assert (finding.message, finding.suggestion) == (
        "This sentence has 63 words; I would split it.",
        "",
    )


@pytest.mark.parametrize(
    "statement",
    [
        "No functional change.",
        "No functional changes intended.",
        "No change in functionality",
    ],
)
def test_the_statement_is_the_anchor_and_the_text_behind_it_the_trace(
    statement: str,
) -> None:
    log = f"Fold the loops.\n\n{statement}\n\nThe index of the second one goes away."
    (finding,) = found("msg/nfc-not-last", log)

    assert finding.quote == statement
    assert finding.trace[0].text == "The index of the second one goes away."


@pytest.mark.parametrize(
    "last",
    [
        "[1] https://example.org/",
        "[ me: Reword. ]",
        "Tested on two boards with this change.",
        "Found by looking at the code for long.",
        "  an indented quotation",
    ],
)
def test_some_things_may_follow_the_statement(last: str) -> None:
    log = f"Fold the loops.\n\nNo functional change.\n\n{last}"

    assert found("msg/nfc-not-last", log) == []


def test_the_opener_before_code_keeps_its_case() -> None:
    log = "The entry may be busy.\n\nSkip it then.\n\nAlso, foo_bar() may sleep here."
    (finding,) = found("msg/also-opener", log)

    assert finding.suggestion == "foo_bar() may sleep here."


def test_an_opener_over_two_lines_is_one() -> None:
    (finding,) = found(
        "msg/also-opener", "Do it.\n\nWhile at\nit, fix a typo nearby too."
    )

    assert finding.message.startswith('"While at it" brings in a second change')


def test_a_commit_is_told_of_once() -> None:
    log = "Commit 0123456 broke it. Since commit 0123456 it is broken."

    assert len(found("msg/commit-ref-format", log)) == 1


@pytest.mark.parametrize(
    "log",
    [
        "This reverts commit 0123456789abcdef0123456789abcdef01234567.",
        'Since commit\n0123456789ab ("area: Do it") the mask is kept.',
        "Since commit 0123456789ab ('area: Do it') the mask is kept.",
        "It has to commit deadbeef to memory in this case.",
    ],
)
def test_a_commit_is_cited_well(log: str) -> None:
    assert found("msg/commit-ref-format", log) == []


def test_one_finding_a_word_and_the_other_places_in_the_trace() -> None:
    change = diff({"a.c": "int a;\n"}, {"a.c": "/* No wbinvd here. */\nint a;\n"})
    log = "The wbinvd is slow. Call wbinvd() later, or leave out this wbinvd."
    (finding,) = found("msg/acronym-case", log, "[PATCH] wbinvd: Drop wbinvd", change)

    assert finding.quote == "Subject: [PATCH] wbinvd: Drop wbinvd"
    assert finding.anchor.span.column == 31
    assert [step.text for step in finding.trace] == [
        log,
        log,
        "/* No wbinvd here. */",
    ]
    assert isinstance(finding.trace[-1].where, InFile)


def test_a_folded_subject_is_read_to_its_end() -> None:
    subject = "[PATCH] area: Do it with a\n wbinvd"
    (finding,) = found("msg/acronym-case", "Say why.", subject)

    assert (finding.quote, finding.anchor.span.column) == (" wbinvd", 2)


@pytest.mark.parametrize(
    "log",
    [
        "Call wbinvd() and 'wbinvd' and wbinvd_on_cpu and /dev/msr here.",
        "The msr argument is not used, and struct msr neither.",
        "  wbinvd\n  ret",
        "All cpus are stopped.",
    ],
)
def test_names_keep_their_case(log: str) -> None:
    assert found("msg/acronym-case", log) == []
