# SPDX-License-Identifier: GPL-2.0-or-later
"""Threads that nobody wrote by hand: read in time that grows with their size."""

from __future__ import annotations

from time import process_time

import pytest

from patchlint.series.talk import talk
from tests.series.test_talk import MESSAGE, PATCH, read_one, reply

LINE = (
    "> +\tspace = ring->size - (ring->head - ring->tail) - RING_RESERVED_FOR_FLUSH;\n"
)
WHOLE = "".join(f"> {line}\n" for line in MESSAGE.lines[MESSAGE.body_start - 1 :])


def seconds(*mails: bytes) -> float:
    series = read_one(PATCH, *mails)
    start = process_time()
    talk(series)
    return process_time() - start


@pytest.mark.parametrize(
    "body",
    [
        ">\n" * 500_000,
        LINE * 20_000,
        "> > " * 20_000 + "\n",
        "".join("> " * depth + "+\tint space;\n" for depth in range(1, 500)),
        "> " + "spin_lock(&ring->lock);" * 40_000 + "\n",
        "> +\tint space;\n" + "^" * 500_000 + "\n",
        "> +\tint space;\n" + " " * 500_000 + "wrote:\n" + "a " * 250_000 + "wrote:\n",
        "." * 60 + "x\n" + ("." * 79 + "x\n") * 5000,
        "* " + "@<" * 150 + ":\n> x\n",
        ("* " + "<@" * 150 + ":\n> x\n") * 5000,
        "Acked-by: " + "a" * 300_000 + "\n" + " a\n" * 100_000,
        "A-" * 100_000 + "by: a@b\n",
        "Re" + "-a" * 100_000 + "\n",
        "-----Original Message-----\nFrom: a\n" * 20_000,
        "\n".join(f"n{n % 7}> + {n}" for n in range(50_000)),
    ],
    ids=range(15),
)
def test_one_reply(body: str) -> None:
    assert seconds(reply(f"{body}\nWhat?\n")) < 5


def test_thousands_of_replies() -> None:
    few = [reply(f"{WHOLE}\nHm {n}?\n", f"r{n}") for n in range(200)]
    many = [reply(f"{WHOLE}\nHm {n}?\n", f"r{n}") for n in range(1600)]
    assert seconds(*many) < 8 * 2.5 * max(seconds(*few), 0.05)


def test_a_chain_of_answers() -> None:
    chain = [
        reply(f"{LINE}\nNo {n}.\n", f"r{n}", f"r{n - 1}" if n else "p")
        for n in range(3000)
    ]
    assert seconds(*chain) < 5
