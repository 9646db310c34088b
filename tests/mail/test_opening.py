# SPDX-License-Identifier: GPL-2.0-or-later
"""The commit log begins where git has it begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchlint.mail.anatomy import dissect
from patchlint.mail.marks import is_scissors
from patchlint.mail.message import parse_message
from patchlint.model.message import Address, Message
from tests.adapters.repo import git

SENDER = Address("A Dev", "dev@example.org")
DIFF = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
BODIES = [
    "Why.\n",
    "\n\nWhy.\n",
    "From: B <b@c.d>\n\nWhy.\n",
    "\nFrom: B <b@c.d>\nSubject: x:\n y\nDate: z\n\nWhy.\n",
    "From: =?utf-8?q?J=C3=B6rg=2C_B?= <b@c.d>\n\nWhy.\n",
    "From: B (Firm) <b@c.d>\n\nWhy.\n",
    "from: b@c.d\n\nWhy.\n",
    "From: B <b@c.d>\nWhy.\n",
    "From: B <b@c.d>\nFrom: C <c@d.e>\nWhy.\n",
    "From: B <b@c.d>\n\nSubject: no header\nWhy.\n",
    "[PATCH] x: y\n\nWhy.\n",
    ">From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n"
    "From: B <b@c.d>\n\nWhy.\n",
    "Hello,\n\nno log.\n-- >8 --\nWhy.\n",
    "Hello,\n---- 8< ----\nFrom: B <b@c.d>\nSubject: x: y\n\nWhy.\n",
    "From: B <b@c.d>\n\nx\n-- >8 --\nSubject: x: y\n\nWhy.\n",
    "a\n-- >8 --\nb\n------ %< ------\nWhy.\n",
    "Why: -- >8 -- is used by git to cut mails.\n",
    "Fixes: 0123 (\"x\")\nSubject: is a word\n\nWhy.\n",
    ">From here on\n\nWhy.\n",
    "Subject: re: [PATCH v2] x: y\n\nWhy.\n",
]  # fmt: skip
LINES = [
    "-- >8 --",
    "--8<--",
    "-->8-",
    "- >8 -",
    "-- 8< -- cut here -- 8< --",
    "-- 8< -- cut this and all that stands above it",
    "8<   8<",
    "  -- %< --  ",
    "------------",
    "- - - - 8< - - - -",
    "x -- 8< --",
    "-- >8 -- ü",
]


def mail(body: str, subject: str = "[PATCH] a: b") -> Message:
    head = f"From: A Dev <dev@example.org>\nSubject: {subject}\n"
    return parse_message(f"{head}Message-ID: <1@x>\n\n{body}".encode())


def log(message: Message) -> str:
    parts = dissect(message)
    end = parts.notes.start - bool(parts.notes)
    return "\n".join(message.line(n) for n in range(parts.log.start, end)).strip()


def mailinfo(folder: Path, raw: bytes) -> tuple[dict[str, str], str, str]:
    """Return what git makes of a mail: fields, log, patch."""
    said = git(folder, "mailinfo", "--scissors", "log", "patch", given=raw).decode()
    pairs = [line.partition(": ") for line in said.splitlines()]
    texts = [(folder / name).read_text() for name in ("log", "patch")]
    return {name: value for name, _, value in pairs}, texts[0].strip(), texts[1]


@pytest.mark.parametrize("body", BODIES)
def test_log_author_and_subject_are_those_of_git(body: str, tmp_path: Path) -> None:
    text = f"{body}---\n\n{DIFF}-- \n2.39\n"
    message = mail(text)
    raw = f"From: A Dev <dev@example.org>\nSubject: [PATCH] a: b\n\n{text}".encode()
    said, written, patch = mailinfo(tmp_path, raw)
    author = message.author or message.sender
    diff = dissect(message).diff

    assert said["Subject"] == message.subject.text
    assert (said["Author"], said["Email"]) == (
        author.name or author.mailbox,
        author.mailbox,
    )
    assert written == log(message)
    assert patch.splitlines()[2:] == [message.line(n) for n in diff]


@pytest.mark.parametrize("line", LINES)
def test_scissors_are_those_of_git(line: str, tmp_path: Path) -> None:
    raw = f"From: a@b.c\nSubject: x\n\nabove\n{line}\nbelow\n---\n{DIFF}".encode()

    assert ("above" not in mailinfo(tmp_path, raw)[1]) == is_scissors(line)


def test_who_is_answered_is_the_sender() -> None:
    message = mail(f"From: B <b@c.d>\n\nWhy.\n---\n{DIFF}")

    assert message.sender == SENDER
    assert message.author == Address("B", "b@c.d")


def test_a_subject_in_the_body_names_and_the_mail_counts() -> None:
    message = mail(f"Subject: x: y\n\nWhy.\n---\n{DIFF}", "[PATCH v2 3/7] a: b")

    assert message.subject.text == "x: y"
    assert (message.subject.version, message.subject.position) == (2, 3)
    assert message.line(message.subject.line) == "Subject: x: y"


@pytest.mark.parametrize(
    ("header", "numbers"), [("Re: [PATCH 3/7] a: b", (1, 3)), ("Re: a: b", (2, 1))]
)
def test_a_patch_in_an_answer_has_a_name(header: str, numbers: tuple[int, int]) -> None:
    text = f"Like this?\n\n-- >8 --\nSubject: [PATCH v2] x: y\n\nWhy.\n---\n{DIFF}"
    message = mail(text, header)

    assert message.subject.text == "x: y"
    assert message.subject.reply
    assert (message.subject.version, message.subject.position) == numbers


def test_without_a_diff_nothing_is_cut_off() -> None:
    message = mail("Hello.\n-- >8 --\nFrom: B <b@c.d>\n\nBye.\n")

    assert log(message).startswith("Hello.")
    assert message.author is None


def test_an_author_without_an_address_is_told() -> None:
    message = mail(f"From: B (at) c.d\n\nWhy.\n---\n{DIFF}")

    assert message.author is None
    assert [str(d) for d in message.defects] == [
        "line 5: From: in the body holds no address"
    ]


@pytest.mark.parametrize(
    "footer",
    [
        "-- \nA Dev\n",
        f"{'_' * 47}\nlist mailing list\nlist@example.org\n",
        "-- \nYou received this message because you are subscribed\n",
    ],
)
def test_a_footer_is_no_log(footer: str) -> None:
    assert log(mail(f"Why.\n\n{footer}")) == "Why."


def test_a_line_is_no_footer_without_a_list() -> None:
    assert log(mail(f"Title\n{'_' * 40}\nWhy.\n")).endswith("Why.")
