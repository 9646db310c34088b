# SPDX-License-Identifier: GPL-2.0-or-later
from __future__ import annotations

from email import message_from_string
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.model.message import Address
from patchlint.report.header import addresses, ids, is_id, is_mailbox, text, tokens
from patchlint.report.safe import printable
from tests.report.made import ADDRESSES, TEXT


def only_field(written: str) -> str:
    """Return the value of a header that is the only one in its text, unfolded.

    Unfolding takes the line ends away and leaves the blanks (RFC 5322, 2.2.3);
    Python's parser keeps them.
    """
    parsed = message_from_string(f"{written}\n\nbody\n")

    assert len(parsed.keys()) == 1
    assert parsed.get_payload() == "body\n"
    assert not parsed.defects
    return str(parsed.values()[0]).replace("\n", "")


def test_plain_text_stays_as_it_is() -> None:
    assert text("Subject", "Re: [PATCH 1/2] a: b") == "Subject: Re: [PATCH 1/2] a: b"


def test_other_text_becomes_encoded_words() -> None:
    written = text("Subject", "Re: [PATCH] é")

    assert written == "Subject: =?utf-8?q?Re=3A_=5BPATCH=5D_=C3=A9?="


@given(TEXT)
def test_any_text_is_one_field_that_reads_back(value: str) -> None:
    written = text("Subject", value)

    expected = " ".join(printable(value).split())
    assert str(make_header(decode_header(only_field(written)))) == expected
    assert written.isascii()
    assert all(line.strip() for line in written.split("\n"))


@pytest.mark.parametrize("value", ["word " * 60, "é" * 300, "x" * 3000])
def test_long_text_is_folded(value: str) -> None:
    lines = text("Subject", value).split("\n")

    assert max(map(len, lines)) <= 78
    assert all(line.startswith(" ") for line in lines[1:])


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (Address("", "a@example.org"), "a@example.org"),
        (Address("A Dev", "a@example.org"), "A Dev <a@example.org>"),
        (Address("A. Dev", "a@example.org"), '"A. Dev" <a@example.org>'),
        (Address('A "b" \\ c', "a@b.org"), '"A \\"b\\" \\\\ c" <a@b.org>'),
        (Address("É", "a@example.org"), "=?utf-8?q?=C3=89?= <a@example.org>"),
        (
            Address("=?x?q?y?=", "a@b.org"),
            "=?utf-8?q?=3D=3Fx=3Fq=3Fy=3F=3D?= <a@b.org>",
        ),
    ],
)
def test_names_are_written_so_that_they_stay_names(
    address: Address, expected: str
) -> None:
    assert addresses("To", [address]) == f"To: {expected}"


@pytest.mark.parametrize(
    "mailbox",
    ["", "a", "a@b, c@d", "a b@c", "a@b>", "a@b\nBcc: c@d", '"a@b"@c', "é@b", "a@b c"],
)
def test_mailboxes_with_more_than_one_reading_are_left_out(mailbox: str) -> None:
    assert addresses("To", [Address("A", mailbox)]) == ""


@given(st.lists(ADDRESSES, max_size=5))
def test_nobody_is_added_and_nobody_renamed(values: list[Address]) -> None:
    written = addresses("Cc", values)
    good = [value for value in values if is_mailbox(value.mailbox)]
    if not good:
        assert written == ""
        return

    field = only_field(written)

    assert [mailbox for _, mailbox in getaddresses([field])] == [
        value.mailbox for value in good
    ]
    names = [name for name, _ in getaddresses([field])]
    assert [str(make_header(decode_header(name))) for name in names] == [
        " ".join(printable(value.name).split()) for value in good
    ]


@given(st.lists(TEXT, max_size=5))
def test_ids_are_ids_or_left_out(values: list[str]) -> None:
    written = ids("References", values)
    good = [value for value in values if is_id(value)]

    assert (only_field(written).split() if good else []) == [f"<{v}>" for v in good]
    assert written.isascii()


def test_made_up_ids_are_not_answered() -> None:
    assert ids("In-Reply-To", ["00ff@no-message-id.invalid"]) == ""


@given(st.lists(TEXT, min_size=1, max_size=5))
def test_names_of_rules_cannot_break_the_field(values: list[str]) -> None:
    field = only_field(tokens("X-Patchlint-Rules", values))

    assert field.isascii()
    assert len(field.replace("\n", "").split(", ")) == len(values)
