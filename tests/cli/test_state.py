# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint answer`` and ``patchlint state``, and reviews that know of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.mails import diff, patch_mail
from tests.report.made import NEW, OLD, PATH

LOG = "Use usefull words and the the words.\n\nSigned-off-by: A Dev <dev@example.org>"
TEXT = diff({PATH: OLD}, {PATH: NEW})
RULE = "msg/doubled-word"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state/patchlint/state.sqlite"


@pytest.fixture
def patch(tmp_path: Path) -> str:
    return mailed(tmp_path, "a.mbox", "[PATCH] area: Do it", "1@example.org")


def mailed(folder: Path, name: str, subject: str, id_: str) -> str:
    path = folder / name
    path.write_text(patch_mail(LOG, TEXT, subject, Message_ID=f"<{id_}>"))
    return str(path)


def review(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    main(["--evidence", "mail", *arguments])
    return capfd.readouterr().out


def test_a_review_leaves_no_state(
    patch: str, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert RULE in review(capfd, patch)
    assert not home.parent.exists()


def test_what_was_answered_is_not_found_again(
    patch: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["answer", "<1@example.org>", RULE, "not-a-bug"]) == 0
    assert "is not known" in capfd.readouterr().err

    out = review(capfd, patch)
    assert f"[{RULE}]" not in out
    assert "1 left out: answered not-a-bug (--repeat shows them)" in out
    assert f"[{RULE}]" in review(capfd, "--repeat", patch)
    assert f"[{RULE}]" in review(capfd, "--no-state", patch)
    value = json.loads(review(capfd, "--format", "json", patch))
    assert [one["rule"] for one in value["answered"]] == [RULE]


def test_an_answer_holds_for_the_next_version_once_the_mail_is_known(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["reply", "--evidence", "mail", "--audience", "author", patch])
    assert main(["answer", "1@example.org", RULE, "not-a-bug"]) == 0
    assert capfd.readouterr().err == ""
    later = mailed(tmp_path, "b.mbox", "[PATCH v2] area: Do it", "2@example.org")
    other = mailed(tmp_path, "c.mbox", "[PATCH v2] area: Redo it", "3@example.org")

    assert f"[{RULE}]" not in review(capfd, later)
    assert f"[{RULE}]" in review(capfd, other)


def test_an_answer_can_be_taken_back(
    patch: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["answer", "1@example.org", RULE, "bug"]) == 2
    main(["answer", "1@example.org", RULE, "not-a-bug"])
    assert main(["answer", "1@example.org", RULE, "bug"]) == 0

    assert f"[{RULE}]" in review(capfd, patch)


def test_an_answer_in_the_thread_counts_for_a_review_too(
    patch: str, tmp_path: Path, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = tmp_path / "answer.eml"
    answer.write_text(
        "From: A Dev <dev@example.org>\nSubject: Re: [PATCH] area: Do it\n"
        "Message-ID: <5@example.org>\nIn-Reply-To: <1@example.org>\n"
        f"Date: Tue, 2 Jan 2024 04:04:05 +0000\n\npatchlint: not-a-bug {RULE}\n"
    )

    assert f"[{RULE}]" not in review(capfd, patch, str(answer))
    assert not home.exists()


def test_a_rule_that_was_not_found_is_told_and_kept(
    patch: str, capfd: pytest.CaptureFixture[str]
) -> None:
    main(["reply", "--evidence", "mail", "--audience", "author", patch])

    assert main(["answer", "1@example.org", "c/other", "not-a-bug"]) == 0
    assert "c/other was not found in <1@example.org>" in capfd.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("answer", "no id", RULE, "not-a-bug"),
        ("answer", "1@example.org", "Nonsense!", "not-a-bug"),
        ("answer", "1@example.org", RULE, "maybe"),
        ("answer", "1@example.org", RULE),
        ("state", "--remove", "1@example.org"),
    ],
)
def test_what_cannot_be_understood_is_usage(arguments: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2


def test_the_state_tells_what_it_has_and_goes_at_once(
    patch: str, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["state"]) == 0
    assert capfd.readouterr().out == f"{home}: nothing there\n"
    main(["reply", "--evidence", "mail", "--audience", "author", patch])
    main(["answer", "1@example.org", RULE, "not-a-bug"])
    capfd.readouterr()

    assert main(["state"]) == 0
    told = capfd.readouterr().out
    assert told.startswith(f"{home}: 1 mails, ")
    assert told.endswith(" found, 0 sent, 1 answered\n")
    assert main(["state", "1@example.org"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert any(line.startswith("found ") and line.endswith(RULE) for line in lines)
    assert f"not-a-bug {RULE}" in lines
    assert main(["state", "--remove"]) == 0
    assert not home.exists()
    assert main(["state", "--remove"]) == 0


@pytest.fixture(params=["junk", "folder", "no home"])
def broken(
    home: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Make a state that cannot be used."""
    if request.param == "junk":
        home.parent.mkdir(parents=True)
        home.write_bytes(b"junk" * 500)
    elif request.param == "folder":
        home.mkdir(parents=True)
    else:
        monkeypatch.delenv("XDG_STATE_HOME")
        monkeypatch.setenv("HOME", "/proc/none")


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("command", [(), ("reply",)])
def test_everything_works_without_it(
    patch: str, command: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    arguments = [*command, "--evidence", "mail", "--audience", "author", patch]

    status, out = main(arguments), capfd.readouterr().out

    assert "the the" in out
    assert status == main([*arguments, "--no-state"])
    assert capfd.readouterr().out == out


def test_a_broken_state_is_told_once_and_left_alone(
    patch: str, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    home.parent.mkdir(parents=True)
    home.write_bytes(b"junk" * 500)

    main(["--evidence", "mail", patch])

    told = capfd.readouterr().err
    assert told.startswith("patchlint: nothing is known of earlier runs: ")
    assert told.count("\n") == 1
    assert home.read_bytes() == b"junk" * 500


@pytest.mark.parametrize("command", [(), ("reply",)])
def test_a_named_state_has_to_be_one(
    patch: str,
    tmp_path: Path,
    command: tuple[str, ...],
    capfd: pytest.CaptureFixture[str],
) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"junk" * 500)

    assert main([*command, "--state", str(junk), patch]) == 2
    assert str(junk) in capfd.readouterr().err


def test_reviews_that_run_at_once_lose_nothing(tmp_path: Path, home: Path) -> None:
    patches = [
        mailed(tmp_path, f"{n}.mbox", f"[PATCH] area: Do {n}", f"{n}@example.org")
        for n in range(4)
    ]
    options = ["--evidence", "mail", "--audience", "author", "-j", "1"]
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "patchlint", "reply", *options, path],
            stdout=subprocess.DEVNULL,
        )
        for path in patches
    ]

    assert [run.wait(120) for run in runs] == [0] * 4
    from patchlint.adapters.state import counts

    assert counts(home)["mails"] == 4
