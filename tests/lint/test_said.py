# SPDX-License-Identifier: GPL-2.0-or-later
"""What was said in the thread is not said again, and nothing else is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import run
from patchlint.lint.said import unrepeated
from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report import json as report_json
from patchlint.report import text as report_text
from patchlint.series.images import NoSource
from tests.mails import diff
from tests.series.threads import REVIEWER, mail

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "report-v1.json"
LOG = """\
The entries of a ring are counted seperately.

The driver needs cache flush before it counts.

No functional change intended.

Also, the count of a ring gets out of step with nobody_there() at times.

Signed-off-by: A Dev <dev@example.org>"""
BEFORE = "int count(struct ring *ring)\n{\n\treturn ring->count;\n}\n"
AFTER = """\
int count(struct ring *ring)
{
	if (static_cpu_has(X86_FEATURE_ERMS))
		return ring->count; /* often */
	return ring->head - ring->tail;
}
"""
PATCH = mail(
    "[PATCH] x86/ring: Count by the ends",
    "p",
    body=LOG,
    text=diff({"arch/x86/kernel/ring.c": BEFORE}, {"arch/x86/kernel/ring.c": AFTER}),
)
RULES = load_rules()
CARDS = [rule.card for rule in RULES]


def reviewed(*bodies: str) -> tuple[Report, tuple[Series, ...]]:
    replies = [
        mail("Re: [PATCH] x86/ring: Count by the ends", f"r{n}", "p", at=5,
             sender=REVIEWER, body=body)
        for n, body in enumerate(bodies)
    ]  # fmt: skip
    postings = read([PATCH, *replies])
    return unrepeated(run(RULES, postings, NoSource()), postings, CARDS), postings


def left_out(*bodies: str) -> list[str]:
    report, _ = reviewed(*bodies)
    return sorted(repeat.finding.rule for repeat in report.repeated)


def said(report: Report) -> set[str]:
    return {finding.rule for finding in report.findings}


ARTICLE = "> The driver needs cache flush before it counts.\n"
TYPO = "> The entries of a ring are counted seperately.\n"
CPU = "> +\tif (static_cpu_has(X86_FEATURE_ERMS))\n"
TAIL = "> +\t\treturn ring->count; /* often */\n"


def test_without_replies_all_is_said() -> None:
    report, _ = reviewed()
    assert not report.repeated
    assert said(report) >= {
        "msg/missing-article",
        "msg/also-opener",
        "msg/nfc-not-last",
        "x86/cpu-feature-enabled",
        "c/tail-comment",
    }


@pytest.mark.parametrize(
    ("body", "rules"),
    [
        (f"{ARTICLE}{' ' * ARTICLE.index('cache')}^ a\n", ["msg/missing-article"]),
        (f"{CPU}\nWhy not cpu_feature_enabled()?\n", ["x86/cpu-feature-enabled"]),
        (f"{TAIL}\nNo tail comments, please.\n", ["c/tail-comment"]),
        (f"{CPU}{TAIL}\nNo side comments.\n", ["c/tail-comment"]),
        (f'{TYPO}\n"separately"\n', ["msg/spelling"]),
        (
            "> No functional change intended.\n> \n"
            "> Also, the count of a ring gets out of step with nobody_there().\n\n"
            'Move this above "No functional change" and drop the "also".\n',
            ["msg/also-opener", "msg/nfc-not-last"],
        ),
    ],
)
def test_what_somebody_said_is_left_out(body: str, rules: Sequence[str]) -> None:
    assert left_out(body) == rules


@pytest.mark.parametrize(
    "body",
    [
        f"{CPU}\nHow often is that?\n",
        f"{CPU}\nX86_FEATURE_ERMS is set on all of mine.\n",
        f"{TAIL}\nIs that count right?\n",
        f"{ARTICLE}\nWhich driver?\n",
        f"{TYPO}\nWhat else is counted?\n",
        f"{ARTICLE}    ^^^^^^ which one?\n",
        "Please use no tail comments.\n",
        f"{ARTICLE}{CPU}{TAIL}\nReviewed-by: R Viewer <r@example.org>\n",
    ],
)
def test_another_remark_at_the_line_leaves_it(body: str) -> None:
    assert left_out(body) == []


def test_it_is_counted_and_named() -> None:
    report, postings = reviewed(f"{CPU}\nWhy not cpu_feature_enabled()?\n")
    value = json.loads(report_json.render(report, postings))
    jsonschema.validate(value, json.loads(SCHEMA.read_text("utf-8")))
    (repeat,) = value["repeated"]
    assert repeat["said_by"] == REVIEWER
    assert repeat["said_in"] == "r0@x"
    assert repeat["finding"]["rule"] == "x86/cpu-feature-enabled"
    assert "x86/cpu-feature-enabled" not in {f["rule"] for f in value["findings"]}
    lines = report_text.render(report, postings).splitlines()
    assert "1 not repeated: already said in the thread (--repeat shows them)" in lines
