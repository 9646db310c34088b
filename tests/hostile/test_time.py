# SPDX-License-Identifier: GPL-2.0-or-later
"""Texts that once took a review minutes: time must not grow with their square."""

from __future__ import annotations

import time

import pytest

from fuzz.oracle import answers
from patchlint.model.limits import DEFAULT_LIMITS
from tests.mails import diff, patch_mail

SECONDS = 5
BYTES = 12_000

C = {
    "ends of comments": "*/\n",
    "comments that begin": "/**\n",
    "braces of an old side": "-\t}\n",
    "one prototype": "int f(int a);\n",
}


def seconds(path: str, text: str) -> float:
    mail = patch_mail("Why.\n\nSigned-off-by: A <a@x>", diff({}, {path: text}))
    begin = time.process_time()
    answers([mail.encode()], DEFAULT_LIMITS)
    return time.process_time() - begin


@pytest.mark.parametrize("name", C)
@pytest.mark.parametrize("frame", ["{}", "int f(int a)\n{{\n{}}}\n"])
def test_c_that_is_all_the_same(name: str, frame: str) -> None:
    text = frame.format(C[name] * (BYTES // len(C[name])))

    assert seconds("kernel/f.c", text) < SECONDS
