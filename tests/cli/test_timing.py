# SPDX-License-Identifier: GPL-2.0-or-later
"""--timing says where the time went, and changes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures import build
from patchlint.cli.main import main

WORDS = str(Path(build.__file__).parent / "words" / "series.mbox")


def test_stages_and_rules_are_named(capfd: pytest.CaptureFixture[str]) -> None:
    usual = main(["--isolated", "--evidence=mail", WORDS])
    said = capfd.readouterr()
    timed = main(["--isolated", "--evidence=mail", "--timing", WORDS])
    answer = capfd.readouterr()

    assert (timed, answer.out) == (usual, said.out)
    assert said.err == ""
    stages = ("imports", "settings", "cards", "rules", "the answer", "all")
    ends = [line.rpartition(" ")[2] for line in answer.err.splitlines()]
    assert [name for name in stages if name.split()[-1] not in ends] == []
    assert "msg/" in answer.err
    assert answer.err.count("other rules") == 1


def test_the_rest_adds_up(capfd: pytest.CaptureFixture[str]) -> None:
    main(["--isolated", "--evidence=mail", "--timing", WORDS])
    lines = capfd.readouterr().err.splitlines()
    (total,) = (float(line.split()[1]) for line in lines if line.endswith("  all"))
    first = lines.index(f"{'CPU':>9} {'wall':>9}") + 1
    last = next(at for at, line in enumerate(lines) if line.endswith("  all"))
    walls = [float(line.split()[1]) for line in lines[first:last]]

    assert sum(walls) == pytest.approx(total, abs=1)
