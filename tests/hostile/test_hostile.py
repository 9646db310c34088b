# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever comes in, there is an answer, and a clean one."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given, settings

from fuzz.oracle import answers
from fuzz.seeds import CORPUS, seeds
from tests.hostile.strategies import BOXES, threads

# Each costs some ten milliseconds; how to draw many more: fuzz/README.md.
MANY = int(os.environ.get("HYPOTHESIS_MAX_EXAMPLES", "0"))
some = settings(max_examples=MANY or 50)
few = settings(max_examples=MANY or 25)


@some
@given(BOXES)
def test_whatever_is_sent_is_answered(inputs: list[bytes]) -> None:
    answers(inputs)


@few
@given(threads())
def test_the_order_of_mails_makes_no_difference(mails: list[bytes]) -> None:
    told = answers(mails)
    mixed = random.Random(len(mails)).sample(mails, len(mails))  # noqa: S311 - no secret

    assert answers(mixed) == told
    assert answers(mails[::-1]) == told


@pytest.mark.parametrize("name", seeds())
def test_a_seed_is_answered(name: str) -> None:
    raw = (CORPUS / name).read_bytes()

    assert raw == seeds()[name]
    answers([raw])
