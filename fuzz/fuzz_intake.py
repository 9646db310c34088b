# SPDX-License-Identifier: GPL-2.0-or-later
"""Fuzz everything between the bytes of a mail and the answers, with atheris.

Usage: fuzz_intake.py [OPTION OF LIBFUZZER...] [CORPUS...]; see README.md.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

# Only what reads is instrumented. The rules run as they are: they would cost most of
# the time, and what they die of is seen all the same.
with atheris.instrument_imports(
    include=[
        "patchlint.mail",
        "patchlint.diff",
        "patchlint.series",
        "patchlint.prose",
        "patchlint.syntax",
        "patchlint.lint",
    ]
):
    from fuzz.oracle import WrongError, answers

from fuzz.mutate import Mutator

_SAMPLED = 16


def look(data: bytes) -> None:
    """Take one input through the whole program; now and then twice."""
    told = answers([data])
    if zlib.crc32(data) % _SAMPLED == 0 and answers([data]) != told:
        raise WrongError("another answer the second time")


def main() -> None:
    """Run until libFuzzer has enough."""
    # Not the function itself: which one it is, is settled when the fuzzer runs.
    mutator = Mutator(lambda data, longest: atheris.Mutate(data, longest))
    atheris.Setup(
        sys.argv, look, custom_mutator=mutator.mutate, custom_crossover=mutator.cross
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
