# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint thread`` as people call it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from patchlint.cli.main import main
from tests.series.test_talk import PATCH, reply

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "thread-v1.json"
SLY = "R \x1b[31mViewer <r@example.org>"


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    answers = (
        reply("> +\tint space;\n\nWhy is it \x1b[2Jsigned?\n", sender=SLY),
        reply("Acked-by: R Viewer <r@example.org>\n", "t"),
    )
    mark = b"From git@z Mon Sep 17 00:00:00 2001\n"
    Path("box").write_bytes(b"".join(mark + m + b"\n" for m in (PATCH, *answers)))
    return "box"


def test_each_remark_stands_under_its_line(
    box: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["thread", box]) == 0
    said = capfd.readouterr().out

    assert "kernel/ring.c:14\n" in said
    assert "| +\tint space;\n" in said
    assert "signed?" in said
    assert "Acked-by: R Viewer <r@example.org>\n" in said
    assert "1 remark (1 at a line), 1 tag, from 1 person\n" in said
    assert "\x1b" not in said


def test_json_follows_its_schema(box: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["thread", "--format", "json", box]) == 0
    said = capfd.readouterr().out

    value = json.loads(said)
    jsonschema.validate(value, json.loads(SCHEMA.read_text("utf-8")))
    (*_, remark) = value["postings"][0]["mails"][0]["remarks"]
    assert (remark["path"], remark["line"], remark["kind"]) == (
        "kernel/ring.c",
        14,
        "question",
    )
    assert said.isascii()
    assert "\x1b" not in said


def test_output_goes_to_a_file(box: str) -> None:
    assert main(["thread", "-o", "said.txt", box]) == 0
    assert "signed?" in Path("said.txt").read_text("utf-8")


def test_silence_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mail").write_bytes(PATCH)
    assert main(["thread", str(tmp_path / "mail")]) == 0
    assert "nobody said anything about it\n" in capfd.readouterr().out


def test_a_file_is_named(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["thread"])
    assert "FILE" in capfd.readouterr().err


def test_what_was_said_is_said_again_only_when_asked_for(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    quote = (
        "> Count the entries of a ring by its ends, since a count of its own gets out"
    )
    long = f"{quote}\n\nMissing article, I think.\n"
    Path("patch").write_bytes(PATCH.replace(b"Nobody sleeps", b"It needs cache flush"))
    Path("reply").write_bytes(reply(long.replace(quote, "> It needs cache flush")))
    main(["--evidence", "mail", "--format", "json", "patch", "reply"])
    without = json.loads(capfd.readouterr().out)
    main(["--repeat", "--evidence", "mail", "--format", "json", "patch", "reply"])
    with_all = json.loads(capfd.readouterr().out)

    (repeat,) = without["repeated"]
    assert repeat["finding"]["rule"] == "msg/missing-article"
    assert len(with_all["findings"]) == len(without["findings"]) + 1
    assert "repeated" not in with_all
