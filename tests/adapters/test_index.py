# SPDX-License-Identifier: GPL-2.0-or-later
"""The index of a real repository: read once, kept by blob id, thrown away safely."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from patchlint.adapters import index
from patchlint.adapters.git import Blobs
from patchlint.adapters.index import Indexes
from patchlint.model.symbol import SymbolKind
from patchlint.series.tree import Tree
from tests.adapters.repo import add_commit, git_line, make_repository

PATH = "drivers/ring/c.c"
FILES = {
    "kernel/a.c": b"int f(void)\n{\n\treturn g();\n}\n",
    "kernel/b.c": b"int g(void)\n{\n\treturn 0;\n}\n",
    PATH: b"int c(void)\n{\n\treturn g();\n}\n",
    "drivers/ring/Kconfig": b"config RING\n\tbool\n",
    "drivers/far/Kconfig": b"config FAR\n\tbool\n",
    "drivers/far/d.c": b"int g(void)\n{\n\treturn 1;\n}\n",
}


class World:
    """A repository, a folder for its index, and how many files were read."""

    def __init__(self, folder: Path) -> None:
        self.repository = make_repository(folder / "repository", FILES)
        self.cache = folder / "cache"
        self.read: list[int] = []
        self.open = ExitStack()

    def ask(self, commit: str = "HEAD", path: str = PATH) -> Tree | None:
        blobs = self.open.enter_context(Blobs(self.repository))
        made = Indexes(self.repository, blobs, self.cache, self.read.append)
        return self.open.enter_context(made).tree(commit, (path,))

    def tree(self, commit: str = "HEAD") -> Tree:
        tree = self.ask(commit)
        assert tree is not None
        return tree


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    with made.open:
        yield made


def paths(tree: Tree, name: str) -> list[str]:
    return [placed.path for placed in tree.symbols(name)]


def test_names_are_found_around_the_change(world: World) -> None:
    tree = world.tree()

    assert paths(tree, "g") == ["kernel/b.c"]
    assert [(p.path, p.use.holder) for p in tree.uses("g")] == [
        (PATH, "c"),
        ("kernel/a.c", "f"),
    ]
    assert tree.covers("kernel/a.c")
    assert not tree.covers("drivers/far/d.c")


def test_kconfig_symbols_hold_for_the_whole_tree(world: World) -> None:
    assert world.tree().names(SymbolKind.CONFIG, "") == ("FAR", "RING")


def test_nothing_is_read_before_something_is_asked(world: World) -> None:
    world.tree()

    assert world.read == []
    assert not world.cache.exists()


def test_a_blob_is_read_once_whatever_commits_hold_it(world: World) -> None:
    paths(world.tree(), "g")
    paths(world.tree(), "g")
    add_commit(world.repository, FILES | {"kernel/b.c": b"int h;\n"}, "area: two\n")

    assert paths(world.tree(), "g") == []
    assert world.read == [5, 1]
    assert paths(world.tree(git_line(world.repository, "rev-parse", "HEAD^")), "g")


def test_an_unknown_commit_or_another_project_has_no_tree(world: World) -> None:
    assert world.ask("0" * 40) is None
    assert world.ask("--help") is None
    assert world.ask(path="fs/no/such/file.c") is None


def test_a_broken_index_is_made_anew(world: World) -> None:
    world.cache.mkdir()
    broken = world.cache / f"index-{index.FORMAT}.sqlite"
    broken.write_bytes(b"not a database" * 100)

    assert paths(world.tree(), "g") == ["kernel/b.c"]
    assert broken.read_bytes().startswith(b"SQLite format 3")


def test_an_index_that_has_grown_too_big_is_thrown_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths(world.tree(), "g")
    monkeypatch.setattr(index, "_LARGEST", 1)
    paths(world.tree(), "g")

    assert world.read == [5, 5]


def test_an_index_of_another_format_is_thrown_away(world: World) -> None:
    world.cache.mkdir()
    (world.cache / "index-0.sqlite").write_bytes(b"large")
    paths(world.tree(), "g")

    assert [p.name for p in world.cache.glob("*.sqlite")] == [
        f"index-{index.FORMAT}.sqlite"
    ]


def test_without_a_place_on_disk_the_index_is_in_memory(world: World) -> None:
    world.cache.write_text("a file where the folder should be")

    assert paths(world.tree(), "g") == ["kernel/b.c"]


def test_many_files_are_read_by_processes_with_the_same_result(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_FEW", 1)

    assert paths(world.tree(), "g") == ["kernel/b.c"]


def test_bytes_that_are_not_utf_8_do_no_harm(world: World) -> None:
    add_commit(world.repository, FILES | {"kernel/b.c": b"int g = \xff\xfe;\n"}, "x\n")

    assert paths(world.tree(), "g") == ["kernel/b.c"]
