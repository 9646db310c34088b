# SPDX-License-Identifier: GPL-2.0-or-later
"""Real series in every form that mail programs have for them: the same findings."""

from __future__ import annotations

import io
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from patchlint.cli.main import main
from patchlint.mail.mbox import split_mbox
from tests.forms import FORMS, is_plain, same_header

COUNT = 30
MOST = 2 << 20


def compare_forms(places: Sequence[Path]) -> int:
    """Print which series differ in which form; status 1 if any does."""
    chosen = [mails for place in places for mails in _plain_series(place)]
    step = max(1, len(chosen) // COUNT)
    chosen = chosen[::step][:COUNT]
    different = sum(_compare(mails) for mails in chosen)
    mails = [mail for series in chosen for mail in series]
    different += _compare(mails, "all of them")
    print(f"{len(chosen)} series, {len(mails)} mails, {len(FORMS)} forms, -j 1 and 2")
    print(f"{different} answers that differ")
    return int(different > 0)


def _plain_series(place: Path) -> Iterator[list[bytes]]:
    """Yield the postings of a folder whose mails have one part each."""
    for path in sorted(place.glob("*.mbox")):
        if path.stat().st_size <= MOST:
            mails = split_mbox(path.read_bytes())
            if mails and all(map(is_plain, mails)):
                yield [*map(same_header, mails)]


def _compare(mails: Sequence[bytes], name: str = "") -> int:
    """Return how many answers differ from that to an mbox, and print them."""
    expected, different = "", 0
    for form, write in FORMS.items():
        with tempfile.TemporaryDirectory() as folder:
            names = write(Path(folder), mails)
            shuffled = random.Random(1).sample(names, len(names))  # noqa: S311 - a test
            # One series is looked at by one process.
            answers = [_answer(names, "-j1")] if name or not expected else []
            answers.append(_answer(shuffled, "-j2"))
        expected = expected or answers[0]
        for answer in answers:
            if answer != expected:
                different += 1
                print(f"{name or mails[0][:200]!r}: {form} differs")
    return different


def _answer(names: Sequence[str], jobs: str) -> str:
    """Return the findings as JSON; ``-`` and a name is what comes by a pipe."""
    usual = sys.stdin
    with tempfile.NamedTemporaryFile("r") as said:
        try:
            if "-" in names:
                (name,) = (name for name in names if name != "-")
                sys.stdin = io.TextIOWrapper(io.BytesIO(Path(name).read_bytes()))
                names = ["-"]
            main(["--format=json", "--evidence=mail", jobs, "-o", said.name, *names])
        finally:
            sys.stdin = usual
        return Path(said.name).read_text("ascii")
