# SPDX-License-Identifier: GPL-2.0-or-later
"""Other programs as rules: each looks at every patch of a series."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from patchlint.adapters.child import NoAnswerError
from patchlint.lint.card import Card
from patchlint.lint.context import Contexts, PatchContext
from patchlint.lint.foreign import Said, findings
from patchlint.lint.rule import Result
from patchlint.model.finding import Crash, NotChecked, Skip
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.series import Series

_MOST = 2_000


class Tool(Protocol):
    """How one program is found, run, and read."""

    @property
    def card(self) -> Card:
        """What stands for it among the rules."""

    def prepare(self, folder: Path, series: Series) -> None:
        """Put into a folder what it needs; NoAnswerError says what is missing."""

    def look(
        self, context: PatchContext, folder: Path, limits: Limits
    ) -> Sequence[Said | NotChecked]:
        """Return what it says of a patch; NoAnswerError says what is missing."""


class ChildRule(Struct, frozen=True):
    """A program among the rules; so many patches are given to it at once."""

    tool: Tool
    limits: Limits = DEFAULT_LIMITS
    threads: int = 1

    @property
    def card(self) -> Card:
        """What stands for it among the rules."""
        return self.tool.card

    def apply(self, contexts: Contexts) -> Iterator[Result]:
        """Look at every patch, or say what is missing."""
        head = contexts.series.head.message_id
        try:
            with tempfile.TemporaryDirectory(prefix="patchlint-") as name:
                yield from self._apply(contexts, Path(name))
        except NoAnswerError as why:
            yield Skip(self.card.id, head, str(why))
        except Exception as error:  # noqa: BLE001 - a rule stops no other
            yield Crash(self.card.id, head, f"{type(error).__name__}: {error}")

    def _apply(self, contexts: Contexts, folder: Path) -> Iterator[Result]:
        self.tool.prepare(folder, contexts.series)
        with ThreadPoolExecutor(self.threads) as pool:
            answers = pool.map(lambda c: self._look(c, folder), contexts.patches)
            for context, seen in zip(contexts.patches, answers, strict=True):
                said = [one for one in seen if isinstance(one, Said)]
                yield from findings(self.card, said[:_MOST], context, contexts)
                for needs in self._needs(seen, len(said)):
                    yield Skip(self.card.id, context.message.message_id, needs)

    def _look(self, context: PatchContext, folder: Path) -> Sequence[Said | NotChecked]:
        try:
            return self.tool.look(context, folder, self.limits)
        except NoAnswerError as why:
            return (NotChecked(str(why)),)

    def _needs(self, seen: Sequence[Said | NotChecked], said: int) -> Iterator[str]:
        yield from (one.needs for one in seen if isinstance(one, NotChecked))
        if said > _MOST:
            yield f"a shorter answer: {said} lines, of which {_MOST} are told"
