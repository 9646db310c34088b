# SPDX-License-Identifier: GPL-2.0-or-later
"""A worker as the server has it: asked one thing at a time, started anew if it dies."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress

from msgspec.msgpack import Decoder

from patchlint.cli.lsp.told import Answer, Task
from patchlint.cli.lsp.worker import SIZE, framed

_COMMAND = (sys.executable, "-P", "-m", "patchlint.cli.lsp.worker")
# A look has limits of its own, in CPU time; this is for git, and for other people.
_PATIENCE = 300.0
_SLOW = "it took too long; it is tried again when the text changes"
# Why, Python has said on stderr, which editors keep.
_DIED = "the review died; it is tried again when the text changes"


class Child:
    """One worker; it starts with the first task."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._alone = asyncio.Lock()
        self._answers = Decoder(Answer)

    async def warm(self) -> None:
        """Start the worker, so that nobody waits for that."""
        async with self._alone:
            await self._running()

    async def ask(self, task: Task) -> Answer:
        """Return the answer; one that does not come in time is told as trouble."""
        async with self._alone:
            answer = None
            try:
                async with asyncio.timeout(_PATIENCE):
                    answer = await self._asked(task)
            except TimeoutError:
                return Answer(unread=(_SLOW,), trouble=(_SLOW,))
            except (OSError, asyncio.IncompleteReadError):
                return Answer(unread=(_DIED,), trouble=(_DIED,))
            finally:
                # Half an answer would be taken for the next one.
                if answer is None:
                    self.stop()
            return answer

    def stop(self) -> None:
        """End the worker."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            self._process = None

    async def _asked(self, task: Task) -> Answer:
        process = await self._running()
        if process.stdin is None or process.stdout is None:
            raise BrokenPipeError
        process.stdin.write(framed(task))
        await process.stdin.drain()
        head = await process.stdout.readexactly(SIZE)
        raw = await process.stdout.readexactly(int.from_bytes(head, "big"))
        return self._answers.decode(raw)

    async def _running(self) -> Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *_COMMAND, stdin=PIPE, stdout=PIPE
            )
        return self._process
