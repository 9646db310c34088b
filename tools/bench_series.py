# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how the cost of a series grows with its patches: time, and memory at most.

Usage: bench_series.py [-j N] [COUNT...]. The series is made here: a driver of 40 files
and a header, some hundred lines each, which no patch makes longer; every patch writes
a function in one of them, its prototype in the header, and its call in a file that all
patches change. The command is run on it as a user does, in the repository of the base.
Status 1 if 200 patches take more than 20 s or 500 MB, or a patch of the longest series
costs half as much again as one of the shortest.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

FILES = 40
LINES = 300
SLOTS = 200
COUNTS = (50, 100, 200)
SECONDS = 20.0
MEGABYTES = 500.0
GROWTH = 1.5
ROUTINE = """
int ring_{file}_{number}(struct ring *ring, int count)
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
Files = dict[str, str]


def base() -> Files:
    """Return the files before the series."""
    files = {"include/linux/ring.h": header(0), "drivers/ring/core.c": core(0)}
    for file in range(FILES):
        files[f"drivers/ring/part{file}.c"] = part(file, ())
    objects = " ".join(f"part{file}.o" for file in range(FILES))
    files["drivers/ring/Makefile"] = f"obj-y += core.o {objects}\n"
    files["MAINTAINERS"] = (
        "Maintainers List\n----------------\n\nRINGS\n"
        "M:\tA Dev <dev@example.org>\nL:\tlinux-ring@vger.kernel.org\n"
        "S:\tMaintained\nF:\tdrivers/ring/\nF:\tinclude/linux/ring.h\n"
    )
    return files


def header(done: int) -> str:
    """Return the header after so many patches; its length stays."""
    rows = "".join(
        f"int ring_{n % FILES}_{n}(struct ring *ring, int count);\n"
        if n <= done
        else f"#define RING_LATER_{n} {n}\n"
        for n in range(1, SLOTS + 1)
    )
    struct = "struct ring {\n\tspinlock_t lock;\n\tint size;\n\tint used;\n};\n"
    return f"#ifndef _RING_H\n#define _RING_H\n\n{struct}\n{rows}\n#endif\n"


def core(done: int) -> str:
    """Return the file that all patches change, after so many; its length stays."""
    rows = "".join(
        f"\terr |= ring_{n % FILES}_{n}(ring, {n});\n"
        if n <= done
        else f"\terr |= ring_check(ring, {n});\n"
        for n in range(1, SLOTS + 1)
    )
    head = "int ring_all(struct ring *ring)\n{\n\tint err = 0;\n\n"
    return f"#include <linux/ring.h>\n\n{head}{rows}\treturn err;\n}}\n"


def part(file: int, done: Sequence[int]) -> str:
    """Return one of the other files, with the functions of some patches."""
    rows = [*done, *(-n for n in range(LINES // ROUTINE.count("\n") - len(done)))]
    body = "".join(
        ROUTINE.format(file=file if n > 0 else f"old{file}", number=abs(n))
        for n in rows
    )
    return f"#include <linux/ring.h>\n{body}"


def states(count: int) -> Iterator[Files]:
    """Yield what each patch changes: files of a size that stays, whatever the count."""
    done: dict[int, list[int]] = {file: [] for file in range(FILES)}
    for number in range(1, count + 1):
        file = number % FILES
        done[file].append(number)
        yield {
            f"drivers/ring/part{file}.c": part(file, done[file]),
            "include/linux/ring.h": header(number),
            "drivers/ring/core.c": core(number),
        }


def make(root: Path, count: int) -> Path:
    """Make the repository of the base, and the series beside it; return its mailbox."""
    tree, box = root / "tree", root / "series.mbox"
    tree.mkdir()
    git(tree, "init", "-q")
    write(tree, base())
    commit(tree, "ring: Add it")
    git(tree, "tag", "base")
    for number, files in enumerate(states(count), 1):
        write(tree, files)
        commit(tree, f"ring: Add ring_{number % FILES}_{number}()")
    options = ("--stdout", "--thread", "--cover-letter", "--base=base")
    box.write_bytes(git(tree, "format-patch", *options, "base..HEAD"))
    git(tree, "checkout", "-q", "base")
    return box


def write(root: Path, files: Files) -> None:
    """Write files below a folder."""
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def commit(root: Path, title: str) -> None:
    """Commit all that is there."""
    git(root, "add", "-A")
    log = "The ring needs a function more, and one place that calls it.\n"
    git(root, "commit", "-q", "-s", "-m", title, "-m", log)


def git(root: Path, *arguments: str) -> bytes:
    """Return what git prints."""
    named = ("-c", "user.name=A Dev", "-c", "user.email=dev@example.org")
    command = ["git", "-C", str(root), "-c", "gc.auto=0", *named, *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603


def measure(count: int, jobs: int) -> tuple[float, float]:
    """Return the seconds and the megabytes that a series of ``count`` patches takes."""
    with tempfile.TemporaryDirectory() as folder:
        box = make(Path(folder), count)
        command = [sys.executable, "-m", "patchlint", "-j", str(jobs), "--fail-on"]
        command += ["error", "--repo", str(Path(folder) / "tree"), str(box)]
        begin = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
        seconds = time.perf_counter() - begin
        if done.returncode not in (0, 1):
            sys.exit(done.stderr.decode())
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return seconds, used / 1024


def main() -> int:
    """Print a line a length; status 1 over a bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-j", type=int, default=2, metavar="N")
    parser.add_argument("counts", nargs="*", type=int, default=COUNTS, metavar="COUNT")
    given = parser.parse_args()
    each: list[float] = []
    is_over = False
    for count in sorted(given.counts):
        seconds, megabytes = measure(count, given.j)
        each.append(seconds / count)
        is_over |= count == max(COUNTS) and (seconds > SECONDS or megabytes > MEGABYTES)
        print(
            f"{count:4} patches: {seconds:6.1f} s, {1000 * each[-1]:5.0f} ms a patch,"
            f" {megabytes:4.0f} MB at most",
            flush=True,
        )
    return 1 if is_over or each[-1] > GROWTH * each[0] else 0


if __name__ == "__main__":
    sys.exit(main())
