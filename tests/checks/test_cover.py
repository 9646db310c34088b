# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

import pytest

from patchlint.adapters.cards import load_rules
from patchlint.lint.context import contexts
from patchlint.model.finding import Finding, Severity
from patchlint.pipeline import read
from patchlint.series.images import NoSource
from tests.mails import patch_mail

(RULE,) = [r for r in load_rules() if r.card.id == "series/cover-template"]


def quotes(subject: str, body: str = "") -> list[tuple[str, Severity]]:
    (series,) = read([patch_mail(body, "", subject).encode()])
    results = RULE.apply(contexts(series, NoSource()))
    return [(r.quote, r.severity) for r in results if isinstance(r, Finding)]


@pytest.mark.parametrize(
    "line",
    [
        "*** BLURB HERE ***",
        "EDITME: describe what is new in this series revision.",
    ],
)
def test_a_line_of_a_template_in_a_cover_letter_is_a_warning(line: str) -> None:
    found = quotes("[PATCH 0/2] area: Do it", f"Some text.\n\n{line}\n")

    assert found == [(line, Severity.WARNING)]


def test_so_is_the_subject_of_one() -> None:
    found = quotes("[PATCH 0/2] *** SUBJECT HERE ***")

    assert found == [("Subject: [PATCH 0/2] *** SUBJECT HERE ***", Severity.WARNING)]


def test_other_mails_may_tell_of_templates() -> None:
    assert quotes("[PATCH 1/2] Print *** BLURB HERE ***", "*** BLURB HERE ***") == []
