# SPDX-License-Identifier: GPL-2.0-or-later
"""Guards that hunks alone show: what they prove, and what they do not."""

from __future__ import annotations

import re

import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.context import contexts
from patchlint.lint.rule import Result
from patchlint.model.finding import Confidence, Evidence, Finding, Severity, Skip
from patchlint.pipeline import read
from patchlint.series.images import NoSource
from tests.mails import FROM, diff, patch_mail

RULE = next(rule for rule in load_rules() if rule.card.id == "x86/guard-drift")
PATH = "arch/x86/kernel/stop.c"
FILL = "".join(f"\tstep({n});\n" for n in range(12))
TEXT = (
    "#include <a.h>\n\nvoid stop_one(struct cpu *c)\n{\n"
    f"{FILL}\tif (c->dirty)\n\t\twbinvd();\n{FILL}}}\n\n"
    "void stop_all(struct cpu *c)\n{\n"
    f"{FILL}\tif (c->dirty) {{\n\t\tnote(c);\n\t\twbinvd();\n\t}}\n{FILL}}}\n"
)
TOUCHED = TEXT.replace("\t\tnote(c);\n", "\t\tnote(c, 1);\n")


def run(before: str, after: str, log: str = "Say why.\n") -> list[Result]:
    rows = before.split("\n")

    def heading(at: re.Match[str]) -> str:
        above = [row for row in rows[: int(at[1]) - 1] if re.match(r"[a-z]", row)]
        return f"{at[0]} {above[-1] if above else ''}".rstrip()

    text = diff({PATH: before}, {PATH: after})
    text = re.sub(r"^@@ -(\d+).* @@$", heading, text, flags=re.MULTILINE)
    (series,) = read([patch_mail(f"{log}\nSigned-off-by: {FROM}", text).encode()])
    return list(RULE.apply(contexts(series, NoSource())))


def findings(before: str, after: str, log: str = "Say why.\n") -> list[Finding]:
    return [f for f in run(before, after, log) if isinstance(f, Finding)]


def test_two_hunks_show_one_condition_and_change_it_once() -> None:
    after = TOUCHED.replace("if (c->dirty)\n", "if (c->dirty && c->up)\n", 1)
    (found,) = findings(TEXT, after)

    assert found.severity is Severity.QUESTION
    assert found.confidence is Confidence.LOW
    assert found.evidence is Evidence.MAIL
    assert found.quote == "+\tif (c->dirty && c->up)"
    assert found.message.startswith(
        "In the lines shown, the condition of wbinvd in stop_one changes: "
    )
    assert "The one in stop_all keeps its condition." in found.message


def test_the_file_is_not_checked_beside_it() -> None:
    skips = [one for one in run(TEXT, TOUCHED) if isinstance(one, Skip)]

    assert [skip.needs for skip in skips] == [f"the whole file: {PATH}"]


QUIET = {
    "in other words": "if (!(!c->dirty))\n",
    "under the name of a helper of this patch": "if (is_dirty(c))\n",
}


@pytest.mark.parametrize("name", QUIET)
def test_what_may_be_the_same_is_left_alone(name: str) -> None:
    after = TOUCHED.replace("if (c->dirty)\n", QUIET[name], 1)
    helper = "static bool is_dirty(struct cpu *c)\n{\n\treturn c->dirty;\n}\n"

    assert findings(TEXT, after.replace("#include <a.h>\n", helper)) == []


def test_a_condition_that_moves_up_is_left_alone() -> None:
    after = TOUCHED.replace("\tif (c->dirty)\n\t\twbinvd();\n", "\twbinvd();\n", 1)
    moved = after.replace("\tstep(0);\n", "\tif (!c->dirty)\n\t\treturn;\n", 1)

    assert findings(TEXT, moved) == []
    assert len(findings(TEXT, after)) == 1


def test_both_change_alike() -> None:
    assert findings(TEXT, TEXT.replace("c->dirty", "c->tagged")) == []


def test_the_message_tells_it() -> None:
    after = TOUCHED.replace("if (c->dirty)\n", "if (c->dirty && c->up)\n", 1)

    assert (
        findings(TEXT, after, "Skip WBINVD in stop_one() on CPUs that are off.\n") == []
    )


def test_a_label_can_be_reached_from_what_is_not_shown() -> None:
    label = TEXT.replace(
        "\tif (c->dirty)\n\t\twb", "again:\n\tif (c->dirty)\n\t\twb", 1
    )
    after = label.replace("note(c);", "note(c, 1);").replace(
        "if (c->dirty)\n", "if (c->dirty && c->up)\n", 1
    )

    assert findings(label, after) == []


@pytest.mark.parametrize(
    "cut",
    [
        "\t\t    here(b)) {\n",
        "\t/* text\n\t * more */\n",
        "#ifdef X\n",
        "\t}\n",
        "#endif\n",
    ],
)
def test_what_a_hunk_cuts_in_two_does_no_harm(cut: str) -> None:
    before = TEXT.replace(FILL + "\tif (c->dirty)\n", FILL + cut + "\tif (c->dirty)\n")
    after = before.replace("note(c);", "note(c, 1);").replace(
        "if (c->dirty)\n", "if (c->dirty && c->up)\n", 1
    )

    assert len(findings(before, after)) == 1
