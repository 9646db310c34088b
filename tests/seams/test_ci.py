# SPDX-License-Identifier: GPL-2.0-or-later
"""The recipes of docs/ci.md: their commands are run as the service would run them."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from tests.seams.world import SIGNED, World, warm, world

__all__ = ["warm", "world"]

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/ci.md").read_text("utf-8")
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
# pip is not asked in a test: what it would install is what we are.
_PIP = 'python3 -m pip install -q "$PATCHLINT"'


def recipe(title: str, pattern: str) -> list[str]:
    """Return the commands of the first block below a title, without pip's."""
    block = PAGE.split(f"## {title}\n")[1].split("```yaml\n")[1].split("```")[0]
    assert len(block.splitlines()) == 3
    commands: list[str] = re.findall(pattern, block, re.MULTILINE)
    assert commands[0] == _PIP
    return commands[1:]


@pytest.fixture
def clone(world: World) -> str:
    """Return the last of a good and a bad commit; ``origin`` has what is before."""
    world.git("branch", "-m", "feature")
    world.git("remote", "add", "origin", str(world.repo))
    world.git("update-ref", "refs/remotes/origin/main", "HEAD")
    text = "int one;\n"
    world.commit("drivers/net/ring.c", text, f"ring: Add one\n\nNeeded.\n\n{SIGNED}\n")
    return world.commit("drivers/net/ring.c", f"{text}int two;\n", "ring: Add two\n")


def shell(world: World, commands: list[str], **more: str) -> tuple[int, str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    world.more = {"PATH": path, **more}
    done = world.run("bash", "-e", "-c", "\n".join(commands))
    return done.returncode, done.stdout, done.stderr


def test_github(world: World, clone: str) -> None:
    commands = recipe("GitHub Actions", r"- run: (.*)$")
    of_job = {"GITHUB_BASE_REF": "main", "HEAD": clone}
    status, out, err = shell(world, commands, **of_job)
    assert (status, err) == (1, "")
    assert re.search(r"^::error .*title=trailer/missing-sign-off", out, re.MULTILINE)
    status, out, _ = shell(world, commands, **{**of_job, "HEAD": f"{clone}~1"})
    assert (status, "::error" in out) == (0, False)


def test_the_name_of_a_branch_is_no_command(world: World, clone: str) -> None:
    commands = recipe("GitHub Actions", r"- run: (.*)$")
    bad = '$(touch${IFS}canary)"; touch canary; "'
    status, _, _ = shell(world, commands, GITHUB_BASE_REF=bad, HEAD=clone)
    assert status == 2
    assert not (world.repo / "canary").exists()


def test_gitlab(world: World, clone: str) -> None:
    commands = recipe("GitLab", r"^    - (.*)$")
    base = world.git("rev-parse", "origin/main")
    of_job = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_COMMIT_SHA": clone}
    status, out, err = shell(world, commands, **of_job)
    assert (status, err) == (1, "")
    assert "[trailer/missing-sign-off]" in out
    found = json.loads((world.repo / "patchlint.json").read_text("utf-8"))
    assert "trailer/missing-sign-off" in {one["check_name"] for one in found}


def entries() -> dict[str, str]:
    return dict(re.findall(r"^- id: (\S+)\n(?:.*\n)*?  entry: (.*)$", HOOKS, re.M))


def test_the_hooks_of_pre_commit(world: World, clone: str) -> None:
    named = set(re.findall(r"\{ id: ([\w-]+) \}", PAGE))
    assert named == {*entries()}
    for log, expected in (
        ("ring: Add\n\nIt is so.\n", 10),
        (f"a: B\n\nC.\n\n{SIGNED}\n", 0),
    ):
        (world.repo / "message").write_text(log, "utf-8")
        command = entries()["patchlint-commit-msg"]
        assert shell(world, [f"{command} message"])[0] == expected
    push = [entries()["patchlint-push"]]
    of_push = {"PRE_COMMIT_FROM_REF": f"{clone}~1", "PRE_COMMIT_TO_REF": clone}
    assert shell(world, push, **of_push)[0] == 1
    of_push["PRE_COMMIT_TO_REF"] = f"{clone}~1"
    of_push["PRE_COMMIT_FROM_REF"] = f"{clone}~2"
    assert shell(world, push, **of_push)[0] == 0
    assert shell(world, push)[0] == 0


def test_what_the_page_says_to_never_fail(world: World, clone: str) -> None:
    said = re.search(r"write `(\|\| [^`]*)`", PAGE)
    assert said
    command = f"patchlint --range {clone}~1..{clone} {said[1]}"
    assert shell(world, [command])[0] == 0
    assert shell(world, [command.replace("..", "..no-such-")])[0] != 0
