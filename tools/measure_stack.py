# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold the files that are made in memory against those that ``git am`` makes.

Usage: measure_stack.py [--linux DIR] [--count N] [--show]. Each series is applied one
mail at a time, in a small repository that holds just the files it touches; after every
patch each file that the stack knows whole must have the same bytes. What it does not
know whole is *not proven*; what differs is a fault, status 1.

A mail whose lines end with carriage returns inside of base64 or quoted-printable is
read as ``git am --quoted-cr=strip`` does, and b4. The series are those of the seed on
its merged tree, and real ones on the tree of Linux: posted series as they are, or,
where they were merged since, on the files that come of putting their patches
backwards; then accepted patches, some in a row as one series. What git am took is
mailed again by git format-patch, so that the lines stand where they say, and is proved
again, with the blob ids and without them.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from patchlint.adapters.git import Blobs
from patchlint.mail.cut import cut
from patchlint.mail.mbox import split_mbox
from patchlint.mail.message import parse_message
from patchlint.model.change import FileChange, Kind
from patchlint.model.defect import Defect
from patchlint.model.image import Image
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.model.series import Patch, Series
from patchlint.pipeline import read
from patchlint.series.images import Images, stack
from tools.measure_files import Linux, one_side, replaced

SHARED = Path(__file__).parents[2] / "shared"
MERGED = SHARED / "seed" / "tree-merged.bundle"
MANY = 100
ROW = 8
ODD = "surrogateescape"
INDEX = re.compile(rb"^index [0-9a-f]+\.\.[0-9a-f]+.*\n", re.MULTILINE)
CODE = 50
SETTINGS: tuple[str, ...] = (
    "core.autocrlf=false",
    "core.hooksPath=/dev/null",
    "gc.auto=0",
)
SETTINGS += ("commit.gpgSign=false", "user.name=A Dev", "user.email=dev@example.org")

Files = dict[str, str]


@dataclass(slots=True)
class Tally:
    """What came of one series, or of all: counts of patches and of files."""

    series: int = 0
    whole: int = 0
    patches: int = 0
    refused: int = 0
    same: int = 0
    unproven: int = 0
    different: list[str] = field(default_factory=list)
    bold: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take another tally in."""
        self.series += other.series
        self.whole += other.whole
        self.patches += other.patches
        self.refused += other.refused
        self.same += other.same
        self.unproven += other.unproven
        self.different += other.different
        self.bold += other.bold

    def __str__(self) -> str:
        """Return the counts in a line."""
        return (
            f"{self.series} series, {self.whole} applied whole by git am; "
            f"{self.patches} patches applied, {self.refused} refused; "
            f"files after a patch: {self.same} the same bytes, {self.unproven} not "
            f"proven, {len(self.different)} DIFFERENT; "
            f"{len(self.bold)} whole where git refuses"
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A series, its mails as they came, and the files it is to be applied to."""

    name: str
    series: Series
    mails: tuple[bytes, ...]
    before: Files


class Repository:
    """A repository of a few files, in a folder that goes away."""

    def __init__(self, root: Path, files: Mapping[str, str]) -> None:
        """Make one commit of ``files``."""
        self.root = root
        self.git("init", "-q")
        for path, text in files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text.encode("utf-8", "surrogateescape"))
        self.git("add", "-A", "-f")
        self.git("commit", "-q", "--allow-empty", "-m", "base")
        self.git("tag", "base")

    def git(self, *arguments: str, given: bytes = b"") -> bool:
        """Run git; say whether it was content."""
        return self.run(*arguments, given=given) is not None

    def mails(self) -> tuple[bytes, ...]:
        """Return all commits but the first as mails."""
        made = self.run("format-patch", "--stdout", "--thread", "--root", "base..HEAD")
        return split_mbox(made) if made else ()

    def run(self, *arguments: str, given: bytes = b"") -> bytes | None:
        """Run git; return what it prints, None where it fails."""
        settings = [part for each in SETTINGS for part in ("-c", each)]
        clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        done = subprocess.run(  # noqa: S603
            ["git", *settings, *arguments],  # noqa: S607
            cwd=self.root,
            input=given,
            env={**clean, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"},
            capture_output=True,
            check=False,
        )
        return None if done.returncode else done.stdout

    def take(self, mail: bytes) -> bool:
        """Apply one mail as ``git am`` does; leave nothing behind if it does not."""
        mark = b"From 0123456789abcdef Mon Sep 17 00:00:00 2001\n"
        text = mail if mail.startswith(b"From ") else mark + mail
        options = ("--quiet", "--no-3way", "--quoted-cr=strip")
        if self.git("am", *options, given=text):
            return True
        self.git("am", "--abort")
        self.git("reset", "-q", "--hard")
        return False

    def raw(self, path: str) -> bytes | None:
        """Return a file as it is now."""
        place = self.root / path
        if place.is_symlink() or not place.is_file():
            return None
        return place.read_bytes()


def prove(case: Case) -> tuple[Tally, tuple[bytes, ...]]:
    """Apply a series both ways, and compare the files after every patch.

    The mails are what git makes of the commits, if it took them all.
    """
    tally = Tally(series=1)
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository(Path(folder), case.before)
        with Blobs(Path(folder)) as blobs:
            rows = stack(case.series, blobs)
        for patch, mail, row in zip(case.series.patches, case.mails, rows, strict=True):
            name = f"{case.name} {patch.position}/{case.series.total}"
            if not repository.take(mail):
                tally.refused += 1
                tally.bold += list(bold(row, name))
                return tally, ()
            tally.patches += 1
            compare(tally, row, repository, name)
        mails = repository.mails()
    tally.whole += 1
    return tally, mails


def renewed(case: Case, mails: Sequence[bytes], name: str) -> Tally:
    """Prove a series once more, as git mails it."""
    series = joined([single(mail) for mail in mails])
    return prove(Case(f"{case.name}, {name}", series, tuple(mails), case.before))[0]


def compare(
    tally: Tally, row: Iterable[Images], repository: Repository, name: str
) -> None:
    """Compare the files of one patch, as they are behind all of its changes."""
    last = {images.change.path: images for images in row}
    for path, images in last.items():
        if images.change.new_path is None:
            is_known = images.old is not None and images.old.whole
            is_same = repository.raw(path) is None
        else:
            is_known = images.new is not None and images.new.whole
            is_same = is_known and repository.raw(path) == raw(images.new)
        if not is_known:
            tally.unproven += 1
        elif is_same:
            tally.same += 1
        else:
            tally.different.append(f"{name} {path} ({images.origin})")


def raw(image: Image | None) -> bytes:
    """Return the bytes of an image."""
    return b"" if image is None else image.text.encode("utf-8", "surrogateescape")


def bold(row: Iterable[Images], name: str) -> Iterator[str]:
    """Yield the files that the stack knows after a patch that git refuses: all."""
    found = [images for images in row if images.change.hunks]
    if found and all(images.new and images.new.whole for images in found):
        yield f"{name} {', '.join(images.change.path for images in found)}"


def seed() -> Iterator[Case]:
    """Yield the merged series as mailed, and as its tree has it, on that tree.

    The tree is a part of one release, so that git am refuses some of the mails.
    """
    mails = sorted((SHARED / "seed" / "merged").glob("*.am.eml"))
    if not mails or not MERGED.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        git("clone", "-q", "-b", "merged", str(MERGED), folder)
        made = git("-C", folder, "format-patch", "--stdout", "--thread", "origin/base")
        git("-C", folder, "checkout", "-q", "origin/base")
        files = [path for path in root.rglob("*") if path.is_file()]
        before = {
            str(path.relative_to(root)): path.read_bytes().decode(errors=ODD)
            for path in files
            if ".git" not in path.relative_to(root).parts
        }
    boxes = {"seed": [path.read_bytes() for path in mails]}
    boxes["seed as merged"] = list(split_mbox(made))
    for name, texts in boxes.items():
        yield Case(name, joined([single(text) for text in texts]), tuple(texts), before)


def git(*arguments: str) -> bytes:
    """Return what git prints; the seed is ours, so it is content."""
    command = ["git", *arguments]
    return subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603


def single(text: bytes) -> Patch:
    """Return the one patch of a mail."""
    (series,) = read([text])
    return series.patches[0]


def joined(patches: Sequence[Patch]) -> Series:
    """Return some patches as one series."""
    return Series(None, tuple(patches), version=1, total=len(patches))


def posted(linux: Linux, threads: Path) -> Iterator[Case]:
    """Yield the complete series of each thread that stand on the tree, some way."""
    for folder in sorted({file.parent for file in threads.glob("*/*.mbox")}):
        boxes = [file.read_bytes() for file in sorted(folder.glob("*.mbox"))]
        mails = by_id(boxes)
        for series in read(boxes):
            raws = tuple(mails.get(p.message.message_id, b"") for p in series.patches)
            before = None if series.missing else base_of(series.patches, linux)
            if before is not None and all(raws):
                name = f"{folder.name[:CODE]} v{series.version}"
                yield Case(name, series, raws, before)


def by_id(boxes: Iterable[bytes]) -> Mapping[str, bytes]:
    """Return the mails as they came, by their ids."""
    pieces = cut(boxes, DEFAULT_LIMITS)
    mails = [piece for piece in pieces if not isinstance(piece, Defect)]
    return {parse_message(mail).message_id: mail for mail in mails}


def accepted(linux: Linux, mbox: Path) -> Iterator[Case]:
    """Yield accepted patches put backwards, some in a row as one series."""
    if not mbox.exists():
        return
    box = mbox.read_bytes()
    mails = by_id([box])
    here = [patch for series in read([box]) for patch in series.patches]
    placed = [patch for patch in here if backwards([patch], linux) is not None]
    for at in range(0, len(placed), ROW):
        row = placed[at : at + ROW]
        before = backwards(row, linux)
        if before is not None:
            raws = tuple(mails[patch.message.message_id] for patch in row)
            yield Case(f"accepted {at}", joined(row), raws, before)


def base_of(patches: Sequence[Patch], linux: Linux) -> Files | None:
    """Return the files a series is for: those of the tree, or those before it."""
    return forwards(patches, linux) or backwards(patches, linux)


def forwards(patches: Sequence[Patch], linux: Linux) -> Files | None:
    """Return the files of the tree if each hunk of the first patches stands there."""
    files: Files = {}
    touched: set[str] = set()
    for patch in patches:
        for change in patch.changes:
            path = change.old_path
            if path is None or path in touched:
                continue
            text = linux.text(path)
            if text is None or replaced(text, change.hunks, Kind.REMOVED) is None:
                return None
            files[path] = text
        touched |= patch.touched
    return files


def backwards(patches: Sequence[Patch], linux: Linux) -> Files | None:
    """Return the files before a series that the tree holds; None if it does not."""
    files: dict[str, str | None] = {}
    for patch in reversed(patches):
        for change in reversed(patch.changes):
            if not back(change, files, linux):
                return None
    return {path: text for path, text in files.items() if text is not None}


def back(change: FileChange, files: dict[str, str | None], linux: Linux) -> bool:
    """Take one change back; say whether that was possible."""
    if change.binary or change.incomplete:
        return False
    if change.new_path is None:
        files[change.path] = one_side(change, Kind.ADDED)
        return True
    text = files.get(change.new_path, linux.text(change.new_path))
    made = None if text is None else replaced(text, change.hunks, Kind.ADDED)
    if made is None:
        return False
    if change.old_path != change.new_path:
        files[change.new_path] = None
    if change.old_path is not None:
        files[change.old_path] = made
    return True


def run(cases: Iterable[Case], most: int, *, shows: bool) -> Mapping[str, Tally]:
    """Prove so many series, each in three ways; return the sums of each way."""
    totals = {"as mailed": Tally(), "renewed": Tally(), "without ids": Tally()}
    for case in islice(cases, most):
        tally, mails = prove(case)
        tallies = {"as mailed": tally}
        if mails:
            tallies["renewed"] = renewed(case, mails, "renewed")
            bare = [INDEX.sub(b"", mail) for mail in mails]
            tallies["without ids"] = renewed(case, bare, "without ids")
        for way, made in tallies.items():
            totals[way].add(made)
            tell(f"{case.name}, {way}", made, shows=shows)
    return totals


def tell(name: str, tally: Tally, *, shows: bool) -> None:
    """Print what there is to say of one series."""
    if shows or tally.different or tally.bold:
        print(f"{name}: {tally}", flush=True)
    for text in tally.different:
        print(f"  DIFFERENT {text}")
    for text in tally.bold:
        print(f"  git refuses {text}")


def main() -> int:
    """Print the sums; status 1 if a file that was called whole is another one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--linux", default="")
    parser.add_argument("--count", type=int, default=MANY)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--threads", type=Path, default=SHARED / "corpus/threads")
    mbox = SHARED / "corpus/accepted/tip-before-2024.mboxrd"
    parser.add_argument("--accepted", type=Path, default=mbox)
    given = parser.parse_args()
    begin = time.perf_counter()
    faults = 0
    groups: dict[str, Iterable[Case]] = {"seed": seed()}
    if given.linux:
        linux = Linux(Path(given.linux))
        groups["posted"] = posted(linux, given.threads)
        groups["accepted"] = accepted(linux, given.accepted)
    left = given.count
    for name, cases in groups.items():
        most = 2 if name == "seed" else left
        for way, tally in run(cases, most, shows=given.show).items():
            faults += len(tally.different)
            print(f"{name}, {way}: {tally}", flush=True)
            left -= tally.series if name != "seed" and way == "as mailed" else 0
    print(f"{time.perf_counter() - begin:.0f} s")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
