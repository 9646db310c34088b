# SPDX-License-Identifier: GPL-2.0-or-later
"""A review as the command makes it, with its settings, for what an editor shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from time import monotonic

from msgspec import Struct
from msgspec.structs import replace

from patchlint.adapters.git import is_repository
from patchlint.adapters.jobs import review
from patchlint.adapters.task import Task as Work
from patchlint.adapters.world import World
from patchlint.cli.configured import Start, begin, configure
from patchlint.cli.keeping import recall
from patchlint.cli.lsp.told import Task
from patchlint.cli.options import parse
from patchlint.cli.review import heard
from patchlint.lint.card import Card
from patchlint.model.finding import Evidence, Report
from patchlint.model.raw import Raw
from patchlint.model.series import Series
from patchlint.pipeline import take_in
from patchlint.report.answers import unanswered
from patchlint.series.lineage import lineage

# Whoever waits sits before it; seconds, bytes.
LOWER = {"input-bytes": 16 << 20, "rule-seconds": 5.0, "series-seconds": 30.0}
# Nobody changes a setting from one key to the next; seconds.
_FRESH = 2.0
NONE = Report((), (), (), ())


class Seen(Struct, frozen=True):
    """What was found in the series of a text, and what could not be read of it."""

    report: Report
    postings: tuple[Series, ...]
    unread: tuple[str, ...] = ()


def now() -> int:
    """Return what changes when git is to be asked again."""
    return int(monotonic() / _FRESH)


def start_of(task: Task, folders: Iterable[Path], commits: str = "") -> Start:
    """Return what the command would begin with in the first folder of a repository.

    ``commits`` is what the text follows, where it is no mail. Raises SettingsError.
    """
    return _start(task.words, tuple(folders), commits, now())


@lru_cache(maxsize=16)
def _start(
    words: Sequence[str], folders: Sequence[Path], commits: str, _now: int
) -> Start:
    # An index takes half a minute; who wants one sets evidence.
    options = replace(
        parse([*words, "-"]),
        repository=next((f for f in folders if f.is_dir() and is_repository(f)), None),
        commits=commits,
        evidence=Evidence.FILE,
    )
    start = begin(options)
    told = {given.key[1] for given in start.own if given.key[0] == "limits"}
    lower = {name.replace("-", "_"): n for name, n in LOWER.items() if name not in told}
    limits = replace(start.options.limits, **lower)
    return replace(start, options=replace(start.options, limits=limits))


def look_at(name: str, data: bytes, start: Start) -> Seen:
    """Return what the rules say of mails or of a diff."""
    limits = start.options.limits
    if len(data) > limits.input_bytes:
        why = f"more than {limits.input_bytes} bytes (--limit input-bytes)"
        return Seen(NONE, (), (why,))
    intake = take_in((Raw(name, data),), limits)
    postings = lineage(intake.postings).latest
    unread = tuple(defect.text for defect in intake.defects if defect.hides)
    return Seen(report_on(postings, start), postings, unread)


def report_on(
    postings: Sequence[Series],
    start: Start,
    asks: Callable[[Card], bool] = lambda _: True,
) -> Report:
    """Return what those rules say that are asked; CardError, SettingsError."""
    options = start.options
    run = configure(start, postings)
    rules = tuple(rule for rule in run.rules if asks(rule.card))
    world = World(start.folder, options.evidence, options.limits, run.policy)
    report = review(Work(postings, rules, world), 1)
    report = heard(report, postings, start, run)
    if options.repeats:
        return report
    return unanswered(report, postings, recall(options.keeping, postings).no_bugs)
