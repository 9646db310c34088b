# SPDX-License-Identifier: GPL-2.0-or-later
"""What is timed: real patches, drawn by hash, as files in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from patchlint.mail.mbox import split_mbox

_MARK = b"From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n"
_LINES = 14_000


@dataclass(frozen=True)
class Inputs:
    """A file a patch, and boxes of so many of them."""

    singles: tuple[Path, ...]
    boxes: dict[int, Path]
    long: Path


def prepare(folder: Path, corpus: Path, count: int) -> Inputs:
    """Write ``count`` patches, and boxes of 10, 100, a half, all and twice as many."""
    mails = sorted(_mails(corpus), key=lambda mail: sha256(mail).digest())[:count]
    if len(mails) < count:
        raise SystemExit(f"{corpus}: {len(mails)} patches, not {count}")
    singles = []
    for number, mail in enumerate(mails):
        single = folder / f"{number:04}.patch"
        single.write_bytes(mail)
        singles.append(single)
    boxes = {}
    for size in sorted({10, 100, count // 4, count // 2, count}):
        boxes[size] = folder / f"{size}.mbox"
        boxes[size].write_bytes(b"".join(mails[:size]))
    long = folder / "long.patch"
    long.write_bytes(_long())
    return Inputs(tuple(singles), boxes, long)


def _mails(corpus: Path) -> Iterator[bytes]:
    for path in sorted(corpus.glob("*.mbox*")):
        for mail in split_mbox(path.read_bytes()):
            if b"\ndiff --git " in mail:
                yield mail if mail.startswith(b"From ") else _MARK + mail


def _long() -> bytes:
    """Return a patch that adds a driver of 14,000 lines."""
    rows = ["// SPDX-License-Identifier: GPL-2.0"]
    number = 0
    while len(rows) < _LINES:
        number += 1
        rows += [
            "",
            f"static int ring_fill_{number}(struct ring *ring, unsigned int count)",
            "{",
            "\tunsigned int left = ring->size - ring->used;",
            "",
            "\tif (count > left)",
            "\t\treturn -ENOSPC;",
            "\tspin_lock(&ring->lock);",
            f"\tring->used += count + {number};",
            "\tspin_unlock(&ring->lock);",
            "\treturn 0;",
            "}",
        ]
    body = "".join(f"+{row}\n" for row in rows)
    head = (
        "From: A Dev <dev@example.org>\nSubject: [PATCH] ring: Add a driver\n"
        "Date: Tue, 2 Jan 2024 03:04:05 +0000\nMessage-ID: <long@example.org>\n\n"
        "Rings need a driver. Add one.\n\nSigned-off-by: A Dev <dev@example.org>\n---\n"
        f" drivers/ring/ring.c | {len(rows)} +\n 1 file changed\n\n"
        "diff --git a/drivers/ring/ring.c b/drivers/ring/ring.c\nnew file mode 100644\n"
        f"--- /dev/null\n+++ b/drivers/ring/ring.c\n@@ -0,0 +1,{len(rows)} @@\n"
    )
    return _MARK + head.encode() + body.encode() + b"-- \n2.39.5\n"
