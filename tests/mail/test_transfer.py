# SPDX-License-Identifier: GPL-2.0-or-later
"""Transfer encodings are undone as far as they go."""

from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patchlint.mail.transfer import undo

HELLO = base64.b64encode(b"hello\n")


@pytest.mark.parametrize(
    ("raw", "text", "problem"),
    [
        (b"", b"", ""),
        (HELLO, b"hello\n", ""),
        (HELLO.rstrip(b"="), b"hello\n", ""),
        (b" aGVs \r\n\r\nbG8K\r\n", b"hello\n", ""),
        (b"aGVsbG8=\nd29ybGQ=\n", b"helloworld", ""),
        (
            HELLO + b"\n____________\nlist mailing list\n",
            b"hello\n____________\nlist mailing list\n",
            "",
        ),
        (
            b"aGVsbG8=\n-- \nYou get this mail because\n",
            b"hello\n-- \nYou get this mail because\n",
            "",
        ),
        (b"aGVsb", b"hel", "base64: the text is cut off"),
        (b"aGV*sbG8K", b"hello\n", "base64: a character that is none of its letters"),
        (
            b"diff --git a/f b/f\nindex 1..2\n",
            b"diff --git a/f b/f\nindex 1..2\n",
            "base64: the text is not encoded; taken as it stands",
        ),
        (
            HELLO + b"\nand this is plain\n",
            b"hello\nand this is plain\n",
            "base64: text that is not encoded follows",
        ),
    ],
)
def test_base64(raw: bytes, text: bytes, problem: str) -> None:
    done = undo(raw, "BASE64 ")

    assert (done.raw, done.problem) == (text, problem)
    assert done.lost == ("cut" in problem)


@pytest.mark.parametrize(
    ("raw", "text", "at"),
    [
        (b"a=3Db", b"a=b", None),
        (b"a=3db=", b"a=b", None),
        (b"a=\nb= \t\nc", b"abc", None),
        (b"x\na = b\n", b"x\na = b\n", 4),
        (b"=3D=ZZ", b"==ZZ", 1),
        (b"-- \n", b"-- \n", None),
    ],
)
def test_quoted_printable(raw: bytes, text: bytes, at: int | None) -> None:
    done = undo(raw, "Quoted-Printable")

    assert done.raw == text
    assert (done.at if done.problem else None) == at


@pytest.mark.parametrize("label", ["", "7bit", "8BIT", "binary", "8-bit"])
def test_labels_that_encode_nothing(label: str) -> None:
    assert undo(b"=3D", label) == undo(b"=3D", "")


def test_an_unknown_label_is_told() -> None:
    done = undo(b"=3D", "x-uu\nencode")

    assert done.raw == b"=3D"
    assert (
        done.problem == 'transfer encoding "x-uu encode" is unknown; taken as it stands'
    )


@given(st.binary())
def test_what_was_encoded_comes_back(raw: bytes) -> None:
    assert undo(base64.encodebytes(raw), "base64").raw == raw
    lines = raw.replace(b"\r", b"")
    assert undo(quopri.encodestring(lines), "quoted-printable").raw == lines


@given(st.binary(), st.sampled_from(["base64", "quoted-printable", "x"]))
def test_any_bytes_are_taken(raw: bytes, label: str) -> None:
    done = undo(raw, label)

    assert 0 <= done.at <= len(done.raw)
