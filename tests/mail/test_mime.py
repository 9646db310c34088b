# SPDX-License-Identifier: GPL-2.0-or-later
"""Of the parts of a mail, those that are text are read, in order."""

from __future__ import annotations

import base64

import pytest

from patchlint.mail.anatomy import dissect
from patchlint.mail.message import parse_message
from patchlint.mail.params import parse_params
from patchlint.model.defect import DefectKind
from patchlint.model.limits import Limits
from patchlint.model.message import Address, Message

DIFF = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n+b\n"
FILE = f"""\
From {"0" * 40} Mon Sep 17 00:00:00 2001
From: =?utf-8?q?J=C3=B6rg?= <j@x.y>
Date: Tue, 2 Jan 2024 03:04:05 +0000
Subject: [PATCH v2 1/3] area: do
 it

Why.
---
{DIFF}"""


def part(
    text: str, kind: str = "text/plain", encoding: str = "", more: str = ""
) -> str:
    if encoding == "base64":
        text = base64.encodebytes(text.encode()).decode()
    head = f"Content-Type: {kind}\n{more}"
    return f"{head}Content-Transfer-Encoding: {encoding}\n\n{text}\n"


def multipart(*parts: str, kind: str = "mixed", boundary: str = "b") -> str:
    body = "".join(f"--{boundary}\n{part}" for part in parts)
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\n\n'
    return f"{head}{body}--{boundary}--\n"


def mail(text: str, limits: Limits | None = None) -> Message:
    raw = f"From: A <a@b.c>\nSubject: Fwd: x\nMessage-ID: <1@b.c>\n{text}".encode()
    return parse_message(raw, limits) if limits else parse_message(raw)


def body(message: Message) -> str:
    return "\n".join(message.lines[message.body_start - 1 :])


@pytest.mark.parametrize(
    ("value", "params"),
    [
        ('multipart/mixed; boundary="a b"', {"boundary": "a b"}),
        ("text/plain;charset=UTF-8 ; a=flowed", {"charset": "UTF-8", "a": "flowed"}),
        ("x/y; name*0=a; name*1=.patch", {"name": "a.patch"}),
        ("x/y; name*=utf-8''%C3%BC.patch", {"name": "ü.patch"}),
        ("x/y; name*0*=utf-8'de'%C3; name*1*=%BC", {"name": "ü"}),
        ('x/y; name="=?utf-8?q?=C3=BC?="', {"name": "ü"}),
        (r'x/y; name="a\"b"', {"name": 'a"b'}),
        ('x/y; name="a', {"name": '"a'}),
        ("x/y; a=1; a=2", {"a": "1"}),
        ("x/y; ;; =; a", {}),
    ],
)  # fmt: skip
def test_parameters_are_read(value: str, params: dict[str, str]) -> None:
    assert parse_params(value).params == params


@pytest.mark.parametrize("kind", ["mixed", "related", "signed", "x-new"])
def test_parts_come_in_order(kind: str) -> None:
    message = mail(
        multipart(part("one\n"), part("<p>", "text/html"), part("two"), kind=kind)
    )

    assert body(message) == "one\ntwo"
    assert message.defects == ()


def test_of_alternatives_the_first_text_is_read() -> None:
    parts = part("<p>", "text/html"), part("one"), part("two", "text/enriched")

    assert body(mail(multipart(*parts, kind="alternative"))) == "one"


def test_a_patch_within_an_alternative_is_read() -> None:
    patch = part(DIFF, 'application/octet-stream; name="a.patch"', "base64")
    inner = multipart(part("<p>", "text/html"), patch, boundary="c")
    message = mail(multipart(part("one"), inner, kind="alternative"))

    assert body(message) == f"one\n{DIFF}".rstrip()


@pytest.mark.parametrize(
    "kind",
    [
        "text/x-patch",
        "text/x-diff; name=x",
        "application/octet-stream; name=0001-x.patch",
        "application/octet-stream; name*=utf-8''%C3%BC.diff",
        "application/octet-stream",
        "application/mbox; name=x.patch",
    ],
)
def test_attached_patches_are_read(kind: str) -> None:
    attached = part(DIFF, kind, "base64", "Content-Disposition: attachment\n")

    assert body(mail(multipart(part("Why."), attached))) == f"Why.\n{DIFF}".rstrip()


@pytest.mark.parametrize(
    "kind",
    ["image/png", "application/pgp-signature; name=x.asc", "text/x-csrc; name=x.c"],
)
def test_other_attachments_are_not_read(kind: str) -> None:
    attached = part("x", kind, "", "Content-Disposition: attachment; filename=x.c\n")

    assert body(mail(multipart(part("Why."), attached))) == "Why."


def test_a_mail_that_calls_itself_binary_is_read() -> None:
    head = "Content-Type: application/octet-stream; x-default=true\n\n"

    assert body(mail(head + DIFF)) == DIFF.rstrip()


def test_a_preamble_and_an_epilogue_are_no_text() -> None:
    text = multipart(part("one")).replace("\n\n--b", "\n\npreamble\n--b", 1)

    assert body(mail(text + "____\nlist footer\n")) == "one"


def test_a_boundary_may_begin_like_another() -> None:
    inner = multipart(part("two"), boundary="bb")

    assert body(mail(multipart(part("one"), inner))) == "one\ntwo"


def test_a_cut_mail_is_read_to_its_end() -> None:
    message = mail(multipart(part("one")).removesuffix("--b--\n"))

    assert body(message).rstrip() == "one"
    assert [str(d) for d in message.defects] == [
        "line 4: Content-Type: the last boundary is missing"
    ]


def test_a_missing_boundary_is_told() -> None:
    message = mail("Content-Type: multipart/mixed; boundary=b\n\none\n")

    assert body(message) == "one"
    assert [(d.kind, d.line, d.hides) for d in message.defects] == [
        (DefectKind.MAIL_MIME, 4, False)
    ]


@pytest.mark.parametrize("encoding", ["", "base64"])
def test_a_forwarded_patch_is_the_patch(encoding: str) -> None:
    text = FILE.partition("\n")[2]
    message = mail(multipart(part("See this."), part(text, "message/rfc822", encoding)))

    assert message.sender == Address("A", "a@b.c")
    assert message.author == Address("Jörg", "j@x.y")
    assert message.subject.text == "area: do it"
    assert (message.subject.version, message.subject.position) == (2, 1)
    assert [message.line(n) for n in dissect(message).log] == ["", "Why."]
    assert message.line(message.subject.line) == "Subject: [PATCH v2 1/3] area: do it"


def test_an_attached_file_of_format_patch_is_the_patch() -> None:
    message = mail(multipart(part("See this."), part(FILE, "text/x-patch", "base64")))

    assert message.author == Address("Jörg", "j@x.y")
    assert message.subject.text == "area: do it"
    assert [message.line(n) for n in dissect(message).log] == ["", "Why."]


def test_two_attached_patches_are_told() -> None:
    message = mail(multipart(part(FILE, "text/x-patch"), part(FILE, "text/x-diff")))

    assert [(d.kind, d.hides) for d in message.defects] == [
        (DefectKind.MAIL_MIME, False)
    ]


def test_a_forwarded_mail_of_parts_is_read() -> None:
    inner = "Subject: [PATCH] y\n" + multipart(part("Why."), part(DIFF), boundary="c")
    message = mail(multipart(part("Hi."), part(inner, "message/rfc822")))

    assert body(message) == f"Hi.\nSubject: [PATCH] y\n\nWhy.\n{DIFF}".rstrip()
    assert message.subject.text == "y"


def test_what_is_nested_too_deep_is_told_and_not_read() -> None:
    inner = multipart(part("two"), boundary="c")
    message = mail(multipart(part("one"), inner), Limits(depth=1))

    assert body(message) == "one"
    assert [(d.kind, d.hides) for d in message.defects] == [(DefectKind.LIMIT, True)]


def test_html_alone_is_told() -> None:
    message = mail(multipart(part("<p>", "text/html"), kind="alternative"))

    assert [(str(d), d.hides) for d in message.defects] == [
        ("line 4: no text in text/html", True)
    ]
