# SPDX-License-Identifier: GPL-2.0-or-later
"""A range over a branch of ``b4 prep`` is the series that b4 would send."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fixtures.build import ENVIRONMENT
from patchlint.adapters.git import format_patch
from patchlint.mail.prep import MARKER, parse_prep
from patchlint.model.series import Series
from patchlint.pipeline import read
from tests.adapters.repo import add_commit, git, git_line, make_repository

COVER = """\
f: make it öld

# a remark of b4, for the author
>## Heading

What it is all about.


Changes in v3:
- none

To: List <list@example.org>
Cc: Two <two@example.org>
Signed-off-by: A Dev <dev@example.org>
"""
REMARK = "# This section is used internally by b4 prep for tracking purposes."
TREES = [{"f": b"%d\n" % n} for n in range(3)]


def tracking(**more: Any) -> str:
    series = {"revision": 3, "change-id": "20240102-old-0123456789ab"}
    return json.dumps({"series": {**series, "prefixes": ["RFC", "x86"], **more}})


def cover_commit(**more: Any) -> str:
    return f"{COVER}\n{MARKER}\n{REMARK}\n{tracking(**more)}\n"


def branch(folder: Path, *logs: str) -> Path:
    """Make a repository: the first commit is the base, an empty log a patch."""
    make_repository(folder, TREES[0])
    git(folder, "checkout", "-q", "-b", "b4/old")
    step = 0
    for log in logs:
        step += not log
        add_commit(folder, TREES[step], log or f"f: step {step}\n\nWhy.\n")
    return folder


def read_range(folder: Path, commits: str = "main..HEAD") -> Series:
    (series,) = read([format_patch(folder, commits)])
    return series


def numbers(series: Series) -> list[tuple[str, int, int, int, tuple[str, ...]]]:
    mails = [patch.message for patch in series.patches]
    subjects = [m.subject for m in ([series.cover] if series.cover else []) + mails]
    return [(s.text, s.position, s.total, s.version, s.prefixes) for s in subjects]


SENT = [
    (text, number, 2, 3, ("PATCH", "RFC", "x86"))
    for number, text in enumerate(["f: make it öld", "f: step 1", "f: step 2"])
]


@pytest.mark.parametrize(
    ("logs", "commits"),
    [
        ((cover_commit(), "", ""), "main..HEAD"),
        ((cover_commit(), "", ""), "main..b4/old"),
        ((cover_commit(), "", ""), "main.."),
        ((cover_commit(), "", ""), "HEAD~2..HEAD"),
        (("", "", cover_commit(**{"base-branch": "main"})), "main..HEAD"),
        (("", cover_commit(**{"base-branch": "main"}), ""), "main..HEAD"),
    ],
)
def test_a_cover_commit_is_the_cover_letter(
    logs: tuple[str, ...], commits: str, tmp_path: Path
) -> None:
    folder = branch(tmp_path, *logs)
    series = read_range(folder, commits)

    assert numbers(series) == SENT
    assert series.cover is not None
    assert series.base_commit == git_line(folder, "rev-parse", "main")
    assert [str(who) for who in (*series.cover.to, *series.cover.cc)] == [
        "List <list@example.org>",
        "Two <two@example.org>",
    ]
    assert series.cover.lines[series.cover.body_start - 1 :] == (
        "## Heading",
        "",
        "What it is all about.",
        "",
        "Changes in v3:",
        "- none",
        "",
        "Signed-off-by: A Dev <dev@example.org>",
        "",
        "---",
        f"base-commit: {series.base_commit}",
        "change-id: 20240102-old-0123456789ab",
        "",
    )


def test_a_branch_description_is_the_cover_letter(tmp_path: Path) -> None:
    folder = branch(tmp_path, "", "")
    known = tracking(**{"base-branch": "main"})
    git(folder, "config", "branch.b4/old.b4-tracking", known)
    git(folder, "config", "branch.b4/old.description", COVER)

    assert numbers(read_range(folder)) == SENT
    assert numbers(read_range(folder, "main..b4/old")) == SENT
    assert numbers(read_range(folder, "HEAD~1..HEAD")) == [
        ("f: step 2", 1, 1, 1, ("PATCH",))
    ]


def test_the_cover_letter_of_one_patch_goes_below_its_cut(tmp_path: Path) -> None:
    series = read_range(branch(tmp_path, cover_commit(), ""))
    (patch,) = series.patches
    notes = [patch.message.line(number) for number in patch.parts.notes]

    assert numbers(series) == [("f: step 1", 1, 1, 3, ("PATCH", "RFC", "x86"))]
    assert notes[:3] == ["## Heading", "", "What it is all about."]
    assert patch.message.in_reply_to == ""
    assert len(patch.changes) == 1


@pytest.mark.parametrize(
    "logs",
    [
        (COVER, "", ""),
        (f"{COVER}\n{MARKER}\n{{}}\n", "", ""),
        (f"{COVER}\n{MARKER}\n{'[' * 20_000}\n", "", ""),
        (cover_commit(revision="x"), "", ""),
        (cover_commit(), "", cover_commit(), ""),
    ],
)
def test_what_is_not_of_b4_is_no_cover_letter(
    logs: tuple[str, ...], tmp_path: Path
) -> None:
    series = read_range(branch(tmp_path, *logs))

    assert [row[:4] for row in numbers(series)] == [
        ("f: step 1", 1, 2, 1),
        ("f: step 2", 2, 2, 1),
    ]


def test_a_commit_with_a_change_is_no_cover_letter(tmp_path: Path) -> None:
    folder = branch(tmp_path, "")
    git(folder, "commit", "-q", "--amend", "-F", "-", given=cover_commit().encode())

    assert read_range(folder).cover is None


@pytest.mark.parametrize(
    "odd",
    [
        {"prefixes": ["--output=x", "a b", "]", 3, "x86"]},
        {"prefixes": "x86"},
        {"prefixes": None},
        {"prefixes": 3},
        {"change-id": ["x"]},
        {"change-id": "x\ny"},
        {"base-branch": "--help"},
    ],
)
def test_odd_values_do_no_harm(odd: dict[str, Any], tmp_path: Path) -> None:
    series = read_range(branch(tmp_path, cover_commit(**odd), ""))

    assert len(series.patches) == 1
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("one\n\nbody", "one"),
        ("one\nbody", "(no cover subject)"),
        ("", "(no cover subject)"),
    ],
)
def test_the_title_stands_alone(text: str, title: str) -> None:
    prep = parse_prep(f"{text}\n\n{MARKER}\n{tracking()}")

    assert prep is not None
    assert prep.title == title


@pytest.mark.parametrize(
    ("strategy", "patches"),
    [("commit", 1), ("commit", 2), ("branch-description", 2)],
)
def test_it_is_what_b4_would_send(strategy: str, patches: int, tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "repo", TREES[0])
    environment = {**ENVIRONMENT, "HOME": str(tmp_path), "EDITOR": "true"}
    for key, value in (
        ("user.name", "A Dev"),
        ("user.email", "dev@example.org"),
        ("b4.prep-cover-strategy", strategy),
    ):
        git(folder, "config", key, value)

    # A cover letter that is older than a year is none to b4.
    for who in ("AUTHOR", "COMMITTER"):
        environment.pop(f"GIT_{who}_DATE")

    def run(*words: str) -> None:
        subprocess.run(
            words, cwd=folder, env=environment, check=True, capture_output=True
        )

    call = "import sys; from b4.command import cmd; sys.exit(cmd())"
    b4 = (sys.executable, "-c", call, "--offline-mode", "prep")
    run(*b4, "-n", "old", "-f", "main")
    for step in range(1, patches + 1):
        (folder / "f").write_bytes(TREES[step]["f"])
        run("git", "commit", "-qam", f"f: step {step}\n\nWhy.")
    run(*b4, "--set-prefixes", "RFC", "x86")
    run(*b4, "--force-revision", "3")
    run(*b4, "--format-patch", str(tmp_path / "out"))

    (sent,) = read(path.read_bytes() for path in sorted((tmp_path / "out").iterdir()))
    made = read_range(folder)
    assert numbers(made) == numbers(sent)
    assert [
        [(change.path, [line.text for line in change.lines]) for change in p.changes]
        for p in made.patches
    ] == [
        [(change.path, [line.text for line in change.lines]) for change in p.changes]
        for p in sent.patches
    ]
    assert made.base_commit == sent.base_commit
