# SPDX-License-Identifier: GPL-2.0-or-later
"""Inputs of every kind to single mails, and word of what is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from patchlint.mail.bare import headless
from patchlint.mail.mbox import is_box, mails_of
from patchlint.mail.sniff import Kind, kind_of, trimmed
from patchlint.model.defect import Defect, DefectKind
from patchlint.model.limits import Limits
from patchlint.model.raw import Raw

_WITHOUT = "an input without a name"


def cut(inputs: Iterable[bytes | Raw], limits: Limits) -> Iterator[bytes | Defect]:
    """Yield the mails of mailboxes, single mails and bare diffs, and what is wrong.

    A mail that is too long is left out, and so are those that are too many.
    """
    left = limits.mails
    for given in inputs:
        raw = given if isinstance(given, Raw) else Raw(_WITHOUT, given)
        for number, mail in enumerate(_mails(raw), 1):
            if isinstance(mail, Defect):
                yield mail
            elif len(mail) > limits.mail_bytes:
                what = f"{raw.name}: mail {number} has {len(mail)} bytes"
                yield _over(f"{what}, more than {limits.mail_bytes}")
            elif left:
                left -= 1
                yield mail
            else:
                yield _over(f"{raw.name}: more than {limits.mails} mails in all")
                return


def _mails(raw: Raw) -> Iterator[bytes | Defect]:
    data = trimmed(raw.data)
    kind = Kind.MAIL if is_box(data) else kind_of(data)
    if kind is Kind.MAIL:
        yield from mails_of(data)
    elif kind is Kind.DIFF:
        yield headless(data)
    else:
        hides = kind is not Kind.EMPTY
        yield Defect(DefectKind.CONTAINER, f"{raw.name}: {kind.value}", hides=hides)


def _over(text: str) -> Defect:
    return Defect(DefectKind.LIMIT, f"{text}: not read", hides=True)
