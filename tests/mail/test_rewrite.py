# SPDX-License-Identifier: GPL-2.0-or-later
"""A mail is changed where an edit says so, and nowhere else."""

from __future__ import annotations

import base64
import email.charset
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.message import parse_message
from patchlint.mail.rewrite import changed_lines, rewrite
from patchlint.model.finding import Edit
from patchlint.model.location import Span

HEAD = "From: A <a@b.c>\nSubject: [PATCH] area: do it\nMessage-ID: <1@x>\n"
BODY = "\nFirst of the text.\nSecond line.\n---\n a | 1 +\n"
PLAIN = (HEAD + BODY).encode()
SUBJECT = Edit(Span(2, 24, 2, 29), "Do it")


def fixed(raw: bytes, *edits: Edit) -> bytes:
    return rewrite(raw, parse_message(raw), edits)


def word(line: int, old: str, new: str, text: str = HEAD + BODY) -> Edit:
    column = text.split("\n")[line - 1].index(old) + 1
    return Edit(Span(line, column, line, column + len(old)), new)


def test_without_edits_the_bytes_stay() -> None:
    assert fixed(PLAIN) is PLAIN


def test_only_the_place_changes() -> None:
    made = fixed(PLAIN, SUBJECT, word(6, "Second", "2nd"))

    assert made == PLAIN.replace(b"do it", b"Do it").replace(b"Second", b"2nd")


def test_line_ends_of_the_mail_stay() -> None:
    made = fixed(PLAIN.replace(b"\n", b"\r\n"), SUBJECT)

    assert made == PLAIN.replace(b"do it", b"Do it").replace(b"\n", b"\r\n")


def test_bytes_that_are_no_text_stay() -> None:
    raw = PLAIN.replace(b"Second", b"Caf\xe9")
    made = fixed(raw, SUBJECT)

    assert made == raw.replace(b"do it", b"Do it")


def test_a_line_may_become_two_or_none() -> None:
    made = fixed(PLAIN, Edit(Span(6), "One.\nTwo."), Edit(Span(5), ""))

    assert made == PLAIN.replace(b"First of the text.\nSecond line.", b"One.\nTwo.")


def test_of_edits_that_overlap_the_first_is_made() -> None:
    lines = ("one two three",)
    edits = [Edit(Span(1, 1, 1, 8), "x"), Edit(Span(1, 5, 1, 14), "y")]

    assert changed_lines(lines, edits) == {1: ("x three",)}


def test_an_edit_outside_the_text_is_none() -> None:
    edits = [Edit(Span(9), "x"), Edit(Span(1, 3, 1, 99), "y")]

    assert changed_lines(("one",), edits) == {}


def encoded(kind: str, body: bytes) -> bytes:
    head = HEAD.encode() + b'Content-Type: text/plain;\n charset="utf-8"\n'
    return head + f"Content-Transfer-Encoding: {kind}\n".encode() + body


def test_an_encoded_mail_comes_back_as_plain_text() -> None:
    text = BODY.removeprefix("\n").encode()
    for raw in (
        encoded("base64", b"\n" + base64.encodebytes(text)),
        encoded("quoted-printable", b"\n" + quopri.encodestring(text)),
    ):
        message = parse_message(raw)
        line = message.lines.index("Second line.") + 1
        made = parse_message(fixed(raw, Edit(Span(line, 1, line, 7), "2nd")))

        assert "2nd line." in made.lines
        assert "Content-Transfer-Encoding: 8bit" in made.lines
        assert made.subject.text == message.subject.text
        assert made.defects == ()


def test_a_header_that_is_not_ascii_is_encoded() -> None:
    made = fixed(PLAIN, Edit(Span(2, 24, 2, 29), "Do \N{SNOWMAN}"))

    assert made.isascii()
    assert parse_message(made).subject.text == "area: Do \N{SNOWMAN}"


def test_what_others_do_to_the_charsets_of_python_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit = Edit(Span(2, 24, 2, 29), "Do \N{SNOWMAN}")
    before = fixed(PLAIN, edit)
    monkeypatch.setattr(email.charset, "CHARSETS", {})
    # As b4 and liblore do while they are imported.
    email.charset.add_charset("utf-8", None)

    assert fixed(PLAIN, edit) == before


@given(st.lists(st.text("ab \u00e9", max_size=8), max_size=5), st.data())
def test_untouched_lines_keep_their_bytes(
    lines: list[str], data: st.DataObject
) -> None:
    raw = (HEAD + "\n" + "\n".join(lines) + "\n").encode()
    message = parse_message(raw)
    number = data.draw(st.integers(message.body_start, len(message.lines)))
    made = fixed(raw, Edit(Span(number), "new"))
    old, new = raw.split(b"\n"), made.split(b"\n")

    assert new[number - 1] == b"new"
    assert [*new[: number - 1], *new[number:]] == [*old[: number - 1], *old[number:]]
