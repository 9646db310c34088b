# SPDX-License-Identifier: GPL-2.0-or-later
"""A process that looks at units, and whoever talks to it.

It is a program of its own, not a fork: there are no threads it could have inherited, a
signal of its clock reaches it (see clock.py), and whatever starts it, a pool of ours or
a worker of a cluster, may die without leaving it behind.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache
from queue import Empty, LifoQueue
from types import TracebackType
from typing import IO, Self

from msgspec.msgpack import decode, encode
from msgspec.structs import replace

from patchlint.adapters.git import RepositoryError
from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan.job import Answer, Job

# After so many units a process ends, with all that has gathered in it.
_UNITS = 16
# CPU seconds that a unit may take, over all limits of its postings.
_PATIENCE = 3600
_ATTEMPTS = 3
_HEAD = 8


class ChildError(Exception):
    """A process has died of a unit; the text says how."""


class Child:
    """One process; it starts with the first question."""

    def __init__(self) -> None:
        self._units = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    @property
    def is_worn(self) -> bool:
        """Whether another one should take its place."""
        return self._units >= _UNITS

    def ask(self, job: Job) -> Answer:
        """Return the answer of a unit; ChildError if there is none."""
        self._units += 1
        there, back = self._process.stdin, self._process.stdout
        if there is None or back is None:
            raise ChildError("no pipe")
        try:
            _send(there, encode(job))
            raw = _received(back)
        except OSError as error:
            raise ChildError(str(error)) from error
        if raw is None:
            raise ChildError(f"the process ended with status {self._process.wait()}")
        found: Answer | str = decode(raw, type=Answer | str)
        if isinstance(found, str):
            raise ChildError(found)
        return found

    def end(self) -> None:
        """End it."""
        self._process.kill()
        with suppress(OSError):
            self._process.communicate()


class Children:
    """Processes that wait for units; any thread may ask."""

    def __init__(self) -> None:
        self._idle: LifoQueue[Child] = LifoQueue()
        self._all: set[Child] = set()
        self._is_over = False

    def __enter__(self) -> Self:
        """Begin; nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End them all."""
        self._is_over = True
        for child in tuple(self._all):
            child.end()

    def ask(self, job: Job) -> Answer | str:
        """Return the answer of a unit, or why there is none after some attempts."""
        why = ""
        for attempt in range(_ATTEMPTS):
            if self._is_over:
                return "stopped"
            try:
                return self._ask(replace(job, careful=attempt == _ATTEMPTS - 1))
            except ChildError as error:
                why = str(error)
        return why

    def _ask(self, job: Job) -> Answer:
        try:
            child = self._idle.get_nowait()
        except Empty:
            child = Child()
            self._all.add(child)
        is_well = False
        try:
            found = child.ask(job)
            is_well = not child.is_worn
        finally:
            if is_well:
                self._idle.put(child)
            else:
                self._forget(child)
        return found

    def _forget(self, child: Child) -> None:
        self._all.discard(child)
        child.end()


@cache
def _own() -> Children:
    """Return the processes of this one; they end when nobody is left to ask."""
    return Children()


def ask(job: Job) -> Answer | str:
    """Return the answer of a unit, wherever we are: what a worker is told to run."""
    return _own().ask(job)


def main() -> int:
    """Answer one job after the other, until nobody asks."""
    # Whoever started us says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    back = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # Nothing that is printed by mistake may come between two answers.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    from patchlint.adapters.folders import cache_folder
    from patchlint.adapters.patterns import kept

    with kept(cache_folder()), suppress(BrokenPipeError):
        while (raw := _received(sys.stdin.buffer)) is not None:
            _limit()
            _send(back, encode(_answer(decode(raw, type=Job))))
    return 0


def _answer(job: Job) -> Answer | str:
    from patchlint.adapters.scan.digest import digest
    from patchlint.adapters.scan.look import answer

    if job.terms.digest != digest(job.terms.rules):
        return "this machine has another patchlint, or other rules"
    try:
        return answer(job)
    except (InputError, OSError, RepositoryError) as error:
        return f"{type(error).__name__}: {error}"


def _send(pipe: IO[bytes], raw: bytes) -> None:
    pipe.write(len(raw).to_bytes(_HEAD) + raw)
    pipe.flush()


def _received(pipe: IO[bytes]) -> bytes | None:
    head = pipe.read(_HEAD)
    if len(head) < _HEAD:
        return None
    size = int.from_bytes(head)
    raw = pipe.read(size)
    return raw if len(raw) == size else None


def _limit() -> None:
    """Let the system end us where our own clock cannot."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + _PATIENCE
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with suppress(ValueError, OSError, OverflowError):
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))


if __name__ == "__main__":
    sys.exit(main())
