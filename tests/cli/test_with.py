# SPDX-License-Identifier: GPL-2.0-or-later
"""``--with checkpatch`` from end to end: one voice, every format, and only if asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from patchlint.cli.main import main
from patchlint.report import FORMATS
from tests.adapters.repo import make_repository
from tests.adapters.stand_in import HONEST, SCRIPT, doing
from tests.mails import diff, patch_mail

OLD = {"kernel/f.c": "int a;\n"}
NEW = {"kernel/f.c": "int a;\nint b;  \n/* say WARNING */\n"}
MAIL = patch_mail("Why.\n\nSigned-off-by: A Dev <dev@example.org>", diff(OLD, NEW))


@pytest.fixture
def mail(tmp_path: Path) -> str:
    path = tmp_path / "a.patch"
    path.write_text(MAIL, "utf-8")
    return str(path)


def run(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, list[str]]:
    status = main([*arguments, "--format=json"])
    answer = json.loads(capsys.readouterr().out)
    findings = [f for s in answer["series"] for f in s.get("findings", [])]
    findings = findings or answer.get("findings", [])
    return status, json.dumps(answer), [f["rule"] for f in findings]


def test_it_runs_only_where_it_is_asked_for(
    tmp_path: Path, mail: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repository(tmp_path / "repo", {SCRIPT: HONEST})
    _, _, without = run(capsys, mail, "--repo", str(repo))
    assert not [rule for rule in without if rule.startswith("checkpatch/")]
    _, _, found = run(capsys, mail, "--repo", str(repo), "--with", "checkpatch")
    assert "checkpatch/MSLEEP" in found


def test_what_we_say_too_is_said_once(
    tmp_path: Path, mail: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repository(tmp_path / "repo", {SCRIPT: HONEST})
    _, _, found = run(capsys, mail, "--repo", str(repo), "--with", "checkpatch")
    assert "diff/trailing-whitespace" in found
    assert "checkpatch/TRAILING_WHITESPACE" not in found


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_has_its_findings(
    tmp_path: Path, mail: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repository(tmp_path / "repo", {SCRIPT: HONEST})
    given = [mail, "--repo", str(repo), "--with", "checkpatch", "--format", form]
    assert main(given) == 1
    said = capsys.readouterr().out
    assert "the line was asked for" in said or "MSLEEP" in said


def test_a_script_that_fails_leaves_our_own_findings(
    tmp_path: Path, mail: str, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repository(tmp_path / "repo", {SCRIPT: doing("die 'no luck';")})
    given = [mail, "--repo", str(repo), "--with", "checkpatch"]
    _, answer, found = run(capsys, *given)
    assert "diff/trailing-whitespace" in found
    assert "no luck" in answer


BAD = doing('print "-:1: ERROR:BAD: bad\\n";')


def test_the_script_of_a_range_is_that_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    both = [{SCRIPT: HONEST}, {SCRIPT: BAD, "a.c": b"/* say WARNING */\n"}]
    repo = make_repository(tmp_path / "repo", *both, both[1])
    given = ["--repo", str(repo), "--with", "checkpatch", "--range"]
    _, _, found = run(capsys, *given, "HEAD~2..HEAD~1")
    assert "checkpatch/MSLEEP" in found
    assert "checkpatch/BAD" not in found
    _, _, found = run(capsys, *given, "HEAD~2..HEAD~1", "--base", "HEAD~1")
    assert "checkpatch/BAD" in found


@pytest.mark.parametrize("how", ["file", "git", "environment"])
def test_the_user_may_always_ask_for_it(
    how: str,
    tmp_path: Path,
    mail: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = make_repository(tmp_path / "repo", {SCRIPT: HONEST})
    own = tmp_path / "own"
    (own / "patchlint").mkdir(parents=True)
    if how == "file":
        monkeypatch.setenv("XDG_CONFIG_HOME", str(own))
        (own / "patchlint/config.toml").write_text('with = ["checkpatch"]\n', "utf-8")
    elif how == "git":
        (own / "gitconfig").write_text("[patchlint]\n\twith = checkpatch\n", "utf-8")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(own / "gitconfig"))
    else:
        monkeypatch.setenv("PATCHLINT_WITH", "checkpatch")
    _, _, found = run(capsys, mail, "--repo", str(repo))
    assert "checkpatch/MSLEEP" in found
    _, _, found = run(capsys, mail, "--repo", str(repo), "--isolated")
    assert "checkpatch/MSLEEP" not in found
    _, _, found = run(
        capsys, mail, "--repo", str(repo), "--isolated", "--with", "checkpatch"
    )
    assert "checkpatch/MSLEEP" in found


def test_what_the_command_line_names_goes_before_that(
    tmp_path: Path,
    mail: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repo = make_repository(tmp_path / "repo", {SCRIPT: HONEST})
    monkeypatch.setenv("PATCHLINT_WITH", "checkpatch")
    _, _, found = run(capsys, mail, "--repo", str(repo), "--with", "")
    assert "checkpatch/MSLEEP" not in found


def test_a_program_that_is_unknown_is_told_with_the_nearest(
    mail: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([mail, "--with", "checkpath"])
    assert "no such program: checkpath (is it checkpatch?)" in capsys.readouterr().err


def test_its_types_are_rules_as_ours_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tree may say what it makes of them, whether or not anybody asks for it."""
    text = (
        b'ignore = ["checkpatch/BRACES"]\n[severity]\n"checkpatch/MSLEEP" = "error"\n'
    )
    files = {SCRIPT: HONEST, ".patchlint.toml": text}
    repo = make_repository(tmp_path / "repo", files)
    old, new = {"a.c": ""}, {"a.c": "/* say WARNING */\n/* say CHECK */\n"}
    path = tmp_path / "b.patch"
    path.write_text(patch_mail("Why.", diff(old, new)), "utf-8")
    given = [str(path), "--repo", str(repo)]
    run(capsys, *given)
    _, answer, found = run(capsys, *given, "--with", "checkpatch")
    assert "checkpatch/BRACES" not in found
    levels = {f["rule"]: f["severity"] for f in json.loads(answer)["findings"]}
    assert levels["checkpatch/MSLEEP"] == "error"
    with pytest.raises(SystemExit, match="2"):
        main([*given, "--select", "checkpatch/MSLEEP", "--with", "nothing"])
    assert main([*given, "--select", "checkpatch/MSLEEP"]) == 2
    assert "is it checkpatch?" in capsys.readouterr().err


def test_a_line_below_the_cut_silences_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repo = make_repository(tmp_path / "repo", {SCRIPT: HONEST})
    text = MAIL.replace(
        "---\n", "---\npatchlint: ignore checkpatch/MSLEEP -- it is meant\n", 1
    )
    path = tmp_path / "b.patch"
    path.write_text(text, "utf-8")
    _, _, found = run(capsys, str(path), "--repo", str(repo), "--with", "checkpatch")
    assert "checkpatch/MSLEEP" not in found
    # Who did not ask for checkpatch need not know what it would have said.
    _, _, found = run(capsys, str(path), "--repo", str(repo))
    assert "patchlint/unused-ignore" not in found
