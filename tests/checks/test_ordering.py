# SPDX-License-Identifier: GPL-2.0-or-later
"""A function that cannot be read is not checked, and says so."""

from __future__ import annotations

import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import run
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
