# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint scan``: rules over archives, and how far that is."""

from __future__ import annotations

import importlib.util
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from time import monotonic
from types import FrameType

from patchlint import __version__
from patchlint.adapters.inputs import InputError
from patchlint.adapters.jobs import cores
from patchlint.adapters.scan.archives import find
from patchlint.adapters.scan.digest import digest
from patchlint.adapters.scan.job import Terms
from patchlint.adapters.scan.look import rules_of
from patchlint.adapters.scan.run import Outcome, Pool, local, scan
from patchlint.adapters.scan.store import Manifest, Store
from patchlint.adapters.scan.units import Archive
from patchlint.cli.output import complain
from patchlint.cli.scan_options import ScanArguments
from patchlint.cli.status import BROKEN, CLEAN, INTERRUPTED
from patchlint.lint.selection import unknown

# How often whoever is not at a terminal hears how far it is; seconds.
_PAUSE = 30.0
_MANY = 20


def run(options: ScanArguments) -> int:
    """Scan what the arguments name, and return the exit status."""
    need("pyarrow", "scan")
    manifest = Manifest(terms(options), archives(options))
    store = Store(options.folder)
    pace = Pace(is_quiet=options.quiet)
    with store.locked(), _stopped_by_term():
        try:
            outcome = scan(store, manifest, _pool(options), pace.tell)
        except KeyboardInterrupt:
            pace.wipe()
            complain(f"stopped; the same command goes on with {options.folder}")
            return INTERRUPTED
        pace.wipe()
        return _told(outcome, store, is_quiet=options.quiet)


def need(module: str, extra: str) -> None:
    """Raise InputError if an extra is not installed."""
    if importlib.util.find_spec(module) is None:
        raise InputError(f"{module} is not installed; pip install 'patchlint[{extra}]'")


def named(words: Iterable[str]) -> tuple[str, ...]:
    """Return words that name rules, in order; InputError for one that does not."""
    known = [rule.card.id for rule in rules_of(())]
    for word in words:
        if why := unknown(word, known):
            raise InputError(f"--rules {word}: {why}")
    return tuple(sorted(set(words)))


def terms(options: ScanArguments) -> Terms:
    """Return the terms of a scan; InputError for rules that there are not."""
    rules = named(options.rules)
    where = options.repository
    return Terms(
        rules=rules,
        since=options.since,
        sample=options.sample,
        evidence=options.evidence,
        repository=str(where.absolute()) if where else "",
        version=__version__,
        digest=digest(rules),
    )


def archives(options: ScanArguments) -> tuple[Archive, ...]:
    """Return the archives that are wanted, each once; InputError if there are none."""
    found = [*find(options.archives), *find(options.accepted, accepted=True)]
    wanted = tuple(dict.fromkeys(each for each in found if _is_wanted(each, options)))
    if not wanted:
        names = ", ".join(sorted({each.list for each in found})[:_MANY])
        raise InputError(f"--list: there is {names}")
    return wanted


def _is_wanted(archive: Archive, options: ScanArguments) -> bool:
    lists = options.lists
    return not lists or any(fnmatchcase(archive.list, name) for name in lists)


def _pool(options: ScanArguments) -> Pool:
    if not options.scheduler:
        return local(options.jobs or cores())
    need("distributed", "dask")
    from patchlint.adapters.scan.cluster import cluster

    return cluster(options.scheduler)


@contextmanager
def _stopped_by_term() -> Iterator[None]:
    """Let SIGTERM end a scan as ^C does."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Pace:
    """How far a scan is, how fast, and how long it will take."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._is_quiet = is_quiet
        self._is_tty = sys.stderr.isatty()
        self._begun = self._said = monotonic()
        self._width = 0

    def tell(self, outcome: Outcome) -> None:
        """Say it: at a terminal always, else now and then."""
        now = monotonic()
        if self._is_quiet or not (self._is_tty or now - self._said >= _PAUSE):
            return
        self._said = now
        line = pace(outcome, now - self._begun)
        if self._is_tty:
            sys.stderr.write(f"\r{line:{self._width}}")
            sys.stderr.flush()
            self._width = len(line)
        else:
            sys.stderr.write(f"{line}\n")

    def wipe(self) -> None:
        """Leave nothing on the line."""
        if self._width:
            sys.stderr.write(f"\r{'':{self._width}}\r")


def pace(outcome: Outcome, seconds: float) -> str:
    """Return how far a scan is in one line."""
    done = outcome.before + outcome.read
    line = f"patchlint: {done} of {outcome.mails} mails"
    if not outcome.read or not seconds:
        return line
    rate = outcome.read / seconds
    left = (outcome.mails - done) / rate
    hours, minutes = divmod(round(left) // 60, 60)
    time = f"{hours} h {minutes:02} min" if hours else f"{minutes} min"
    return f"{line}, {rate:.0f} a second, {time if left >= 60 else '< 1 min'} left"


def _told(outcome: Outcome, store: Store, *, is_quiet: bool) -> int:
    """Say what came of it, and return the exit status."""
    known = store.done().values()
    crashes = sum(stats.crashes for stats in known)
    for unit, why in outcome.failed[:_MANY]:
        complain(f"{unit.archive.path}, from mail {unit.name}: {why}")
    if not is_quiet:
        sys.stderr.write("".join(f"patchlint: {each}\n" for each in _sums(store)))
        sys.stderr.write(
            f"patchlint: this run: mails: {outcome.read}; at most "
            f"{outcome.peak // 1024} MiB in one process\n"
        )
    return BROKEN if outcome.failed or crashes else CLEAN


def _sums(store: Store) -> Iterable[str]:
    known = tuple(store.done().values())
    yield (
        f"{store.folder}: mails: {sum(s.mails for s in known)}, "
        f"patches: {sum(s.patches for s in known)}, "
        f"findings: {sum(s.findings for s in known)}"
    )
    if crashes := sum(s.crashes for s in known):
        yield f"{crashes} crashes of rules (severity crash in findings)"
    if left_out := sum(s.left_out for s in known):
        yield f"{left_out} mails left out: they are too large"
