# SPDX-License-Identifier: GPL-2.0-or-later
"""However a mail is sent, it reads the same."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.message import parse_message
from patchlint.model.message import Message

HEAD = """\
From: =?utf-8?q?J=C3=B6rg?= <j@x.y>
To: A <a@b.c>, "D, E" <d@e.f>
Cc: list: g@h.i;
Subject: [PATCH v2 1/3] area: do
 =?utf-8?q?it?=
Message-ID: <1@x.y>
"""
DIFF = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a = 1\n+b = =3D ü\n"
LINE = st.text(
    st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=99
)
BODIES = st.lists(LINE, max_size=8).map(lambda lines: "\n".join([*lines, "---", DIFF]))


def labelled(encoding: str, body: bytes) -> bytes:
    kind = "Content-Type: text/plain; charset=utf-8\n"
    return f"{kind}Content-Transfer-Encoding: {encoding}\n\n".encode() + body


def multipart(kind: str, part: bytes) -> bytes:
    head = f'Content-Type: multipart/{kind}; boundary="=-b"\n\n--=-b\n'.encode()
    return head + part + b"\n--=-b\nContent-Type: text/html\n\n<p>\n--=-b--\nfooter\n"


def quoted_lines(body: bytes) -> bytes:
    """Quote the carriage returns too, as mailers of Windows do."""
    lines = body.removesuffix(b"\n").split(b"\n")
    return b"".join(quopri.encodestring(line) + b"=0D\n" for line in lines)


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "8bit": lambda b: labelled("8bit", b),
    "base64": lambda b: labelled("base64", base64.encodebytes(b)),
    "base64 in one line": lambda b: labelled("base64", base64.b64encode(b) + b"\n"),
    "base64 of CRLF": lambda b: labelled(
        "base64", base64.encodebytes(b.replace(b"\n", b"\r\n"))
    ),
    "quoted": lambda b: labelled("quoted-printable", quopri.encodestring(b)),
    "quoted CRLF": lambda b: labelled("quoted-printable", quoted_lines(b)),
    "mixed": lambda b: multipart("mixed", labelled("8bit", b)),
    "alternative": lambda b: multipart(
        "alternative", labelled("base64", base64.encodebytes(b))
    ),
    "signed": lambda b: multipart(
        "signed", labelled("quoted-printable", quopri.encodestring(b))
    ),
}


def read(tail: bytes, crlf: bytes = b"\n") -> Message:
    return parse_message((HEAD.encode() + tail).replace(b"\n", crlf))


def body(message: Message) -> tuple[str, ...]:
    return message.lines[message.body_start - 1 :]


@pytest.mark.parametrize("crlf", [b"\n", b"\r\n"])
@pytest.mark.parametrize("way", WAYS)
@given(text=BODIES)
def test_a_mail_reads_the_same_however_it_is_sent(
    way: str, crlf: bytes, text: str
) -> None:
    plain = read(b"\n" + text.encode())
    message = read(WAYS[way](text.encode()), crlf)

    assert body(message) == body(plain)
    assert message.subject == plain.subject
    assert (message.sender, message.to, message.cc, message.author) == (
        plain.sender,
        plain.to,
        plain.cc,
        plain.author,
    )
    assert message.defects == plain.defects == ()
