# SPDX-License-Identifier: GPL-2.0-or-later
"""A scan of a made archive: how fast, how large, and whether it survives being killed.

Usage: measure_scan.py [--mails N] [--jobs N] [--folder DIR]. An archive of public-inbox
is made (benchmarks/archive.py) and scanned; then it is scanned again, by a run that is
killed three times with all its processes, and goes on each time; and by a cluster of
processes, of which one is killed. Rows and files must be the same each time. Status 1
if they are not, or a process was over its limit.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from distributed import Client, LocalCluster

from benchmarks.archive import write
from patchlint.adapters.scan.job import Stats
from patchlint.adapters.scan.store import TABLES, Store
from patchlint.adapters.scan.tables import SCHEMAS, rows_of

EPOCH = 30_000
# MiB that a process may have.
LIMIT = 400
_PAUSE = 0.2


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=50_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("build/scan"))
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    archive = given.folder / "linux-made"
    write(archive, given.mails, EPOCH)
    command = [sys.executable, "-m", "patchlint", "scan", "-j", str(given.jobs)]
    whole, killed = given.folder / "whole", given.folder / "killed"
    begun = time.monotonic()
    subprocess.run([*command, "-o", str(whole), str(archive)], check=True)  # noqa: S603
    peak = _print_whole(Store(whole), time.monotonic() - begun)
    again = [*command, "-o", str(killed), str(archive)]
    for share in (0.2, 0.45, 0.7):
        _kill_at(again, Store(killed), share)
    subprocess.run(again, check=True)  # noqa: S603
    is_same = _compare("after three kills", whole, killed)
    lossy = given.folder / "lossy"
    _by_cluster([*command[:-2], "-o", str(lossy), str(archive)], lossy, given.jobs)
    is_same &= _compare("by a cluster that lost a worker", whole, lossy)
    return 0 if is_same and peak <= LIMIT else 1


def _compare(when: str, whole: Path, other: Path) -> bool:
    """Print whether two scans have the same rows and the same files."""
    rows = {table: (_rows(whole, table), _rows(other, table)) for table in TABLES}
    same = all(one == two for one, two in rows.values())
    files = _files(whole) == _files(other)
    count = {table: len(one) for table, (one, _) in rows.items()}
    print(f"{when}: {count}: the same rows: {same}; the same files: {files}")
    return same and files


def _by_cluster(command: list[str], folder: Path, workers: int) -> None:
    """Scan by a cluster, and kill a worker when a third is done."""
    store, begun = Store(folder), time.monotonic()
    with (
        LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=":0"
        ) as cluster,
        Client(cluster) as client,
    ):
        victim = next(iter(client.run(os.getpid).values()))
        asked = [*command, "--scheduler", cluster.scheduler_address]
        with subprocess.Popen(asked) as child:  # noqa: S603
            while child.poll() is None:
                time.sleep(_PAUSE)
                if (
                    victim
                    and store.manifest()
                    and 3 * len(store.done()) > len(store.units())
                ):
                    os.kill(victim, signal.SIGKILL)
                    print(f"killed a worker with {len(store.done())} units done")
                    victim = 0
    print(f"by a cluster: {time.monotonic() - begun:.0f} s")


def _print_whole(store: Store, seconds: float) -> int:
    """Print the rate and the memory, over the scan; return the peak in MiB."""
    found = list(store.done().values())
    mails = sum(stats.mails for stats in found)
    used = sum(stats.seconds for stats in found)
    print(
        f"{mails} mails in {seconds:.0f} s: {mails / seconds:.0f} a second; "
        f"{1000 * used / mails:.2f} ms of CPU a mail"
    )
    size = max(1, len(found) // 4)
    for number in range(0, len(found), size):
        print(f"  units from {number}: {_told(found[number : number + size])}")
    return max(stats.peak for stats in found) // 1024


def _told(found: list[Stats]) -> str:
    peak = max(stats.peak for stats in found) // 1024
    mails, used = sum(s.mails for s in found), sum(s.seconds for s in found)
    return f"{1000 * used / mails:.2f} ms of CPU a mail, at most {peak} MiB"


def _kill_at(command: list[str], store: Store, share: float) -> None:
    """Start a scan and kill it when so much of it is done."""
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, process_group=0) as child:  # noqa: S603
        while child.poll() is None:
            time.sleep(_PAUSE)
            if store.manifest() and len(store.done()) >= share * len(store.units()):
                print(f"killed with {len(store.done())} units done")
                os.killpg(child.pid, signal.SIGKILL)
                return
    raise ValueError("it ended before it was killed")


def _rows(folder: Path, table: str) -> list[str]:
    store = Store(folder)
    paths = store.parts(table, store.done())
    return sorted(map(repr, rows_of(paths, SCHEMAS[table].names)))


def _files(folder: Path) -> dict[str, bytes]:
    paths = (path for table in TABLES for path in (folder / table).rglob("*.parquet"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


if __name__ == "__main__":
    sys.exit(main())
