# SPDX-License-Identifier: GPL-2.0-or-later
"""How the time to read grows with what there is to read."""

from __future__ import annotations

import gc
import time
from itertools import pairwise

from patchlint.pipeline import take_in

MAILS = (2_500, 5_000, 10_000)
HUNKS = (25_000, 50_000, 100_000)
MOST = 2.6
BEST_OF = 3


def measure_growth() -> int:
    """Print CPU seconds for 1, 2 and 4 times as much; status 1 if they run away."""
    wrong = 0
    for name, sizes, make in (("mails", MAILS, box), ("hunks", HUNKS, long_patch)):
        seconds = [best(make(size)) for size in sizes]
        ratios = [later / earlier for earlier, later in pairwise(seconds)]
        for size, took, ratio in zip(sizes, seconds, [1.0, *ratios], strict=True):
            print(f"{size:8,} {name}: {took:6.2f} s  x {ratio:.2f}")
        wrong += max(ratios) > MOST
    return int(wrong > 0)


def best(raw: bytes) -> float:
    """Return the CPU seconds of the quickest of a few readings."""
    return min(reading(raw) for _ in range(BEST_OF))


def reading(raw: bytes) -> float:
    """Return the CPU seconds it takes to read an input, as the program reads it."""
    gc.disable()
    try:
        begin = time.process_time()
        take_in([raw])
        return time.process_time() - begin
    finally:
        gc.enable()


def box(count: int) -> bytes:
    """Return a mailbox of so many mails: short series, each with a cover letter."""
    return "".join(mail(number) for number in range(count)).encode()


def mail(number: int, size: int = 3) -> str:
    """Return one mail of a box; every fourth begins a series."""
    thread, position = divmod(number, size + 1)
    head = f"<{thread}-0@example.org>"
    parent = f"In-Reply-To: {head}\nReferences: {head}\n" if position else ""
    body = patch(1) if position else "What the series is about.\n"
    return (
        f"From dev{number}@example.org Tue Jan  2 03:04:05 2024\n"
        f"From: A Dev <dev{thread % 50}@example.org>\n"
        f"To: list@example.org\nDate: Tue, 2 Jan 2024 03:{thread // 60 % 60:02}:"
        f"{thread % 60:02} +0000\n"
        f"Message-ID: <{thread}-{position}@example.org>\n{parent}"
        f"Subject: [PATCH {position}/{size}] ring: Change {thread}, step {position}\n"
        f"\n{body}\n"
    )


def long_patch(hunks: int) -> bytes:
    """Return a mail with a diff of one file that has so many hunks."""
    return (
        "From: A Dev <dev@example.org>\nDate: Tue, 2 Jan 2024 03:04:05 +0000\n"
        "Message-ID: <1@example.org>\nSubject: [PATCH] ring: Change all\n\n"
        + patch(hunks)
    ).encode()


def patch(hunks: int) -> str:
    """Return a commit log and a diff of so many hunks."""
    return (
        "Say why.\n\nSigned-off-by: A Dev <dev@example.org>\n---\n"
        "diff --git a/ring.c b/ring.c\nindex 0123456789ab..ba9876543210 100644\n"
        "--- a/ring.c\n+++ b/ring.c\n"
        + "".join(
            f"@@ -{at},3 +{at},3 @@ int ring_{at}(void)\n \tint a = {at};\n"
            f"-\tint b = a;\n+\tint b = a + 1;\n \treturn a + b;\n"
            for at in range(1, 10 * hunks, 10)
        )
    )
