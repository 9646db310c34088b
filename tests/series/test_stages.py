# SPDX-License-Identifier: GPL-2.0-or-later
"""The touched files at every stage are what they would be as trees of their own."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from patchlint.model.symbol import FileFacts, SymbolKind
from patchlint.series.stages import Stage, Stages
from patchlint.series.tree import Texts
from patchlint.syntax.tree_files import read_file

NAMES = ("one", "two", "three")
PATHS = ("a.c", "b.c", "c.h")
FILES = st.lists(st.sampled_from(NAMES), max_size=3).map(
    lambda names: "".join(f"int {n}(void)\n{{\n\treturn two();\n}}\n" for n in names)
)
CHANGES = st.dictionaries(st.sampled_from(PATHS), st.none() | FILES, max_size=3)


@given(st.lists(CHANGES, max_size=6))
def test_a_stage_is_the_tree_of_its_texts(changes: list[dict[str, str | None]]) -> None:
    stages = Stages(read_file)
    known: dict[str, str | None] = {}
    expected = []
    for change in changes:
        stages.add(change)
        known |= change
        texts = {path: text for path, text in known.items() if text is not None}
        expected.append((Stage(stages, stages.stage), Texts(texts), set(known)))
    # The last one first: what is read for it must not show in those before.
    for stage, tree, touched in reversed(expected):
        for name in NAMES:
            assert stage.symbols(name) == tree.symbols(name)
            assert stage.uses(name) == tree.uses(name)
        for path in PATHS:
            assert stage.covers(path) == tree.covers(path)
            assert (path in stage) == (path in touched)
        function = SymbolKind.FUNCTION
        assert stage.names(function, "t") == tree.names(function, "t")


def test_each_text_is_read_once_however_many_ask() -> None:
    read: Counter[str] = Counter()

    def counted(path: str, text: str) -> FileFacts:
        read[text] += 1
        return read_file(path, text)

    stages = Stages(counted)
    for number in range(20):
        stages.add({"a.c": f"int one = {number};\n", "b.c": "int two;\n"})
    for number in range(20):
        assert len(Stage(stages, number + 1).symbols("one")) == 1

    assert set(read.values()) == {1}
