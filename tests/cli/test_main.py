# SPDX-License-Identifier: GPL-2.0-or-later
"""The command as people call it: arguments in, text and exit status out."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures import build
from patchlint import __version__
from patchlint.checks import BUILTIN
from patchlint.cli.main import main
from patchlint.lint.card import Card
from patchlint.lint.rule import MessageRule, Rule

FIXTURES = Path(build.__file__).parent
CLEAN = str(FIXTURES / "handover" / "series.mbox")
FAULTY = str(FIXTURES / "handover-faults" / "series.mbox")
WORDS = str(FIXTURES / "words" / "series.mbox")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    build.make_base("handover-faults", tmp_path / "repo")
    return tmp_path / "repo"


@pytest.fixture(autouse=True)
def outside_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_version_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capfd.readouterr().out == f"patchlint {__version__}\n"


def test_version_needs_nothing_of_the_program() -> None:
    program = (
        "import sys; from patchlint.cli.main import main; main(['--version']);"
        "print([m for m in sys.modules if m in"
        " ('argparse', 'tree_sitter', 'rich', 'git', 'email', 'patchlint.lint')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("level", "seen", "skipped"),
    [
        ("mail", {"mail"}, True),
        ("file", {"mail", "file"}, True),
        ("tree", {"mail", "file", "tree"}, False),
    ],
)
def test_no_finding_rests_on_more_than_may_be_read(
    base: Path,
    capfd: pytest.CaptureFixture[str],
    level: str,
    seen: set[str],
    *,
    skipped: bool,
) -> None:
    main(["--repo", str(base), "--evidence", level, "--format", "json", FAULTY])

    report = json.loads(capfd.readouterr().out)
    assert {finding["evidence"] for finding in report["findings"]} <= seen
    needs_tree = {"x86/percpu-set-before-use", "kconfig/unknown-symbol"}
    told = {entry["rule"] for entry in report["not_checked"]}
    assert bool(told & needs_tree) is skipped


def test_clean_series_ends_with_0(base: Path) -> None:
    assert main(["--repo", str(base), CLEAN]) == 0


def test_findings_end_with_1(base: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--repo", str(base), FAULTY]) == 1
    assert "[x86/percpu-after-gs-reset]" in capfd.readouterr().out


def test_nits_are_below_the_default_limit() -> None:
    assert main([WORDS]) == 0
    assert main(["--fail-on", "nit", WORDS]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.mbox"], "missing.mbox: No such file or directory"),
        (["--repo", ".", WORDS], "--repo .: not a git repository"),
        (["--range", "a..b"], "--range a..b: "),
        (["--range=-a..b", "--repo", "."], "--repo .: not a git repository"),
        (["empty.mbox"], "empty.mbox: no patch in it"),
        (["page.eml"], "page.eml: no patch in it (page.eml: a web page)"),
        (["folder"], "folder: no *.patch, *.eml or *.mbox file in this folder"),
        (["-o", "no/such/folder/x", WORDS], "-o no/such/folder/x: "),
    ],
)
def test_bad_input_ends_with_2_and_one_line(
    arguments: list[str], said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    Path("empty.mbox").write_text("\n")
    Path("page.eml").write_text("<!DOCTYPE html><html></html>")
    Path("folder").mkdir()
    status = main(arguments)
    error = capfd.readouterr().err

    assert status == 2
    assert error.startswith(f"patchlint: {said}")
    assert error.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["--range", "a..b", WORDS], ["--nonsense"]])
def test_wrong_usage_ends_with_2_and_one_line(
    arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    error = capfd.readouterr().err

    assert ended.value.code == 2
    assert error.startswith("patchlint: ")
    assert error.count("\n") == 1


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    command = f"{sys.executable} -m patchlint --format json {FAULTY} | head -c 1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("{", "")


def test_colour_is_for_terminals_that_want_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    main([WORDS])
    coloured = capfd.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    main([WORDS])
    plain = capfd.readouterr().out

    assert "\x1b[" in coloured
    assert "\x1b" not in plain


def test_a_crashing_rule_ends_with_3_and_the_others_still_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def load(*_: object) -> tuple[Rule, ...]:
        from patchlint.adapters.cards import builtin_cards, load_cards
        from patchlint.lint.bind import bind

        def broken(*_: object) -> list[object]:
            raise ValueError("broken on purpose")

        cards = {card.id: card for card in load_cards(builtin_cards())}
        good: Card = cards["msg/also-opener"]
        bad = MessageRule(cards["msg/nfc-not-last"], broken)  # type: ignore[arg-type]
        return bad, bind(good, BUILTIN)

    monkeypatch.setattr("patchlint.adapters.rulebook.Rulebook.rules", load)
    status = main(["--format", "json", WORDS])
    report = json.loads(capfd.readouterr().out)

    assert status == 3
    assert [crash["rule"] for crash in report["crashes"]] == ["msg/nfc-not-last"]
    assert [finding["rule"] for finding in report["findings"]] == ["msg/also-opener"]


def test_stdin_is_read(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Stdin:
        buffer = io.BytesIO(Path(WORDS).read_bytes())

    monkeypatch.setattr("sys.stdin", Stdin)
    main(["--format", "json", "-"])

    assert len(json.loads(capfd.readouterr().out)["findings"]) > 3


def test_every_way_in_gives_the_same_findings(
    base: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A mailbox, a folder of patches and a range differ in their ids alone."""
    step = FIXTURES / "handover-faults" / "1-flag"
    build.commit(step, base, (step / "LOG").read_text("utf-8"))
    build.git(base, "format-patch", "-1", "-o", str(tmp_path / "out"))
    (patch,) = (tmp_path / "out").iterdir()
    found = []
    for where in (["--range", "HEAD~1..HEAD"], [str(tmp_path / "out")], [str(patch)]):
        main(["--repo", str(base), "--format", "json", *where])
        findings = json.loads(capfd.readouterr().out)["findings"]
        found.append([(f["rule"], f["path"], f["line"], f["quote"]) for f in findings])
    main(["--repo", str(base), "--format", "json", FAULTY])
    mailbox = json.loads(capfd.readouterr().out)["findings"]

    assert found[0] == [(f["rule"], f["path"], f["line"], f["quote"]) for f in mailbox]
    assert found[0] == found[1] == found[2]


def test_the_repository_around_the_working_folder_is_used(
    base: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(base / "arch")
    main(["--format", "json", FAULTY])

    assert json.loads(capfd.readouterr().out)["not_checked"] == []


def test_without_repository_findings_rest_on_the_mail(
    capfd: pytest.CaptureFixture[str],
) -> None:
    main(["--format", "json", FAULTY])
    report = json.loads(capfd.readouterr().out)

    assert {finding["evidence"] for finding in report["findings"]} == {"mail"}
    assert "x86/percpu-after-gs-reset" in {n["rule"] for n in report["not_checked"]}


def test_a_torn_diff_is_not_called_clean(capfd: pytest.CaptureFixture[str]) -> None:
    mail = Path(FAULTY).read_text("utf-8")
    Path("torn.mbox").write_text(mail[: mail.rindex("\n-") + 1] + "\x1b[31m\n", "utf-8")
    main(["torn.mbox"])
    said = capfd.readouterr().out

    assert re.search(r"not checked: \d+ rules need a diff that can be read", said)
    assert "\x1b" not in said


def test_what_was_not_read_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    Path("out/1.mbox").write_bytes(Path(WORDS).read_bytes())
    Path("out/2.patch").write_bytes(b"\x7fELF\0\0")
    Path("out/README").write_bytes(b"")

    assert main(["--fail-on", "nit", "out"]) == 1
    assert capfd.readouterr().err == "patchlint: out/2.patch: binary\n"


def test_output_goes_to_a_file(capfd: pytest.CaptureFixture[str]) -> None:
    main(["-o", "answer.txt", WORDS])

    assert "[msg/also-opener]" in Path("answer.txt").read_text("utf-8")
    assert capfd.readouterr().out == ""


def test_no_escape_reaches_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    mail = Path(WORDS).read_text("utf-8").replace("Also,", "Also,\x1b[31m")
    Path("hostile.mbox").write_text(mail, "utf-8")
    main(["hostile.mbox"])

    assert "\x1b" not in capfd.readouterr().out
