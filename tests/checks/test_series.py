# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules over a whole posting: which patch they speak of, and what a tree tells."""

from __future__ import annotations

from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import run
from patchlint.lint.rule import Rule
from patchlint.model.finding import Evidence, Report
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import NoSource
from tests.mails import Blobs, Files, diff, patch_mail

RULES = {rule.card.id: rule for rule in load_rules()}
OLD = {"kernel/ring.c": "int a;\n", "kernel/pool.c": "int b;\n"}
USE = {"kernel/ring.c": "int ring_open(void)\n{\n\treturn pool_take(1);\n}\n"}
BODY = {"kernel/pool.c": "int pool_take(int count)\n{\n\treturn count;\n}\n"}


def posted(*states: Files) -> Series:
    """Return a series that goes through the states of a tree."""
    count = len(states) - 1
    mails = [
        patch_mail(
            "Say why.\n\nSigned-off-by: A Dev <dev@example.org>",
            diff(states[number - 1], states[number]),
            f"[PATCH {number}/{count}] area: Do {number}",
            Message_ID=f"<{number}@example.org>",
            In_Reply_To="<1@example.org>" if number > 1 else "<0@example.org>",
        )
        for number in range(1, count + 1)
    ]
    (series,) = read([mail.encode() for mail in mails])
    return series


def report(rule: Rule, series: Series, known: Blobs | None = None) -> Report:
    return run([rule], [series], known or NoSource(), known)


def test_a_rule_of_the_series_speaks_of_the_patch_it_names() -> None:
    series = posted(OLD, {**OLD, "a.c": "x\n"}, {**OLD, **USE}, {**OLD, **USE, **BODY})
    rule = RULES["series/use-before-definition"]
    (found,) = report(rule, series).findings

    assert (found.patch, found.message_id) == (2, "2@example.org")
    assert found.quote == "+\treturn pool_take(1);"
    assert found.evidence is Evidence.MAIL
    assert [step.note for step in found.trace] == [
        "used in patch 2",
        "defined in patch 3",
    ]


def test_a_series_with_a_gap_is_not_checked() -> None:
    series = posted(OLD, {**OLD, "a.c": "x\n"}, {**OLD, **USE}, {**OLD, **USE, **BODY})
    (torn,) = read(["\n".join(p.message.lines).encode() for p in series.patches[:2]])
    made = report(RULES["series/use-before-definition"], torn)

    assert made.findings == ()
    assert [skip.needs for skip in made.skips] == ["patch 3 of 3"]


def test_what_the_tree_defines_is_known_before_the_series() -> None:
    before = {**OLD, "lib/pool.c": BODY["kernel/pool.c"]}
    series = posted(before, {**before, **USE}, {**before, **USE, **BODY})
    rule = RULES["series/use-before-definition"]

    assert len(report(rule, series).findings) == 1
    assert report(rule, series, Blobs(before)).findings == ()


CALLER = "#include <linux/ring.h>\n\nint ring_open(void)\n{\n\treturn 0;\n}\n"
KCONFIG = 'config RING\n\tbool "Rings"\n'


def test_a_later_patch_knows_the_symbols_of_an_earlier_one() -> None:
    before = {"init/Kconfig": KCONFIG, "kernel/ring.c": CALLER}
    grown = {**before, "init/Kconfig": KCONFIG + "\nconfig RING_POOL\n\tbool\n"}
    code = CALLER.replace("\treturn 0;", "\treturn IS_ENABLED(CONFIG_RING_POOL);")
    rule = RULES["kconfig/unknown-symbol"]
    told = posted(before, grown, {**grown, "kernel/ring.c": code})
    untold = posted(before, {**before, "a.c": "x\n"}, {**before, "kernel/ring.c": code})

    assert report(rule, told, Blobs(before)).findings == ()
    assert [f.patch for f in report(rule, untold, Blobs(before)).findings] == [2]


def test_a_later_patch_knows_the_prototype_of_an_earlier_one() -> None:
    header = {"include/linux/ring.h": "int ring_take(int count, char *name);\n"}
    before = {"kernel/ring.c": "int a;\n"}
    body = "int ring_take(int count)\n{\n\treturn count;\n}\n"
    states = (before, {**before, **header}, {**header, "kernel/ring.c": body})
    found = report(RULES["c/prototype-drift"], posted(*states), Blobs(before)).findings

    assert [(f.patch, f.mended_in) for f in found] == [(2, None)]


def test_a_later_patch_knows_the_parameters_an_earlier_one_documents() -> None:
    path = "Documentation/admin-guide/kernel-parameters.txt"
    before = {path: "\tquiet\n", "kernel/ring.c": "int a;\n"}
    told = {**before, path: "\tquiet\n\tring=\n"}
    code = "static int __init ring_setup(char *s)\n{\n\treturn 1;\n}\n"
    code += '__setup("ring=", ring_setup);\n'
    rule = RULES["doc/undocumented-parameter"]
    series = posted(before, told, {**told, "kernel/ring.c": code})
    without = posted(before, {**before, "kernel/ring.c": code})

    assert report(rule, series, Blobs(before)).skips == ()
    assert [s.needs for s in report(rule, without).skips] == [f"{path}, for ring="]


def test_what_a_later_patch_mends_names_both() -> None:
    good = "static void f(void)\n{\n\trcu_read_lock();\n\trcu_read_unlock();\n}\n"
    bad = good.replace("lock();\n\trcu", "lock();\n\tmsleep(1);\n\trcu")
    before = {"kernel/ring.c": good}
    states = (before, {"kernel/ring.c": bad}, {"kernel/ring.c": bad + "\n"}, before)
    found = report(RULES["c/sleep-in-rcu"], posted(*states), Blobs(before)).findings

    assert [(f.patch, f.mended_in, f.severity.name) for f in found] == [(1, 3, "NOTE")]
