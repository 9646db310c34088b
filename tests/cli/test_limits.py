# SPDX-License-Identifier: GPL-2.0-or-later
"""The bounds of a run, as they are given on the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import fields

from fixtures import build
from patchlint.cli.limits import LimitError, help_text, parse_limits
from patchlint.cli.main import main
from patchlint.cli.options import parse
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from tests.mails import diff, mbox, patch_mail

WORDS = str(Path(build.__file__).parent / "words" / "series.mbox")


def test_each_field_has_a_name_and_its_kind() -> None:
    for field in fields(Limits):
        name = field.name.replace("_", "-")
        made = getattr(parse_limits([f"{name}=7"]), field.name)
        assert made == 7
        assert type(made) is type(getattr(DEFAULT_LIMITS, field.name))
        assert f"{name}=" in help_text()


def test_the_last_one_counts_and_the_others_stay() -> None:
    given = ["--limit", "mails=3", "--limit", "rule-seconds=0.5", "--limit=mails=4"]
    limits = parse([*given, "x"]).limits

    assert (limits.mails, limits.rule_seconds) == (4, 0.5)
    assert limits.input_bytes == DEFAULT_LIMITS.input_bytes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rule-second=3", "no limit is called 'rule-second' (is it rule-seconds?)"),
        ("rule_seconds=3", "(is it rule-seconds?)"),
        ("=", "no limit is called ''"),
        ("mails", "mails: '' is not a whole number above zero"),
        ("mails=1.5", "mails: '1.5' is not a whole number above zero"),
        ("mails=0", "mails: '0' is not a whole number above zero"),
        ("mails=-1", "not a whole number above zero"),
        ("rule-seconds=nan", "rule-seconds: 'nan' is not a number above zero"),
        ("rule-seconds=inf", "rule-seconds: 'inf' is not a number above zero"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(LimitError, match=re.escape(said)):
        parse_limits([text])
    with pytest.raises(SystemExit) as ended:
        main([f"--limit={text}", WORDS])

    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("jobs", ["0", "-1", "x", "1.5", "9999999"])
def test_the_number_of_processes_is_a_number(jobs: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([f"-j{jobs}", WORDS])

    assert ended.value.code == 2


def test_any_number_of_processes_gives_the_same_answer(
    capfd: pytest.CaptureFixture[str],
) -> None:
    said = []
    for words in ([], ["-j1"], ["-j", "4"], ["--jobs=2"]):
        main([*words, WORDS])
        said.append(capfd.readouterr().out)

    assert said == [said[0]] * 4


def test_what_is_over_a_limit_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "long.mbox"
    mails = [
        patch_mail(
            "Why.\n",
            diff({"a": "1\n"}, {"a": "2\n"}),
            f"[PATCH {n}/3] x: y",
            Message_ID=f"<{n}@example.org>",
        )
        for n in (1, 2, 3)
    ]
    path.write_bytes(mbox(mails))
    main(["--limit", "patches=2", str(path)])

    assert "a shorter series: 3 patches, over the limit: 2" in capfd.readouterr().out
