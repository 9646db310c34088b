# SPDX-License-Identifier: GPL-2.0-or-later
"""Say what patchlint finds of the founding review.

Reads ``seed/expected.json`` of the material beside the checkout, if it is there: what
must be found, where, how loud at most, and which rules must be silent. Runs the
command as a user does, with a clone of the seed's tree and without one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

SEED = Path(__file__).parents[2] / "shared" / "seed"
LEVELS = ("note", "nit", "question", "warning", "error")
FLOOR = 17
Record = Mapping[str, Any]


def main() -> int:
    """Print found and missing; status 1 below the floor or when a rule is noisy."""
    if not (SEED / "expected.json").exists():
        print(f"measure-seed: {SEED} is not here; nothing measured")
        return 0
    expected = json.loads((SEED / "expected.json").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "clone"
        bundle = str(SEED / "tree.bundle")
        command = ["git", "clone", "-q", "-b", "base", bundle, str(clone)]
        subprocess.run(command, check=True)  # noqa: S603
        with_tree = review("--repeat", "--repo", str(clone))
        heard = review("--repo", str(clone))
        without = review("--repeat", "--repo", str(empty(Path(folder) / "empty")))
    found = print_must(expected["must"], with_tree["findings"])
    noisy = print_silent(expected["silent"], with_tree["findings"])
    print_rest(expected["must"], with_tree["findings"])
    print_heard(heard)
    print_without(without)
    return 0 if found >= FLOOR and not noisy else 1


def review(*arguments: str) -> Record:
    """Run the command on the founding series and return its JSON."""
    mails = str(SEED / "v3-series.mboxrd")
    command = [sys.executable, "-m", "patchlint", *arguments, "--format", "json", mails]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    if done.returncode not in (0, 1):
        sys.exit(done.stderr.decode())
    report: Record = json.loads(done.stdout)
    return report


def empty(folder: Path) -> Path:
    """Make a repository that holds nothing."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)  # noqa: S603, S607
    return folder


def print_must(must: Sequence[Record], findings: Sequence[Record]) -> int:
    """Print each entry that must be found; return how many are."""
    found = 0
    for entry in must:
        hits = list(matching(entry, findings))
        found += bool(hits)
        verdict = f"found ({hits[0]['severity']})" if hits else "missing"
        print(f"{verdict:18} {entry['key']:18} {entry['rule']}")
    print(f"\n{found} of {len(must)} found; the floor is {FLOOR}")
    return found


def matching(entry: Record, findings: Sequence[Record]) -> Iterator[Record]:
    """Yield the findings of the rule, not too loud, at one of the texts."""
    for finding in findings:
        texts = [finding["quote"], *(step["text"] for step in finding["trace"])]
        said = f"{finding['message']} {finding['suggestion'] or ''}"
        if (
            fnmatchcase(finding["rule"], entry["rule"])
            and LEVELS.index(finding["severity"]) <= LEVELS.index(entry["level"])
            and any(at in text for at in entry["at"] for text in texts)
            and all(words in said for words in entry.get("suggests", ()))
        ):
            yield finding


def print_silent(silent: Sequence[Record], findings: Sequence[Record]) -> int:
    """Print the rules that must be silent and are not; return how many."""
    fired = {finding["rule"] for finding in findings}
    noisy = [entry for entry in silent if entry["rule"] in fired]
    for entry in noisy:
        print(f"noisy              {entry['rule']}: {entry['why']}")
    print(f"{len(silent) - len(noisy)} of {len(silent)} silent rules are silent")
    return len(noisy)


def print_rest(must: Sequence[Record], findings: Sequence[Record]) -> None:
    """Print what is said beside what must be."""
    wanted = {id(hit) for entry in must for hit in matching(entry, findings)}
    rest = [f for f in findings if id(f) not in wanted and f["severity"] != "note"]
    print(f"{len(rest)} findings above note level beside them")
    for finding in rest:
        print(f"  {finding['rule']}: {finding['quote'].strip()}")


def print_heard(report: Record) -> None:
    """Print what is not said, since the people of the thread have said it."""
    repeated = report.get("repeated", ())
    print(f"\n{len(repeated)} not repeated: already said in the thread")
    for entry in repeated:
        print(f"  {entry['finding']['rule']}: by {entry['said_by']}")


def print_without(report: Record) -> None:
    """Print what the mail alone proves."""
    skipped = sorted({entry["rule"] for entry in report["not_checked"]})
    print(f"\nwithout a repository: {len(report['findings'])} findings, all by mail")
    print(f"not checked: {', '.join(skipped)}")


if __name__ == "__main__":
    sys.exit(main())
