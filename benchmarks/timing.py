# SPDX-License-Identifier: GPL-2.0-or-later
"""What a command costs: processor time of it and its children, and memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_KIB = 1024


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time, seconds on the wall, MiB at most in memory."""

    cpu: float
    wall: float
    memory: float


@dataclass(frozen=True)
class Command:
    """Words of a command, and where it runs."""

    words: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] | None = None

    def cost(self) -> Cost:
        """Run it, its output thrown away; whatever it says of a patch is no error."""
        begin = time.perf_counter()
        with Path(os.devnull).open("wb") as nothing:
            child = subprocess.Popen(  # noqa: S603
                self.words,
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=nothing,
                stderr=nothing,
            )
            _, _, used = os.wait4(child.pid, 0)
            child.returncode = 0
        wall = time.perf_counter() - begin
        return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / _KIB)


@dataclass(frozen=True)
class Measured:
    """The costs of one thing, run again and again; ``of`` many patches."""

    costs: tuple[Cost, ...]
    of: int = 1

    @property
    def cpu(self) -> float:
        """Processor time a patch in milliseconds, the least of all runs.

        What else the machine does makes a run dearer, never cheaper.
        """
        return 1000 * min(cost.cpu for cost in self.costs) / self.of

    @property
    def spread(self) -> float:
        """How much dearer the middle one of all runs is, in percent."""
        middle = statistics.median(cost.cpu for cost in self.costs)
        return 100 * (1000 * middle / self.of / self.cpu - 1) if self.cpu else 0.0

    @property
    def memory(self) -> float:
        """MiB at most."""
        return max(cost.memory for cost in self.costs)

    @property
    def wall(self) -> float:
        """Seconds on the wall, the least of all runs."""
        return min(cost.wall for cost in self.costs)


Run = Callable[[], Cost]


def in_turns(runs: Mapping[str, Run], rounds: int) -> dict[str, tuple[Cost, ...]]:
    """Run each once a round, one after the other, so that all see the same machine."""
    costs: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            costs[name].append(run())
    return {name: tuple(taken) for name, taken in costs.items()}


def one_by_one(commands: Sequence[Command]) -> Cost:
    """Return what many commands cost together."""
    costs = [command.cost() for command in commands]
    return Cost(
        sum(cost.cpu for cost in costs),
        sum(cost.wall for cost in costs),
        max(cost.memory for cost in costs),
    )
