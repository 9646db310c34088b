# SPDX-License-Identifier: GPL-2.0-or-later
"""What an engine for English is: sentences in, remarks out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from patchlint.model.location import Span
from patchlint.prose.blocks import BlockKind
from patchlint.prose.sentences import Sentence


class Passage(Struct, frozen=True):
    """The sentences of one block, and what kind of block it is."""

    kind: BlockKind
    sentences: tuple[Sentence, ...]


class Remark(Struct, frozen=True):
    """``replacement`` for the ``words`` that stand at ``span``.

    ``kind`` is a short name of what is wrong. ``sure`` says that the replacement is
    safe to apply, ``other`` is a second one that may be meant instead.
    """

    span: Span
    kind: str
    words: str
    replacement: str
    sure: bool = False
    other: str = ""


class Engine(Protocol):
    """Something that reads English."""

    def check(self, text: Sequence[Passage]) -> Iterator[Remark]:
        """Yield remarks on one text, in order; passages know each other's words."""
