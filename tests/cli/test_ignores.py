# SPDX-License-Identifier: GPL-2.0-or-later
"""What somebody asked not to hear: below the cut, in a file, in a baseline."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from patchlint.cli.main import main
from tests.adapters.repo import make_repository
from tests.mails import diff, patch_mail
from tests.report.test_json import SCHEMA

OLD = {"a.c": "int a;\nint b;\n"}
NEW = {"a.c": "int aa;  \nint b;\n"}
LOG = "Say why.\n\nSigned-off-by: A Dev <dev@example.org>\n"
BLANKS, PERIOD = "diff/trailing-whitespace", "msg/subject-period"
UNUSED, KNOWN = "patchlint/unused-ignore", "patchlint/baseline"

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Run:
    """Return what reviews a patch with ``notes`` below its cut, and its answer."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1704164645")  # 2 January 2024

    def run(notes: str, *arguments: str, new: dict[str, str] = NEW) -> dict[str, Any]:
        mail = patch_mail(LOG, diff(OLD, new), "[PATCH] area: Do it.")
        Path("mail.eml").write_text(
            mail.replace("---\n", f"---\n{notes}\n", 1), "utf-8"
        )
        capfd.readouterr()
        main(["--format", "json", *arguments, "mail.eml"])
        told = capfd.readouterr()
        assert told.err == ""
        report: dict[str, Any] = json.loads(told.out)
        Draft202012Validator(SCHEMA).validate(report)
        return report

    return run


def rules(report: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in report["findings"]}


def said(report: dict[str, Any], rule: str) -> list[str]:
    return [f["message"] for f in report["findings"] if f["rule"] == rule]


def test_a_line_below_the_cut_silences_a_rule_and_is_counted(
    answer: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    line = f"patchlint: ignore {BLANKS} -- the test needs them"
    before, after = answer(""), answer(line)

    assert rules(before) - rules(after) == {BLANKS}
    assert UNUSED not in rules(after)
    (ignored,) = after["ignored"]
    assert (ignored["by"], ignored["reason"]) == ("mail", "the test needs them")
    assert rules(answer(line, "--no-ignores")) == rules(before)

    main(["mail.eml"])
    assert (
        "1 ignored: 1 below the cut (--no-ignores shows them)" in capfd.readouterr().out
    )


def test_several_rules_and_groups_are_named(answer: Run) -> None:
    report = answer(f"  patchlint: ignore {PERIOD}, diff -- why not")

    assert not rules(report) & {BLANKS, PERIOD, UNUSED}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (f"patchlint: ignore {BLANKS}", "No reason is given"),
        ("patchlint: ignore", "No rule is named"),
        ("patchlint: ignore -- because", "No rule is named"),
        ("patchlint: ignore diff/trailing-blanks -- x", "No rule is called"),
        ("patchlint: ignore msg/doubled-word -- x", "finds nothing here: this line"),
    ],
)
def test_what_asks_in_vain_is_told(answer: Run, line: str, why: str) -> None:
    report = answer(line)

    (text,) = said(report, UNUSED)
    assert why in text
    assert {BLANKS, PERIOD} <= rules(report)


def test_nobody_is_told_who_could_not_know(answer: Run) -> None:
    not_looked = "patchlint: ignore c/sleep-in-rcu -- it cannot look here"
    in_vain = "patchlint: ignore msg/doubled-word -- x"

    assert said(answer(not_looked), UNUSED) == []
    assert said(answer(in_vain, "--audience", "maintainer"), UNUSED) == []
    assert said(answer(in_vain, "--ignore", "msg/doubled-word"), UNUSED) == []
    assert said(answer(in_vain, "--ignore", UNUSED), UNUSED) == []
    loud = ("--set", f'severity."{UNUSED}" = "error"')
    (finding,) = [f for f in answer(in_vain, *loud)["findings"] if f["rule"] == UNUSED]
    assert finding["severity"] == "error"


def test_a_comment_does_not_count_in_what_is_mailed(answer: Run) -> None:
    text = f"int aa;  /* patchlint: ignore {BLANKS} -- why */  \nint b;\n"
    report = answer("", new={"a.c": text})

    assert BLANKS in rules(report)
    assert "say it below the cut" in said(report, UNUSED)[0]


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        (f"int aa; // patchlint: ignore {BLANKS} -- x  \nint b;\n", False),
        (f"/* patchlint: ignore {BLANKS} -- x */\nint aa;  \nint b;\n", False),
        (f"# patchlint: ignore {BLANKS} -- x\nint aa;  \nint b;\n", False),
        (f"/* patchlint: ignore {BLANKS} -- x */\nint c;\nint aa;  \n", True),
        (f"/* patchlint: ignore {BLANKS} */\nint aa;  \nint b;\n", True),
    ],
)
def test_a_comment_counts_for_commits(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], text: str, *, is_left: bool
) -> None:
    repo = make_repository(
        tmp_path, {"a.c": b"int a;\nint b;\n"}, {"a.c": text.encode()}
    )
    main(["--repo", str(repo), "--range", "HEAD~1..HEAD", "--format", "json"])
    report = json.loads(capfd.readouterr().out)

    assert (BLANKS in rules(report)) is is_left
    assert bool(said(report, UNUSED)) is is_left
    assert [i["by"] for i in report.get("ignored", [])] == ["comment"] * (not is_left)


BASELINE = ("--baseline", "known.toml")
UPDATE = ("baseline", "update", *BASELINE, "mail.eml")
WHY = ("--reason", "a test", "--owner", "dev@example.org", "--expires", "2024-03-01")


def test_a_baseline_is_written_and_heeded(answer: Run) -> None:
    before = answer("")
    assert main([*UPDATE, *WHY]) == 0

    after = answer("", *BASELINE)
    assert after["findings"] == []
    assert len(after["ignored"]) == len(before["findings"])
    assert {i["reason"] for i in after["ignored"]} == {"a test"}


def test_an_update_keeps_what_people_wrote_and_drops_what_is_gone(
    answer: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    answer("")
    main([*UPDATE, *WHY])
    path = Path("known.toml")
    path.write_text(path.read_text("utf-8").replace("a test", "mine", 1), "utf-8")

    stale = answer("", *BASELINE, new={"a.c": "int aa;\nint b;\n"})
    assert "finds this no more" in said(stale, KNOWN)[0]

    assert main([*UPDATE]) == 0
    assert "0 added, 1 removed" in capfd.readouterr().err
    kept = path.read_text("utf-8")
    assert kept.count('"mine"') + kept.count('"a test"') == len(stale["ignored"])


def test_an_entry_of_another_patch_is_not_told_of(answer: Run) -> None:
    answer("")
    main([*UPDATE, *WHY])
    path = Path("known.toml")
    path.write_text(path.read_text("utf-8").replace("area: Do it.", "other"), "utf-8")

    clean = answer("", *BASELINE, new={"a.c": "int aa;\nint b;\n"})
    assert said(clean, KNOWN) == []


def test_what_has_expired_is_said_again(
    answer: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answer("")
    main([*UPDATE, *WHY])
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1709337600")  # 2 March 2024

    after = answer("", *BASELINE)
    assert rules(after) == rules(before) | {KNOWN}
    assert "known until 2024-03-01 (dev@example.org: a test)" in said(after, KNOWN)[0]
    assert "ignored" not in after


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[known]]\nrule = 'c/x'\n", "known.toml:1: fingerprint: missing"),
        ("[[known]]\nrul = 'c/x'\n", "rul: not a key of an entry (is it rule?)"),
        ("[[known]]\nexpires = 'never'\n", "expires: not a day"),
        ("other = 1\n", "other: not a key of a baseline"),
        ("[[known]\n", "known.toml: "),
    ],
)
def test_a_wrong_baseline_ends_with_2(
    answer: Run, capfd: pytest.CaptureFixture[str], text: str, why: str
) -> None:
    answer("")
    Path("known.toml").write_text(text, "utf-8")

    assert main([*BASELINE, "mail.eml"]) == 2
    assert why in capfd.readouterr().err


def test_new_entries_need_a_reason(
    answer: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    answer("")
    with pytest.raises(SystemExit) as ended:
        main([*UPDATE])

    assert ended.value.code == 2
    assert "need a --reason" in capfd.readouterr().err
    assert not Path("known.toml").exists()
