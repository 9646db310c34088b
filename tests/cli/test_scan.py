# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint scan`` from a command line: what is said, and the exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.archive import mails
from patchlint.adapters.scan.job import Stats
from patchlint.adapters.scan.run import Outcome
from patchlint.cli.main import main
from patchlint.cli.scan import pace

pytest.importorskip("pyarrow")
FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture
def box(tmp_path: Path) -> Path:
    mark = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n"
    path = tmp_path / "linux-ring.mbox"
    path.write_bytes(b"".join(mark + mail + b"\n" for mail in mails(30)))
    return path


def scanned(box: Path, *options: str) -> int:
    out = str(box.parent / "out")
    return main(["scan", "-o", out, "-j", "1", "--rules", "msg/", *options, str(box)])


def test_a_scan_says_what_came_of_it(
    box: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGTERM)

    assert scanned(box) == 0
    assert "out: mails: 30, " in capsys.readouterr().err
    assert scanned(box) == 0
    assert "this run: mails: 0" in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--rules", "no/rule"), "--rules no/rule: no rule is called 'no/rule'"),
        (("--list", "other"), "--list: there is linux-ring"),
        (("nothing",), "nothing: no such file or folder"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(
    box: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    assert scanned(box, *options) == 2
    assert said in capsys.readouterr().err
    assert not (box.parent / "out" / "manifest.json").exists()


def test_a_scan_with_other_rules_is_not_mixed_in(
    box: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scanned(box, "-q") == 0
    assert scanned(box, "-q", "--sample", "2") == 2
    assert "made with another sample; take a new folder" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--since", "May"), ("--sample", "0"), ()])
def test_wrong_arguments_are_refused(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["scan", "-o", str(tmp_path), *arguments])

    assert ended.value.code == 2


def test_a_scan_that_is_told_to_end_says_how_to_go_on(box: Path) -> None:
    out = box.parent / "out"
    command = [sys.executable, "-m", "patchlint", "scan", "-o", str(out), str(box)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as child:
        until = time.monotonic() + 20
        while not (out / "manifest.json").exists() and time.monotonic() < until:
            time.sleep(0.01)
        os.kill(child.pid, signal.SIGTERM)
        _, said = child.communicate(timeout=20)

    assert child.returncode == 130
    assert b"stopped; the same command goes on" in said


def test_how_long_it_takes_is_told() -> None:
    done = [Stats(mails=1000), Stats(mails=1000)]
    outcome = Outcome(mails=50_000, units=50, before=8000, done=done)

    assert pace(outcome, 10.0) == (
        "patchlint: 10000 of 50000 mails, 200 a second, 3 min left"
    )
    assert pace(Outcome(mails=5), 1.0) == "patchlint: 0 of 5 mails"


def test_whole_files_come_from_a_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, out = str(tmp_path / "tree"), str(tmp_path / "out")
    build = [sys.executable, str(FIXTURES / "build.py"), "--repo", "handover-faults"]
    subprocess.run([*build, made], check=True)
    series = str(FIXTURES / "handover-faults" / "series.mbox")

    assert main(["scan", "-q", "-o", out, "-j", "1", "--repo", made, series]) == 0
    assert main(["rates", out, "--rules", "x86/guard-drift"]) == 0

    assert "1/1 100.00%" in capsys.readouterr().out
