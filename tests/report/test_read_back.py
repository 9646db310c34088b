# SPDX-License-Identifier: GPL-2.0-or-later
"""Drafts as others read them: Python, git mailinfo, b4, and our own reader of threads.

They are the approved ones of fixtures/, so whole files stand behind them.
"""

from __future__ import annotations

import importlib.util
import json
import mailbox
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from msgspec import Struct

from fixtures import build
from patchlint.adapters import maildir
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report.posting import Mail
from patchlint.report.quote import stand
from patchlint.series.talk import talk

FIXTURES = Path(build.__file__).parent
SENT = "From: R Viewer <r@example.org>\nMessage-ID: <r%d@example.org>\n%s\n"
DATE = "Date: Wed, 3 Jan 2024 03:04:05 +0000"
# pip install -e .[dev] brings it; make check does that.
has_b4 = importlib.util.find_spec("b4") is not None
needs_b4 = pytest.mark.skipif(not has_b4, reason="b4 is not installed")


class Drafted(Struct, frozen=True):
    """A fixture, the drafts about it, and the lines that they are about."""

    name: str
    series: Series
    texts: tuple[str, ...]

    @property
    def box(self) -> bytes:
        """The posting."""
        return (FIXTURES / self.name / "series.mbox").read_bytes()

    def sent(self) -> Iterator[str]:
        """Yield the drafts as git send-email sends them."""
        for number, text in enumerate(self.texts):
            yield SENT % (number, DATE) + text

    def thread(self) -> bytes:
        """Return the posting and the replies, as an archive has them (mboxrd)."""
        replies = (re.sub("(?m)^(>*From )", r">\1", text) for text in self.sent())
        mark = "From mboxrd@z Thu Jan  1 00:00:00 1970\n"
        return self.box + b"".join(f"{mark}{r}\n".encode() for r in replies)

    def message(self, draft: EmailMessage) -> Message:
        """Return the mail that a draft answers."""
        id_ = draft["In-Reply-To"].strip("<>")
        return next(m for m in self.series.messages if m.message_id == id_)

    def lines(self, message: Message) -> set[int]:
        """Return the lines of a mail under which something may stand."""
        found = json.loads((FIXTURES / self.name / "expected.json").read_text())
        patch = next((p for p in self.series.patches if p.message is message), None)
        mail = Mail(self.series, message, patch, ())
        return {
            stand(mail, one["mail_line"])
            for one in found["findings"]
            if one["message_id"] == message.message_id
        }


def drafted(name: str) -> Drafted:
    (series,) = read([(FIXTURES / name / "series.mbox").read_bytes()])
    text = (FIXTURES / name / "expected.reply").read_text("utf-8")
    drafts = re.split("(?m)^From patchlint@localhost .*\n", text)[1:]
    unquoted = (re.sub("(?m)^>(>*From )", r"\1", d).removesuffix("\n") for d in drafts)
    return Drafted(name, series, tuple(unquoted))


ALL = [pytest.param(drafted(n), id=n) for n in build.names() if drafted(n).texts]


def parsed(text: str) -> EmailMessage:
    return message_from_string(text, policy=policy.default)


def body(text: str) -> str:
    return text.partition("\n\n")[2]


@pytest.mark.parametrize("case", ALL)
def test_python_reads_a_mbox_of_them(case: Drafted, tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes((FIXTURES / case.name / "expected.reply").read_bytes())

    with closing(mailbox.mbox(path)) as box:
        texts = [mail.as_string() for mail in box]

    assert len(texts) == len(case.texts)
    for text, mine in zip(texts, case.texts, strict=True):
        mail = parsed(mine)
        assert mail.defects == []
        assert mail.get_content() == body(mine)
        assert parsed(text)["Subject"] == mail["Subject"]
        unfolded = re.sub(r"\n[ \t]", " ", mine.partition("\n\n")[0])
        headers = [f"{name}: {value}".replace('"', "") for name, value in mail.items()]
        assert headers == unfolded.replace('"', "").split("\n")


@pytest.mark.parametrize("case", ALL)
def test_python_reads_a_maildir_of_them(case: Drafted, tmp_path: Path) -> None:
    maildir.save(tmp_path / "drafts", case.texts)

    box = mailbox.Maildir(tmp_path / "drafts", create=False)

    assert sorted(mail.as_string() for mail in box) == sorted(case.texts)


@pytest.mark.parametrize("case", ALL)
def test_git_mailinfo_reads_them(case: Drafted, tmp_path: Path) -> None:
    for text in case.sent():
        done = subprocess.run(
            ["git", "mailinfo", "-b", "msg", "patch"],
            cwd=tmp_path,
            input=text.encode(),
            capture_output=True,
            check=True,
        )
        info = done.stdout.decode()
        assert "Author: R Viewer\n" in info
        said = (tmp_path / "msg").read_text("utf-8") + (tmp_path / "patch").read_text()
        assert said == body(text)


@pytest.mark.parametrize("case", ALL)
def test_our_reader_finds_each_remark_under_its_line(case: Drafted) -> None:
    (series,) = read([case.box, *(text.encode() for text in case.sent())])
    remarks = talk(series).remarks

    for text in case.texts:
        message = case.message(parsed(text))
        here = [r for r in remarks if r.about == message.message_id]
        assert here
        assert {remark.line for remark in here} <= case.lines(message)


def b4(folder: Path, *words: str) -> bytes:
    """Run b4 without a network, in a home of its own."""
    call = "import sys; from b4.command import cmd; sys.exit(cmd())"
    home = {name: str(folder / name) for name in ("HOME", "XDG_CACHE_HOME")}
    for path in home.values():
        Path(path).mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", call, "--offline-mode", "--no-stdin", *words],
        cwd=folder,
        env=os.environ | home | {"XDG_CONFIG_HOME": home["HOME"]},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@needs_b4
@pytest.mark.parametrize("case", ALL)
def test_b4_mbox_has_them_whole(case: Drafted, tmp_path: Path) -> None:
    (tmp_path / "thread").write_bytes(case.thread())
    head = case.series.head.message_id

    b4(tmp_path, "mbox", "-m", "thread", "-o", ".", "-n", "got", "-M", head)

    (box,) = tmp_path.glob("got*")
    mails = [parsed(mail.as_string()) for mail in mailbox.Maildir(box, create=False)]
    got = {mail["Message-ID"]: mail for mail in mails}
    for number, text in enumerate(case.texts):
        mail = got[f"<r{number}@example.org>"]
        assert mail.get_content() == body(text)
        for name, value in parsed(text).items():
            assert str(mail[name]) == str(value)


@needs_b4
@pytest.mark.parametrize("case", ALL)
def test_b4_am_takes_nothing_of_them(case: Drafted, tmp_path: Path) -> None:
    made = []
    for name, raw in (("alone", case.box), ("thread", case.thread())):
        (tmp_path / name).write_bytes(raw)
        head = case.series.head.message_id
        b4(tmp_path, "am", "-m", name, "-o", f"{name}.out", "-n", "got", head)
        made.append((tmp_path / f"{name}.out/got.mbx").read_bytes())

    assert made[0] == made[1]
    assert made[0].count(b"\ndiff --git ") > 0


@needs_b4
@pytest.mark.parametrize("case", ALL)
def test_b4_finds_each_remark_under_its_line(case: Drafted) -> None:
    from b4.review._review import _extract_comments_from_quoted_reply as comments

    for text in case.texts:
        mail = parsed(text)
        message = case.message(mail)
        quoted = {message.line(number) for number in case.lines(message)}
        said = body(text).partition("\n-- \n")[0]
        found = [one for one in comments(said) if one["text"] != "[...]"]

        assert found
        for one in found:
            assert one["content"].removeprefix("Subject: ") in {
                line.removeprefix("Subject: ") for line in quoted
            }
