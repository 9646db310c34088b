# SPDX-License-Identifier: GPL-2.0-or-later
"""What is over a limit is not checked, and the report says so."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from msgspec.structs import replace

from patchlint.lint.budget import Bounds, OverLimitError
from patchlint.lint.context import Facts, MessageContext, SeriesContext
from patchlint.lint.engine import ENGINE, run
from patchlint.lint.options import Options
from patchlint.lint.rule import MessageRule, Rule, SeriesRule
from patchlint.model.finding import Match, Report
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.model.location import InMessage, Span
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import NoSource
from tests.lint.test_rule import card
from tests.mails import diff, patch_mail

SLOW = 15.0


class Watch:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = 100.0
        self._end = float("inf")

    def used(self) -> float:
        return self.now

    @contextmanager
    def bounded(self, seconds: float) -> Iterator[None]:
        self._end = self.now + seconds
        yield
        self._end = float("inf")

    def take(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self._end:
            self.now = self._end
            raise OverLimitError


def series(many: int) -> Series:
    (made,) = read(
        patch_mail(
            "Why.\n",
            diff({"a.c": f"{n}\n"}, {"a.c": f"{n + 1}\n"}),
            f"[PATCH {n}/{many}] x: y",
            Message_ID=f"<{n}@example.org>",
        ).encode()
        for n in range(1, many + 1)
    )
    return made


def slow(watch: Watch, seconds: float = SLOW) -> MessageRule:
    def check(context: MessageContext, _: Options) -> Iterator[Match]:
        yield Match(InMessage(Span(context.message.subject.line)), "seen")
        watch.take(seconds)

    return MessageRule(card("slow"), check)


def told(report: Report) -> list[tuple[str, str]]:
    return [(skip.message_id.partition("@")[0], skip.needs) for skip in report.skips]


def test_a_rule_over_its_limit_has_seen_nothing() -> None:
    watch = Watch()
    limits = replace(DEFAULT_LIMITS, rule_seconds=10.0)
    made = run([slow(watch)], [series(2)], NoSource(), None, Bounds(limits, watch))
    needs = "more time: over the limit: 10 s (--limit rule-seconds)"

    assert made.findings == ()
    assert made.crashes == ()
    assert told(made) == [("1", needs), ("2", needs)]


def test_a_series_has_its_own_limit_and_the_next_begins_anew() -> None:
    watch = Watch()
    limits = replace(DEFAULT_LIMITS, series_seconds=40.0)
    postings = [series(4), replace(series(1), version=2)]
    made = run([slow(watch)], postings, NoSource(), None, Bounds(limits, watch))
    needs = "more time: over the limit: 40 s (--limit series-seconds)"

    assert told(made) == [("3", needs), ("4", needs)]
    assert [f.message_id for f in made.findings] == [
        "1@example.org", "2@example.org", "1@example.org",
    ]  # fmt: skip


def test_files_that_take_all_the_time_leave_every_rule_unchecked() -> None:
    watch = Watch()

    class Slow(NoSource):
        def blob(self, oid: str) -> str | None:
            watch.take(1000.0)
            return super().blob(oid)

    rules = [slow(watch), replace(slow(watch), card=card("other"))]
    made = run(rules, [series(1)], Slow(), None, Bounds(DEFAULT_LIMITS, watch))

    assert [skip.rule for skip in made.skips] == ["msg/other", "msg/slow"]
    assert "series-seconds" in made.skips[0].needs


def test_files_that_cannot_be_laid_out_are_a_crash_of_the_series() -> None:
    class Broken(NoSource):
        def blob(self, oid: str) -> str | None:
            raise KeyError(oid[:2])

    made = run([slow(Watch())], [series(1), series(1)], Broken())

    assert [crash.rule for crash in made.crashes] == [ENGINE, ENGINE]
    assert made.crashes[0].error.startswith("KeyError: ")


def test_patches_over_the_limit_are_not_checked() -> None:
    def speaks(context: SeriesContext, _: Options) -> Iterator[Match]:
        yield Match(InMessage(Span(context.message.subject.line)), "whole")

    limits = replace(DEFAULT_LIMITS, patches=2)
    rules: list[Rule] = [
        slow(Watch()),
        SeriesRule(card("speaks", scope="series"), speaks),
    ]
    made = run(rules, [series(5)], NoSource(), None, Bounds(limits))
    needs = "a shorter series: 5 patches, over the limit: 2 (--limit patches)"

    assert told(made) == [("1", needs), ("1", needs)]
    assert [skip.rule for skip in made.skips] == ["msg/slow", "msg/speaks"]
    assert [f.patch for f in made.findings] == [1, 2]


def test_a_fact_that_took_too_long_is_not_half_made() -> None:
    facts, made = Facts(), []

    def make(value: int) -> int:
        made.append(value)
        if len(made) == 1:
            raise OverLimitError
        return value + 1

    with pytest.raises(OverLimitError):
        facts.of(make, 1)

    assert [facts.of(make, 1), facts.of(make, 1), made] == [2, 2, [1, 1]]


def test_nothing_is_kept_of_a_series_that_is_done() -> None:
    def check(context: MessageContext, _: Options) -> Iterator[Match]:
        context.facts.of(keep, context)
        yield Match(InMessage(Span(context.message.subject.line)), "seen")

    def keep(context: MessageContext) -> MessageContext:
        return context

    gc.collect()
    gc.disable()
    try:
        run([MessageRule(card("keeps"), check)], [series(2)], NoSource())
        left = [one for one in gc.get_objects() if isinstance(one, Facts)]
    finally:
        gc.enable()

    assert left == []
