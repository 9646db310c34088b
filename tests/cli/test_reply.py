# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint reply``, drafts in a maildir, and what is kept between runs."""

from __future__ import annotations

import mailbox
import os
import pty
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from patchlint.cli.main import main
from tests.mails import diff, patch_mail
from tests.report.made import NEW, OLD, PATH, REST

LOG = "Use usefull words and the the words.\n\nSigned-off-by: A Dev <dev@example.org>"
TEXT = diff({PATH: OLD}, {PATH: NEW, "z/rest.c": REST})


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "patchlint" / "state.sqlite"


@pytest.fixture
def patch(tmp_path: Path) -> str:
    path = tmp_path / "a.mbox"
    headers = {"To": "dev2@example.org", "Cc": "l@example.org, stable@vger.kernel.org"}
    path.write_text(patch_mail(LOG, TEXT, "[PATCH] area: Do it", **headers))
    return str(path)


def replied(*arguments: str) -> int:
    return main(["reply", "--evidence", "mail", "--audience", "author", *arguments])


def sent(path: Path) -> list[str]:
    """Return the mails that were answered, as the state has it."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT DISTINCT mail FROM said ORDER BY mail")
        return [name for (name,) in rows]


def test_drafts_go_to_standard_output(
    patch: str, capfd: pytest.CaptureFixture[str], own_state: Path
) -> None:
    assert replied(patch) == 0

    out = capfd.readouterr().out
    assert out.startswith("From patchlint@localhost ")
    assert "\nNit: s/the the/the/\n" in out
    assert sent(own_state) == []


def test_drafts_go_to_a_maildir_once(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drafts"

    assert replied("--drafts", str(folder), patch) == 0
    assert replied("--drafts", str(folder), patch) == 0

    box = mailbox.Maildir(folder, create=False)
    (draft,) = box
    assert draft.get_flags() == "D"
    assert draft.get_subdir() == "cur"
    assert draft["Subject"] == "Re: [PATCH] area: Do it"
    assert [*(folder / "tmp").iterdir()] == []
    assert capfd.readouterr().err.endswith("0 of 1 drafts are new\n")


def test_a_review_writes_drafts_beside_its_answer(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "drafts"

    main(["--evidence", "mail", "--drafts", str(folder), patch])

    assert "findings" in capfd.readouterr().out
    assert len([*(folder / "cur").iterdir()]) == 1


def test_a_folder_that_is_none_is_said(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")

    assert replied("--drafts", str(tmp_path / "file"), patch) == 2
    assert "--drafts" in capfd.readouterr().err


def test_the_list_is_who_hears_unless_another_is_named(
    patch: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["reply", "--evidence", "mail", patch]) == 0

    assert capfd.readouterr().out == ""


def test_a_clean_patch_is_told_of_only_when_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "clean.mbox"
    log = "Say why it is done.\n\nSigned-off-by: A Dev <dev@example.org>"
    path.write_text(patch_mail(log, TEXT, "[PATCH] area: Do it"))

    assert replied(str(path)) == 0
    told = capfd.readouterr()
    assert told.out == ""
    assert told.err.startswith("patchlint: no reply: nothing worth a mail")
    assert replied("--say-clean", str(path)) == 0
    assert "\nNothing found in 1 patch. " in capfd.readouterr().out


def test_what_was_said_is_kept_where_the_state_is_named(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.sqlite"

    assert replied("--state", str(state), patch) == 0
    assert capfd.readouterr().out != ""
    assert sent(state) == ["1@example.org"]
    assert replied("--state", str(state), patch) == 0

    again = capfd.readouterr()
    assert again.out == ""
    assert again.err == (
        "patchlint: no reply to <1@example.org>: all of it was said before\n"
    )
    assert sent(state) == ["1@example.org"]


def test_an_answer_in_a_thread_is_kept_for_the_next_version(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    state = tmp_path / "state.sqlite"
    answer = tmp_path / "answer.eml"
    answer.write_text(
        "From: A Dev <dev@example.org>\nSubject: Re: [PATCH] area: Do it\n"
        "Message-ID: <5@example.org>\nIn-Reply-To: <1@example.org>\n"
        "Date: Tue, 2 Jan 2024 04:04:05 +0000\n\n"
        "patchlint: not-a-bug msg/doubled-word\npatchlint: not-a-bug msg/spelling\n"
    )
    later = tmp_path / "later.mbox"
    later.write_text(
        patch_mail(LOG, TEXT, "[PATCH v2] area: Do it", Message_ID="<9@example.org>")
    )

    assert replied("--state", str(state), patch, str(answer)) == 0
    assert replied("--state", str(state), str(later)) == 0

    assert "doubled-word" not in capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--ignore", "dev@example.org"), "dev@example.org is to be left alone"),
        (("--ignore", "L@example.org"), "l@example.org is to be left alone"),
    ],
)
def test_who_wants_no_replies_gets_none(
    patch: str,
    arguments: tuple[str, ...],
    words: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert replied(*arguments, patch) == 0

    told = capfd.readouterr()
    assert told.out == ""
    assert words in told.err


def test_a_muted_rule_is_not_said(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mute = tmp_path / "mute"
    mute.write_text("msg/doubled-word  # we like them\n")

    assert replied("--mute", str(mute), patch) == 0

    assert "the the" not in capfd.readouterr().out.partition("\n\n")[2].replace(
        "> Use usefull words and the the words.", ""
    )


def test_a_template_wraps_the_body(
    patch: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "template"
    template.write_text("Dear ${fromname},\n\n${body}\nThat is $$0 and ${count}.\n")

    assert replied("--template", str(template), patch) == 0

    body = capfd.readouterr().out.partition("\n\n")[2]
    assert body.startswith("Dear A Dev,\n\nOn Tue, 2 Jan 2024 ")
    assert "\n\nThat is $0 and 2.\n\n-- \npatchlint " in body


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${fromname}\n", "${body} has to stand in one line"),
        ("${body}\n${body}\n", "${body} has to stand in one line"),
        ("see ${body}\n", "${body} has to stand in one line"),
        ("${nobody}\n${body}\n", "${nobody}: no key"),
        ("${body}\n5 $ only\n", "$$ stands for a dollar"),
        ("${body}\nReviewed-by: me\n", "a tool gives no tags"),
        ("${body}\n-- \n", "the signature is added"),
    ],
)
def test_a_template_that_cannot_be_used_is_said(
    patch: str, tmp_path: Path, text: str, why: str, capfd: pytest.CaptureFixture[str]
) -> None:
    template = tmp_path / "template"
    template.write_text(text)

    assert replied("--template", str(template), patch) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert why in told.err


def test_a_name_cannot_make_a_tag_of_a_template(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path, template = tmp_path / "a.mbox", tmp_path / "template"
    name = '"Reviewed-by: Evil" <e@example.org>'
    path.write_text(patch_mail(LOG, TEXT, From=name))
    template.write_text("${fromname}\n${body}\n")

    assert replied("--template", str(template), str(path)) == 0

    assert "\n\n| Reviewed-by: Evil\nOn Tue, " in capfd.readouterr().out


def test_a_profile_of_ones_own(
    patch: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text(
        'summary = "Ours"\n\n[rules."msg/doubled-word"]\n'
        'severity = "off"\nsource = "us"\n'
    )

    assert replied("--profile", str(profile), patch) == 0

    out = capfd.readouterr().out
    assert "msg/doubled-word" not in out
    assert f"--profile {profile} -\n" in out
    assert replied("--profile", str(tmp_path / "none.toml"), patch) == 2
    monkeypatch.chdir(tmp_path)
    assert replied("--profile", "./mine.toml", patch) == 0


def test_nothing_is_sent_without_a_terminal(
    patch: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert replied("--send", patch) == 2

    told = capfd.readouterr()
    assert told.out == ""
    assert "needs a terminal" in told.err


class Sink:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[str], bytes]] = []

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: object, session: object, envelope: Any
    ) -> str:
        del server, session
        self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 kept"


def has_send_email() -> bool:
    probe = ["git", "send-email", "-h"]
    done = subprocess.run(probe, capture_output=True, check=False)
    return b"is not a git command" not in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture
def sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """Run a mail server on a port of its own, and point git's sender to it."""
    controller = pytest.importorskip(
        "aiosmtpd.controller", reason="aiosmtpd is not installed (see pyproject.toml)"
    )
    if not has_send_email():
        pytest.skip("git send-email is not installed (Debian: git-email)")
    handler = Sink()
    port = free_port()
    server = controller.Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        f"[user]\n\tname = Sén Der\n\temail = s@example.org\n"
        f"[sendemail]\n\tsmtpServer = 127.0.0.1\n\tsmtpServerPort = {port}\n"
        "\tcc = added@example.org\n\tto = added@example.org\n"
        "\tbcc = added@example.org\n\ttoCmd = echo added@example.org\n"
        "\tccCmd = echo added@example.org\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "none"))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    yield handler
    server.stop()


def at_terminal(folder: Path, typed: str, *arguments: str) -> tuple[int, str]:
    """Run the command at a terminal, type, and return its status and the screen."""
    primary, secondary = pty.openpty()
    command = [sys.executable, "-m", "patchlint", "reply", "--evidence", "mail"]
    command += ["--audience", "author", *arguments]
    with subprocess.Popen(
        command, stdin=secondary, stdout=secondary, stderr=secondary, cwd=folder
    ) as child:
        os.close(secondary)
        os.write(primary, typed.encode())
        seen = b"".join(_screen(primary))
        status = child.wait(60)
    os.close(primary)
    return status, seen.decode()


def _screen(primary: int) -> Iterator[bytes]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            part = os.read(primary, 65536)
        except OSError:
            return
        if not part:
            return
        yield part


def test_an_accepted_draft_is_sent_as_it_is(
    patch: str, sink: Sink, tmp_path: Path, own_state: Path
) -> None:
    status, screen = at_terminal(tmp_path, "y\n", "--send", patch)

    assert status == 0, screen
    assert "1/1: send this to 3 addresses? [y/N/q]" in screen
    ((sender, people, raw),) = sink.got
    assert sender == "s@example.org"
    assert sorted(people) == ["dev2@example.org", "dev@example.org", "l@example.org"]
    mail = message_from_bytes(raw, policy=policy.default)
    assert str(mail["From"]) == '"Sén Der (patchlint)" <s@example.org>'
    assert mail["In-Reply-To"] == "<1@example.org>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["Message-ID"]
    assert mail["X-Patchlint-Findings"]
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("On Tue, 2 Jan 2024 03:04:05 +0000, A Dev wrote:\n> ")
    assert "\nNit: s/the the/the/\n" in text
    assert sent(own_state) == ["1@example.org"]


@pytest.mark.parametrize("typed", ["n\n", "what?\nq\n", "\x04"])
def test_anything_but_yes_sends_nothing(
    patch: str, sink: Sink, tmp_path: Path, own_state: Path, typed: str
) -> None:
    status, screen = at_terminal(tmp_path, typed, "--send", patch)

    assert status == 0, screen
    assert sink.got == []
    assert sent(own_state) == []


def test_a_repository_has_no_say_in_how_it_is_sent(
    patch: str, sink: Sink, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    ran = tmp_path / "ran"
    with (repository / ".git/config").open("a") as config:
        config.write(f"[sendemail]\n\tsmtpServer = /bin/touch {ran}\n")

    status, screen = at_terminal(repository, "y\n", "--send", patch)

    assert status == 0, screen
    assert not ran.exists()
    assert len(sink.got) == 1


def test_what_cannot_be_sent_is_not_kept_as_said(
    patch: str, sink: Sink, tmp_path: Path, own_state: Path
) -> None:
    config = tmp_path / "home" / ".gitconfig"
    config.write_text(
        config.read_text().replace("smtpServerPort = ", "smtpServerPort = 1\n#")
    )

    status, screen = at_terminal(tmp_path, "y\n", "--send", patch)

    assert status == 2, screen
    assert "git send-email failed" in screen
    assert sink.got == []
    assert sent(own_state) == []
