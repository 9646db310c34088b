# SPDX-License-Identifier: GPL-2.0-or-later
"""What is kept between runs: by many processes at once, and in whatever state it is."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from patchlint.adapters.state import (
    StateError,
    about,
    counts,
    load,
    remove,
    save,
    take_back,
    title_of,
)
from patchlint.model.message import Message
from patchlint.pipeline import read
from patchlint.report.manner import Found, Memory, NoBug, Said
from tests.mails import diff, patch_mail
from tests.report.made import NEW, OLD, PATH

SAID = Said("1@x.org", "area: Do it", "dev@example.org", 2, ("a" * 16,), ("c/rule",))
FOUND = Found("1@x.org", "area: Do it", "dev@example.org", 2, "b" * 16, "c/other")
ANSWER = NoBug("area: Do it", "dev@example.org", "c/rule", "1@x.org")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deep/state.sqlite"


def mail(subject: str, id_: str) -> Message:
    text = patch_mail("Say why.", diff({PATH: OLD}, {PATH: NEW}), subject)
    text = text.replace("<1@example.org>", f"<{id_}>")
    (series,) = read([text.encode()])
    return series.head


def test_nothing_is_known_where_there_is_no_file(path: Path) -> None:
    assert load(path, [mail("[PATCH] area: Do it", "1@x.org")]) == Memory()
    assert about(path, "1@x.org") == Memory()
    assert not path.parent.exists()


def test_what_was_kept_is_known_by_message_id_and_by_version(path: Path) -> None:
    save(path, Memory((SAID,), (ANSWER,), (FOUND,)))

    same = load(path, [mail("[PATCH v2] area: Do it", "1@x.org")])
    assert (same.said, same.no_bugs) == ((SAID,), (ANSWER,))
    later = load(path, [mail("[PATCH v3] area: Do it", "9@x.org")])
    assert (later.said, later.no_bugs) == ((SAID,), (ANSWER,))
    assert load(path, [mail("[PATCH v3] area: Undo it", "9@x.org")]) == Memory()
    assert title_of(path, "1@x.org") == ("area: Do it", "dev@example.org")
    assert [one.mark for one in about(path, "1@x.org").found] == ["b" * 16]


def test_what_is_known_already_is_not_kept_twice(path: Path) -> None:
    for _ in range(3):
        save(path, Memory((SAID,), (ANSWER,), (FOUND,)))

    assert counts(path) == {"mails": 1, "found": 1, "sent": 1, "answered": 1}


def test_an_answer_can_be_taken_back(path: Path) -> None:
    save(path, Memory(no_bugs=(ANSWER,)))

    assert take_back(path, "1@x.org", "c/other") == 0
    assert take_back(path, "1@x.org", "c/rule") == 1
    assert counts(path)["answered"] == 0


def test_bytes_that_are_no_text_are_kept_readable(path: Path) -> None:
    said = Said("1@x.org", "caf\udce9", "dev@example.org", 1, ("a" * 16,), ())

    save(path, Memory((said,)))

    assert title_of(path, "1@x.org") == ("caf\ufffd", "dev@example.org")


WRITER = """
import sys
from pathlib import Path
from patchlint.adapters.state import save
from patchlint.report.manner import Found, Memory, NoBug, Said
path, who = Path(sys.argv[1]), sys.argv[2]
for n in range(40):
    id_ = f"{who}-{n}@x.org"
    said = Said(id_, "t", "s", 1, ("a" * 16, "b" * 16), ("c/rule",))
    found = Found(id_, "t", "s", 1, "c" * 16, "c/other")
    save(path, Memory((said,), (NoBug("t", "s", "c/rule", id_),), (found,)))
"""


def test_processes_that_write_at_once_lose_nothing(path: Path) -> None:
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(number)])
        for number in range(6)
    ]

    assert [writer.wait(120) for writer in writers] == [0] * 6
    assert counts(path) == {"mails": 240, "found": 240, "sent": 240, "answered": 240}


def test_a_process_that_is_killed_leaves_a_file_that_can_be_used(path: Path) -> None:
    save(path, Memory((SAID,)))
    killed = WRITER.replace("for n in", "import os\nfor n in").replace(
        "    save(", "    if n == 20: os.kill(os.getpid(), 9)\n    save("
    )

    done = subprocess.run([sys.executable, "-c", killed, str(path), "1"], check=False)

    assert done.returncode == -9
    assert counts(path)["mails"] == 21


@pytest.mark.parametrize(
    "junk", [b"nonsense" * 200, b"\0" * 5000, b"SQLite format 3\0"]
)
def test_a_broken_file_is_said_and_left_alone(path: Path, junk: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(junk)

    with pytest.raises(StateError, match="state"):
        load(path, [mail("[PATCH] area: Do it", "1@x.org")])
    with pytest.raises(StateError, match="state"):
        save(path, Memory((SAID,)))
    assert path.read_bytes() == junk
    assert remove(path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("PRAGMA application_id = 7", "no state of patchlint"),
        ("PRAGMA user_version = 99", "of version 99"),
    ],
)
def test_a_file_of_others_is_left_alone(path: Path, change: str, why: str) -> None:
    save(path, Memory((SAID,)))
    with closing(sqlite3.connect(path)) as database:
        database.execute(change)

    with pytest.raises(StateError, match=why):
        save(path, Memory((SAID,)))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_said(path: Path) -> None:
    path.parent.mkdir(mode=0o500)

    with pytest.raises(StateError):
        save(path, Memory((SAID,)))


def test_a_file_in_the_way_of_the_folder_is_said(path: Path) -> None:
    path.parent.write_text("")

    with pytest.raises(StateError):
        save(path, Memory((SAID,)))


def test_removing_what_is_not_there_is_no_error(path: Path) -> None:
    assert not remove(path)
