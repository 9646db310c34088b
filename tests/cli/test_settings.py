# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings from all the places they can be in, through the command."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from patchlint.adapters.hooks import STOP
from patchlint.cli.main import main
from tests.adapters.repo import add_commit, git, make_repository
from tests.mails import diff, patch_mail

OLD = {"a.c": "int a;\n", "arch/x86/b.c": "int b;\n"}
NEW = {"a.c": "int aa;  \n", "arch/x86/b.c": "int bb;  \n"}
LOG = "This patch renames it.\n\nSigned-off-by: A Dev <dev@example.org>\n"
BLANKS, WORDS = "diff/trailing-whitespace", "msg/subject-period"

Run = Callable[..., dict[str, str]]


@pytest.fixture
def mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    path = tmp_path / "mail.eml"
    path.write_text(patch_mail(LOG, diff(OLD, NEW), "[PATCH] area: Do it."), "utf-8")
    monkeypatch.chdir(tmp_path)
    return str(path)


@pytest.fixture
def found(mail: str, capfd: pytest.CaptureFixture[str]) -> Run:
    """Return what runs the command and returns ``rule path`` to severity."""

    def run(*arguments: str) -> dict[str, str]:
        capfd.readouterr()
        main(["--format", "json", *arguments, mail])
        answer = capfd.readouterr()
        assert answer.err == ""
        return {
            f"{f['rule']} {f['path'] or ''}".strip(): f["severity"]
            for f in json.loads(answer.out)["findings"]
        }

    return run


def user(text: str) -> None:
    path = Path(os.environ["XDG_CONFIG_HOME"]) / "patchlint" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.fixture(autouse=True)
def settings_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def tree(tmp_path: Path) -> Callable[[str], Path]:
    def make(text: str) -> Path:
        files = {path: raw.encode() for path, raw in OLD.items()}
        files[".patchlint.toml"] = text.encode()
        return make_repository(tmp_path / "repo", files)

    return make


def test_rules_are_selected_and_ignored(found: Run) -> None:
    assert {f"{BLANKS} a.c", WORDS} <= {*found()}
    assert {*found("--select", "msg/subject-*")} == {WORDS}
    assert WORDS not in found("--ignore", WORDS)
    assert {*found("--ignore", "all", "--extend-select", WORDS)} == {WORDS}


def test_severities_are_given(found: Run) -> None:
    assert found("--set", f'severity."{WORDS}" = "error"')[WORDS] == "error"


def test_paths_have_settings_of_their_own(found: Run) -> None:
    text = f'[[paths]]\nglob = "arch/**"\nignore = ["{BLANKS}"]\n'
    user(f'{text}[[paths]]\nglob = "*.c"\nseverity = {{ "{BLANKS}" = "note" }}\n')

    seen = found()
    assert seen[f"{BLANKS} a.c"] == "note"
    assert f"{BLANKS} arch/x86/b.c" not in seen


def test_what_is_in_a_message_is_in_the_place_of_all_files(found: Run) -> None:
    user(f'[[paths]]\nglob = "arch/**"\nignore = ["{WORDS}"]\n')
    assert WORDS in found()

    user(f'[[paths]]\nglob = "*.c"\nignore = ["{WORDS}"]\n')
    assert WORDS not in found()


def test_each_place_wins_over_those_before_it(
    found: Run, tree: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def level(*arguments: str) -> str:
        return found("--repo", str(repo), *arguments)[WORDS]

    repo = tree(f'[severity]\n"{WORDS}" = "note"\n')
    assert level() == "note"

    user(f'[severity]\n"{WORDS}" = "nit"\n')
    assert level() == "nit"

    git(repo, "config", f"patchlint.{WORDS}.severity", "question")
    assert level() == "question"

    monkeypatch.setenv("PATCHLINT_SEVERITY", f"{WORDS}=warning")
    assert level() == "warning"
    assert level("--set", f'severity."{WORDS}" = "error"') == "error"
    assert level("--isolated") == "nit"
    assert found("--repo", str(repo), "--isolated") == found("--isolated")


def test_options_of_rules_are_set(found: Run) -> None:
    louder = '[severity]\n"msg/this-patch" = "nit"\n'
    user(louder)
    assert "msg/this-patch" in found()

    user(f'{louder}[options."msg/this-patch"]\nopeners = ["something else"]\n')
    assert "msg/this-patch" not in found()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'ignroe = ["c"]',
            "config.toml:1: ignroe: not a key of the settings (is it ig",
        ),
        ('ignore = ["msg/this-ptch"]', "ignore: no rule is called 'msg/this-ptch' (is"),
        ('[severity]\n"msg/thiss" = "nit"', 'toml:2: severity."msg/thiss": no rule is'),
        (
            '[options."msg/this-patch"]\nopenrs = []',
            "not an option of it (is it openers",
        ),
        (
            '[options."msg/this-patch"]\nopeners = 3',
            "openers: not a list like the card",
        ),
        (
            "[options.\"msg/this-patch\"]\nopeners = ['(a|a)*b']",
            "can take endless time",
        ),
        ('[options."msg/that"]\nopeners = []', "options: no rule is called 'msg/that'"),
        ('profile = "tpi"', "not one of"),
        ('format = "txt"', "config.toml:1: format: not one of"),
        ('cards = ["nowhere"]', "config.toml:1: cards: nowhere: not a folder"),
    ],
)
def test_what_is_wrong_ends_with_2(
    mail: str, capfd: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    user(text)

    assert main([mail]) == 2
    assert said in capfd.readouterr().err


def test_an_unknown_variable_and_key_of_git_are_errors(
    mail: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATCHLINT_FAIL_NO", "error")
    assert main([mail]) == 2
    assert "PATCHLINT_FAIL_NO: fail-no: not a key" in capfd.readouterr().err

    monkeypatch.delenv("PATCHLINT_FAIL_NO")
    for name, value in (
        ("COUNT", "1"),
        ("KEY_0", "patchlint.failon"),
        ("VALUE_0", "x"),
    ):
        monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
    assert main([mail]) == 2
    assert "patchlint.failon: failon: not a key" in capfd.readouterr().err
    assert main(["--isolated", mail]) in (0, 1)


def test_the_tree_of_a_range_is_that_in_front_of_it(
    tree: Callable[[str], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    repo = tree('ignore = ["msg"]\n')
    after = {path: raw.encode() for path, raw in NEW.items()}
    after[".patchlint.toml"] = b'ignore = ["diff", "msg"]\n'
    add_commit(repo, after, f"area: Do it.\n\n{LOG}")

    main(["--repo", str(repo), "--range", "HEAD~1..HEAD"])
    said = capfd.readouterr().out
    assert BLANKS in said
    assert WORDS not in said

    main(["--repo", str(repo), "--range", "HEAD~1..HEAD", "--base", "HEAD"])
    assert BLANKS not in capfd.readouterr().out


def test_a_series_does_not_choose_its_rules(
    tree: Callable[[str], Path],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    repo = tree('ignore = ["msg", "diff"]\n')
    after = {**NEW, ".patchlint.toml": 'ignore = ["msg", "diff"]\n'}
    mail = tmp_path / "mail"
    mail.write_text(patch_mail(LOG, diff(OLD, after), "[PATCH] area: Do it."), "utf-8")

    main(["--repo", str(repo), str(mail)])
    told = capfd.readouterr()
    assert BLANKS in told.out
    assert "HEAD:.patchlint.toml: not read: a patch changes .patchlint.toml" in told.err


def test_a_base_that_is_none_is_an_error(
    tree: Callable[[str], Path], mail: str, capfd: pytest.CaptureFixture[str]
) -> None:
    repo = tree("")

    assert main(["--repo", str(repo), "--base", "nothing", mail]) == 2
    assert "--base nothing: no commit is called that" in capfd.readouterr().err


def test_a_hook_of_git_has_settings_too(
    tree: Callable[[str], Path],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    repo = tree(f'[severity]\n"{WORDS}" = "error"\n')
    monkeypatch.chdir(repo)
    (repo / "message").write_text(f"area: Do it.\n\n{LOG}", "utf-8")
    status = main(["hook", "run", "commit-msg", "--fail-on", "error", "message"])
    assert status == STOP
    assert WORDS in capfd.readouterr().err

    user(f'ignore = ["{WORDS}"]\n')
    main(["hook", "run", "commit-msg", "--fail-on", "error", "message"])
    assert WORDS not in capfd.readouterr().err
