# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the files and the line counts of diffs with those of git.

``python tools/measure_numstat.py FILE...`` reads mailboxes and mails (folders too), and
prints how many patches ``git mailinfo | git apply --numstat -z`` accepts, how many of
them come out the same here, and each that does not, with both answers. The answers of
git are kept in the folder for temporary files.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from fixtures.build import ENVIRONMENT
from patchlint.diff.parse import parse_diff
from patchlint.mail.anatomy import dissect
from patchlint.mail.mbox import split_mbox
from patchlint.mail.message import parse_message
from patchlint.model.change import Diff, FileChange, Kind

ENDINGS = (".mbox", ".mboxrd", ".eml", ".patch", ".diff", ".txt", ".in")
KEPT = Path(tempfile.gettempdir()) / "patchlint-numstat.json"
Row = tuple[str, str, str]


def main(names: list[str]) -> int:
    """Print the figures; the status says whether 99.9 % of the patches agree."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    count: Counter[str] = Counter()
    try:
        for place, raw in mails(map(Path, names)):
            count[compare(place, raw, kept)] += 1
    finally:
        KEPT.write_text(json.dumps(kept))
    accepted = count["same"] + count["different"]
    print(", ".join(f"{kind}: {number}" for kind, number in sorted(count.items())))
    print(f"git accepts {accepted}, the same {count['same'] / max(accepted, 1):.3%}")
    return int(count["same"] < 0.999 * accepted)


def mails(places: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield each mail with the name of its file and its number there."""
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for file in files:
            wanted = file == place or file.suffix in ENDINGS or "patch" in file.name
            if file.is_file() and wanted:
                for number, raw in enumerate(split_mbox(file.read_bytes()), 1):
                    yield f"{file}#{number}", raw


def compare(place: str, raw: bytes, kept: dict[str, list[Row] | None]) -> str:
    """Return how the two answers for one mail compare; print what differs."""
    theirs = answer(raw, kept)
    diff = read(raw)
    ours = [row(change) for change in diff.changes]
    if theirs is None:
        if not ours and not diff.defects:
            return "no diff"
        if diff.defects:
            return "refused by git, defect"
        print(f"{place}: only git refuses it")
        return "refused by git only"
    if sorted(map(tuple, theirs)) == sorted(ours):
        if diff.defects:
            print(f"{place}: the same, but {[str(defect) for defect in diff.defects]}")
        return "same"
    print(f"{place}: {cause(raw, theirs)} {[str(d) for d in diff.defects]}")
    show("git ", theirs, ours)
    show("ours", ours, theirs)
    return "different"


def cause(raw: bytes, theirs: Iterable[Row]) -> str:
    """Say whether the answers differ because of the mail, or because of the diff."""
    with tempfile.TemporaryDirectory() as folder:
        git(folder, raw.replace(b"\r\n", b"\n"), "mailinfo", "msg", "patch")
        patch = (Path(folder) / "patch").read_text("utf-8", "surrogateescape")
    ours = [row(change) for change in parse_diff(patch.split("\n")).changes]
    same = sorted(map(tuple, theirs)) == sorted(ours)
    return "the mail is decoded otherwise;" if same else "the diff is read otherwise;"


def show(whose: str, rows: Iterable[Row], others: Iterable[Row]) -> None:
    """Print the rows that the others have not."""
    known = set(map(tuple, others))
    for entry in rows:
        if tuple(entry) not in known:
            print(f"  {whose}: {entry[0]} {entry[1]} {entry[2]!a}")


def read(raw: bytes) -> Diff:
    """Read one mail here."""
    message = parse_message(raw)
    parts = dissect(message)
    return parse_diff([message.line(n) for n in parts.diff], parts.diff.start)


def row(change: FileChange) -> Row:
    """Return what numstat says of a change."""
    if change.binary:
        return "-", "-", change.path
    added, removed = (
        sum(line.kind is kind for line in change.lines)
        for kind in (Kind.ADDED, Kind.REMOVED)
    )
    return str(added), str(removed), change.path


def answer(raw: bytes, kept: dict[str, list[Row] | None]) -> list[Row] | None:
    """Return the answer of git to one mail, None where it refuses the patch."""
    name = hashlib.sha256(raw).hexdigest()
    if name not in kept:
        kept[name] = ask(raw)
    return kept[name]


def ask(raw: bytes) -> list[Row] | None:
    """Let git read a mail in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        mail = raw.replace(b"\r\n", b"\n")
        if git(folder, mail, "mailinfo", "msg", "patch") is None:
            return None
        stat = git(folder, b"", "apply", "--numstat", "-z", "patch")
    if stat is None:
        return None
    rows = [entry.split("\t", 2) for entry in stat.split("\0") if entry]
    return [(added, removed, path) for added, removed, path in rows]


def git(folder: str, given: bytes, *arguments: str) -> str | None:
    """Run git, and return what it prints, or None if it fails."""
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        ["git", *arguments],  # noqa: S607 - the git of the user
        cwd=folder,
        env=ENVIRONMENT,
        input=given,
        capture_output=True,
        check=False,
    )
    return None if done.returncode else done.stdout.decode("utf-8", "surrogateescape")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
