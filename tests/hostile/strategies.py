# SPDX-License-Identifier: GPL-2.0-or-later
"""Mails as strangers may send them, and boxes and threads of such."""

from __future__ import annotations

import base64
import quopri

from hypothesis import strategies as st

from fuzz.words import FIELDS, LINES
from tests.hostile.diffs import DIFFS, LINE, TEXT

_DATE = "Tue, 2 Jan 2024 03:04:05 +0000"
_MARKS = ("From " + "0" * 40 + " Mon Sep 17 00:00:00 2001\n",
          "From mboxrd@z Thu Jan  1 00:00:00 1970\n", "From x\n", "")  # fmt: skip
_CHARSETS = ("utf-8", "utf-16", "utf-7", "latin-1", "gb18030", "iso2022_jp", "us-ascii")
_LABELS = st.one_of(st.sampled_from(_CHARSETS), st.sampled_from(["punycode", "x", '"']))

LOGS = st.lists(
    st.one_of(
        TEXT,
        st.sampled_from(
            ["", "Say why.", "Signed-off-by: A <a@x>", "Fixes: 0123456789ab"]
        ),
        st.sampled_from(LINES).map(
            lambda line: line.decode("utf-8", "surrogateescape")
        ),
    ),
    max_size=8,
).map("\n".join)
COUNTS = st.sampled_from(
    [
        "PATCH",
        "PATCH 1/2",
        "PATCH v2 2/2",
        "PATCH 0/2",
        "PATCH 0/0",
        "RFC 99999/1",
        "",
        "x",
    ]
)
SUBJECTS = st.one_of(
    st.tuples(COUNTS, LINE).map(lambda both: f"[{both[0]}] ring: {both[1]}"),
    COUNTS.map("Re: [{}] ring: Do it".format),
    LINE,
)
IDS = st.sampled_from(["<0@x>", "<1@x>", "<2@x>", "<3@x>", "4@x", "<>", "<a b@x>", ""])
DATES = st.one_of(st.sampled_from([_DATE, _DATE.replace("2 Jan", "9 Feb"), ""]), LINE)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Return the text of a mail: log, cut, diff, signature."""
    cut = draw(st.sampled_from(["---\n", "---\n", "", "-- >8 --\n", "--- x\n"]))
    tail = draw(
        st.sampled_from(["-- \n2.39\n", "", "_" * 47 + "\nlist@x mailing list\n"])
    )
    return f"{draw(LOGS)}\n{cut}{draw(DIFFS)}{tail}"


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """Return one mail, whole or torn, labelled rightly or not."""
    fields = [
        f"From: {draw(st.sampled_from(['A <a@x>', 'b@x', '']))}{draw(LINE)}",
        f"Subject: {draw(SUBJECTS)}",
        f"Date: {draw(DATES)}",
        f"Message-ID: {draw(IDS)}",
        f"In-Reply-To: {draw(IDS)}",
        f"References: {' '.join(draw(st.lists(IDS, max_size=3)))}",
        f"To: {draw(TEXT)}",
    ]
    kept = draw(st.lists(st.sampled_from(fields), min_size=3, max_size=9))
    head = [_raw(field) for field in kept]
    head += draw(st.lists(st.sampled_from(FIELDS), max_size=2))
    labels, body = draw(_sent(draw(bodies())))
    raw = (
        b"\n".join([*head, *labels])
        + draw(st.sampled_from([b"\n\n"] * 5 + [b"\n"]))
        + body
    )
    end = draw(st.sampled_from([b"\n", b"\n", b"\n", b"\r\n", b"\r\r\n", b"\r"]))
    return raw.replace(b"\n", end)


@st.composite
def _sent(draw: st.DrawFn, text: str) -> tuple[list[bytes], bytes]:
    """Return labels, and the body as it is sent: encoded, in parts, or broken."""
    charset = draw(st.sampled_from(_CHARSETS))
    raw = _raw(text)
    if charset != "utf-8":
        raw = text.encode("utf-8", "replace").decode().encode(charset, "replace")
    label = charset if draw(st.integers(0, 3)) else draw(_LABELS)
    kind = (
        f"text/plain; charset={label}{draw(st.sampled_from(['', '; format=flowed']))}"
    )
    way = draw(st.sampled_from(["8bit", "8bit", "base64", "quoted-printable", "x"]))
    if way == "base64":
        raw = base64.encodebytes(raw)
    elif way == "quoted-printable":
        raw = quopri.encodestring(raw)
    if draw(st.integers(0, 7)) == 0:
        raw = raw[: draw(st.integers(0, len(raw)))]
    labels = [_raw(f"Content-Type: {kind}"), _raw(f"Content-Transfer-Encoding: {way}")]
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2, 9]))):
        labels, raw = _in_part(draw, labels, raw)
    return labels, raw


def _in_part(
    draw: st.DrawFn, labels: list[bytes], raw: bytes
) -> tuple[list[bytes], bytes]:
    """Put a body into a part of another, or into a mail of another."""
    kind = draw(st.sampled_from(["mixed", "alternative", "signed", "rfc822"]))
    inner = b"\n".join([*labels, b"", raw])
    if kind == "rfc822":
        return [b"Content-Type: message/rfc822"], b"Subject: y\n" + inner
    edge = draw(st.sampled_from([b"b", b"c", b"b-"]))
    other = draw(st.sampled_from([b"", b"Content-Type: text/html\n\n<p>\n", b"\nx\n"]))
    parts = b"".join(
        b"--" + edge + b"\n" + part + b"\n" for part in (other, inner) if part
    )
    end = draw(st.sampled_from([b"--" + edge + b"--\n", b"--" + edge + b"\n", b""]))
    return [_raw(f"Content-Type: multipart/{kind}; boundary=") + edge], parts + end


BOXES = st.one_of(
    st.lists(mails(), min_size=1, max_size=3),
    st.tuples(st.sampled_from(_MARKS), st.lists(mails(), max_size=4)).map(
        lambda both: [b"".join(both[0].encode() + mail + b"\n" for mail in both[1])]
    ),
    bodies().map(lambda text: [_raw(text)]),
    st.binary(max_size=200).map(lambda raw: [raw]),
)


@st.composite
def threads(draw: st.DrawFn) -> list[bytes]:
    """Return mails that answer each other: rings, copies, lost parts, two of one id."""
    found: list[bytes] = []
    for _ in range(draw(st.integers(1, 7))):
        head = [
            f"From: {draw(st.sampled_from(['A <a@x>', 'A <a@x>', 'B <b@x>']))}",
            f"Subject: {draw(SUBJECTS)}",
            f"Date: {draw(DATES)}",
            f"Message-ID: {draw(IDS)}",
            f"In-Reply-To: {draw(IDS)}",
            f"References: {draw(IDS)} {draw(IDS)}",
            "To: list@x",
        ]
        text = draw(
            st.sampled_from([_SMALL, _SMALL, _SMALL.replace("+b", "+c"), "talk\n"])
        )
        found.append(_raw("\n".join([*head, "", text])))
    return [*found, *draw(st.lists(st.sampled_from(found), max_size=2))]


_SMALL = """\
Why.

Signed-off-by: A <a@x>
---
diff --git a/f.c b/f.c
index 0123456..789abcd 100644
--- a/f.c
+++ b/f.c
@@ -1 +1 @@
-a
+b
"""


def _raw(text: str) -> bytes:
    return text.encode(
        "utf-8", "surrogatepass" if _has_halves(text) else "surrogateescape"
    )


def _has_halves(text: str) -> bool:
    return any("\ud800" <= c <= "\udc7f" or "\udd00" <= c <= "\udfff" for c in text)
