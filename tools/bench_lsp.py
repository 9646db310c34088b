# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how soon remarks follow an edit: patchlint lsp, asked by a client of its library.

Usage: bench_lsp.py [--count N]. A message of 200 lines, a mail with a patch of a file
of 1000 lines and that file in a work tree are each edited N times, a word in the middle
at a time; what is timed is from the notification of the change to the diagnostics of
that very version, the pause for people who type included. Status 1 if those of the
message take more than 200 ms at worst, as they do where processors are short.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from fixtures.build import ENVIRONMENT
from tests.seams.editor import Editor

MILLISECONDS = 200.0
LINES = 200
ROUTINES = 90
SIGNED = "Signed-off-by: A Dev <dev@example.org>"
LOG = (
    "The ring of the driver has one lock for all of its slots, and whoever adds",
    "an entry waits for whoever takes one away. On a machine with 128 processors",
    "that is where most of the time goes: perf shows 41 % in the slow path of the",
    "spinlock, and the queue is empty for half of the time.",
    "",
    "Give each slot a lock of its own. An entry that moves from one slot to the",
    "next takes both, the lower one first, so that no two of them can wait for",
    "each other. The the counter becomes atomic, as nobody holds all of the locks",
    "at once any more, and commit 0123456789ab (\"ring: Count what is used\") has",
    "made its readers live with a value that is a little old.",
    "",
    "  before:  1.21 million entries per second",
    "  after:   4.87 million entries per second",
    "",
    "This does not change what happens on machines with a few processors; there",
    "the lock was not contended before. This patch also removes ring_peek(), which",
    "has had no caller since the receive path was rewritten.",
    "",
)  # fmt: skip
ROUTINE = """
static int ring_take_{number}(struct ring *ring, int count)
{{
	int left = ring->size - count;

	if (left < {number})
		return -EINVAL;
	spin_lock(&ring->lock);
	ring->used += count;
	spin_unlock(&ring->lock);
	return left;
}}
"""


def message(lines: int) -> str:
    """Return a message of so many lines, with a few things to remark on."""
    body = [LOG[n % len(LOG)] for n in range(lines - 4)]
    return "\n".join(("ring: Give each slot a lock", "", *body, "", SIGNED))


def code(word: str) -> str:
    """Return a file, in whose middle a word stands."""
    made = [ROUTINE.format(number=number) for number in range(ROUTINES)]
    made.insert(ROUTINES // 2, f"\n/* It holds the {word}. */\nint ring_{word};\n")
    return "".join(made).lstrip("\n")


def git(folder: Path, *words: str) -> str:
    """Run git, and return what it prints."""
    command = ["git", "-C", str(folder), *words]
    done = subprocess.run(  # noqa: S603 - our own arguments
        command, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return done.stdout


def repository(folder: Path) -> None:
    """Make a repository whose last commit changes a file."""
    git(folder, "init", "-q")
    (folder / "drivers").mkdir()
    for word in ("first", "last"):
        (folder / "drivers/ring.c").write_text(code(word), "utf-8")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", f"{message(20)}")


async def times(editor: Editor, path: Path, texts: Sequence[str]) -> list[float]:
    """Return how long remarks took after each edit, in milliseconds."""
    editor.open(path, texts[0])
    await editor.heard(path)
    taken = []
    for text in texts[1:]:
        begun = time.perf_counter()
        editor.edit(path, text)
        found = await editor.heard(path)
        taken.append(1000 * (time.perf_counter() - begun))
        if any(each.message.startswith("Not checked") for each in found):
            raise RuntimeError(f"{path.name}: {found[-1].message}")
        # People think before they write on.
        await asyncio.sleep(0.05)
    editor.close(path)
    return taken


async def measure(folder: Path, count: int) -> dict[str, list[float]]:
    """Return the times of each kind of document."""
    home = folder / "home"
    home.mkdir()
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
    }
    top = folder / "repo"
    top.mkdir()
    repository(top)
    words = [f"slot{n}" for n in range(count + 1)]
    whole = message(LINES)
    mail = git(top, "format-patch", "-1", "--stdout")
    name = "Remarks on"
    # No editor stops to look for garbage among the types of a library for Python.
    gc.freeze()
    async with Editor(environment) as editor:
        begun = time.perf_counter()
        editor.open(top / ".git/COMMIT_EDITMSG", "ring: Add\n\nThe the end.\n")
        await editor.heard(top / ".git/COMMIT_EDITMSG")
        first = 1000 * (time.perf_counter() - begun)
        return {
            "the first remark of all": [first],
            f"{name} a message of {LINES} lines": await times(
                editor,
                top / ".git/COMMIT_EDITMSG",
                [whole.replace("lock of its", f"lock {word}", 5) for word in words],
            ),
            f"{name} a mail of {mail.count(chr(10))} lines": await times(
                editor,
                top / "one.patch",
                [mail.replace("lock of its", f"lock {word}") for word in words],
            ),
            f"{name} C of {code('x').count(chr(10))} lines": await times(
                editor, top / "drivers/ring.c", [code(word) for word in words]
            ),
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        found = asyncio.run(measure(Path(name), given.count))
    print(f"{'median':>8} {'95 %':>8} {'worst':>8}  ms")
    for what, taken in found.items():
        most = sorted(taken)[int(0.95 * len(taken))]
        print(f"{statistics.median(taken):8.0f} {most:8.0f} {max(taken):8.0f}  {what}")
    of_message = next(taken for what, taken in found.items() if "message" in what)
    return 1 if max(of_message) > MILLISECONDS else 0


if __name__ == "__main__":
    sys.exit(main())
