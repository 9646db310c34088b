# SPDX-License-Identifier: GPL-2.0-or-later
"""Say how often code rules speak on accepted patches whose whole files are known.

Usage: measure_files.py LINUX [-j N] [--every N] [--show all|loud] [--tree] [MBOX...].
LINUX is a checkout that already holds the patches. A file is known where its blob id is
one the mail names, or where the new side of every hunk stands in the tree exactly once:
then the file before is made from it. The default is all accepted patches beside the
checkout. Status 1 if a rule crashed, or 0.3 % of the patches get an error or a warning.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from patchlint.adapters.cards import load_rules  # noqa: E402
from patchlint.diff.oid import blob_oid  # noqa: E402
from patchlint.lint.engine import run  # noqa: E402
from patchlint.model.change import FileChange, Hunk, Kind  # noqa: E402
from patchlint.model.finding import Finding, Severity  # noqa: E402
from patchlint.model.series import Patch  # noqa: E402
from patchlint.pipeline import read  # noqa: E402
from patchlint.series.tree import NoTrees  # noqa: E402
from tests.linux import trees  # noqa: E402
from tests.mails import Blobs, diff, patch_mail  # noqa: E402

ACCEPTED = ROOT.parent / "shared/corpus/accepted"
NAMES = ("tip-before-2024.mboxrd", "verbatim-no-remarks.mbox")
GROUPS = ("x86", "asm", "c", "doc", "kconfig")
LIMIT = 0.3
BATCH = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """A patch on whole files; ``proven`` if a blob id of the mail says so."""

    subject: str
    log: str
    before: dict[str, str]
    after: dict[str, str]
    proven: bool


@dataclass(slots=True)
class Tally:
    """What came of some patches."""

    patches: int = 0
    placed: int = 0
    proven: int = 0
    loud: int = 0
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    skips: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take another tally in."""
        self.patches += other.patches
        self.placed += other.placed
        self.proven += other.proven
        self.loud += other.loud
        self.rules += other.rules
        self.skips += other.skips
        self.said += other.said
        self.crashes += other.crashes


class Linux:
    """The files of a checkout, read at most once."""

    def __init__(self, root: Path) -> None:
        """Read from ``root``."""
        self._root = root
        self._texts: dict[str, str | None] = {}

    def text(self, path: str) -> str | None:
        """Return a file, or None if it is not there (or not inside the tree)."""
        if path not in self._texts:
            place = self._root / path
            inside = ".." not in Path(path).parts and place.is_file()
            raw = place.read_bytes() if inside else None
            made = None if raw is None else raw.decode("utf-8", "surrogateescape")
            self._texts[path] = made
        return self._texts[path]


def place(patch: Patch, linux: Linux) -> Placed | None:
    """Put a patch on whole files; None where one of its code files is not known."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    proven = False
    for change in patch.changes:
        sides = both(change, linux)
        if sides is None:
            if change.path.endswith((".c", ".h", ".S")) or "Kconfig" in change.path:
                return None
            continue
        old, new = sides
        proven |= named(change.old_oid, old) or named(change.new_oid, new)
        if old is not None:
            before[change.old_path or change.path] = old
        if new is not None:
            after[change.path] = new
    if before == after:
        return None
    log = "\n".join(patch.message.line(at) for at in patch.parts.log)
    return Placed(patch.message.subject.text, log, before, after, proven)


def both(change: FileChange, linux: Linux) -> tuple[str | None, str | None] | None:
    """Return a file before and after a change, or None if they are not known."""
    if change.binary:
        return None
    if change.old_path is None:
        return None, one_side(change, Kind.REMOVED)
    if change.new_path is None:
        return one_side(change, Kind.ADDED), None
    text = linux.text(change.old_path)
    if text is not None and named(change.old_oid, text):
        made = replaced(text, change.hunks, Kind.REMOVED)
        return None if made is None else (text, made)
    text = linux.text(change.new_path)
    made = None if text is None else replaced(text, change.hunks, Kind.ADDED)
    return None if made is None else (made, text)


def one_side(change: FileChange, without: Kind) -> str:
    """Return the text of a file that is added or removed as a whole."""
    lines = [line for line in change.lines if line.kind is not without]
    return "".join(f"{ln.text}\n" if ln.newline else ln.text for ln in lines)


def named(oid: str, text: str | None) -> bool:
    """Say whether a blob id of a mail is that of a text."""
    return text is not None and len(oid) >= 7 and blob_oid(text).startswith(oid)


def replaced(text: str, hunks: Sequence[Hunk], here: Kind) -> str | None:
    """Replace each hunk's side that has ``here`` lines by the other side.

    None unless that side of each hunk stands in the text exactly once.
    """
    away = Kind.REMOVED if here is Kind.ADDED else Kind.ADDED
    lines = text.split("\n")
    for hunk in reversed(hunks):
        has = [line.text for line in hunk.lines if line.kind is not away]
        gets = [line.text for line in hunk.lines if line.kind is not here]
        at = only(lines, has)
        if at is None:
            return None
        lines[at : at + len(has)] = gets
    return "\n".join(lines)


def only(lines: Sequence[str], part: Sequence[str]) -> int | None:
    """Return where a run of lines stands, if it stands in one place."""
    if not part:
        return None
    found = [
        at
        for at, line in enumerate(lines)
        if line == part[0] and list(lines[at : at + len(part)]) == list(part)
    ]
    return found[0] if len(found) == 1 else None


def review(patches: Sequence[Patch], root: Path, *, far: bool) -> Tally:
    """Review patches on whole files; runs in a process of its own."""
    linux, tally = Linux(root), Tally()
    around = trees(root) if far else NoTrees()
    rules = [r for r in load_rules() if r.card.id.partition("/")[0] in GROUPS]
    for patch in patches:
        tally.patches += 1
        if (placed := place(patch, linux)) is None:
            continue
        tally.placed += 1
        tally.proven += placed.proven
        body = f"{placed.log}\n\nSigned-off-by: A Dev <dev@example.org>"
        mail = patch_mail(body, diff(placed.before, placed.after))
        postings = read([mail.encode("utf-8", "surrogateescape")])
        report = run(rules, postings, Blobs(placed.before), around)
        count(tally, placed.subject, report.findings)
        tally.crashes += [
            f"{c.rule}: {c.error}: {placed.subject}" for c in report.crashes
        ]
        tally.skips.update({skip.rule for skip in report.skips})
    return tally


def count(tally: Tally, subject: str, findings: Sequence[Finding]) -> None:
    """Count each rule once a patch, at its loudest; keep what is said to be read."""
    loudest: dict[str, Severity] = {}
    for finding in findings:
        loudest[finding.rule] = max(
            finding.severity, loudest.get(finding.rule, Severity.NOTE)
        )
        tally.said.append(told(subject, finding))
    tally.rules.update((rule, level.name) for rule, level in loudest.items())
    tally.loud += any(level >= Severity.WARNING for level in loudest.values())


def told(subject: str, finding: Finding) -> str:
    """Return a finding with its proof, to be read by hand."""
    path = getattr(finding.where, "path", "")
    lines = [f"{finding.severity.name} {finding.rule}: {subject}", f"  {path}"]
    lines += [f"  | {finding.quote}", f"  {finding.message}"]
    lines += [f"    {step.text.strip()}  ({step.note})" for step in finding.trace]
    return "\n".join(lines)


def batches(patches: Iterator[Patch]) -> Iterator[list[Patch]]:
    """Cut the patches into lists."""
    while batch := list(islice(patches, BATCH)):
        yield batch


def main() -> int:
    """Print a line a rule and each hit; status 1 if it is too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-j", type=int, default=2, metavar="N")
    parser.add_argument("--every", type=int, default=1, metavar="N")
    parser.add_argument("--tree", action="store_true", help="index the tree as well")
    parser.add_argument("--show", choices=("all", "loud"), default="loud")
    parser.add_argument("linux", nargs="?", default="")
    default = [ACCEPTED / name for name in NAMES]
    parser.add_argument("mbox", nargs="*", type=Path, default=default)
    given = parser.parse_intermixed_args()
    there = [path for path in given.mbox if path.exists()]
    if not there or not given.linux:
        print("measure-files: no accepted patches or no tree here; nothing measured")
        return 0
    begin = time.perf_counter()
    chosen = patches(there, given.every)
    tally = measure(chosen, Path(given.linux), given.j, far=given.tree)
    show(tally, time.perf_counter() - begin, quiet=given.show == "loud")
    share = 100 * tally.loud / max(1, tally.placed)
    return 1 if tally.crashes or share >= LIMIT else 0


def patches(mboxes: Sequence[Path], every: int) -> list[Patch]:
    """Return every so-manyth patch of the mailboxes."""
    postings = read([path.read_bytes() for path in mboxes])
    return [patch for series in postings for patch in series.patches][::every]


def measure(chosen: Sequence[Patch], root: Path, jobs: int, *, far: bool) -> Tally:
    """Review patches in some processes; ``far`` with the tree around them."""
    tally = Tally()
    if far:
        trees(root, {change.path for patch in chosen for change in patch.changes})
    with ProcessPoolExecutor(jobs) as pool:
        work = [
            pool.submit(review, batch, root, far=far) for batch in batches(iter(chosen))
        ]
        for done in work:
            tally.add(done.result())
    return tally


def show(tally: Tally, seconds: float, *, quiet: bool) -> None:
    """Print the figures, then what was said."""
    names = sorted({rule for rule, _ in tally.rules} | set(tally.skips))
    levels = [level.name for level in reversed(Severity)]
    print(
        f"{'':36}" + "".join(f"{name.lower():>10}" for name in levels) + " not checked"
    )
    for name in names:
        counts = "".join(f"{tally.rules[name, level]:10}" for level in levels)
        print(f"{name:36}{counts}{tally.skips[name]:12}")
    print(
        f"{tally.patches} patches, {tally.placed} with whole files"
        f" ({tally.proven} proven by a blob id), {tally.loud} with an error or a"
        f" warning ({100 * tally.loud / max(1, tally.placed):.2f} %),"
        f" {len(tally.crashes)} crashes, {seconds:.0f} s"
    )
    for crash in tally.crashes:
        print(f"CRASH {crash}")
    for text in tally.said:
        if not quiet or text.startswith(("ERROR", "WARNING", "QUESTION")):
            print(text)


if __name__ == "__main__":
    sys.exit(main())
