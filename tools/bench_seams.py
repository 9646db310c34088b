# SPDX-License-Identifier: GPL-2.0-or-later
"""How long git and b4 wait for us: each seam with a small patch.

What is kept from other runs is there; the answer for this very patch is not ("anew"),
or is, too ("again"). Wall time, the middle one and the longest of some runs, is
that of a process from its start to its end; on a machine that does other things look at
the CPU time, and at that of an empty Python beside it.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from fixtures.build import ENVIRONMENT, git

RUNS = 15
SIGNED = "Signed-off-by: A Dev <dev@example.org>"
LOG = f"ring: Add one\n\nOthers need it.\n\n{SIGNED}\n"


def main() -> None:
    """Measure in a repository made for it, and print a line for each seam."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        repository, patch = _repository(top)
        message = top / "message"
        message.write_text(LOG)
        ours = str(Path(sys.executable).parent / "patchlint")
        hook = (ours, "hook", "run")
        seams: Sequence[tuple[str, tuple[str, ...], bytes]] = (
            ("an empty Python", (sys.executable, "-c", "pass"), b""),
            (
                "commit-msg",
                (*hook, "commit-msg", "--fail-on", "error", str(message)),
                b"",
            ),
            (
                "sendemail-validate, one file",
                (*hook, "sendemail-validate", "--fail-on", "error", str(patch)),
                b"",
            ),
            ("b4 check", (ours, "b4", "check"), patch.read_bytes()),
            ("b4 review-patch", (ours, "b4", "review-patch"), patch.read_bytes()),
        )
        print(f"{'wall ms (at worst), CPU ms':30} {'anew':>24} {'again':>24}")
        for what, command, given in seams:
            both = (
                _timed(command, given, repository, is_new=is_new)
                for is_new in (True, False)
            )
            shown = (
                f"{statistics.median(walls):.0f} ({max(walls):.0f}), {cpu:.0f}"
                for walls, cpu in both
            )
            print(f"{what:30} " + " ".join(f"{text:>24}" for text in shown))


def _repository(top: Path) -> tuple[Path, Path]:
    repository = top / "repo"
    repository.mkdir()
    git(repository, "init", "-q")
    for text in ("int zero;\n", "int zero;\nint one;\n"):
        (repository / "ring.c").write_text(text)
        git(repository, "add", "ring.c")
        git(repository, "commit", "-qm", LOG)
    git(repository, "format-patch", "-q", "-1", "-o", str(top), "--thread")
    return repository, next(top.glob("*.patch"))


def _timed(
    command: Sequence[str], given: bytes, folder: Path, *, is_new: bool
) -> tuple[list[float], float]:
    """Return the wall times of some runs, and the least CPU time, in milliseconds."""
    cache = folder.parent / "cache"
    kept = {k: v for k, v in os.environ.items() if k.startswith("PYTHONPATH")}
    environment = {**ENVIRONMENT, **kept, "XDG_CACHE_HOME": str(cache)}
    found: list[tuple[float, float]] = []
    for _ in range(RUNS + 1):
        if is_new:
            shutil.rmtree(cache / "patchlint" / "answers", ignore_errors=True)
        before, begin = (
            resource.getrusage(resource.RUSAGE_CHILDREN),
            time.perf_counter(),
        )
        subprocess.run(  # noqa: S603 - the words are ours
            command,
            input=given,
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
        wall = time.perf_counter() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((wall * 1000, used * 1000))
    # The first one has nothing that is kept.
    return [wall for wall, _ in found[1:]], min(cpu for _, cpu in found)


if __name__ == "__main__":
    main()
