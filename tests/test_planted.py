# SPDX-License-Identifier: GPL-2.0-or-later
"""Faults planted in the clean fixture series, each found at its line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from fixtures import build
from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import run
from patchlint.model.finding import Finding
from tests.mails import Blobs, one_patch

HANDOVER = Path(build.__file__).parent / "handover"
C = "arch/x86/kernel/handover_64.c"
ASM = "arch/x86/kernel/hand_over_64.S"
HEADER = "arch/x86/include/asm/handover.h"
READ = "\tdirty = this_cpu_read(lines_dirty);\n"
RESET = "\tload_segments();\n"


@dataclass(frozen=True)
class Fault:
    """A change of one file, the rule that must see it, and the line it must quote."""

    name: str
    path: str
    swaps: tuple[tuple[str, str], ...]
    rule: str
    quote: str
    severity: str

    def __str__(self) -> str:
        return self.name


FAULTS = (
    Fault(
        "per-CPU read behind the reset",
        C,
        ((READ, ""), (RESET, RESET + READ)),
        "x86/percpu-after-gs-reset",
        "+" + READ.rstrip(),
        "error",
    ),
    Fault(
        "per-CPU read behind the reset in one branch",
        C,
        (
            (RESET, "\tif (im->flags)\n\t" + RESET),
            ("\tim->start = ", READ + "\tim->start = "),
        ),
        "x86/percpu-after-gs-reset",
        "+" + READ.rstrip(),
        "warning",
    ),
    Fault(
        "per-CPU read behind the reset, itself in one branch",
        C,
        ((RESET, RESET + "\tif (im->flags)\n\t" + READ),),
        "x86/percpu-after-gs-reset",
        "+\t" + READ.rstrip(),
        "error",
    ),
    Fault(
        "per-CPU read in the argument list of the last call",
        C,
        (("im->flags, dirty)", "im->flags,\n\t\t this_cpu_read(lines_dirty))"),),
        "x86/percpu-after-gs-reset",
        "+\t\t this_cpu_read(lines_dirty));",
        "error",
    ),
    Fault(
        "call behind the reset",
        C,
        ((RESET, RESET + "\tset_offline(c);\n"),),
        "x86/call-after-gs-reset",
        "+\tset_offline(c);",
        "error",
    ),
    Fault(
        "register comment moved to another register",
        ASM,
        (("%rcx keep\n\t * %r8  dirty", "%rcx dirty\n\t * %r8  keep"),),
        "asm/register-doc-vs-prototype",
        "+\t * %rcx dirty",
        "warning",
    ),
    Fault(
        "parameter renamed in C only",
        ASM,
        (("\t * %rcx keep\n\t * %r8  dirty", "\t * %rcx keep\n\t * %r8  has_tags"),),
        "asm/register-doc-vs-prototype",
        "+\t\t\t\t   unsigned long dirty);",
        "warning",
    ),
    Fault(
        "documented register handed on in another one",
        ASM,
        (("\t * %r8  dirty\n\t * %r11 keep", "\t * %r8  keep\n\t * %r11 dirty"),),
        "asm/register-doc-between-labels",
        "+\t * %r8  keep",
        "warning",
    ),
    Fault(
        "documented register overwritten before its test",
        ASM,
        (("\tpushq\t%rdx\n", "\tpushq\t%rdx\n\tmovq\t%cr3, %r8\n"),),
        "asm/register-clobbered-before-use",
        " \ttestq\t%r8, %r8",
        "error",
    ),
    Fault(
        "renamed label left behind",
        ASM,
        (("jz\t.Lclean", "jz\t.Lno_tags"),),
        "asm/label-use-after-rename",
        " \tjz\t.Lno_tags",
        "error",
    ),
    Fault(
        "swapped arguments",
        C,
        (("copy_list(list, page, count)", "copy_list(page, list, count)"),),
        "c/argument-order",
        "+\tcopy_list(page, list, count);",
        "question",
    ),
    Fault(
        "dropped guard",
        C,
        (("\tif (this_cpu_read(lines_dirty))\n\t\twbinvd();", "\twbinvd();"),),
        "x86/guard-drift",
        "+\twbinvd();",
        "warning",
    ),
    Fault(
        "guard of one site by another condition",
        C,
        ((READ, "\tdirty = c->online;\n"),),
        "x86/guard-drift",
        "+\tdirty = c->online;",
        "warning",
    ),
    Fault(
        "DECLARE that disagrees",
        HEADER,
        (("DECLARE_PER_CPU(bool, lines_dirty)", "DECLARE_PER_CPU(u32, lines_dirty)"),),
        "c/declare-define-mismatch",
        "+DEFINE_PER_CPU(bool, lines_dirty);",
        "error",
    ),
)


def tree(step: str) -> dict[str, str]:
    root = HANDOVER / step
    files = (p for p in sorted(root.rglob("*")) if p.is_file() and p.name != "LOG")
    return {str(p.relative_to(root)): p.read_text("utf-8") for p in files}


def findings(after: dict[str, str]) -> list[Finding]:
    before = tree("base")
    series = one_patch(before, after, (HANDOVER / "1-flag" / "LOG").read_text("utf-8"))
    report = run(load_rules(), [series], Blobs(before))
    assert report.crashes == ()
    return list(report.findings)


def plant(fault: Fault) -> dict[str, str]:
    after = tree("1-flag")
    for old, new in fault.swaps:
        assert old in after[fault.path], f"{fault}: the fixture has changed"
        after[fault.path] = after[fault.path].replace(old, new, 1)
    return after


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_fault_is_found_at_its_line(fault: Fault) -> None:
    found = [
        (finding.rule, finding.quote, finding.severity.name.lower())
        for finding in findings(plant(fault))
    ]

    assert (fault.rule, fault.quote, fault.severity) in found


def test_clean_twin_is_silent() -> None:
    assert findings(tree("1-flag")) == []
