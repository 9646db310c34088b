# SPDX-License-Identifier: GPL-2.0-or-later
"""Hostile mail costs time in proportion to its size, is bounded, and breaks nothing."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest

from patchlint.mail.anatomy import dissect
from patchlint.mail.message import parse_message
from patchlint.model.defect import DefectKind
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.message import Message

PATCH = "Subject: x\n\n---\ndiff --git a/f b/f\n--- a/f\n+++ b/f\n"
HUNK = "@@ -1,999999 +1,999999 @@\n"
MULTI = "Content-Type: multipart/mixed; boundary="
QP = "Content-Transfer-Encoding: quoted-printable\n\n"
B64 = "Content-Transfer-Encoding: base64\n\n"


def nested(count: int) -> str:
    parts = "".join(f"--b{n}\n{MULTI}b{n + 1}\n\n" for n in range(count))
    return f"Subject: x\n{MULTI}b0\n\n{parts}"


SHAPES: dict[str, Callable[[int], str]] = {
    "multipart in multipart": lambda n: nested(n // 40),
    "mail in mail": lambda n: "Content-Type: message/rfc822\n\n" * (n // 30) + "x",
    "parts": lambda n: f"{MULTI}b\n\n" + "--b\n\nx\n" * (n // 7),
    "empty parts": lambda n: f"{MULTI}b\n\n" + "--b\n" * (n // 4),
    "no boundaries": lambda n: f"{MULTI}b\n\n" + "--c\n" * (n // 4),
    "parameters": lambda n: "Content-Type: a/b" + ';a="\\""' * (n // 7) + "\n\n",
    "charset": lambda n: f"Content-Type: a/b; charset={'x' * n}\n\n",
    "punycode": lambda n: (
        "Content-Type: text/x; charset=punycode\n\n" + "a-" * (n // 2)
    ),
    "utf-7": lambda n: "Content-Type: text/x; charset=utf-7\n\n" + "+AA" * (n // 3),
    "flowed": lambda n: f"Content-Type: a; format=flowed\n\n{HUNK}" + "a \n" * (n // 3),
    "equal signs": lambda n: QP + "=" * n,
    "equal signs and blanks": lambda n: f"{QP}=" + " " * n,
    "quoted lines": lambda n: QP + "=\n" * (n // 2),
    "padding": lambda n: B64 + "A==" * (n // 3),
    "short lines of base64": lambda n: B64 + "A\n" * (n // 2),
    "folding": lambda n: "Subject: a" + "\n a" * (n // 3) + "\n\n",
    "fields": lambda n: "X: a\n" * (n // 5) + "From: a@b\n\n",
    "no fields": lambda n: "From: a@b\n" + "zz\n" * (n // 3) + "Subject: a\n\n",
    "recipients": lambda n: "To: " + "A <a@b.c>,\n " * (n // 13) + "d@e.f\n\n",
    "fields of recipients": lambda n: "To: a@b\n" * (n // 8) + "\n",
    "escaped quotes": lambda n: "To: " + '"\\' * (n // 2) + "\n\n",
    "quotes": lambda n: "To: " + '"' * n + "\n\n",
    "parentheses": lambda n: "To: " + "(" * n + "\n\n",
    "pairs of parentheses": lambda n: "To: " + "()" * (n // 2) + "\n\n",
    "angle brackets": lambda n: "To: " + "<" * n + "\n\n",
    "square brackets": lambda n: "To: " + "[a " * (n // 3) + "\n\n",
    "colons": lambda n: "To: a@b" + ":" * n + "\n\n",
    "open words": lambda n: "Subject: " + "=?a?q?" * (n // 6) + "\n\n",
    "words": lambda n: "Subject: " + "=?x?q?a?= =?y?b?b?=" * (n // 19) + "\n\n",
    "answers": lambda n: "Subject: " + "re: " * (n // 4) + "\n\n",
    "prefixes": lambda n: "Subject: " + "[a]" * (n // 3) + "\n\n",
    "open prefixes": lambda n: "Subject: " + "[" * n + "\n\n",
    "digits": lambda n: f"Subject: [{'1' * n}]\n\n",
    "patch words": lambda n: "Subject: [" + "PATCH" * (n // 5) + "]\n\n",
    "references": lambda n: "References: " + "<a@b> " * (n // 6) + "\n\n",
    "hunks": lambda n: PATCH + HUNK * (n // 26),
    "strange lines": lambda n: PATCH + HUNK + "zz\n" * (n // 3),
    "strange hunks": lambda n: PATCH + f"{HUNK}z\n" * (n // 28),
    "diff words": lambda n: "Subject: x\n\n" + "diff - x\n" * (n // 9),
    "old headers": lambda n: "Subject: x\n\n" + "--- x\n" * (n // 6),
    "rules": lambda n: "Subject: x\n\n" + f"{'_' * 20}\n" * (n // 21),
    "scissors": lambda n: PATCH.replace("---\n", "-- >8 --\n" * (n // 9)),
    "long scissors": lambda n: PATCH.replace("---\n", "8<" * (n // 2) + "\n"),
    "headers in the body": lambda n: PATCH.replace(
        "---\n", "From: a" + "\n b" * (n // 3) + "\n"
    ),
    "nothing": lambda n: "\0" * n,
    "returns": lambda n: "Subject: x\n\n" + "\r" * n,
    "empty lines": lambda n: "Subject: x\n\n" + "\n" * n,
}


def seconds(raw: bytes) -> float:
    start = time.process_time()
    dissect(parse_message(raw))
    return time.process_time() - start


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_with_size_only(name: str) -> None:
    small, large = (SHAPES[name](n).encode() for n in (30_000, 240_000))
    once = min(seconds(small) for _ in range(2))

    assert seconds(large) < 0.2 + 24 * once


@pytest.mark.parametrize("name", SHAPES)
def test_defects_are_few(name: str) -> None:
    assert len(parse_message(SHAPES[name](50_000).encode()).defects) < 6


def kinds(message: Message) -> list[tuple[DefectKind, bool]]:
    return [(defect.kind, defect.hides) for defect in message.defects]


@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_a_line_without_an_end_is_cut(encoding: str) -> None:
    text = b"a" * 10_000_000
    sent = base64.b64encode(text) if encoding == "base64" else text
    head = f"Subject: x\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    message = parse_message(head + sent)

    assert message.lines[-1] == "a" * DEFAULT_LIMITS.line_bytes
    assert kinds(message) == [(DefectKind.LIMIT, True)]


def test_a_mail_without_an_end_is_cut() -> None:
    message = parse_message(b"Subject: x\n\n" + b"a\n" * 500, Limits(mail_bytes=100))

    assert len("\n".join(message.lines)) <= 100
    assert kinds(message) == [(DefectKind.LIMIT, True)]


def test_a_hundred_thousand_people_are_read() -> None:
    to = ",\n ".join(f"A Dev <a{n}@b.c>" for n in range(100_000))
    message = parse_message(f"To: {to}\n\n".encode())

    assert len(message.to) == 100_000
    assert message.to[-1].mailbox == "a99999@b.c"


def test_a_thousand_levels_are_not_walked() -> None:
    message = parse_message(nested(1000).encode())

    assert kinds(message) == [(DefectKind.LIMIT, True)]
    assert message.body_start <= len(message.lines)


def test_a_thousand_mails_in_base64_are_not_opened() -> None:
    inner = b"Subject: y\n\nhello\n"
    for _ in range(12):
        head = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        inner = head + base64.encodebytes(inner)

    assert "hello" in parse_message(inner).lines
    assert "hello" not in parse_message(inner, Limits(depth=5)).lines


@pytest.mark.parametrize(
    "subject",
    [
        "a\r\n Bcc: x@y.z",
        "=?utf-8?q?a=0D=0ABcc=3A_x=40y=2Ez?=",
        "=?utf-8?b?YQ0KQmNjOng=?=",
    ],
)
def test_a_subject_begins_no_header(subject: str) -> None:
    message = parse_message(f"Subject: {subject}\n\nx\n".encode())

    assert "\n" not in message.subject.text
    assert not any(line.startswith("Bcc") for line in message.lines)


def test_control_characters_in_a_subject_are_told() -> None:
    message = parse_message(b"Subject: =?utf-8?q?a=0D=0ABcc=3A_x?=\n\nx\n")

    assert message.subject.text == "a Bcc: x"
    assert [str(d) for d in message.defects] == [
        "line 1: Subject: control characters; read as blanks"
    ]


@pytest.mark.parametrize(
    "text", ["a\0b", "a\u202eb\u2066c", "a\ud800b", "\ufeffa", "a\u2028b", "a\x85b"]
)
def test_odd_characters_stay_in_their_line(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    message = parse_message(b"Subject: x\n\n+" + raw + b"\n")

    assert len(message.lines) == 3
    assert message.lines[-1].encode("utf-8", "surrogateescape") == b"+" + raw
