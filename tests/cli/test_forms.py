# SPDX-License-Identifier: GPL-2.0-or-later
"""The form a series comes in makes no difference to what is said of it."""

from __future__ import annotations

import io
import json
import random
import sys
from pathlib import Path

import pytest

from fixtures import build
from patchlint.adapters import jobs
from patchlint.cli.main import main
from patchlint.mail.mbox import split_mbox
from tests.forms import FORMS, GIT_MARK, is_plain, same_header

HERE = Path(build.__file__).parent
EACH = {
    name: split_mbox((HERE / name / "series.mbox").read_bytes())
    for name in build.names()
}
SERIES = {
    **{name: [*map(same_header, mails)] for name, mails in EACH.items()},
    "all": [same_header(mail) for mails in EACH.values() for mail in mails],
}  # fmt: skip


def findings(
    names: list[str],
    jobs: int,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> str:
    """Return the answer as JSON."""
    if names[0] == "-":
        given = io.TextIOWrapper(io.BytesIO(Path(names[1]).read_bytes()))
        monkeypatch.setattr(sys, "stdin", given)
        names = names[:1]
    main(["--no-cache", "--format=json", "--evidence=mail", f"-j{jobs}", *names])
    return capfd.readouterr().out


def test_the_fixtures_can_be_written_in_every_form() -> None:
    assert all(is_plain(mail) for mails in EACH.values() for mail in mails)


@pytest.mark.parametrize("name", SERIES)
def test_every_form_gives_the_same_bytes(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(jobs, "_FEW", 0)
    said = {}
    for form, write in FORMS.items():
        folder = tmp_path / form
        folder.mkdir()
        names = write(folder, SERIES[name])
        said[form, 1] = findings(names, 1, monkeypatch, capfd)
        if form != "standard input":
            names = random.Random(1).sample(names, len(names))  # noqa: S311 - a test
        said[form, 2] = findings(names, 2, monkeypatch, capfd)
    expected = said["mbox", 1]

    assert json.loads(expected)["crashes"] == []
    assert [form for form, answer in said.items() if answer != expected] == []


def test_a_longer_header_moves_the_lines_of_the_mail_and_nothing_else(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A line of a mail is counted from the top of its header, as an editor shows it."""
    said = []
    for more in (b"", b"X-Way: long\n"):
        path = tmp_path / "mails"
        path.write_bytes(b"".join(GIT_MARK + more + mail for mail in EACH["words"]))
        answer = json.loads(findings([str(path)], 1, monkeypatch, capfd))
        for found in answer["findings"]:
            found["mail_line"] -= bool(more)
            for step in found["trace"]:
                step["line"] -= bool(more) and step["path"] is None
        said.append(answer)

    assert said[0]["findings"]
    assert said[0] == said[1]
