# SPDX-License-Identifier: GPL-2.0-or-later
"""A scan from its plan to its last unit, wherever the units are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from msgspec import Struct, field

from patchlint.adapters.scan import archives
from patchlint.adapters.scan.child import Children
from patchlint.adapters.scan.job import Answer, Job, Stats
from patchlint.adapters.scan.look import part_name
from patchlint.adapters.scan.store import Manifest, Store
from patchlint.adapters.scan.units import Unit

# How many units are given out beside those that are looked at.
_AHEAD = 2

Answers = Iterator[tuple[Job, Answer | str]]
Pool = Callable[[Iterable[Job]], Answers]


class Outcome(Struct):
    """What a run did: units and mails in all, what is done, and what was not to be.

    ``failed`` are units, and why; they are tried again by the next run.
    """

    mails: int = 0
    units: int = 0
    before: int = 0
    done: list[Stats] = field(default_factory=list)
    failed: list[tuple[Unit, str]] = field(default_factory=list)

    @property
    def read(self) -> int:
        """The mails read in this run."""
        return sum(stats.mails for stats in self.done)

    @property
    def peak(self) -> int:
        """The most memory that a process has had, in KiB."""
        return max((stats.peak for stats in self.done), default=0)


def scan(
    store: Store, manifest: Manifest, pool: Pool, tell: Callable[[Outcome], None]
) -> Outcome:
    """Do what is left of a scan; ``tell`` hears of each unit that is done.

    Raises InputError where the folder is of another scan, or an archive cannot be read.
    """
    units = _planned(store, manifest)
    known = store.done()
    left = [unit for unit in units if part_name(unit) not in known]
    outcome = Outcome(
        mails=sum(unit.mails for unit in units),
        units=len(units),
        before=sum(stats.mails for stats in known.values()),
    )
    tell(outcome)
    for job, found in pool(Job(unit, manifest.terms) for unit in left):
        if isinstance(found, str):
            outcome.failed.append((job.unit, found))
        else:
            store.keep(job.unit, found)
            outcome.done.append(found.stats)
        tell(outcome)
    return outcome


def _planned(store: Store, manifest: Manifest) -> Sequence[Unit]:
    """Return the units of a scan: those that were planned when it began."""
    store.agrees(manifest)
    store.tidy()
    if store.manifest() is None:
        since = manifest.terms.since
        store.begin(
            manifest,
            (u for each in manifest.archives for u in archives.plan(each, since)),
        )
    return store.units()


def local(processes: int) -> Pool:
    """Return a pool of processes of this machine."""

    def pool(jobs: Iterable[Job]) -> Answers:
        with ThreadPoolExecutor(processes) as threads, Children() as children:
            running: dict[Future[Answer | str], Job] = {}
            for job in jobs:
                running[threads.submit(children.ask, job)] = job
                if len(running) >= processes + _AHEAD:
                    yield from _ready(running)
            while running:
                yield from _ready(running)

    return pool


def _ready(running: dict[Future[Answer | str], Job]) -> Answers:
    """Wait for an answer, and yield all there are."""
    ready, _ = wait(running, return_when=FIRST_COMPLETED)
    for each in ready:
        yield running.pop(each), each.result()
