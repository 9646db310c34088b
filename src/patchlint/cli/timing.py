# SPDX-License-Identifier: GPL-2.0-or-later
"""Where the time of a run went: stage by stage, rule by rule (``--timing``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import perf_counter, process_time

from patchlint.adapters.progress import Progress, Untold
from patchlint.lint.rule import Rule

_DEAREST = 20
_HEAD = "patchlint: where the time went, in ms (one process, nothing kept is used)"
_NOTE = "What several rules need is put down to the first of them that asks."


class Watch:
    """A stopwatch that is told what has just been done; unless somebody asks, deaf.

    It also hands out the rules of a review in the place of ``progress``, which goes on
    to hear of them.
    """

    def __init__(self, *, is_on: bool = False) -> None:
        """Begin now; the CPU time before that is the start of Python."""
        self._is_on = is_on
        self._stages: dict[str, tuple[float, float]] = {}
        self._rules: dict[str, float] = {}
        # How long that took is told by the CPU alone.
        self._last = (0.0, perf_counter() - process_time())
        self._progress: Progress = Untold()
        self.lap("start of Python and imports")

    def lap(self, stage: str) -> None:
        """Put all time since the last call down to a stage."""
        if self._is_on:
            cpu, wall = self._since()
            had = self._stages.get(stage, (0.0, 0.0))
            self._stages[stage] = (had[0] + cpu, had[1] + wall)

    def beside(self, progress: Progress) -> Progress:
        """Return what hears of a review: this, if anybody asks, and ``progress``."""
        self._progress = progress
        return self if self._is_on else progress

    def begin(self, number: int) -> None:
        """Pass on how many series there are."""
        self._progress.begin(number)

    def tick(self, done: int) -> None:
        """Pass on how many are done."""
        self._progress.tick(done)

    def paced(self, rules: Sequence[Rule]) -> Iterator[Rule]:
        """Hand out the rules of one series, and time each."""
        self.lap("files before and after each patch")
        for rule in self._progress.paced(rules):
            begun = perf_counter()
            yield rule
            name = rule.card.id
            self._rules[name] = self._rules.get(name, 0.0) + perf_counter() - begun
        self.lap("rules")

    def table(self) -> str:
        """Return all of it as text: stages in their order, the dearest rules first."""
        lines = [_HEAD, f"{'CPU':>9} {'wall':>9}"]
        lines += [_row(*both, stage) for stage, both in self._stages.items()]
        cpu, wall = map(sum, zip(*self._stages.values(), strict=True))
        lines += [_row(cpu, wall, "all"), "", f"{'wall':>9} {'of all':>9}"]
        dearest = sorted(self._rules.items(), key=lambda item: (-item[1], item[0]))
        rest = [took for _, took in dearest[_DEAREST:]]
        if rest:
            dearest[_DEAREST:] = [(f"{len(rest)} other rules", sum(rest))]
        for name, took in dearest:
            lines.append(f"{took * 1000:9.1f} {took / wall:9.1%}  {name}")
        return "\n".join([*lines, _NOTE, ""])

    def _since(self) -> tuple[float, float]:
        now = process_time(), perf_counter()
        passed = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now
        return passed


def _row(cpu: float, wall: float, name: str) -> str:
    return f"{cpu * 1000:9.1f} {wall * 1000:9.1f}  {name}"


UNWATCHED = Watch()
