# SPDX-License-Identifier: GPL-2.0-or-later
"""Hold the rules that stand for types of checkpatch against checkpatch itself.

Usage: measure_checkpatch.py --linux DIR [--cache DIR] [--count N] [--verdicts FILE]
[--show TYPE] [--repo DIR] FOLDER... Patches are chosen by a hash of their text, half
to tune on and half held out, and given to checkpatch one by one: the mail as git
mailinfo decodes it. What it says is kept in the cache by content. A finding of its
counts as ours where a rule whose card names the type speaks on the same line (or in
the same mail, for what is missing). The verdicts hold lines "TYPE<tab>pattern of the
line<tab>why" for findings that are errors of checkpatch. The tree may be a folder of
links: checkpatch keeps a cache of its own there. It sees no history, so that it judges
the form of commits only, and which ones are known is left out. Our rules look files up
in the repository.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from patchlint.adapters.cards import load_rules
from patchlint.adapters.git import Blobs
from patchlint.lint.context import NO_HISTORY
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.rule import Rule
from patchlint.mail.mbox import split_mbox
from patchlint.model.finding import Finding, Report
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import NoSource

VERDICTS = Path(__file__).with_name("checkpatch_verdicts.tsv")
OPTIONS = ("--no-summary", "--terse", "--show-types", "--strict", "-")
SAID = re.compile(r"^[^:]*:(?:(\d+):)? ?(ERROR|WARNING|CHECK):(\w+): (.*)$")
NAME = re.compile(r"\+\+\+ b/(\S+)")
ANYWHERE = frozenset({
    "MISSING_SIGN_OFF", "NO_AUTHOR_SIGN_OFF", "FROM_SIGN_OFF_MISMATCH",
    "MISSING_FIXES_TAG", "COMMIT_MESSAGE", "FILE_PATH_CHANGES", "NOT_UNIFIED_DIFF",
    "DT_SPLIT_BINDING_PATCH", "DT_SCHEMA_BINDING_PATCH", "COMMIT_LOG_LONG_LINE",
    "EXECUTE_PERMISSIONS", "DOS_LINE_ENDINGS", "CORRUPTED_PATCH", "PATCH_PREFIX",
    "DIFF_IN_COMMIT_MSG",
})  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A finding of checkpatch: its type, the line it is about, and its words."""

    type: str
    line: str
    text: str
    path: str = ""


@dataclass(frozen=True)
class Case:
    """A patch: its id, which half it is in, what it is to us and to checkpatch."""

    id: str
    is_held_out: bool
    series: Series
    decoded: bytes


def cases(folders: Iterable[Path], count: int, cache: Path) -> list[Case]:
    """Return the patches of each folder whose hash comes first, as many of each."""
    paths = list(folders)
    chosen: list[Case] = []
    for folder in paths:
        kept = cache / f"{folder.name}-{count}.keys"
        if kept.exists():
            keys = kept.read_text("ascii").split()
            mails = {key: (cache / f"{key}.mail").read_bytes() for key in keys}
        else:
            mails = dict(sorted(patches(folder).items()))
        here = 0
        for key, raw in mails.items():
            postings = read([raw])
            if not postings or not postings[0].patches or here >= count // len(paths):
                continue
            here += 1
            half = int(key[-1], 16) % 2 == 1
            chosen.append(Case(key, half, postings[0], decode(key, raw, cache)))
            (cache / f"{key}.mail").write_bytes(raw)
        keys = [case.id for case in chosen if case.id in mails]
        kept.write_text("\n".join(keys), "ascii")
    return chosen


def patches(folder: Path) -> dict[str, bytes]:
    """Return the mails below a folder that look like patches, by their hash."""
    found = {}
    for path in sorted(folder.rglob("*.mbox*")):
        for raw in split_mbox(path.read_bytes()):
            head = raw.split(b"\n\n", 1)[0].lower()
            is_reply = b"\nsubject: re:" in head
            if not is_reply and (b"\ndiff --git " in raw or b"base64" in head):
                found[hashlib.sha256(raw).hexdigest()] = raw
    return found


def decode(key: str, raw: bytes, cache: Path) -> bytes:
    """Return a mail as git would apply it."""
    kept = cache / f"{key}.decoded"
    if kept.exists():
        return kept.read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        log, patch = Path(folder, "log"), Path(folder, "patch")
        command = ["git", "mailinfo", "-k", "--encoding=UTF-8", str(log), str(patch)]
        done = subprocess.run(command, input=raw, capture_output=True, check=False)  # noqa: S603
        head = dict(
            line.split(b": ", 1) for line in done.stdout.splitlines() if b": " in line
        )
        author = head.get(b"Author", b"") + b" <" + head.get(b"Email", b"") + b">"
        subject, date = head.get(b"Subject", b""), head.get(b"Date", b"")
        top = b"From: %s\nSubject: %s\nDate: %s\n\n" % (author, subject, date)
        text = top + log.read_bytes() + patch.read_bytes()
    kept.write_bytes(text)
    return text


def ask(decoded: bytes, linux: Path, cache: Path) -> list[Said]:
    """Return what checkpatch says of a decoded patch, out of the cache if it can."""
    kept = cache / f"{hashlib.sha256(decoded).hexdigest()}.txt"
    if not kept.exists():
        command = ["perl", "scripts/checkpatch.pl", *OPTIONS]
        environment = {
            "HOME": "/nonexistent",
            "GIT_DIR": "/nonexistent",
            "PATH": os.environ["PATH"],
        }
        done = subprocess.run(  # noqa: S603
            command, input=decoded, capture_output=True, check=False, cwd=linux,
            env=environment,
        )  # fmt: skip
        kept.write_bytes(done.stdout)
    lines = decoded.decode("utf-8", "surrogateescape").split("\n")
    text = kept.read_bytes().decode("utf-8", "surrogateescape")
    found = []
    names = list(named(lines))
    for hit in filter(None, map(SAID.match, text.split("\n"))):
        number = int(hit[1] or 0)
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        path = names[number - 1] if 0 < number <= len(lines) else ""
        found.append(Said(hit[3], line, hit[4], path))
    return [said for said in found if is_native(said)]


def named(lines: Iterable[str]) -> Iterator[str]:
    """Yield, for each line, the file that the diff is in."""
    path = ""
    for line in lines:
        if hit := NAME.match(line):
            path = hit[1]
        yield path


def is_native(said: Said) -> bool:
    """Leave out what checkpatch cannot know here, and what is not ours in C."""
    if said.type == "LONG_LINE":
        return said.path.endswith(".S")
    return said.type != "UNKNOWN_COMMIT_ID"


def types_of(rules: Iterable[Rule]) -> dict[str, frozenset[str]]:
    """Return the types of checkpatch that each rule stands for."""
    return {rule.card.id: frozenset(rule.card.checkpatch) for rule in rules}


def is_ours(said: Said, findings: Iterable[Finding]) -> bool:
    """Say whether one of our findings is the same as this one of checkpatch."""
    if said.type in ANYWHERE:
        return any(True for _ in findings)
    return any(same_line(finding.quote, said.line) for finding in findings)


def same_line(ours: str, theirs: str) -> bool:
    """Compare two lines but for blanks."""
    return ours.split() == theirs.split()


def excuses(path: Path | None) -> list[tuple[str, re.Pattern[str], str]]:
    """Read the verdicts."""
    if path is None or not path.exists():
        return []
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return [(r[0], re.compile(r[1]), r[2]) for r in rows if len(r) == 3]


def verdict(said: Said, known: Iterable[tuple[str, re.Pattern[str], str]]) -> str:
    """Return why checkpatch is wrong, or nothing."""
    text = f"{said.line} ## {said.text}"
    fitting = (why for name, p, why in known if name == said.type and p.search(text))
    return next(fitting, "")


def compare(
    given: argparse.Namespace, chosen: list[Case]
) -> Iterator[tuple[Case, Said, str]]:
    """Yield every finding of checkpatch of a native type: "ours", "missed", or why."""
    rules = [rule for rule in load_rules() if rule.card.checkpatch]
    types = types_of(rules)
    native = frozenset(name for names in types.values() for name in names)
    known = excuses(given.verdicts)
    with Blobs(given.repo or Path()) as blobs:
        for case in chosen:
            history = blobs if given.repo else NO_HISTORY
            around = Surroundings(NoSource(), history=history)
            report = run_in(rules, [case.series], around)
            yield from _hold(case, report, given, (types, native, known))


Known = tuple[
    dict[str, frozenset[str]], frozenset[str], list[tuple[str, re.Pattern[str], str]]
]


def _hold(
    case: Case, report: Report, given: argparse.Namespace, known: Known
) -> Iterator[tuple[Case, Said, str]]:
    """Yield what checkpatch says of one patch, and whether we say it too."""
    types, native, excused = known
    for crash in report.crashes:
        print(f"CRASH {crash.rule} {crash.error}")
    for said in ask(case.decoded, given.linux, given.cache):
        if said.type not in native:
            continue
        same = [f for f in report.findings if said.type in types[f.rule]]
        if is_ours(said, same):
            yield case, said, "ours"
        else:
            yield case, said, verdict(said, excused) or "missed"


def main() -> int:
    """Print a table by type, and what is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--linux", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("checkpatch-cache"))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--verdicts", type=Path, default=VERDICTS)
    parser.add_argument("--repo", type=Path)
    parser.add_argument("--show", default="", metavar="TYPE")
    parser.add_argument("folders", nargs="+", type=Path)
    given = parser.parse_args()
    given.cache.mkdir(parents=True, exist_ok=True)
    table: Counter[tuple[str, bool, str]] = Counter()
    for case, said, fate in compare(
        given, cases(given.folders, given.count, given.cache)
    ):
        kind = fate if fate in ("ours", "missed") else "its error"
        table[said.type, case.is_held_out, kind] += 1
        if kind != "ours" and given.show in ("", said.type):
            half = "held-out" if case.is_held_out else "tuned"
            shown = f"{said.line[:110]!r} ({said.text[:150]})"
            print(f"{half} {case.id[:8]} {said.type} {fate}: {shown}")
    show(table)
    return 0


def show(table: Counter[tuple[str, bool, str]]) -> None:
    """Print the table: a line a type, tuned and held out side by side."""
    print(f"{'type':28} {'tuned: ours missed error':>26} {'held out':>20}")
    totals: Counter[tuple[bool, str]] = Counter()
    for name in sorted({name for name, _, _ in table}):
        cells = []
        for half in (False, True):
            row = [table[name, half, kind] for kind in ("ours", "missed", "its error")]
            cells.append(" ".join(f"{n:6}" for n in row))
            for kind, n in zip(("ours", "missed"), row, strict=False):
                totals[half, kind] += n
        print(f"{name:28} {cells[0]} {cells[1]}")
    for half in (False, True):
        ours, missed = totals[half, "ours"], totals[half, "missed"]
        share = 100 * ours / max(1, ours + missed)
        name = "held out" if half else "tuned"
        print(f"{name}: {ours} of {ours + missed}, {share:.1f} %")


if __name__ == "__main__":
    sys.exit(main())
