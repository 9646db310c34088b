# SPDX-License-Identifier: GPL-2.0-or-later
"""Any bytes become a message, and its lines are those of the mail."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.address import addresses
from patchlint.mail.charset import to_text
from patchlint.mail.header import decode_words, ids
from patchlint.mail.message import parse_message
from patchlint.model.message import Address, Message

NAMES = ["From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "References"]
NAMES += ["In-Reply-To", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
PIECES = ["<", ">", '"', "@", ",", ";", ":", "(", ")", "[", "]", "\\", "\r", "\n "]
PIECES += ["=?utf-8?q?=0A=0D?=", "=?utf-8?b?Cg==?=", "=?x?b?A?=", "=?utf-16?q?a?=", "="]
PIECES += ["=?utf-7?q?+2AA-?=", "=?unicode_escape?q?=5Cud800?=", "=?\0?q?a?=", "\0"]
PIECES += [
    "a@b.c",
    "Jörg",
    "\udce9",
    "\x1b[31m",
    "\x9b",
    "multipart/mixed",
    "boundary=b",
]
PIECES += ["charset=utf-16", "charset=\0", "charset*=x''y", "base64", "uuencode", " "]
PIECES += ["quoted-printable", "message/rfc822", "text/plain", "é", "\u2028", "a" * 80]
HOSTILE = st.lists(
    st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES), max_size=6))
)
CONTROLS = {chr(n) for n in (*range(32), *range(127, 160))}


def decoded(message: Message) -> list[str]:
    """Return every value of a header that is passed on."""
    people = (message.sender, *message.to, *message.cc, *message.reply_to)
    names = [str(person) for person in people]
    links = [message.message_id, message.in_reply_to, *message.references]
    return [message.subject.text, message.date, *names, *links]


def body(message: Message) -> tuple[str, ...]:
    return message.lines[message.body_start - 1 :]


def encoded(kind: str, encoding: str, text: bytes) -> Message:
    head = (
        f"Subject: x\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return parse_message(head.encode() + text)


@given(HOSTILE, st.binary(max_size=40))
def test_hostile_headers_do_not_break_it(
    headers: list[tuple[str, list[str]]], rest: bytes
) -> None:
    head = "".join(f"{name}: {''.join(value)}\n" for name, value in headers)
    message = parse_message(head.encode("utf-8", "surrogateescape") + b"\n" + rest)

    assert not CONTROLS & set("".join(decoded(message)))
    assert message.line(message.body_start - 1) == ""
    "\n".join(message.lines).encode("utf-8", "surrogateescape")


@given(st.binary())
def test_any_bytes_are_a_message(raw: bytes) -> None:
    message = parse_message(raw)

    assert 1 <= message.body_start <= len(message.lines)


@given(st.binary().filter(lambda raw: b"\r" not in raw))
def test_a_body_encodes_back_to_its_bytes(raw: bytes) -> None:
    message = parse_message(b"Subject: x\n\n" + raw)
    text = "\n".join(body(message)).encode("utf-8", "surrogateescape")

    assert text == raw.removesuffix(b"\n")


@pytest.mark.parametrize("label", ["8bit", "binary", "7bit", "base64"])
@given(raw=st.binary().filter(lambda raw: b"\r" not in raw))
def test_a_declared_body_encodes_back_to_its_bytes(label: str, raw: bytes) -> None:
    sent = base64.encodebytes(raw) if label == "base64" else raw
    message = encoded("text/plain; charset=utf-8", label, sent)
    text = "\n".join(body(message)).encode("utf-8", "surrogateescape")

    assert text == raw.removesuffix(b"\n")


def test_deep_nesting_is_a_defect_and_not_an_exception() -> None:
    depth = 3000
    parts = [
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n"
        for n in range(depth)
    ]
    message = encoded("multipart/mixed; boundary=b0", "7bit", "".join(parts).encode())

    assert len(message.defects) == 1


def test_deep_comments_in_an_address_do_not_break_it() -> None:
    assert parse_message(b"To: " + b"(" * 5000 + b"\n\nx\n").to == ()


def test_line_numbers_count_folded_headers_as_they_stand() -> None:
    message = parse_message(
        b"From: A\n <a@b.c>\nSubject: [PATCH] one\n two\nTo: c@d.e\n\nfirst\nlast\n"
    )

    assert message.subject.line == 3
    assert message.subject.text == "one two"
    assert message.body_start == 7
    assert message.line(2) == " <a@b.c>"
    assert message.line(4) == " two"
    assert body(message) == ("first", "last")


def test_header_lines_are_shown_decoded() -> None:
    message = parse_message(b"To: =?utf-8?q?J=C3=B6rg?= <j@x.y>\nSubject: x\n\n")

    assert message.line(1) == "To: Jörg <j@x.y>"


def test_a_mail_without_a_header_is_all_body() -> None:
    message = parse_message(b"no header here\nat all\n")

    assert message.body_start == 2
    assert body(message) == ("no header here", "at all")


def test_a_mail_without_a_body_has_its_header() -> None:
    message = parse_message(b"Subject: x\nFrom: a@b.c\n")

    assert message.subject.text == "x"
    assert message.sender == Address("", "a@b.c")
    assert body(message) == ("",)


def test_carriage_returns_at_line_ends_are_left_out() -> None:
    unix = b"Subject: x\nMessage-ID: <1@x>\n\none\ntwo\n"

    assert parse_message(unix.replace(b"\n", b"\r\n")) == parse_message(unix)


def test_base64_is_decoded() -> None:
    text = "Grüße\r\n+	x\r\n".encode()
    message = encoded("text/plain; charset=utf-8", "base64", base64.encodebytes(text))

    assert body(message) == ("Grüße", "+\tx")


def test_quoted_printable_is_decoded() -> None:
    text = quopri.encodestring(("Grüße = " + "x" * 100 + "\n").encode())
    message = encoded("text/plain; charset=utf-8", "Quoted-Printable", text)

    assert body(message) == ("Grüße = " + "x" * 100,)


def test_an_encoding_without_a_content_type_is_undone() -> None:
    raw = b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n=20a =3D b\n"

    assert body(parse_message(raw)) == (" a = b",)


def test_a_label_is_believed_where_it_decodes() -> None:
    message = encoded("text/plain; charset=iso-8859-1", "8bit", b"Gr\xfc\xdfe\n")

    assert body(message) == ("Grüße",)


@pytest.mark.parametrize(
    "label", ["y", "true", "unknown-8bit", "us-ascii", "hex", "unicode_escape", '"\0"']
)
def test_a_wrong_label_falls_back_to_utf_8(label: str) -> None:
    message = encoded(f"text/plain; charset={label}", "8bit", "Grüße \\x41\n".encode())

    assert body(message) == ("Grüße \\x41",)


def test_an_unclosed_header_does_not_leak_into_the_body() -> None:
    raw = b"Subject: x\nno field\nContent-Type: text/plain\n\nbody\n"

    assert body(parse_message(raw)) == ("body",)


def test_half_a_surrogate_pair_is_not_decoded() -> None:
    assert to_text(b"+2AA-", "utf-7") == "+2AA-"


MULTIPART = """\
--b
Content-Type: text/plain; charset=utf-8

Say why.

--b
Content-Type: text/html

<p>Say why.</p>
--b
Content-Type: text/x-patch; name=x.patch
Content-Transfer-Encoding: base64
Content-Disposition: attachment

{}
--b
Content-Type: image/png
Content-Transfer-Encoding: base64

AAAA
--b--
"""


def test_text_that_is_attached_is_read_after_the_text_before_it() -> None:
    diff = base64.b64encode(b"diff --git a/f b/f\n").decode()
    message = encoded(
        'multipart/mixed; boundary="b"', "7bit", MULTIPART.format(diff).encode()
    )

    assert body(message) == ("Say why.", "diff --git a/f b/f")
    assert message.defects == ()


def test_a_mail_that_is_attached_is_read_with_its_names() -> None:
    parts = (
        b"--b\n\nhello\n--b\nContent-Type: message/rfc822\n\n"
        b"Received: x\nSubject: y\n\nz\n--b--\n"
    )

    assert body(encoded("multipart/mixed; boundary=b", "7bit", parts)) == (
        "hello",
        "Subject: y",
        "",
        "z",
    )


def test_a_multipart_mail_without_its_boundary_is_text() -> None:
    message = encoded("multipart/mixed; boundary=b", "8bit", b"one\ntwo\n")

    assert body(message) == ("one", "two")


def test_a_mail_of_html_alone_is_a_defect() -> None:
    message = encoded("text/html", "8bit", b"<p>x</p>\n")

    assert [defect.text for defect in message.defects] == ["no text in text/html"]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a_?= =?utf-8?q?b?=", "a b"),
        ("=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "ü"),
        ("x =?utf-8?q?a?= y", "x a y"),
        ("ü é =?utf-8?q?=C3=BC?=", "ü é ü"),
        ("=?iso-8859-1?q?=FC?= =?utf-8?q?=C3=BC?=", "üü"),
        ("=?utf-8*de?b?w7w=?=", "ü"),
        ("=?utf-8?b?w7w?=", "ü"),
        ("=?utf-8?b?A?=", "=?utf-8?b?A?="),
        ("=?nonsense?q?a?=", "a"),
        ("a\tb\x00c", "a b c"),
        ("=?utf-8?q?a=0D=0ABcc=3A_x?=", "a Bcc: x"),
    ],
)
def test_encoded_words_are_decoded(raw: str, text: str) -> None:
    assert decode_words(raw) == text


def test_words_folded_over_lines_join_without_a_blank() -> None:
    message = parse_message(b"Subject: =?utf-8?q?fi?=\n =?utf-8?q?x_it?=\n\n")

    assert message.subject.text == "fix it"


def test_a_folded_header_of_plain_words_joins_with_a_blank() -> None:
    assert parse_message(b"Subject: fix\n\tit\n\n").subject.text == "fix it"


@given(st.text())
def test_a_decoded_header_holds_no_control_character(text: str) -> None:
    word = base64.b64encode(text.encode()).decode()

    assert not CONTROLS & set(decode_words(f"=?utf-8?b?{word}?="))


def test_bytes_that_are_not_utf_8_stay_in_a_header() -> None:
    subject = parse_message(b"Subject: caf\xe9 =?utf-8?q?x?=\n\n").subject.text

    assert subject.encode("utf-8", "surrogateescape") == b"caf\xe9 x"


def test_a_mail_without_an_id_gets_one_of_its_content() -> None:
    one, again, two = (
        parse_message(b"Subject: %s\n\n" % s) for s in (b"x", b"x", b"y")
    )

    assert one.message_id == again.message_id
    assert one.message_id != two.message_id
    assert one.message_id.endswith("@no-message-id.invalid")


def test_an_id_holds_no_control_character() -> None:
    assert ids("<a\x1bb@c> <d@e>") == ("d@e",)


def test_the_parent_is_the_last_reference_where_none_is_named() -> None:
    message = parse_message(b"References: <a@x>\n\t<b@x>\n\n")

    assert message.references == ("a@x", "b@x")
    assert message.in_reply_to == "b@x"


def test_the_parent_that_is_named_comes_first() -> None:
    message = parse_message(b"In-Reply-To: <c@x> from you\nReferences: <a@x>\n\n")

    assert message.in_reply_to == "c@x"


def test_the_first_of_two_headers_counts() -> None:
    assert parse_message(b"Subject: a\nSubject: b\n\n").subject.text == "a"


def test_addresses_are_decoded_after_they_are_split() -> None:
    assert addresses('=?utf-8?q?a=2C_b?= <a@b.c>, "D, E" <d@e.f>, nobody') == (
        Address("a, b", "a@b.c"),
        Address("D, E", "d@e.f"),
    )
