# SPDX-License-Identifier: GPL-2.0-or-later
"""When to look: not at every key, never twice at once, and last at what is newest."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

# What comes at once, from a macro or a paste, is one change; seconds.
PAUSE = 0.015


class Desk:
    """What lies there to be looked at, each by a name; of a name there is one look."""

    def __init__(self, look: Callable[[str], Awaitable[None]], pause: float) -> None:
        self._look = look
        self._pause = pause
        self._changes: dict[str, int] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def changed(self, name: str) -> None:
        """Have it looked at when nothing has changed for a while."""
        self._changes[name] = self._changes.get(name, 0) + 1
        if name not in self._running:
            self._running[name] = asyncio.create_task(self._settle(name))

    def is_newest(self, name: str, change: int) -> bool:
        """Say whether nothing has changed since ``change``."""
        return self._changes.get(name) == change

    def change(self, name: str) -> int:
        """Return how often it has changed so far."""
        return self._changes.get(name, 0)

    async def _settle(self, name: str) -> None:
        """Look until what was looked at is the newest."""
        try:
            looked = -1
            while looked != self.change(name):
                seen = self.change(name)
                await asyncio.sleep(self._pause)
                if seen == self.change(name):
                    looked = seen
                    await self._look(name)
        finally:
            self._running.pop(name, None)
            self._changes.pop(name, None)
