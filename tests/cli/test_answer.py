# SPDX-License-Identifier: GPL-2.0-or-later
"""Where answers go, and what a terminal gets that a pipe does not."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures import build
from patchlint.cli.links import has_links, links_to
from patchlint.cli.main import main
from patchlint.cli.outputs import OutputError, Outputs, parse_outputs
from patchlint.cli.progress import Bar, progress
from patchlint.report import FORMATS
from tests.report.counts import COUNTS

WORDS = str(Path(build.__file__).parent / "words" / "series.mbox")


@pytest.fixture(autouse=True)
def outside_any_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_one_run_writes_several_formats(capfd: pytest.CaptureFixture[str]) -> None:
    outputs = [f"-o{form}=out.{form}" for form in COUNTS]

    assert main([*outputs, "--output", "answer.txt", WORDS]) == 0

    answers = {form: Path(f"out.{form}").read_text("utf-8") for form in COUNTS}
    assert {COUNTS[form](answers[form]) for form in COUNTS} == {5}
    assert Path("answer.txt").read_text("utf-8") == answers["text"]
    assert capfd.readouterr().out == ""


def test_a_format_besides_leaves_standard_output_alone(
    capfd: pytest.CaptureFixture[str],
) -> None:
    main([WORDS])
    alone = capfd.readouterr().out
    main(["-o", "json=out.json", WORDS])

    assert capfd.readouterr().out == alone
    assert len(json.loads(Path("out.json").read_text("utf-8"))["findings"]) == 5


def test_names_of_files_are_left_alone() -> None:
    assert parse_outputs(["./json=x"], FORMATS) == Outputs(Path("json=x"))
    assert parse_outputs(["a/b=c"], FORMATS) == Outputs(Path("a/b=c"))
    assert parse_outputs(["sarif=a=b"], FORMATS) == Outputs(
        None, (("sarif", Path("a=b")),)
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["sarf=x"], r"no format is called 'sarf' \(is it sarif\?\)"),
        (["sarif="], "sarif=: no file is named"),
        (["a", "b"], "b: there is one standard output"),
    ],
)
def test_an_output_that_cannot_be_meant_is_refused(given: list[str], said: str) -> None:
    with pytest.raises(OutputError, match=said):
        parse_outputs(given, FORMATS)


def test_wrong_outputs_are_usage_errors(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["-o", "sarf=x", WORDS])

    assert ended.value.code == 2
    assert capfd.readouterr().err.startswith("patchlint: -o: no format is called")


def test_quiet_and_clean_is_no_byte(capfd: pytest.CaptureFixture[str]) -> None:
    clean = str(Path(WORDS).parents[1] / "handover" / "series.mbox")

    assert main(["-q", "--evidence", "mail", clean]) == 0
    assert capfd.readouterr() == ("", "")


def _in_terminal(*arguments: str, **environment: str) -> str:
    """Run it in a terminal of its own, and return all that arrives there."""
    main_end, end = pty.openpty()
    command = [sys.executable, "-m", "patchlint", *arguments]
    known = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CI")}
    done = subprocess.Popen(
        command, stdout=end, stderr=end, env={**known, "TERM": "xterm", **environment}
    )
    os.close(end)
    said = b""
    try:
        while chunk := os.read(main_end, 4096):
            said += chunk
    except OSError:
        pass
    os.close(main_end)
    assert done.wait() in (0, 1)
    return said.decode()


def test_a_terminal_is_told_how_long_it_took() -> None:
    said = _in_terminal("--evidence", "mail", WORDS, NO_COLOR="1")

    assert "\x1b" not in said
    assert re.search(r"\r\n5 findings: 5 nits; \d+\.\d s\r\n$", said)


def test_a_terminal_with_links_has_them(tmp_path: Path) -> None:
    build.make_base("handover-faults", tmp_path / "repo")
    faulty = str(Path(WORDS).parents[1] / "handover-faults" / "series.mbox")

    said = _in_terminal("--repo", str(tmp_path / "repo"), faulty, FORCE_HYPERLINK="1")

    path = tmp_path.resolve() / "repo/arch/x86/kernel/handover_64.c#L33"
    assert re.search(rf"\x1b\]8;;file://[\w.-]+{re.escape(str(path))}\x1b\\", said)
    plain = _in_terminal("--repo", str(tmp_path / "repo"), faulty, FORCE_HYPERLINK="0")
    assert "\x1b]8" not in plain


def test_links_stay_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tree").mkdir()
    (tmp_path / "secret").write_text("")
    (tmp_path / "tree/a b%.c").write_text("")
    link = links_to(tmp_path / "tree", {"FORCE_HYPERLINK": "1"})

    assert link("../secret", 1) == link(str(tmp_path / "secret"), 1) == ""
    assert link("missing.c", 1) == link("x" * 9000, 1) == link("a\0b", 1) == ""
    assert link("a b%.c", 3).endswith("/tree/a%20b%25.c#L3")


@pytest.mark.parametrize(
    ("environment", "has"),
    [
        ({}, False),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM_PROGRAM": "vscode"}, True),
        ({"VTE_VERSION": "4205"}, False),
        ({"VTE_VERSION": "7200"}, True),
        ({"VTE_VERSION": "7200", "FORCE_HYPERLINK": "0"}, False),
    ],
)
def test_terminals_with_links_are_known(
    environment: dict[str, str], *, has: bool
) -> None:
    assert has_links(environment) is has


def test_nobody_but_a_terminal_sees_a_bar(capfd: pytest.CaptureFixture[str]) -> None:
    with progress(is_quiet=False) as told:
        told.begin(2)
        assert list(told.paced(())) == []
        told.tick(1)

    assert capfd.readouterr() == ("", "")


def test_a_bar_comes_after_a_second_and_goes_away(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("patchlint.cli.progress.monotonic", lambda: now[0])
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    bar = Bar()
    bar.begin(4)
    bar.tick(1)
    early = capfd.readouterr()
    now[0] = 2.0
    bar.tick(3)
    bar.end()
    late = capfd.readouterr()

    assert early == ("", "")
    assert late.out == ""
    assert "reviewing 4 series" in late.err
    assert "75%" in late.err
    assert late.err.endswith("\x1b[2K")
