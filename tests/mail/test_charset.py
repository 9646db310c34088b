# SPDX-License-Identifier: GPL-2.0-or-later
"""Labels of charsets are believed where the bytes agree, and no further."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.charset import decode, known

TEXT = "Grüße"


@pytest.mark.parametrize(
    ("raw", "label", "text"),
    [
        (b"plain", "", "plain"),
        (TEXT.encode(), "", TEXT),
        (TEXT.encode(), "UTF-8", TEXT),
        (TEXT.encode("latin-1"), "ISO-8859-1", TEXT),
        (b"\x93x\x94", "iso-8859-1", "“x”"),
        (b"\x93x\x94", "windows-1252", "“x”"),
        ("中文".encode("gbk"), "gbk", "中文"),
        ("镕".encode("gbk"), "gb2312", "镕"),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本"),
        ("日本".encode("shift_jis"), "Shift_JIS", "日本"),
        ("привет".encode("koi8-r"), "koi8-r", "привет"),
        (b"+AOk-", "utf-7", "é"),
        (b"plain", "us-ascii", "plain"),
    ],
)
def test_a_right_label_is_believed(raw: bytes, label: str, text: str) -> None:
    assert decode(raw, label) == (text, "")


@pytest.mark.parametrize(
    ("raw", "label", "said"),
    [
        (b"plain", "y", 'charset "y" is unknown; read as UTF-8'),
        (b"plain", "true", 'charset "true" is unknown; read as UTF-8'),
        (b"plain", "punycode", 'charset "punycode" is unknown; read as UTF-8'),
        (b"plain", "x" * 99, f'charset "{"x" * 40}" is unknown; read as UTF-8'),
        (b"plain", "a\nb", 'charset "a b" is unknown; read as UTF-8'),
        (
            TEXT.encode(),
            "iso-8859-1",
            'charset "iso-8859-1", but it is UTF-8; read as UTF-8',
        ),
        (
            TEXT.encode(),
            "us-ascii",
            'charset "us-ascii", but it is UTF-8; read as UTF-8',
        ),
        (b"\xe9", "utf-8", 'charset "utf-8", and the bytes are not UTF-8'),
        (b"\xe9", "", "no charset is named, and the bytes are not UTF-8"),
        (
            b"\xff",
            "gbk",
            'charset "gbk", but it does not decode as such; read as UTF-8',
        ),
        (
            b"+2AA-",
            "utf-7",
            'charset "utf-7", but it does not decode as such; read as UTF-8',
        ),
    ],
)
def test_a_wrong_label_is_told(raw: bytes, label: str, said: str) -> None:
    text, problem = decode(raw, label)

    assert problem == said
    assert text.encode("utf-8", "surrogateescape") == raw


@pytest.mark.parametrize(
    "label", ["hex", "zip", "rot13", "idna", "unicode_escape", "undefined", "\0"]
)
def test_codecs_that_are_no_charset_are_not_known(label: str) -> None:
    assert known(label) == ""


@given(st.binary(), st.sampled_from(["", "utf-8", "gbk", "utf-7", "utf-16", "hz"]))
def test_any_bytes_become_text_that_encodes(raw: bytes, label: str) -> None:
    decode(raw, label)[0].encode("utf-8", "surrogateescape")
