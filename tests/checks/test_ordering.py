# SPDX-License-Identifier: GPL-2.0-or-later
"""What the region check cannot read, what it leaves alone, and how it proves."""

from __future__ import annotations

import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import run
from patchlint.model.finding import Report
from tests.mails import Blobs, one_patch

PATH = "arch/x86/kernel/leave.c"
UNREADABLE = {
    "an error behind the reset": "\tif (a ? {\n",
    "too deep": "\tif (a)\n" * 300 + "\t\tthis_cpu_read(x);\n",
    "a computed goto": "\tgoto *im->where;\n",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_not_checked(name: str) -> None:
    before = {PATH: "int x;\n"}
    code = f"void leave(int a)\n{{\n\tload_segments();\n{UNREADABLE[name]}}}\n"
    series = one_patch(before, {PATH: f"int x;\n\n{code}"})
    report = run(load_rules(), [series], Blobs(before))
    needs = {s.needs for s in report.skips if s.rule == "x86/percpu-after-gs-reset"}

    assert needs == {f"leave() of {PATH} in C that can be parsed"}
    assert report.crashes == ()


def test_an_error_before_the_reset_does_not_matter() -> None:
    before = {PATH: "int x;\n"}
    code = (
        "void leave(void *p)\n{\n\tif (p) {\n\t\tgoto *p;\n\t}\n\tload_segments();\n}\n"
    )
    series = one_patch(before, {PATH: f"int x;\n\n{code}"})
    report = run(load_rules(), [series], Blobs(before))

    assert [s for s in report.skips if s.rule.startswith("x86/")] == []


RING = "drivers/ring.c"
TORN = "static void torn(int a)\n{\n\tspin_lock(&lock);\n\tif (a ? {\n}\n"


def sleeps(before: str, after: str) -> Report:
    series = one_patch({RING: before}, {RING: after})
    rules = [rule for rule in load_rules() if rule.card.id == "c/sleep-in-spinlock"]
    return run(rules, [series], Blobs({RING: before}))


def test_a_function_that_the_patch_leaves_alone_is_not_told_of() -> None:
    report = sleeps(f"{TORN}\nint x;\n", f"{TORN}\nint y;\n")

    assert report.findings == ()
    assert report.skips == ()


def test_the_proof_goes_into_the_helper_that_sleeps() -> None:
    after = (
        "static void rest(void)\n{\n\tmsleep(20);\n}\n\n"
        "void stop(struct ring *ring)\n{\n"
        "\tspin_lock(&ring->lock);\n\trest();\n\tspin_unlock(&ring->lock);\n}\n"
    )
    (finding,) = sleeps("int x;\n", f"int x;\n\n{after}").findings

    assert [(step.text, step.note) for step in finding.trace] == [
        ("spin_lock(&ring->lock)", "held from here on"),
        ("rest()", "may sleep"),
        ("msleep(20)", "rest"),
    ]


def test_a_helper_that_learns_to_sleep_is_the_finding() -> None:
    caller = (
        "void stop(struct ring *ring)\n{\n"
        "\tspin_lock(&ring->lock);\n\trest();\n\tspin_unlock(&ring->lock);\n}\n"
    )
    head = "static void rest(void)\n{\n\t"
    before = f"{head}udelay(20);\n}}\n\n{caller}"
    report = sleeps(before, before.replace("udelay", "msleep"))

    assert [f.message for f in report.findings] == [
        "rest(), which calls msleep(), may sleep, and &ring->lock is held since line 8"
    ]


def test_helpers_that_call_each_other_come_to_an_end() -> None:
    code = (
        "static void a(void)\n{\n\tb();\n}\n\nstatic void b(void)\n{\n\ta();\n}\n\n"
        "void c(void)\n{\n\tspin_lock(&lock);\n\ta();\n\tspin_unlock(&lock);\n}\n"
    )
    report = sleeps("int x;\n", f"int x;\n\n{code}")

    assert (report.findings, report.crashes) == ((), ())
