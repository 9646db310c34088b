# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses are read as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.address import addresses
from patchlint.model.message import Address

A = Address("", "a@b.c")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", ()),
        ("nobody", ()),
        ("undisclosed-recipients:;", ()),
        ("a@b.c", (A,)),
        ("<a@b.c>", (A,)),
        ("A Dev <a@b.c>", (Address("A Dev", "a@b.c"),)),
        ('"Dev, A" <a@b.c>', (Address("Dev, A", "a@b.c"),)),
        (r'"A \"the\" Dev" <a@b.c>', (Address('A "the" Dev', "a@b.c"),)),
        ("a@b.c (A Dev)", (Address("A Dev", "a@b.c"),)),
        ("(A Dev) <a@b.c>", (Address("A Dev", "a@b.c"),)),
        ("A Dev (Firm) <a@b.c>", (Address("A Dev (Firm)", "a@b.c"),)),
        ("A (x (y)) <a@b.c> (z)", (Address("A (x (y))", "a@b.c"),)),
        ("list: a@b.c, D <d@e.f>;", (A, Address("D", "d@e.f"))),
        ("a@b.c; d@e.f", (A, Address("", "d@e.f"))),
        ("a@b.c,, d@e.f,", (A, Address("", "d@e.f"))),
        ("<@x,@y:a@b.c>", (A,)),
        ("A <a@b.c", (Address("A", "a@b.c"),)),
        ("A < a@b.c >", (Address("A", "a@b.c"),)),
        ("a@[1.2.3.4]", (Address("", "a@[1.2.3.4]"),)),
        ("=?utf-8?q?A=2C_B?= <a@b.c>", (Address("A, B", "a@b.c"),)),
        ("=?utf-8?q?A, B?= <a@b.c>", (Address("A, B", "a@b.c"),)),
        ('"=?utf-8?b?w7w=?=" <a@b.c>', (Address("ü", "a@b.c"),)),
        ('"A <a@b.c>, D <d@e.f>', (Address('"A', "a@b.c"), Address("D", "d@e.f"))),
        ("Jörg <a@b.c>", (Address("Jörg", "a@b.c"),)),
        ("=?utf-8?q?A=0D=0ABcc=3A_x?= <a@b.c>", (Address("A Bcc: x", "a@b.c"),)),
    ],
)
def test_addresses_are_read(value: str, found: tuple[Address, ...]) -> None:
    assert addresses(value) == found


@given(st.text('<>"@,;:()[]\\ =?a'))
def test_no_text_is_refused(value: str) -> None:
    assert all("@" in address.mailbox for address in addresses(value))


@given(st.lists(st.text("abc .-", min_size=1, max_size=9), max_size=5))
def test_quoted_names_read_back(names: list[str]) -> None:
    value = ", ".join(f'"{name}" <a@b.c>' for name in names)

    assert [a.name for a in addresses(value)] == [" ".join(n.split()) for n in names]
