# SPDX-License-Identifier: GPL-2.0-or-later
"""The same units by a cluster: the one door to Dask.

Who does what when, what becomes of the work of a worker that dies, is all its business;
see https://distributed.dask.org/en/stable/resilience.html. A unit may be looked at
twice; it is kept once, by the one process that writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dask import config
from distributed import Client, Future, as_completed

from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan.child import ask
from patchlint.adapters.scan.job import Answer, Job
from patchlint.adapters.scan.look import part_name
from patchlint.adapters.scan.run import Answers, Pool

# How often a unit is given to another worker when its own was lost.
_LOSSES = 5
# How many units are given out for each that can be looked at.
_AHEAD = 2
_PATIENCE = "30s"


def cluster(address: str) -> Pool:
    """Return the pool of the workers of a scheduler."""

    def pool(jobs: Iterable[Job]) -> Answers:
        with _connected(address) as client:
            yield from _shared_out(client, iter(jobs))

    return pool


def _connected(address: str) -> Client:
    try:
        with config.set({"distributed.comm.timeouts.connect": _PATIENCE}):
            return Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {address}: no scheduler there") from error


def _shared_out(client: Client, jobs: Iterator[Job]) -> Answers:
    """Keep the workers busy, and yield what they answer."""
    given: dict[str, Job] = {}
    running = as_completed(loop=client.loop)
    for job in jobs:
        key = f"patchlint-{part_name(job.unit)}"
        given[key] = job
        running.add(client.submit(ask, job, key=key, pure=False, retries=_LOSSES))
        while len(given) >= _room(client):
            yield from _next(running, given)
    while given:
        yield from _next(running, given)


def _next(running: as_completed, given: dict[str, Job]) -> Answers:
    future: Future = next(running)
    job = given.pop(future.key)
    yield job, _answer(future)
    future.release()


def _answer(future: Future) -> Answer | str:
    error = future.exception()
    if error is not None:
        return f"{type(error).__name__}: {error}"
    found: Answer | str = future.result()
    return found


def _room(client: Client) -> int:
    """Return how many units may be out; workers come and go."""
    threads: int = sum(client.nthreads().values())
    return _AHEAD + _AHEAD * threads
