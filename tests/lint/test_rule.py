# SPDX-License-Identifier: GPL-2.0-or-later
"""What the engine adds to a check: before and after, evidence, order, survival."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from patchlint.lint.card import Card, parse_card
from patchlint.lint.context import MessageContext, Program, SeriesContext
from patchlint.lint.engine import run
from patchlint.lint.options import Options
from patchlint.lint.rule import MessageRule, ProgramRule, Rule, SeriesRule
from patchlint.model.finding import (
    Confidence,
    Evidence,
    Match,
    NotChecked,
    Report,
    Severity,
    Step,
)
from patchlint.model.location import InMessage, Span
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import BlobSource, NoSource
from tests.lint.test_card import CARD
from tests.mails import Blobs, diff, one_patch, patch_mail

PATH = "a.c"


def card(name: str, **changes: object) -> Card:
    made = parse_card(CARD, f"msg/{name}")
    return replace(made, **changes)


def words(program: Program, _: Options) -> Iterator[Match]:
    """Find each line that says bad."""
    for source in program.sources:
        rows = source.image.text.split("\n")
        for number, row in zip(source.image.numbers, rows, strict=False):
            if "bad" in row:
                where = source.at(Span(number, 1, number, len(row) + 1))
                yield Match(where, f"{row.strip()} is bad")


def report(rule: Rule, series: Series, source: BlobSource | None = None) -> Report:
    return run([rule], [series], source or NoSource())


def whole(evidence: Evidence = Evidence.FILE) -> ProgramRule:
    return ProgramRule(card("words", evidence=evidence, languages=("c",)), words)


def test_what_was_there_before_is_not_reported() -> None:
    before = {PATH: "bad one\n"}
    series = one_patch(before, {PATH: "new\nbad one\nbad two\n"})
    found = report(whole(), series, Blobs(before)).findings

    assert [f.message for f in found] == ["bad two is bad"]


def test_a_second_one_of_the_same_is_reported() -> None:
    before = {PATH: "bad\n"}
    series = one_patch(before, {PATH: "bad\nbad\n"})

    assert len(report(whole(), series, Blobs(before)).findings) == 1


def test_what_only_moves_to_another_file_is_not_new() -> None:
    before = {PATH: "x\nbad\n", "b.c": "y\n"}
    series = one_patch(before, {PATH: "x\n", "b.c": "y\nbad\n"})

    assert report(whole(), series, Blobs(before)).findings == ()


def test_what_only_stands_in_a_renamed_function_is_not_new() -> None:
    def named(program: Program, options: Options) -> Iterator[Match]:
        for match in words(program, options):
            step = Step(match.where, "bad", "here")
            name = program.sources[0].image.text.split("\n")[0]
            yield replace(match, key=f"{name}: bad", trace=(step,))

    before = {PATH: "old name\nbad\n"}
    rule = replace(whole(), check=named)
    renamed = one_patch(before, {PATH: "new name\nbad\n"})
    twice = one_patch(before, {PATH: "new name\nbad\nbad\n"})

    assert report(rule, renamed, Blobs(before)).findings == ()
    assert len(report(rule, twice, Blobs(before)).findings) == 1


def test_the_line_of_the_mail_shows_the_place_in_the_file() -> None:
    before = {PATH: "x\n" * 9}
    series = one_patch(before, {PATH: "x\n" * 9 + "\tbad\n"})
    (found,) = report(whole(), series, Blobs(before)).findings

    assert found.quote == "+\tbad"
    assert series.head.line(found.anchor.span.line) == "+\tbad"
    assert found.evidence is Evidence.FILE


def test_without_the_file_the_rule_says_what_it_needs() -> None:
    series = one_patch({PATH: "x\n"}, {PATH: "x\nbad\n"})
    made = report(whole(), series)

    assert made.findings == ()
    assert [skip.needs for skip in made.skips] == ["the whole file: a.c"]


def test_a_diff_that_cannot_be_read_is_not_checked() -> None:
    torn = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1,9 +1,9 @@\n x\n"
    (series,) = read([patch_mail("Why.\n", torn).encode()])
    rule = ProgramRule(card("words", scope="program"), words)
    (skip,) = report(rule, series).skips

    assert series.patches[0].defects
    assert skip.needs.startswith("a diff that can be read: ")


def test_a_rule_of_the_mail_works_on_hunks() -> None:
    series = one_patch({PATH: "x\n"}, {PATH: "x\nbad\n"})
    (found,) = report(whole(Evidence.MAIL), series).findings

    assert (found.evidence, found.quote) == (Evidence.MAIL, "+bad")


BROKEN = "int f(void)\n{\n\tbad();\n\ta b c d;\n}\n\nint g(void)\n{\n\tbad2();\n}\n"


def test_a_function_that_could_not_be_parsed_costs_confidence_and_says_so() -> None:
    before = {PATH: "int x;\n"}
    series = one_patch(before, {PATH: f"int x;\n\n{BROKEN}"})
    doubted, sure = report(whole(), series, Blobs(before)).findings

    assert doubted.confidence is Confidence.MEDIUM
    assert [(step.text, step.note) for step in doubted.trace] == [
        ("a b c d;", "part of f() could not be parsed (line 6)")
    ]
    assert (sure.confidence, sure.trace) == (Confidence.HIGH, ())


def test_what_hunks_cut_off_costs_nothing() -> None:
    before = {PATH: "int x;\n"}
    series = one_patch(before, {PATH: f"int x;\n\n{BROKEN}"})
    found = report(whole(Evidence.MAIL), series).findings

    assert {(f.confidence, f.trace) for f in found} == {(Confidence.HIGH, ())}


def test_no_doubt_takes_confidence_below_low() -> None:
    def unsure(program: Program, options: Options) -> Iterator[Match]:
        for match in words(program, options):
            yield replace(match, confidence=Confidence.LOW)

    before = {PATH: "int x;\n"}
    series = one_patch(before, {PATH: f"int x;\n\n{BROKEN}"})
    found = report(replace(whole(), check=unsure), series, Blobs(before)).findings

    assert [f.confidence for f in found] == [Confidence.LOW, Confidence.LOW]
    assert [len(f.trace) for f in found] == [1, 0]


def test_a_file_that_no_blob_id_proves_costs_confidence() -> None:
    before = {PATH: "x\n"}
    series = one_patch(before, {PATH: "x\nbad\n"})
    (found,) = report(whole(), forged(series), Blobs(before)).findings

    assert found.confidence is Confidence.MEDIUM


def forged(series: Series) -> Series:
    """Return the series with blob ids that nothing has."""
    (patch,) = series.patches
    changes = tuple(replace(c, old_oid="1234567", new_oid="") for c in patch.changes)
    return replace(series, patches=(replace(patch, changes=changes),))


def test_what_a_later_patch_takes_away_is_a_note() -> None:
    trees = [{PATH: "x\n"}, {PATH: "x\nbad\n"}, {PATH: "x\ngood\n"}]
    mails = [
        patch_mail(
            "Why.\n\nSigned-off-by: A Dev <dev@example.org>",
            diff(trees[n - 1], trees[n]),
            f"[PATCH {n}/2] x: y",
            Message_ID=f"<{n}@example.org>",
        )
        for n in (1, 2)
    ]
    (series,) = read([mail.encode() for mail in mails])
    (found,) = report(whole(), series, Blobs(trees[0])).findings

    assert (found.patch, found.mended_in, found.severity) == (1, 2, Severity.NOTE)


def test_a_check_that_dies_is_a_crash_and_nothing_else_stops() -> None:
    def dies(context: MessageContext, _: Options) -> Iterator[Match]:
        raise KeyError(context.message.message_id)

    series = one_patch({}, {PATH: "bad\n"})
    rules: list[Rule] = [MessageRule(card("dies"), dies), whole()]
    made = run(rules, [series], NoSource())

    assert [(c.rule, c.error) for c in made.crashes] == [
        ("msg/dies", "KeyError: '1@example.org'")
    ]
    assert len(made.findings) == 1


def test_a_check_may_say_what_it_needs() -> None:
    def asks(_: MessageContext, __: Options) -> Iterator[NotChecked]:
        yield NotChecked("a tree")

    made = report(MessageRule(card("asks"), asks), one_patch({}, {PATH: "x\n"}))

    assert [(skip.rule, skip.needs) for skip in made.skips] == [("msg/asks", "a tree")]


def test_series_rules_wait_for_the_whole_series() -> None:
    def speaks(context: SeriesContext, _: Options) -> Iterator[Match]:
        yield Match(InMessage(Span(context.message.subject.line)), "seen")

    rule = SeriesRule(card("speaks"), speaks)
    (part,) = read([patch_mail("x\n", subject="[PATCH 2/3] x: y").encode()])
    (all_of_it,) = read([patch_mail("x\n", subject="[PATCH 1/1] x: y").encode()])

    assert [s.needs for s in report(rule, part).skips] == ["patch 1, 3 of 3"]
    assert [f.message for f in report(rule, all_of_it).findings] == ["seen"]


def test_order_does_not_depend_on_the_order_of_rules() -> None:
    before = {PATH: "x\n"}
    series = one_patch(before, {PATH: "bad\nx\nbad too\n"})
    other = ProgramRule(card("other", languages=("c",)), words)
    one = run([whole(), other], [series], Blobs(before))
    two = run([other, whole()], [series], Blobs(before))

    assert one.findings == two.findings


def test_fingerprints_stay_when_lines_move() -> None:
    before = {PATH: "x\n"}
    prints = [
        report(whole(), one_patch(before, {PATH: text}), Blobs(before)).findings[0]
        for text in ("x\nbad\n", "y\ny\nx\n  bad\n")
    ]

    assert prints[0].fingerprint == prints[1].fingerprint
