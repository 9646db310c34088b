# SPDX-License-Identifier: GPL-2.0-or-later
"""Several processes give the answer of one, and none of them can stop the rest."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from msgspec.structs import replace

from fixtures import build
from patchlint.adapters import jobs, workers
from patchlint.adapters.cards import load_rules
from patchlint.adapters.jobs import review
from patchlint.adapters.task import Task
from patchlint.adapters.world import World
from patchlint.lint.card import parse_card
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.lint.rule import MessageRule
from patchlint.model.finding import Match
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.model.location import InMessage, Span
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.report import FORMATS
from tests.adapters.repo import make_repository
from tests.lint.test_card import CARD
from tests.mails import diff, patch_mail

WORDS = Path(build.__file__).parent / "words" / "series.mbox"
Do = Callable[[int], None]
PATH = "kernel/f.c"
OLD, NEW = "int f(void)\n{\n\treturn 1;\n}\n", "int f(void)\n{\n\tgets(x);;\n}\n"


def postings(many: int) -> tuple[Series, ...]:
    """Return series that differ in nothing but their number and their words."""
    return read(
        patch_mail(
            f"Also, {number} words here, this are it.\n" * (1 + number % 3),
            diff({PATH: OLD}, {PATH: NEW}),
            f"[PATCH] x: y {number}",
            Message_ID=f"<{number}@example.org>",
        ).encode()
        for number in range(many)
    )


def speaking(do: Do) -> MessageRule:
    """Return a rule that says the number of each mail, and does something before."""

    def check(context: MessageContext, _: Options) -> Iterator[Match]:
        number = int(context.message.message_id.partition("@")[0])
        do(number)
        yield Match(InMessage(Span(context.message.subject.line)), f"mail {number}")

    return MessageRule(parse_card(CARD, "msg/speaks"), check)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(make_repository(tmp_path / "repo", {PATH: OLD.encode()}))


@pytest.fixture(autouse=True)
def every_run_is_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "_FEW", 2)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_any_number_of_processes_gives_the_same_bytes(form: str, world: World) -> None:
    text = WORDS.read_bytes()
    texts = (text.replace(b"words-", b"n%d-" % n) for n in range(8))
    made = postings(12) + read(texts)
    task = Task(made, load_rules(), world)
    one, *others = (FORMATS[form](review(task, n), made) for n in (1, 2, 3, 50))

    assert [one] * 3 == others
    assert one


def test_a_process_does_the_work(world: World) -> None:
    def only_elsewhere(_: int, here: int = os.getpid()) -> None:
        assert os.getpid() != here

    report = review(Task(postings(4), [speaking(only_elsewhere)], world), 2)

    assert [f.message for f in report.findings] == [f"mail {n}" for n in range(4)]
    assert report.crashes == ()


def test_few_patches_are_looked_at_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_FEW", 5)
    seen: list[int] = []
    review(Task(postings(4), [speaking(seen.append)], world), 8)

    assert seen == [0, 1, 2, 3]


def test_what_no_man_wrote_is_looked_at_by_a_process_that_can_be_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_LONG_LINE", 20)

    def only_elsewhere(_: int, here: int = os.getpid()) -> None:
        assert os.getpid() != here

    task = Task(postings(1), [speaking(only_elsewhere)], world)

    assert len(review(task, 2).findings) == 1
    assert len(review(task, 1).crashes) == 1


def kill(_: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def leave(_: int) -> None:
    os._exit(7)


def leave_a_child(_: int) -> None:
    """Die with a child that holds the pipe open."""
    if os.fork():
        os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


@pytest.mark.parametrize(
    ("do", "said"),
    [(kill, "signal SIGKILL"), (leave, "status 7"), (leave_a_child, "SIGKILL")],
)
def test_a_process_that_dies_is_a_crash_of_its_series(
    do: Do, said: str, world: World
) -> None:
    def sometimes(number: int) -> None:
        if number % 3 == 0:
            do(number)

    report = review(Task(postings(7), [speaking(sometimes)], world), 2)

    assert [f.message for f in report.findings] == [f"mail {n}" for n in (1, 2, 4, 5)]
    assert [c.message_id for c in report.crashes] == [
        f"{number}@example.org" for number in (0, 3, 6)
    ]
    assert {c.rule for c in report.crashes} == {"patchlint/engine"}
    assert all(said in c.error for c in report.crashes)


def test_memory_that_runs_out_is_a_crash_of_the_rule(world: World) -> None:
    def greedy(number: int) -> None:
        if number == 1:
            raise MemoryError

    report = review(Task(postings(3), [speaking(greedy)], world), 2)

    assert [(c.rule, c.error) for c in report.crashes] == [
        ("msg/speaks", "MemoryError: ")
    ]
    assert len(report.findings) == 2


@pytest.mark.parametrize("many", [1, 2])
def test_a_rule_without_end_is_not_checked(many: int, world: World) -> None:
    def endless(number: int) -> None:
        if number == 1:
            for _ in count():
                pass

    limits = replace(DEFAULT_LIMITS, rule_seconds=0.1)
    task = Task(postings(3), [speaking(endless)], replace(world, limits=limits))
    report = review(task, many)

    assert [(s.message_id, s.needs) for s in report.skips] == [
        ("1@example.org", "more time: over the limit: 0.1 s (--limit rule-seconds)")
    ]
    assert [f.message for f in report.findings] == ["mail 0", "mail 2"]


def test_what_is_deaf_to_the_clock_is_ended_by_the_system(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(number: int) -> None:
        if number == 1:
            signal.signal(signal.SIGPROF, signal.SIG_IGN)
            for _ in count():
                pass

    monkeypatch.setattr(workers, "_PATIENCE", 0)
    limits = replace(DEFAULT_LIMITS, series_seconds=0.3, rule_seconds=0.1)
    task = Task(postings(3), [speaking(deaf)], replace(world, limits=limits))
    report = review(task, 2)

    assert [c.message_id for c in report.crashes] == ["1@example.org"]
    assert "SIGXCPU" in report.crashes[0].error
    assert len(report.findings) == 2


def test_an_interrupt_leaves_no_process(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def slow(_: int) -> None:
        (tmp_path / str(os.getpid())).touch()
        signal.pause()

    def interrupt(*_: object) -> None:
        while len(list(tmp_path.glob("[0-9]*"))) < 2:
            pass
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        review(Task(postings(4), [speaking(slow)], world), 2)

    for path in tmp_path.glob("[0-9]*"):
        with pytest.raises(ProcessLookupError):
            os.kill(int(path.name), 0)


def test_who_looks_ends_when_nobody_asks_any_more(world: World, tmp_path: Path) -> None:
    def slow(_: int) -> None:
        (tmp_path / str(os.getpid())).touch()
        time.sleep(0.1)

    asking = os.fork()
    if not asking:
        review(Task(postings(400), [speaking(slow)], world), 2)
        os._exit(0)
    while len(looking := [int(p.name) for p in tmp_path.glob("[0-9]*")]) < 2:
        time.sleep(0.01)
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)

    begun = time.monotonic()
    while any(map(_is_alive, looking)):
        assert time.monotonic() < begun + 60
        time.sleep(0.05)


def _is_alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
