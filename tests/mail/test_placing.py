# SPDX-License-Identifier: GPL-2.0-or-later
"""Lines of decoded mails are found again in the file that they were cut from."""

from __future__ import annotations

import base64
import quopri

from patchlint.mail.cut import cut
from patchlint.mail.message import parse_message
from patchlint.mail.placing import Placed, placed, starts
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.model.raw import Raw

HEAD = "From: A Dev <dev@example.org>\nSubject: [PATCH] ring: Add\n"
BODY = "Why.\n\nFrom here on it is caf\u00e9 all the way down, to the end.\n---\n"


def of(data: bytes) -> list[Placed]:
    pieces = [p for p in cut((Raw("x", data),), DEFAULT_LIMITS) if isinstance(p, bytes)]
    lines = data.decode().split("\n")
    mails = [parse_message(piece, DEFAULT_LIMITS) for piece in pieces]
    pairs = zip(mails, starts(data, pieces), strict=True)
    return [placed(lines, mail, start) for mail, start in pairs]


def test_plain_mails_of_a_box() -> None:
    mail = f"From mboxrd@z Thu Jan  1 00:00:00 1970\n{HEAD}\n{BODY}\n"
    data = (mail + mail.replace("Why.", ">From what?")).encode()
    one, two = of(data)

    lines = data.decode().split("\n")
    assert lines[one.number(4) - 1] == "Why."
    assert one.is_equal(4)
    # What the box quotes stands there, but is not the same.
    assert lines[two.number(4) - 1] == ">From what?"
    assert not two.is_equal(4)
    assert lines[two.number(6) - 1].startswith("From here")
    assert not two.is_equal(0)
    assert two.number(99) <= len(lines)


def test_a_transfer_encoding_keeps_what_is_plain() -> None:
    coded = quopri.encodestring(BODY.encode()).decode()
    head = f"{HEAD}Content-Transfer-Encoding: quoted-printable\n"
    data = f"{head}Content-Type: text/plain; charset=utf-8\n\n{coded}".encode()
    (found,) = of(data)

    lines = data.decode().split("\n")
    at = next(n for n, t in enumerate(lines, 1) if t == "Why.")
    numbers = [found.number(n) for n, same in enumerate(found.equal, 1) if same]
    assert at in numbers
    assert all(found.number(n) >= 1 for n in range(1, 12))


def test_all_of_an_encoded_text_is_at_the_subject() -> None:
    coded = base64.encodebytes(BODY.encode()).decode()
    head = f"{HEAD}Content-Transfer-Encoding: base64\n"
    data = f"{head}Content-Type: text/plain; charset=utf-8\n\n{coded}".encode()
    (found,) = of(data)

    assert {found.number(n) for n in range(6, 10)} == {2}
    assert not any(found.is_equal(n) for n in range(6, 10))
