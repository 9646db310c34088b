# SPDX-License-Identifier: GPL-2.0-or-later
"""Hooks, run by the real git; mail that the real git send-email sends, or does not."""

from __future__ import annotations

import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.seams.world import SIGNED, World, warm, world

__all__ = ["warm", "world"]

MAIL = "sendemail-validate"
WRONG = "This adds the the field.\n"


class Sink:
    def __init__(self) -> None:
        self.mails: list[str] = []

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
    ) -> str:
        self.mails.append(str(envelope.content))
        return "250 OK"


@pytest.fixture
def sink(world: World) -> Iterator[Sink]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(Sink(), hostname="127.0.0.1", port=port)
    server.start()
    world.git("config", "sendemail.smtpServer", "127.0.0.1")
    world.git("config", "sendemail.smtpServerPort", str(port))
    yield server.handler
    server.stop()


def hook_of(world: World, name: str) -> Path:
    return world.repo / ".git" / "hooks" / name


def sent(world: World, *more: str) -> tuple[int, str]:
    """Send five patches and their letter; return the status and what was said."""
    if not list(world.repo.glob("*.patch")):
        world.git("format-patch", "-5", "--cover-letter", "--base=HEAD~5")
        letter = world.repo / "0000-cover-letter.patch"
        text = letter.read_text().replace("*** SUBJECT HERE ***", "ring: Add numbers")
        letter.write_text(text.replace("*** BLURB HERE ***", "Others need them."))
    to = ("--to=list@example.org", "--from=A Dev <dev@example.org>", "--quiet")
    patches = sorted(path.name for path in world.repo.glob("*.patch"))
    done = world.run(
        "git", "send-email", "--validate", "--confirm=never", *to, *more, *patches
    )
    return done.returncode, done.stdout + done.stderr


def test_git_send_email_is_there(world: World) -> None:
    done = world.run("git", "send-email", "--dump-aliases")
    hint = "git send-email is missing: apt-get install git-email (make check says so)"
    assert done.returncode == 0, hint


def test_a_clean_series_is_sent(world: World, sink: Sink) -> None:
    world.commits(5)
    assert world.patchlint("hook", "install", f"--{MAIL}").returncode == 0

    status, said = sent(world)

    assert (status, len(sink.mails)) == (0, 6), said


def test_nothing_is_sent_where_one_patch_has_an_error(world: World, sink: Sink) -> None:
    world.commits(5)
    world.patchlint("hook", "install", f"--{MAIL}")
    unsigned = "ring: Change four\n\nWhy.\n"
    world.git("commit", "-q", "--amend", "-F", "-", given=unsigned.encode())

    status, said = sent(world)

    assert status != 0
    assert "[trailer/missing-sign-off]" in said
    assert "nothing is sent" in said
    assert not sink.mails


def test_a_warning_is_told_and_stops_nothing(world: World, sink: Sink) -> None:
    world.commits(5, [WRONG])
    world.patchlint("hook", "install", f"--{MAIL}")

    status, said = sent(world)

    assert status == 0
    assert "[msg/doubled-word]" in said
    assert len(sink.mails) == 6


def counted(world: World, number: int, total: int, *words: Path) -> tuple[int, str]:
    """Run the hook as git 2.41 and later do."""
    numbers = {"COUNTER": number, "TOTAL": total}
    more = {f"GIT_SENDEMAIL_FILE_{name}": str(n) for name, n in numbers.items()}
    world.more.update(more, GIT_DIR=".git")
    done = world.run(hook_of(world, MAIL), *words)
    for name in (*more, "GIT_DIR"):
        del world.more[name]
    return done.returncode, done.stderr


def test_with_counters_the_verdict_is_on_all_of_them(world: World) -> None:
    world.commits(3, [WRONG, "Why.\n", "Why.\n"])
    world.patchlint("hook", "install", f"--{MAIL}", "--fail-on", "nit")
    world.git("format-patch", "-3")
    headers = world.top / "headers"
    headers.write_text(
        "From: A Dev <dev@example.org>\nTo: l@example.org,\n\tb@example.org\n"
    )
    patches = sorted(world.repo.glob("*.patch"))

    said = [counted(world, n, 3, p, headers) for n, p in enumerate(patches, 1)]

    assert [text for _, text in said[:2]] == ["", ""]
    assert [status for status, _ in said] == [0, 0, 1]
    assert said[2][1].count("[msg/doubled-word]") == 1
    assert "1/3 ring: Add one" in said[2][1]


def test_what_is_kept_of_a_posting_does_not_reach_the_next(world: World) -> None:
    world.commits(3, [WRONG])
    world.patchlint("hook", "install", f"--{MAIL}", "--fail-on", "nit")
    world.git("format-patch", "-3")
    patches = sorted(world.repo.glob("*.patch"))

    assert counted(world, 1, 2, patches[0]) == (0, "")  # and given up
    assert counted(world, 1, 2, patches[1]) == (0, "")
    status, said = counted(world, 2, 2, patches[2])

    assert "doubled-word" not in said
    assert not list((world.cache / "patchlint" / "spool").glob("*/*")), status


def test_an_old_git_gives_one_file_at_a_time(world: World) -> None:
    world.commits(2)
    world.patchlint("hook", "install", f"--{MAIL}")
    world.git("format-patch", "-2")
    patches = sorted(world.repo.glob("*.patch"))

    said = [world.run(hook_of(world, MAIL), patch, GIT_DIR=".git") for patch in patches]

    assert [done.returncode for done in said] == [0, 0]
    assert "does not say which files belong together" in said[0].stderr
    assert "[series/base-named]" in said[1].stderr


def test_a_letter_alone_is_no_failure(world: World) -> None:
    world.patchlint("hook", "install", f"--{MAIL}", "--on-error", "block")
    letter = world.top / "letter"
    letter.write_text(
        "From: A Dev <dev@example.org>\nSubject: [PATCH 0/2] ring\n\nHi.\n"
    )

    assert counted(world, 1, 1, letter)[0] == 0
    assert world.run(hook_of(world, MAIL), letter).returncode == 0


@pytest.mark.parametrize(("on_error", "status"), [("warn", 0), ("block", 1)])
def test_a_broken_installation(world: World, on_error: str, status: int) -> None:
    world.patchlint("hook", "install", f"--{MAIL}")
    hook = hook_of(world, MAIL)
    lines = hook.read_text().splitlines(keepends=True)
    gone = [f"/nowhere{line}" if " hook run " in line else line for line in lines]
    hook.write_text("".join(gone))
    world.git("config", "patchlint.onError", on_error)

    done = world.run(hook, "x.patch")

    assert done.returncode == status
    assert ("NOT REVIEWED" if status == 0 else "stopped") in done.stderr


def test_a_crash_of_python_is_no_finding(world: World) -> None:
    """It ends with 1, as whoever finds something often does."""
    world.patchlint("hook", "install", f"--{MAIL}")
    broken = world.top / "msgspec"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError\n")
    world.commits(1)
    patch = world.git("format-patch", "-1")

    done = world.run(hook_of(world, MAIL), patch, PYTHONPATH=str(world.top))

    assert "ImportError" in done.stderr
    assert "NOT REVIEWED" in done.stderr
    assert done.returncode == 0


def test_on_error_of_the_installation_is_above_the_setting(world: World) -> None:
    world.patchlint("hook", "install", f"--{MAIL}", "--on-error", "block")
    world.git("config", "patchlint.onError", "warn")

    assert world.run(hook_of(world, MAIL), "not-there.patch").returncode == 1


def committed(world: World, log: str, *more: str) -> tuple[int, str]:
    path = world.repo / "drivers/net/ring.c"
    path.write_text(path.read_text() + "/* more */\n")
    done = world.run("git", "commit", "-qa", *more, "-F", "-", given=log.encode())
    return done.returncode, done.stderr


def test_a_commit_without_a_sign_off_is_stopped(world: World) -> None:
    world.patchlint("hook", "install", "--commit-msg")

    status, said = committed(world, "ring: Add it\n\nBecause of the the rest.\n")

    assert status == 1
    assert ".git/COMMIT_EDITMSG:3: nit: s/the the/the/ [msg/doubled-word]" in said
    assert "[trailer/missing-sign-off]" in said
    assert committed(world, f"ring: Add it\n\nBecause.\n\n{SIGNED}\n") == (0, "")
    assert committed(world, "fixup! ring: Add it\n") == (0, "")


def test_a_subject_that_goes_on_at_once_keeps_its_lines(world: World) -> None:
    world.patchlint("hook", "install", "--commit-msg")

    _, said = committed(world, f"ring: Add it\nand the the rest\n\nWhy.\n\n{SIGNED}\n")

    assert ".git/COMMIT_EDITMSG:2: nit: s/the the/the/ [msg/doubled-word]" in said


def test_all_settings_count_for_a_message(world: World) -> None:
    world.patchlint("hook", "install", "--commit-msg", "--fail-on", "nit")
    config = world.home / ".config/patchlint/config.toml"
    config.parent.mkdir(parents=True)
    message = f"ring: Add it\n\nBecause of the the ring.\n\n{SIGNED}\n"

    config.write_text('options."msg/doubled-word".allowed = ["the"]\n')
    assert committed(world, message) == (0, "")
    config.write_text('ignore = ["msg/doubled-wort"]\n')
    _, said = committed(world, message)
    assert "no rule is called" in said
    assert "msg/doubled-word" in said
    config.write_text('profile = "nowhere"\n')
    _, said = committed(world, message)
    assert "--profile nowhere: not one of" in said
    card = (Path(__file__).parents[2] / "rules/msg/doubled-word.toml").read_text()
    cards = config.parent / "cards/msg/twice.toml"
    cards.parent.mkdir(parents=True)
    cards.write_text(card)
    config.write_text('cards = ["cards"]\nignore = ["msg/doubled-word"]\n')
    status, said = committed(world, message)
    assert status == 1
    assert "nit: s/the the/the/ [msg/twice]" in said


def test_comments_and_what_is_below_scissors_are_no_message(world: World) -> None:
    world.patchlint("hook", "install", "--commit-msg", "--fail-on", "nit")
    editor = world.top / "editor"
    editor.write_text(
        f"#!/bin/sh\nprintf 'ring: Add it\\n\\n# the the\\nWhy.\\n\\n{SIGNED}\\n"
        '# the the\\n\' | cat - "$1" > "$1.new" && mv "$1.new" "$1"\n'
    )
    editor.chmod(0o755)
    path = world.repo / "drivers/net/ring.c"
    path.write_text("int zero;\n/* the the */\n")

    done = world.run("git", "commit", "-qav", GIT_EDITOR=str(editor))

    assert (done.returncode, done.stderr) == (0, "")
    assert "the the" not in world.git("log", "-1", "--format=%B")


def test_a_hook_of_somebody_else_is_left_alone_or_runs_first(world: World) -> None:
    hook = hook_of(world, "commit-msg")
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\necho "before $1" >&2\ngrep -q please "$1"\n')
    hook.chmod(0o755)

    refused = world.patchlint("hook", "install", "--commit-msg")
    assert refused.returncode == 2
    assert "somebody else's hook" in refused.stderr

    world.patchlint("hook", "install", "--commit-msg", "--chain")
    world.patchlint("hook", "install", "--commit-msg", "--chain")
    status, said = committed(world, "ring: Add it\n\nWhy.\n")
    assert (status, said) == (1, "before .git/COMMIT_EDITMSG\n")
    status, said = committed(world, "ring: Add it\n\nWhy, please.\n")
    assert status == 1
    assert "[trailer/missing-sign-off]" in said

    told = world.patchlint("hook", "uninstall", "--commit-msg")
    assert "the one before is back" in told.stdout
    assert committed(world, "ring: Add it\n\nWhy, please.\n")[0] == 0


def test_hooks_go_where_git_looks_for_them(world: World) -> None:
    world.git("config", "core.hooksPath", "my-hooks")

    world.patchlint("hook", "install", "--commit-msg")

    assert (world.repo / "my-hooks" / "commit-msg").exists()
    assert world.patchlint("hook", "status", "--commit-msg").returncode == 0
    assert committed(world, "ring: Add it\n\nWhy.\n")[0] == 1


def test_hooks_for_all_repositories_let_theirs_run(world: World) -> None:
    own = hook_of(world, "pre-commit")
    own.parent.mkdir(exist_ok=True)
    own.write_text("#!/bin/sh\necho own >&2\n")
    own.chmod(0o755)

    world.patchlint("hook", "install", "--global", "--commit-msg")

    status, said = committed(world, "ring: Add it\n\nWhy.\n")
    assert status == 1
    assert said.startswith("own\n")
    assert "[trailer/missing-sign-off]" in said
    world.patchlint("hook", "uninstall", "--global")
    assert committed(world, "ring: Add it\n\nWhy.\n") == (0, "own\n")
    assert not world.run("git", "config", "--global", "core.hooksPath").stdout


def test_a_link_where_a_hook_would_be_is_not_written_through(world: World) -> None:
    target = world.home / ".profile"
    target.write_text("mine\n")
    hook = hook_of(world, "commit-msg")
    hook.parent.mkdir(exist_ok=True)
    hook.symlink_to(target)

    assert world.patchlint("hook", "install", "--commit-msg").returncode == 2
    world.patchlint("hook", "install", "--commit-msg", "--chain")

    assert target.read_text() == "mine\n"
    assert not stat.S_IMODE(target.stat().st_mode) & stat.S_IXUSR


def test_a_repository_runs_nothing_when_a_hook_of_ours_looks(world: World) -> None:
    """Programs that its settings name, its hooks, and modules that lie about."""
    world.commits(1)
    world.patchlint("hook", "install", f"--{MAIL}")
    trap = world.top / "ran"
    spy = world.top / "spy"
    spy.write_text(f"#!/bin/sh\necho $0 $@ >> {trap}\n")
    spy.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "core.sshCommand"):
        world.git("config", name, str(spy))
    for name in ("patchlint.py", "msgspec.py", "re.py", "json.py"):
        (world.repo / name).write_text(f"open({str(trap)!r}, 'w')\n")
    (world.repo / ".patchlint.toml").write_text("checks = ['evil']\n")
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        (world.repo / ".git" / "hooks" / name).symlink_to(spy)
    patch = world.git("-c", "diff.external=", "format-patch", "-1", "--no-ext-diff")
    trap.unlink(missing_ok=True)

    world.run(hook_of(world, MAIL), patch)

    assert not trap.exists(), trap.read_text()


def test_a_commit_message_is_looked_at_in_no_time(world: World) -> None:
    """250 ms are the limit; CPU time, since other tests run beside."""
    message = world.top / "message"
    message.write_text(f"ring: Add it\n\nBecause of the rest.\n\n{SIGNED}\n")
    run = ("hook", "run", "commit-msg", "--fail-on", "error", message)
    world.patchlint(*run)

    def spent() -> float:
        before = os.times()
        assert world.patchlint(*run).returncode == 0
        after = os.times()
        children = after.children_user - before.children_user
        return children + after.children_system - before.children_system

    begin = time.monotonic()
    assert min(spent() for _ in range(3)) < 0.4
    assert time.monotonic() - begin < 20
