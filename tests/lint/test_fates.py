# SPDX-License-Identifier: GPL-2.0-or-later
"""What became of the findings of a version, with a rule that finds the word bad."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from jsonschema import Draft202012Validator
from msgspec.structs import replace

from patchlint.adapters.jobs import review
from patchlint.adapters.task import Task
from patchlint.adapters.world import World
from patchlint.lint.context import MessageContext, PatchContext
from patchlint.lint.options import Options
from patchlint.lint.rule import MessageRule, PatchRule
from patchlint.model.change import Kind
from patchlint.model.finding import (
    Baseline,
    Comparison,
    Fate,
    Match,
    NotChecked,
    Report,
)
from patchlint.model.location import InFile, InMessage, Side, Span
from patchlint.model.series import Series
from patchlint.report import FORMATS
from tests.lint.test_rule import card
from tests.mails import diff
from tests.series.test_pairing import patches

SCHEMA = Path(__file__).parents[2] / "docs/schema/report-v1.json"
HEAD = "int before;\n\nint f(void)\n{\n\tfirst();\n\tsecond();\n"
TAIL = "\tlast();\n\treturn 0;\n}\n"


def bad_lines(context: PatchContext, _: Options) -> Iterator[Match | NotChecked]:
    for change in context.patch.changes:
        for line in change.lines:
            if line.kind is Kind.ADDED and "bad" in line.text:
                where = InFile(change.path, Side.NEW, Span(line.new or 1))
                yield Match(where, f"{line.text.strip()} is bad")
            if "blind" in line.text:
                yield NotChecked("eyes")


def bad_words(context: MessageContext, _: Options) -> Iterator[Match]:
    for number in range(context.message.body_start, len(context.message.lines)):
        is_log = context.patch and number in context.patch.parts.log
        if is_log and "bad" in context.message.line(number):
            yield Match(InMessage(Span(number)), "a bad word")


RULES = (
    PatchRule(card("lines", scope="patch"), bad_lines),
    MessageRule(card("words"), bad_words),
)


def change(*lines: str, path: str = "a.c", head: str = HEAD) -> str:
    """Return a diff that puts lines into a function."""
    body = "".join(f"\t{line}\n" for line in lines)
    return diff({path: head + TAIL}, {path: head + body + TAIL})


def compared(new: Series, old: Series) -> Report:
    series = replace(new, previous=old)
    return review(Task((series,), RULES, World(Path("/nowhere"))), 1)


def told(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the fates of the findings of a patch, and the baselines of the next."""
    one, two = patches([("do it", change(*old))]), patches([("do it", change(*new))], 2)
    return in_words(compared(two, one))


def in_words(report: Report) -> tuple[list[str], list[str]]:
    (found,) = report.comparisons
    baselines = [f.baseline.value if f.baseline else "" for f in report.findings]
    return [past.fate.name.lower() for past in found.past], baselines


def test_what_is_there_yet_is_still_there() -> None:
    assert told(["bad(1);"], ["good(1);", "good(2);", "bad(1);"]) == (
        ["still"],
        ["unchanged"],
    )


def test_what_came_is_new() -> None:
    assert told(["good(1);"], ["good(1);", "bad(1);"]) == ([], ["new"])


def test_what_was_mended_is_fixed() -> None:
    assert told(["bad(1, 2, 3);", "fine(1);"], ["good(1, 2, 3);", "fine(1);"]) == (
        ["fixed"],
        [],
    )


def test_what_was_taken_out_is_gone_with_its_code() -> None:
    assert told(["bad(1);", "also(1);", "more(1);"], ["other = thing->member;"]) == (
        ["gone"],
        [],
    )


def test_a_line_that_was_reworded_is_the_same() -> None:
    old = ["bad(one, two, three, four, five);"]
    assert told(old, ["bad(one, two, three, four, 5);"]) == (["still"], ["unchanged"])


def test_the_same_line_counts_as_often_as_it_is_there() -> None:
    assert told(["bad(1);"], ["bad(1);", "bad(1);"]) == (
        ["still"],
        ["unchanged", "new"],
    )
    fates, _ = told(["bad(1);", "bad(1);"], ["bad(1);"])
    assert sorted(fates) == ["fixed", "still"]


def test_a_rebase_changes_nothing() -> None:
    old = patches([("do it", change("bad(1);"))])
    head = "int more;\n" * 50 + HEAD.replace("first", "zeroth")
    new = patches([("do it", change("bad(1);", head=head))], 2)
    assert in_words(compared(new, old)) == (["still"], ["unchanged"])


def test_a_patch_that_is_another_number_now_is_the_same() -> None:
    one, two = change("bad(1);"), change("good(1);", path="b.c")
    old = patches([("one", one), ("two", two)])
    new = patches([("two", two), ("one", one)], 2)
    assert in_words(compared(new, old)) == (["still"], ["unchanged"])


def test_a_file_that_was_renamed_holds_the_same() -> None:
    old = patches([("do it", change("bad(1, 2, 3);"))])
    new = patches([("do it", change("bad(1, 2, 3);", path="b.c"))], 2)
    assert in_words(compared(new, old)) == (["still"], ["unchanged"])


def test_a_patch_that_was_dropped_takes_its_findings_along() -> None:
    good = ("good", change("good(1);", path="b.c"))
    old = patches([("no", change("bad(1);")), good])
    assert in_words(compared(patches([good], 2), old)) == (["gone"], [])


def test_what_was_squashed_into_another_patch_is_still_there() -> None:
    one, two = change("bad(1, 2);"), change("good(1);", "good(2);", path="b.c")
    old = patches([("two", two), ("one", one)])
    new = patches([("two", two + one)], 2)
    assert in_words(compared(new, old)) == (["still"], ["unchanged"])


def test_nothing_is_known_of_a_patch_that_is_not_at_hand() -> None:
    one, two = ("one", change("bad(1);")), ("two", change("bad(2);", path="b.c"))
    whole = patches([one, two], 2)
    part = replace(whole, patches=whole.patches[1:])
    assert in_words(compared(part, patches([one, two])))[0] == ["unknown", "still"]
    assert in_words(compared(whole, replace(part, version=1)))[1] == ["", "unchanged"]


def test_nothing_is_known_where_a_rule_could_not_look() -> None:
    assert told(["bad(1);"], ["blind(1);"]) == (["unknown"], [])
    assert told(["blind(1);"], ["bad(1);"]) == ([], [""])


def test_words_of_the_message_are_compared_too() -> None:
    old, new = patches([("x", change("f();"))]), patches([("x", change("f();"))], 2)
    lines = old.patches[0].message.lines
    at = lines.index("Why.")

    def worded(series: Series, text: str) -> Series:
        (patch,) = series.patches
        rows = (*patch.message.lines[:at], text, *patch.message.lines[at + 1 :])
        mail = replace(patch.message, lines=rows)
        return replace(series, patches=(replace(patch, message=mail),))

    bad = worded(old, "This is a bad thing to say.")
    assert in_words(compared(worded(new, "This is a bad thing to write."), bad))[0] == [
        "still"
    ]
    assert in_words(compared(worded(new, "This is a thing to say."), bad))[0] == [
        "fixed"
    ]
    assert in_words(compared(new, bad))[0] == ["gone"]


def test_all_of_it_is_told_in_every_format() -> None:
    old = patches([("do it", change("bad(1);", "bad(2, 3, 4);", "f();"))])
    new = patches([("do it", change("bad(1);", "ok(2, 3, 4);", "f();", "bad(9);"))], 2)
    report = compared(new, old)
    (found,) = report.comparisons
    assert isinstance(found, Comparison)
    assert (found.count(Fate.FIXED), found.count(Fate.STILL), found.new) == (1, 1, 1)
    shown = [replace(new, previous=old)]
    text = FORMATS["text"](report, shown)
    assert "since v1: 1 fixed, 1 still there, 1 new, 0 gone with its code\n" in text
    assert "  1: changed: do it\n" in text
    assert text.count("    still there since v1\n") == 1
    assert "    a.c:8: bad(2, 3, 4); is bad [msg/lines]\n" in text
    assert "Since v1: 1 fixed, 1 still there.\n" in FORMATS["reply"](report, shown)
    value = json.loads(FORMATS["json"](report, shown))
    Draft202012Validator(json.loads(SCHEMA.read_text("utf-8"))).validate(value)
    assert [f["baseline"] for f in value["findings"]] == ["unchanged", "new"]
    (one,) = value["comparisons"]
    assert [f["fate"] for f in one["before_findings"]] == ["still-there", "fixed"]
    assert one["patches"] == [{"old": 1, "new": 1, "by": "subject", "change": "diff"}]


def test_baselines_are_the_words_of_sarif() -> None:
    assert {baseline.value for baseline in Baseline} == {"new", "unchanged"}
