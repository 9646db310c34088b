# SPDX-License-Identifier: GPL-2.0-or-later
"""The real b4, asking patchlint: all four seams, offline and in a world of its own."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import b4
import b4.review
import b4.review.checks
import b4.review.tracking
import liblore.utils
import pytest

from tests.seams.world import SIGNED, World, warm, world

__all__ = ["warm", "world"]

WRONG = "Others need the the field."
REPLY = """\
From: Some Body <some@example.org>
Subject: Re: [PATCH 1/3] ring: Add one
Message-ID: <reply@example.org>
In-Reply-To: <{id}>
References: <{id}>
Date: Tue, 6 Jan 2026 10:00:00 +0000

> Others need the the field.
              ^^^^^^^

Once is enough.
"""
LETTER = """\
From: A Dev <dev@example.org>
Subject: [PATCH 0/3] ring: Add numbers
Message-ID: <n0@example.org>
Date: Mon, 5 Jan 2026 10:00:00 +0000

Others need them.
"""


@pytest.fixture
def inside(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Let b4 run in this process as if in the world."""
    monkeypatch.chdir(world.repo)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in world.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(b4, "MAIN_CONFIG", {})
    yield world


def prepared(world: World, *words: str) -> None:
    """Make a branch of b4 prep with a letter and three commits."""
    world.git("config", "user.name", "A Dev")
    world.git("config", "user.email", "dev@example.org")
    done = world.b4("prep", "-n", "numbers", "-f", "main")
    assert done.returncode == 0, done.stderr
    world.commits(3, words)


def checked(world: World) -> list[str]:
    """Return what b4 prep --check says, without its own frame."""
    done = world.b4("prep", "--check")
    assert done.returncode == 0, done.stderr
    lines = done.stderr.splitlines()
    frames = [number for number, line in enumerate(lines) if line == "---"]
    return lines[frames[0] + 1 : frames[1]] + lines[frames[1] + 1 :]


def test_prep_check(world: World) -> None:
    """Each finding is a line below its patch, what is about the series at the end."""
    prepared(world, WRONG)
    world.patchlint("b4", "install", "--prep")

    said = checked(world)

    one, two, three = (
        next(n for n, line in enumerate(said) if f"ring: Add {number}" in line)
        for number in ("one", "two", "three")
    )
    assert two == one + 2
    assert re.search(r"patchlint: \d+: CHECK:msg/doubled-word: s/the", said[one + 1])
    assert three == two + 1
    assert all("series/" in line for line in said[three + 1 : -1])
    assert any("WARNING:series/cover-template" in line for line in said)
    assert said[-1].endswith("Error: 0")

    log = 'ring: Change three\n\nThis said "ERROR:" before.\n'
    world.git("commit", "-q", "--amend", "-F", "-", given=log.encode())

    said = checked(world)

    assert sum("ERROR:" in line for line in said) == 1
    assert any("ERROR:trailer/missing-sign-off" in line for line in said)
    assert said[-1].endswith("Error: 1")


def test_a_clean_patch_is_silent(world: World) -> None:
    world.commits(1)
    mail = world.git("format-patch", "-1", "--stdout", "--thread").encode()

    done = world.patchlint("b4", "check", given=mail)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    "mail", [b"", b"\x00\xff", b"From: a\nSubject: [PATCH 0/3] b\n\nhi\n"]
)
def test_what_is_no_patch_is_silent(world: World, mail: bytes) -> None:
    done = world.patchlint("b4", "check", given=mail)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_nothing_is_on_stderr_where_it_does_not_work(world: World) -> None:
    world.commits(1)
    mail = world.git("format-patch", "-1", "--stdout").encode()
    (world.top / "not").write_text("a file")

    done = world.patchlint(
        "b4", "check", given=mail, XDG_CACHE_HOME=str(world.top / "not")
    )

    assert done.stderr == ""
    assert done.stdout.startswith("-:1: WARNING:patchlint: not reviewed:")
    assert done.returncode == 1


def box(world: World, *, letter: bool = True, replies: str = "") -> Path:
    """Return the thread of the last three commits as a mailbox."""
    text = world.git(
        "format-patch", "-3", "--stdout", "--thread", "--in-reply-to=n0@example.org"
    )
    for number in (1, 2, 3):
        text = re.sub(
            r"Message-Id: <(?!n\d@)\S*>",
            f"Message-ID: <n{number}@example.org>",
            text,
            count=1,
            flags=re.I,
        )
    text = re.sub(
        r"(?m)^(In-Reply-To|References): .*\n(?:\t.*\n)*",
        r"\1: <n0@example.org>\n",
        text,
    )
    path = world.top / "thread.mbox"
    head = f"From mboxrd@z Thu Jan  1 00:00:00 1970\n{LETTER}\n" if letter else ""
    more = replies and f"\nFrom mboxrd@z Thu Jan  1 00:00:00 1970\n{replies}\n"
    path.write_text(f"{head}{text}\n{more}")
    return path


def test_am_check_reads_a_local_mailbox(world: World) -> None:
    ring, pool = "drivers/net/ring.c", "drivers/net/pool.c"
    early = "int zero;\n\nint ring_open(void)\n{\n\treturn pool_grab(1);\n}\n"
    late = "int pool_grab(int count)\n{\n\treturn count;\n}\n"
    world.commit(ring, early, f"ring: Open it\n\n{WRONG}\n\n{SIGNED}\n")
    world.commit(pool, late, f"pool: Grab it\n\nWhy.\n\n{SIGNED}\n")
    world.commit("a.c", "int a;\n", f"ring: Add a\n\nWhy.\n\n{SIGNED}\n")
    path = box(world)
    world.git("reset", "-q", "--hard", "HEAD~3")
    world.git("config", "b4.attestation-policy", "off")
    world.patchlint("b4", "install", "--am")

    done = world.b4(
        "am", "--check", "-m", str(path), "-o", str(world.top), "n0@example.org"
    )

    assert done.returncode == 0, done.stderr
    said = [line for line in done.stderr.splitlines() if "patchlint: " in line]
    said = [line for line in said if "passed all checks" not in line]
    assert len(said) == 2, done.stderr
    assert "CHECK:msg/doubled-word: s/the the/the/" in said[0]
    assert "series/use-before-definition: pool_grab() is used" in said[1]
    assert "patches/1.patch:" in said[1] or f"{ring}:5:" in said[1]


def tracked(world: World, thread: Path) -> dict[str, Any]:
    """Return what b4 keeps of a series under review, and its branch checked out."""
    blob = world.git("hash-object", "-w", str(thread))
    commits = world.git("rev-list", "--reverse", "HEAD~3..HEAD").split()
    data = {
        "series": {
            "identifier": "test",
            "status": "reviewing",
            "revision": 1,
            "change-id": "numbers",
            "subject": "ring: Add numbers",
            "base-commit": world.git("rev-parse", "HEAD~3"),
            "first-patch-commit": commits[0],
            "prerequisite-commits": [],
            "thread-blob": blob,
        },
        "followups": [],
        "patches": [{"title": f"patch {number}"} for number in (1, 2, 3)],
    }
    world.git("checkout", "-qb", "b4/review/numbers")
    log = f"ring: Add numbers\n\nHi.\n\n{b4.review.make_review_magic_json(data)}"
    world.git("commit", "-q", "--allow-empty", "-F", "-", given=log.encode())
    return data


def messages(world: World, data: dict[str, Any]) -> dict[str, EmailMessage]:
    """Return the mails of the thread as b4 takes them out of its blob."""
    blob = data["series"]["thread-blob"]
    thread = b4.review.tracking.get_thread_mbox(str(world.repo), blob)
    assert thread
    found = liblore.utils.split_mbox(thread)
    return {str(msg["message-id"]).strip("<>"): msg for msg in found}


def run_checks(
    world: World, data: dict[str, Any]
) -> tuple[dict[str, list[dict[str, str]]], list[dict[str, str]]]:
    """Run the checks as b4 review does, through its own code."""
    file = world.top / "tracking.json"
    file.write_text(json.dumps(data))
    environment = {"B4_TRACKING_FILE": str(file)}
    mails = messages(world, data)
    patches = [(name, mails[name]) for name in (f"n{n}@example.org" for n in (1, 2, 3))]
    b4.setup_config(argparse.Namespace(config=None))
    each, whole = b4.review.checks.load_check_cmds()
    top = str(world.repo)
    first = ("n0@example.org", mails["n0@example.org"])
    return (
        b4.review.checks.run_perpatch_checks(patches, each, top, extra_env=environment),
        b4.review.checks.run_series_checks(first, whole, top, extra_env=environment),
    )


def test_review_checks(inside: World) -> None:
    inside.commits(3, [WRONG])
    thread = box(inside)
    data = tracked(inside, thread)
    inside.patchlint("b4", "install", "--review")

    each, whole = run_checks(inside, data)

    assert [r["tool"] for rs in each.values() for r in rs] == ["patchlint"] * 3
    one, two = each["n1@example.org"][0], each["n2@example.org"][0]
    assert (one["status"], one["summary"]) == ("pass", "1 finding: 1 nit")
    assert (
        "s/the the/the/ [msg/doubled-word]"
        in json.loads(one["details"])[0]["description"]
    )
    assert (two["status"], two["summary"]) == ("pass", "nothing found")
    assert [r["tool"] for r in whole] == ["patchlint-series"]
    assert "[series/base-named]" in whole[0]["details"]


def test_review_checks_repeat_nobody(inside: World) -> None:
    """Neither what a reply in the thread says, nor what was said of an earlier one."""
    inside.commits(3, [WRONG, "It is is needed."])
    thread = box(inside, replies=REPLY.format(id="n1@example.org"))
    data = tracked(inside, thread)
    data["series"]["prior-review-context"] = "patchlint said:\nnit: s/is is/is/\n"
    inside.patchlint("b4", "install", "--review")

    each, _ = run_checks(inside, data)

    said = [results[0]["summary"] for results in each.values()]
    assert said == ["nothing found"] * 3


def taken_up(world: World) -> tuple[bool, dict[str, Any]]:
    """Let b4 read the review files; return whether it did, and what it has now."""
    top = str(world.repo)
    letter, tracking = b4.review.load_tracking(top, "HEAD")
    first = tracking["series"]["first-patch-commit"]
    commits = world.git("rev-list", "--reverse", f"{first}~1..HEAD~1").split()
    done = b4.review._review._integrate_agent_reviews(  # noqa: SLF001
        top, letter, tracking, commits, tracking["patches"]
    )
    return done, tracking


COMMENT = "int one;\n/* Let it be be the last. */\nint two;\n"


def test_b4_puts_comments_of_the_agent_where_they_belong(inside: World) -> None:
    inside.commits(1, [WRONG])
    inside.commit("b/c.c", f"int b;\n{COMMENT}", f"ring: Add c\n\nWhy.\n\n{SIGNED}\n")
    inside.commit("d.c", "int d;\n", f"ring: Add d\n\nWhy.\n\n{SIGNED}\n")
    thread = box(inside)
    tracked(inside, thread)

    done = inside.patchlint("b4-agent", "Read and execute the prompt from x")
    assert done.returncode == 0, done.stderr
    is_done, tracking = taken_up(inside)

    assert is_done
    first, second = (patch.get("reviews") for patch in tracking["patches"][:2])
    note = first["patchlint@localhost"]["note"]
    assert "s/the the/the/ [msg/doubled-word]" in note
    (comment,) = second["patchlint@localhost"]["comments"]
    assert (comment["path"], comment["line"]) == ("b/b/c.c", 3)
    assert "s/be be/be/" in comment["text"]

    again = inside.patchlint("b4-agent")
    assert again.stdout == "patchlint: nothing to say\n"


def test_the_agent_leaves_alone_what_is_skipped_or_no_review(inside: World) -> None:
    assert inside.patchlint("b4-agent").returncode == 2
    inside.commits(3, [WRONG])
    thread = box(inside)
    data = tracked(inside, thread)
    for place in (data["series"], data["patches"][0]):
        place["reviews"] = {"me@example.org": {"patch-state": "skip"}}
    b4.review.save_tracking(str(inside.repo), "Hi.", data)

    assert inside.patchlint("b4-agent").stdout == "patchlint: nothing to say\n"


def test_the_agent_follows_no_link(inside: World) -> None:
    inside.commits(3, [WRONG])
    tracked(inside, box(inside))
    mine = inside.top / "mine"
    mine.mkdir()
    (inside.repo / ".git" / "b4-review").symlink_to(mine)

    assert inside.patchlint("b4-agent").returncode == 2
    assert not list(mine.rglob("*.txt"))


def values(world: World, key: str) -> Sequence[str]:
    return world.run("git", "config", "--get-all", key).stdout.splitlines()


def test_install_shows_what_it_sets_and_uninstall_takes_it_away(world: World) -> None:
    key = "b4.prep-perpatch-check-cmd"
    world.git("config", key, "./own-check")

    dry = world.patchlint("b4", "install", "--dry-run")
    assert values(world, key) == ["./own-check"]
    done = world.patchlint("b4", "install")

    assert done.stdout == dry.stdout
    assert f"git config --local --add {key} '" in done.stdout
    own, ours = values(world, key)
    assert own == "./own-check"
    assert re.search(r"/patchlint b4 check --key [0-9a-f]{12}$", ours)
    assert Path(values(world, "b4.review-agent-prompt-path")[0]).is_file()

    world.git("config", "patchlint.profile", "tip")
    assert "of old rules" in world.patchlint("b4", "status").stdout
    world.patchlint("b4", "install")
    (own, new) = values(world, key)
    assert own == "./own-check"
    assert new != ours

    world.patchlint("b4", "uninstall")
    assert values(world, key) == ["./own-check"]
    assert not world.run("git", "config", "--get-regexp", "b4.*patchlint").stdout
    assert not values(world, "b4.review-agent-command")


def test_what_b4_does_by_itself_goes_on(world: World) -> None:
    script = world.repo / "scripts" / "checkpatch.pl"
    script.parent.mkdir()
    shutil.copy("/bin/true", script)

    world.patchlint("b4", "install", "--am", "--review")

    assert "checkpatch.pl" in values(world, "b4.am-perpatch-check-cmd")[0]
    assert values(world, "b4.review-perpatch-check-cmd")[0] == "_builtin_checkpatch"


def test_an_agent_of_somebody_else_stays(world: World) -> None:
    world.git("config", "b4.review-agent-command", "robot -x")

    assert world.patchlint("b4", "install", "--agent").returncode == 2
    assert values(world, "b4.review-agent-command") == ["robot -x"]
