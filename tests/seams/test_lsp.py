# SPDX-License-Identifier: GPL-2.0-or-later
"""The server as editors meet it: a process, asked by a client of its library."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

pytest.importorskip("pygls")
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.seams.editor import Editor
from tests.seams.world import SIGNED, World, warm, world

__all__ = ["warm", "world"]

FACE = "\N{GRINNING FACE}"
WRONG = f"""\
ring: Add one {FACE} more

It stands {FACE} the the last.

{SIGNED}
# The the comment.
# ------------------------ >8 ------------------------
diff --git a/x b/x
+the the diff
"""
LOCKED = """\
void ring_add(struct ring *r)
{
	spin_lock(&r->lock);
	r->n++;
	spin_unlock(&r->lock);
}
"""
SLEEPS = LOCKED.replace("r->n++;", "r->page = kmalloc(8, GFP_KERNEL);")
Use = Callable[[Editor], Awaitable[None]]


def used(world: World, use: Use, *words: str, encodings: Sequence[str] = ()) -> None:
    """Do something with an editor."""

    async def session() -> None:
        made = Editor(world.environment, *words, encodings=encodings)
        async with made as editor:
            await use(editor)

    world.git("config", "--global", "user.name", "A Dev")
    world.git("config", "--global", "user.email", "dev@example.org")
    asyncio.run(session())


def message_of(world: World) -> Path:
    return world.repo / ".git" / "COMMIT_EDITMSG"


def rules(found: Sequence[lsp.Diagnostic]) -> list[str]:
    return [str(each.code) for each in found]


def span(found: lsp.Diagnostic) -> tuple[int, int, int]:
    at = found.range
    assert at.start.line == at.end.line
    return at.start.line, at.start.character, at.end.character


def test_a_message_is_followed_while_it_is_written(world: World) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG, "gitcommit")
        (found,) = await editor.heard(path)
        assert found.code == "msg/doubled-word"
        assert found.source == "patchlint"
        assert found.severity is lsp.DiagnosticSeverity.Information
        # The face is two units of UTF-16, which all count in who say nothing else.
        assert span(found) == (2, 13, 20)

        said = await editor.hover(path, 2, 14)
        assert said.startswith("```text\nnit: s/the the/the/ [msg/doubled-word]")
        assert "\n## Why\n" in said
        assert await editor.hover(path, 0, 0) == ""

        first, every = await editor.actions(path, found.range)
        assert (first.kind, every.kind) == ("quickfix", "source.fixAll.patchlint")
        assert first.title == "Use: s/the the/the/"
        editor.apply(path, first)
        assert f"It stands {FACE} the last.\n" in editor.text(path)
        assert await editor.heard(path) == []

    used(world, use)


def test_all_is_put_right_at_once(world: World) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG.replace("last.\n", f"last.\nSo was was {FACE}.\n"))
        found = await editor.heard(path)
        assert rules(found).count("msg/doubled-word") == 2
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
        (every,) = await editor.actions(path, whole, "source.fixAll")
        editor.apply(path, every)
        assert "the the last" not in editor.text(path)
        assert "The the comment" in editor.text(path)
        assert "msg/doubled-word" not in rules(await editor.heard(path))

    used(world, use)


@pytest.mark.parametrize(
    ("encodings", "column"),
    [(["utf-8"], 15), (["utf-32", "utf-16"], 12), (["utf-7", "utf-16"], 13)],
)
def test_columns_are_in_the_units_of_the_editor(
    encodings: Sequence[str], column: int, world: World
) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        (found,) = await editor.heard(path)
        assert span(found) == (2, column, column + 7)

    used(world, use, encodings=encodings)


def test_the_page_of_a_rule_is_a_file(world: World) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        (found,) = await editor.heard(path)
        assert found.code_description is not None
        page = Path(found.code_description.href.removeprefix("file://"))
        assert page.is_relative_to(world.cache)
        assert page.read_text().startswith("# msg/doubled-word\n")

    used(world, use)


def test_what_git_takes_away_is_not_looked_at(world: World) -> None:
    path = message_of(world)
    world.git("config", "core.commentChar", ";")

    async def use(editor: Editor) -> None:
        editor.open(path, "; the the\n\n\n\n" + WRONG.replace("\n#", "\n;"))
        (found,) = await editor.heard(path)
        assert span(found) == (6, 13, 20)
        editor.edit(path, "; nothing yet\n")
        assert await editor.heard(path) == []
        editor.edit(path, "fixup! ring: the the\n")
        assert await editor.heard(path) == []

    used(world, use)


def test_a_subject_that_goes_on_at_once_keeps_its_lines(world: World) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, f"ring: Add\nthe the second line.\n\n{SIGNED}\n")
        found = await editor.heard(path)
        assert (1, 0, 7) in [span(each) for each in found]

    used(world, use)


def test_a_patch_is_reviewed_at_its_lines(world: World) -> None:
    world.commit("drivers/net/lock.c", LOCKED, f"ring: Add\n\nWhy.\n\n{SIGNED}\n")
    log = f"ring: Add a page\n\nIt has the the page.\n\n{SIGNED}\n"
    world.commit("drivers/net/lock.c", SLEEPS, log)
    path = world.repo / "both.mbox"
    path.write_text(world.git("format-patch", "-2", "--stdout") + "\n")
    lines = path.read_text().split("\n")

    async def use(editor: Editor) -> None:
        editor.open(path, path.read_text())
        found = {str(each.code): each for each in await editor.heard(path)}
        doubled, sleeps = found["msg/doubled-word"], found["c/sleep-in-spinlock"]
        at = lines.index("It has the the page.")
        assert span(doubled) == (at, 7, 14)
        assert "kmalloc" in lines[sleeps.range.start.line]
        assert sleeps.related_information is not None
        opened = sleeps.related_information[0].location
        assert opened.uri == path.as_uri()
        assert "spin_lock" in lines[opened.range.start.line]

        quick = await editor.actions(path, doubled.range, "quickfix")
        editor.apply(path, quick[0])
        assert "msg/doubled-word" not in rules(await editor.heard(path))

    used(world, use)


def test_what_is_written_counts_and_not_what_is_saved(world: World) -> None:
    world.commit("drivers/net/lock.c", LOCKED, f"ring: Add\n\nWhy.\n\n{SIGNED}\n")
    path = world.repo / "drivers/net/lock.c"

    async def use(editor: Editor) -> None:
        editor.open(path, LOCKED, "c")
        assert await editor.heard(path) == []
        editor.edit(path, SLEEPS)
        (found,) = await editor.heard(path)
        assert found.code == "c/sleep-in-spinlock"
        assert found.severity is lsp.DiagnosticSeverity.Error
        assert span(found)[0] == 3
        assert found.related_information is not None
        assert found.related_information[0].location.range.start.line == 2
        editor.edit(path, LOCKED)
        assert await editor.heard(path) == []
        editor.edit(path, LOCKED.replace("r->n++;", "r->n++;  "))
        (found,) = await editor.heard(path)
        assert found.code == "diff/trailing-whitespace"
        (fix,) = await editor.actions(path, found.range, "quickfix")
        editor.apply(path, fix)
        assert editor.text(path) == LOCKED
        assert await editor.heard(path) == []

    used(world, use)


def test_settings_are_those_of_the_command(world: World) -> None:
    """Of the tree in HEAD, of git, of the arguments; each is over the one before."""
    path, code = message_of(world), world.repo / "drivers/net/lock.c"
    world.commit("drivers/net/lock.c", LOCKED, f"ring: Add\n\nWhy.\n\n{SIGNED}\n")
    tree = 'ignore = ["c/sleep-in-spinlock"]\n[severity]\n"msg/doubled-word" = "note"\n'
    world.commit(".patchlint.toml", tree, f"ring: Set\n\nWhy.\n\n{SIGNED}\n")
    world.git("config", "--global", "patchlint.msg/line-length.severity", "error")
    wide = WRONG.replace("last.", "last" + ", and so on" * 8 + ".")

    async def use(editor: Editor) -> None:
        editor.open(path, wide)
        found = {str(each.code): each.severity for each in await editor.heard(path)}
        assert found["msg/doubled-word"] is lsp.DiagnosticSeverity.Hint
        assert found["msg/line-length"] is lsp.DiagnosticSeverity.Error
        editor.open(code, SLEEPS)
        assert await editor.heard(code) == []

    used(world, use)

    async def use_words(editor: Editor) -> None:
        editor.open(path, wide)
        assert rules(await editor.heard(path)) == ["msg/line-length"]

    used(world, use_words, "--ignore", "msg/doubled-word", "--stdio")


def test_options_of_rules_count(world: World) -> None:
    path = message_of(world)
    config = world.home / ".config/patchlint/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('options."msg/doubled-word".allowed = ["the"]\n')

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        assert await editor.heard(path) == []

    used(world, use)


def test_what_is_wrong_in_settings_is_told_in_the_document(world: World) -> None:
    path = message_of(world)
    world.git("config", "--global", "patchlint.ignore", "msg/doubled-wort")

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        (found,) = await editor.heard(path)
        assert found.message.startswith("Not checked: git config --global")
        assert "msg/doubled-word" in found.message

    used(world, use)


def test_a_comment_in_the_file_silences_a_rule(world: World) -> None:
    path = world.repo / "drivers/net/lock.c"
    world.commit("drivers/net/lock.c", LOCKED, f"ring: Add\n\nWhy.\n\n{SIGNED}\n")
    why = "/* patchlint: ignore c/sleep-in-spinlock -- the lock is a mutex here */"

    async def use(editor: Editor) -> None:
        editor.open(path, SLEEPS.replace("\tr->page", f"\t{why}\n\tr->page"))
        assert await editor.heard(path) == []

    used(world, use)


@pytest.mark.parametrize("words", [("--limit", "nothing=1"), ("--rules",), ("x",)])
def test_wrong_arguments_are_told_at_once(words: Sequence[str], world: World) -> None:
    done = world.run(sys.executable, "-m", "patchlint", "lsp", *words)
    assert done.returncode == 2
    assert done.stderr.startswith("patchlint")


def test_there_is_an_end_to_remarks(world: World) -> None:
    path = message_of(world)
    many = "It is the the end, and so it goes on.\n\n" * 600

    async def use(editor: Editor) -> None:
        editor.open(path, f"ring: Add\n\n{many}{SIGNED}\n")
        found = await editor.heard(path)
        assert len(found) == 501
        assert found[-1].message.startswith("Not checked: 100 more remarks")
        editor.edit(path, "ring: Add\n\n" + "the the end\n" * 100_000)
        (alone,) = await editor.heard(path)
        assert alone.message == "Not checked: more than 1048576 characters"

    used(world, use)


def test_the_work_tree_is_one_patch(world: World) -> None:
    """A prototype that changes in one open file is wrong in the other."""
    caller = "void ring_two(struct ring *r)\n{\n\tspin_lock(&r->lock);\n}\n"
    world.commit("drivers/net/lock.c", LOCKED, f"ring: Add\n\nWhy.\n\n{SIGNED}\n")
    world.commit("drivers/net/two.c", caller, f"ring: Add\n\nWhy.\n\n{SIGNED}\n")
    one, two = world.repo / "drivers/net/lock.c", world.repo / "drivers/net/two.c"

    async def use(editor: Editor) -> None:
        editor.open(one, SLEEPS, "c")
        editor.open(two, caller, "c")
        assert rules(await editor.heard(one)) == ["c/sleep-in-spinlock"]
        assert await editor.heard(two) == []
        editor.edit(two, caller + "\n\n\nint x;  \n")
        assert "diff/trailing-whitespace" in rules(await editor.heard(two))
        told = [t for t in editor.told if t.uri == one.as_uri()]
        assert rules(told[-1].diagnostics) == ["c/sleep-in-spinlock"]
        editor.close(one)

    used(world, use)


def test_other_files_are_left_alone(world: World, tmp_path: Path) -> None:
    outside = tmp_path / "outside.c"
    text, note = world.repo / "a.txt", world.repo / ".git" / "MERGE_MSG"

    async def use(editor: Editor) -> None:
        editor.open(outside, SLEEPS, "c")
        editor.open(text, WRONG, "plaintext")
        editor.open(note, WRONG, "gitcommit")
        editor.open(message_of(world), WRONG)
        await editor.heard(message_of(world))
        assert {told.uri for told in editor.told} == {message_of(world).as_uri()}

    used(world, use)


def test_the_newest_version_wins(world: World) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        for number in range(50):
            editor.edit(path, WRONG + f"\nThe the {number}\n")
        editor.edit(path, WRONG.replace("the the last", "the last"))
        assert await editor.heard(path) == []
        await asyncio.sleep(0.5)
        assert not editor.told[-1].diagnostics
        versions = [told.version or 0 for told in editor.told]
        assert versions == sorted(versions)
        assert len(versions) < 20

    used(world, use)


def test_a_document_that_is_closed_is_forgotten(world: World) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        await editor.heard(path)
        editor.close(path)
        await asyncio.sleep(0.2)
        assert not editor.told[-1].diagnostics
        assert await editor.hover(path, 2, 14) == ""

    used(world, use)


def test_hostile_text_ends_nothing(world: World) -> None:
    path, mail = message_of(world), world.repo / "x.patch"
    texts = (
        "\ud83d the the\udc00\n\n" + "the the \x0c\x1c\x85\u2028\r" * 50,
        "\n" * 100_000,
        "a" * 1_000_000,
        "#" * 1000 + "\n" + "\u202e the the\n" * 1000,
        "From: \x00\n\n--- a\n+++ b\n@@ -1 +99999999999999 @@\n+\n",
        "diff --git a/../x b/.git/config\n--- a/../x\n+++ b/.git/config\n@@ -1 +1 @@\n",
    )

    async def use(editor: Editor) -> None:
        editor.open(path, "")
        editor.open(mail, "")
        for text in texts:
            editor.edit(path, text)
            editor.edit(mail, text)
            await editor.heard(path)
            await editor.heard(mail)
        editor.edit(path, WRONG)
        assert rules(await editor.heard(path)) == ["msg/doubled-word"]

    used(world, use)


def test_odd_names_end_nothing(world: World) -> None:
    path = message_of(world)
    names = (
        "untitled:Untitled-1.patch",
        "http://example.org/x.patch",
        "file://elsewhere/x.patch",
        "file:///%00/x%0ay.patch",
        "file:///nowhere/at/all/x.c",
        "file:relative.c",
        "file:///etc/../proc/self/COMMIT_EDITMSG",
        "x.mbox",
        "",
    )

    async def use(editor: Editor) -> None:
        client = editor.client
        for uri in names:
            item = lsp.TextDocumentItem(uri, "diff", 1, WRONG)
            client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
            name = lsp.TextDocumentIdentifier(uri)
            asked = lsp.HoverParams(name, lsp.Position(2, 14))
            with suppress(JsonRpcException):
                await client.text_document_hover_async(asked)
        editor.open(path, WRONG)
        await editor.heard(path)
        for uri in names:
            name = lsp.TextDocumentIdentifier(uri)
            client.text_document_did_close(lsp.DidCloseTextDocumentParams(name))
        editor.edit(path, WRONG + "\n")
        assert rules(await editor.heard(path)) == ["msg/doubled-word"]

    used(world, use)


def test_odd_questions_end_nothing(world: World) -> None:
    path = message_of(world)
    far = 2**31 - 1

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        await editor.heard(path)
        for line, character in ((0, far), (far, 0), (2, far), (far, far)):
            assert await editor.hover(path, line, character) == ""
        back = lsp.Range(lsp.Position(far, far), lsp.Position(0, 0))
        await editor.actions(path, back)
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(far, far))
        assert len(await editor.actions(path, whole)) == 2
        assert await editor.actions(path, whole, "refactor") == []
        # A change of a part, which nobody was offered.
        part = lsp.TextDocumentContentChangePartial(back, "x")
        editor.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(7, path.as_uri()), [part]
            )
        )
        unknown = lsp.VersionedTextDocumentIdentifier(7, "file:///none.patch")
        editor.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(unknown, [part])
        )
        editor.edit(path, WRONG)
        assert rules(await editor.heard(path)) == ["msg/doubled-word"]

    used(world, use)


def test_what_is_too_large_is_told(world: World) -> None:
    path = world.repo / "x.mbox"

    async def use(editor: Editor) -> None:
        editor.open(path, "a" * (17 << 20))
        (found,) = await editor.heard(path)
        assert found.message.startswith("Not checked: more than 16777216 bytes")

    used(world, use)


def test_a_worker_that_dies_is_replaced(world: World) -> None:
    path = message_of(world)

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        await editor.heard(path)
        found = workers(world)
        assert found
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        editor.edit(path, WRONG + "\n")
        await editor.heard(path)
        editor.edit(path, WRONG)
        assert rules(await editor.heard(path)) == ["msg/doubled-word"]

    used(world, use)


def test_no_worker_outlives_its_editor(world: World) -> None:
    path = message_of(world)
    found: list[int] = []

    async def use(editor: Editor) -> None:
        editor.open(path, WRONG)
        await editor.heard(path)
        found.extend(workers(world))

    used(world, use)
    assert found
    assert workers(world) == []


def workers(world: World) -> list[int]:
    """Return the workers of this world's server, known by its cache."""
    if not Path("/proc/self/environ").exists():
        pytest.skip("processes are not told here")
    wanted = f"XDG_CACHE_HOME={world.cache}".encode()
    home = f"HOME={world.home}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            variables = (folder / "environ").read_bytes().split(b"\0")
            words = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if wanted in variables and home in variables and b"lsp.worker" in words:
            found.append(int(folder.name))
    return found


def test_without_the_extra_it_says_how_to_have_it(world: World) -> None:
    (world.top / "pygls.py").write_text("raise ModuleNotFoundError(name='pygls')\n")
    path = os.pathsep.join((str(world.top), os.environ.get("PYTHONPATH", "")))
    done = world.run(sys.executable, "-m", "patchlint", "lsp", PYTHONPATH=path)

    assert done.returncode == 2
    assert done.stderr == (
        "patchlint: patchlint lsp: it is not installed; pip install 'patchlint[lsp]'\n"
    )


def test_an_editor_that_is_gone_ends_the_server(world: World) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "patchlint", "lsp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=dict(world.environment),
    ) as server:
        assert server.stdin is not None
        server.stdin.close()
        assert server.wait(timeout=30) == 0
