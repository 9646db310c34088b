# SPDX-License-Identifier: GPL-2.0-or-later
"""Each fixture series, end to end, in every format; the answers are approved files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures import build
from patchlint.adapters.cards import load_rules
from patchlint.adapters.git import Blobs
from patchlint.adapters.index import Indexes
from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.pipeline import read, review
from patchlint.report import FORMATS
from patchlint.series.images import NoSource
from tests.golden import Golden
from tests.report.counts import COUNTS

FIXTURES = Path(build.__file__).parent
# A page is for looking at: see tests/browser.
FORMS = sorted(FORMATS.keys() - {"html"})


@pytest.fixture(scope="session")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make a real repository for each fixture, once."""
    made = {}
    for name in build.names():
        made[name] = tmp_path_factory.mktemp(name)
        build.make_base(name, made[name])
    return made


def series_of(name: str) -> tuple[Series, ...]:
    return read([(FIXTURES / name / "series.mbox").read_bytes()])


def answer(name: str, base: Path) -> tuple[Report, tuple[Series, ...]]:
    postings = series_of(name)
    cache = base.parent / f"{base.name}-index"
    with Blobs(base) as blobs, Indexes(base, blobs, cache) as trees:
        return review(postings, load_rules(), blobs, trees), postings


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", build.names())
def test_answer_is_as_approved(
    name: str, form: str, bases: dict[str, Path], golden: Golden
) -> None:
    report, postings = answer(name, bases[name])

    golden.check(FIXTURES / name / f"expected.{form}", FORMATS[form](report, postings))


def test_clean_series_is_silent(bases: dict[str, Path]) -> None:
    report, postings = answer("handover", bases["handover"])

    assert report.findings == ()
    assert report.skips == ()
    assert FORMATS["reply"](report, postings) == ""


@pytest.mark.parametrize("name", build.names())
def test_mail_alone_finds_a_part_and_lists_the_rest(
    name: str, bases: dict[str, Path]
) -> None:
    whole, postings = answer(name, bases[name])
    alone = review(postings, load_rules(), NoSource())
    found = {finding.fingerprint for finding in alone.findings}
    unseen = {f for f in whole.findings if f.fingerprint not in found}
    skipped = {(skip.rule, skip.message_id) for skip in alone.skips}

    assert found <= {finding.fingerprint for finding in whole.findings}
    assert {(f.rule, f.message_id) for f in unseen} <= skipped


@pytest.mark.parametrize("name", build.names())
def test_all_formats_count_the_same(name: str, bases: dict[str, Path]) -> None:
    report, postings = answer(name, bases[name])
    counts = {f: count(FORMATS[f](report, postings)) for f, count in COUNTS.items()}

    assert set(counts.values()) == {len(report.findings)}


@pytest.mark.parametrize("name", build.names())
def test_same_input_gives_same_bytes(name: str, bases: dict[str, Path]) -> None:
    first, second = (FORMATS["json"](*answer(name, bases[name])) for _ in range(2))

    assert first == second
    assert json.loads(first)["schema"] == 1
