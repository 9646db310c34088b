# SPDX-License-Identifier: GPL-2.0-or-later
"""A real cluster of processes, of which one is killed: the same rows."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest

from benchmarks.archive import write
from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan import archives, git_archive
from patchlint.adapters.scan.digest import digest
from patchlint.adapters.scan.job import Job, Terms
from patchlint.adapters.scan.run import Answers, Outcome, Pool, local, scan
from patchlint.adapters.scan.store import TABLES, Manifest, Store
from patchlint.adapters.scan.units import cuts

distributed = pytest.importorskip("distributed")
pytest.importorskip("pyarrow")
MAILS = 100
RULES = ("msg/doubled-word", "trailer/missing-sign-off")


@pytest.fixture
def pids() -> Iterator[tuple[str, list[int]]]:
    """Yield the address of a scheduler, and the processes of its workers."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        client.wait_for_workers(2)
        yield cluster.scheduler_address, list(client.run(os.getpid).values())


def silent(_: Outcome) -> None:
    pass


def killing(pool: Pool, pid: int) -> Pool:
    """Return a pool that loses a worker when the first answer is there."""

    def lossy(jobs: Iterable[Job]) -> Answers:
        for number, answered in enumerate(pool(jobs)):
            if number == 0:
                os.kill(pid, signal.SIGKILL)
            yield answered

    return lossy


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for table in TABLES
        for path in (folder / table).rglob("*.parquet")
    }


@pytest.mark.filterwarnings("ignore")
def test_a_worker_that_is_killed_costs_nothing(
    tmp_path: Path, pids: tuple[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    from patchlint.adapters.scan.cluster import cluster

    monkeypatch.setattr(git_archive, "cuts", partial(cuts, size=20, window=30))
    write(tmp_path / "lore", MAILS, 60)
    found = tuple(archives.find([str(tmp_path / "lore")]))
    manifest = Manifest(Terms(rules=RULES, digest=digest(RULES)), found)
    address, (first, _) = pids

    whole = scan(Store(tmp_path / "whole"), manifest, local(2), silent)
    lossy = killing(cluster(address), first)
    outcome = scan(Store(tmp_path / "lossy"), manifest, lossy, silent)

    assert (outcome.read, outcome.failed) == (whole.read, []) == (MAILS, [])
    assert files(tmp_path / "lossy") == files(tmp_path / "whole")


def test_where_there_is_no_scheduler_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from patchlint.adapters.scan import cluster

    monkeypatch.setattr(cluster, "_PATIENCE", "1s")
    manifest = Manifest(Terms(), ())

    with pytest.raises(InputError, match="no scheduler there"):
        scan(Store(tmp_path), manifest, cluster.cluster("tcp://127.0.0.1:9"), silent)
