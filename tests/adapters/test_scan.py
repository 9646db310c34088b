# SPDX-License-Identifier: GPL-2.0-or-later
"""Archives of any size: no mail is lost, none counts twice, whatever comes between."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.archive import mails, write
from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan import (
    archives,
    child,
    git_archive,
    look,
    maildir_archive,
    mbox_archive,
)
from patchlint.adapters.scan.digest import digest
from patchlint.adapters.scan.job import Answer, Job, Stats, Terms
from patchlint.adapters.scan.run import Answers, Outcome, local, scan
from patchlint.adapters.scan.store import Manifest, Store
from patchlint.adapters.scan.units import Archive, Kind, Unit, cuts
from patchlint.mail.mbox import split_mbox

pytest.importorskip("pyarrow")
MAILS = 170
RULES = ("msg/doubled-word", "trailer/missing-sign-off", "series/missing-patch")
TERMS = Terms(rules=RULES, digest=digest(RULES))


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an archive of two epochs."""
    folder = tmp_path_factory.mktemp("lore") / "linux-ring"
    write(folder, MAILS, 110)
    return folder


@pytest.fixture
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let units be small."""
    for module in (git_archive, mbox_archive, maildir_archive):
        monkeypatch.setattr(module, "cuts", partial(cuts, size=40, window=60))


def manifest(*names: Path, terms: Terms = TERMS) -> Manifest:
    return Manifest(terms, tuple(archives.find(map(str, names))))


def silent(_: Outcome) -> None:
    pass


def rows(folder: Path, table: str = "mails") -> list[dict[str, Any]]:
    """Return the rows of what is done, in an order of their own."""
    from patchlint.adapters.scan.tables import SCHEMAS, rows_of

    store = Store(folder)
    found = rows_of(store.parts(table, store.done()), SCHEMAS[table].names)
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True))


def done(folder: Path, wanted: Manifest) -> Outcome:
    return scan(Store(folder), wanted, local(2), silent)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, inbox: Path) -> Path:
    """Return the folder of a scan that nothing came between."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(git_archive, "cuts", partial(cuts, size=40, window=60))
        outcome = done(folder, manifest(inbox))
    assert (outcome.read, outcome.failed) == (MAILS, [])
    return folder


@pytest.mark.parametrize(("count", "size"), [(0, 10), (1, 10), (10, 10), (25, 10)])
def test_units_have_each_mail_once(count: int, size: int) -> None:
    made = list(cuts(count, size, 7))

    assert [n for cut in made for n in range(cut.begin, cut.end)] == list(range(count))
    assert all(cut.start <= cut.begin < cut.end <= cut.stop for cut in made)


def test_epochs_boxes_and_maildirs_are_told_by_what_they_hold(
    tmp_path: Path, inbox: Path
) -> None:
    (tmp_path / "drafts" / "cur").mkdir(parents=True)
    (tmp_path / "boxes").mkdir()
    (tmp_path / "boxes" / "a.mbox").write_bytes(b"")

    found = list(archives.find([str(inbox.parent), f"mm={tmp_path}"]))

    assert [(each.kind, each.list, Path(each.path).name) for each in found] == [
        (Kind.GIT, "linux-ring", "0.git"),
        (Kind.GIT, "linux-ring", "1.git"),
        (Kind.MBOX, "mm", "a.mbox"),
        (Kind.MAILDIR, "mm", "drafts"),
    ]


@pytest.mark.parametrize("name", ["nothing", "packed.mbox.gz"])
def test_what_is_no_archive_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "packed.mbox.gz").write_bytes(b"x")

    with pytest.raises(InputError, match=name):
        list(archives.find([str(tmp_path / name)]))


@pytest.mark.parametrize("chunk", [700, 5000, 1 << 20])
def test_a_mailbox_is_cut_where_a_review_cuts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(mbox_archive, "_AHEAD", 300)
    text = b"\n\n" + box(mails(40))
    (tmp_path / "box.mbox").write_bytes(text)

    begins = [*mbox_archive.marks(tmp_path / "box.mbox", chunk), len(text)]

    cut = [split_mbox(text[a:b]) for a, b in pairwise(begins)]
    assert [mail for (mail,) in cut] == list(split_mbox(text))


@pytest.mark.usefixtures("_small")
def test_every_kind_of_archive_has_the_same_rows(
    tmp_path: Path, inbox: Path, whole: Path
) -> None:
    source = manifest(inbox).archives
    held = [m for a in source for u in archives.plan(a) for m in _own(u)]
    (tmp_path / "linux-ring.mbox").write_bytes(box(held))
    folder = tmp_path / "dir" / "linux-ring" / "cur"
    folder.mkdir(parents=True)
    for number, mail in enumerate(held):
        (folder / f"{number:05}.x:2,S").write_bytes(mail)

    for name in (tmp_path / "linux-ring.mbox", tmp_path / "dir"):
        out = tmp_path / f"out-{name.stem}"
        assert done(out, manifest(name)).failed == []
        ids = {row["message_id"] for row in rows(out)}
        assert ids == {row["message_id"] for row in rows(whole)}


def _own(unit: Unit) -> Sequence[bytes]:
    """Return the mails of a unit without its window, and without those taken out."""
    own = list(archives.read(unit))[unit.before : unit.before + unit.mails]
    return [mail for mail in own if mail]


def box(held: Iterable[bytes]) -> bytes:
    mark = b"From mboxrd@z Thu Jan  1 00:00:00 1970\n"
    return b"".join(
        mark + mail.replace(b"\nFrom ", b"\n>From ") + b"\n" for mail in held
    )


def test_no_mail_is_lost_or_counted_twice(inbox: Path, whole: Path) -> None:
    source = manifest(inbox).archives
    gone = sum(not m for a in source for m in archives.read(_all(a)))
    seen = Counter(row["message_id"] for row in rows(whole))

    assert set(seen.values()) == {1}
    posted = [m for m in mails(MAILS) if b"Subject: [PATCH" in m]
    assert len(posted) - 2 * gone <= len(seen) <= len(posted)


def test_a_window_that_is_too_narrow_loses_no_mail(
    tmp_path: Path, inbox: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_archive, "cuts", partial(cuts, size=9, window=2))

    assert done(tmp_path, manifest(inbox)).failed == []

    seen = Counter(row["message_id"] for row in rows(tmp_path))
    assert seen == Counter(row["message_id"] for row in rows(whole))


def test_a_careful_look_finds_the_same(inbox: Path) -> None:
    (unit, *_) = archives.plan(manifest(inbox).archives[1])
    job = Job(unit, TERMS)

    assert look.answer(replace(job, careful=True)).files == look.answer(job).files


def _all(archive: Archive) -> Unit:
    (unit,) = archives.plan(archive)
    return unit


def test_units_of_any_size_find_the_same(
    tmp_path: Path, inbox: Path, whole: Path
) -> None:
    """The window is wide enough here for every posting to be whole."""
    assert done(tmp_path, manifest(inbox)).failed == []

    assert rows(tmp_path) == rows(whole)
    assert rows(tmp_path, "findings") == rows(whole, "findings")


@pytest.mark.usefixtures("_small")
def test_a_scan_that_is_stopped_goes_on(
    tmp_path: Path, inbox: Path, whole: Path
) -> None:
    for units in (1, 2, 1):
        with pytest.raises(KeyboardInterrupt):
            scan(Store(tmp_path), manifest(inbox), _stopping(units), silent)
        half = tmp_path / "mails" / "month=2020-01"
        half.mkdir(parents=True, exist_ok=True)
        (half / "0-half.parquet").write_bytes(b"half a file")
        with (tmp_path / "done.jsonl").open("ab") as file:
            file.write(b'{"part": "ha')

    outcome = done(tmp_path, manifest(inbox))

    assert (outcome.before, outcome.read) == (150, MAILS - 150)
    for table in ("mails", "findings", "counts"):
        assert rows(tmp_path, table) == rows(whole, table)


def _stopping(units: int) -> Any:
    def pool(jobs: Iterable[Job]) -> Answers:
        for number, answered in enumerate(local(1)(jobs)):
            if number == units:
                raise KeyboardInterrupt
            yield answered

    return pool


@pytest.mark.usefixtures("_small")
def test_a_process_that_dies_costs_nothing(
    tmp_path: Path, inbox: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deaths = iter((True, False, False, True, True, False))
    ask = child.Child.ask

    def dying(self: child.Child, job: Job) -> Answer:
        if next(deaths, False):
            self._process.kill()
        return ask(self, job)

    monkeypatch.setattr(child.Child, "ask", dying)
    scan(Store(tmp_path), manifest(inbox), local(1), silent)

    assert rows(tmp_path, "findings") == rows(whole, "findings")
    assert rows(tmp_path) == rows(whole)


def test_a_unit_that_cannot_be_looked_at_is_told_and_tried_again(
    tmp_path: Path, inbox: Path
) -> None:
    def pool(jobs: Iterable[Job]) -> Answers:
        yield from ((job, "it died") for job in jobs)

    outcome = scan(Store(tmp_path), manifest(inbox), pool, silent)

    assert [why for _, why in outcome.failed] == ["it died", "it died"]
    assert Store(tmp_path).done() == {}


@pytest.mark.parametrize("other", [Terms(rules=RULES, digest="x"), Terms(since=1)])
def test_rules_are_not_mixed(tmp_path: Path, inbox: Path, other: Terms) -> None:
    scan(Store(tmp_path), manifest(inbox), _none, silent)

    with pytest.raises(InputError, match="take a new folder"):
        scan(Store(tmp_path), manifest(inbox, terms=other), _none, silent)


def _none(jobs: Iterable[Job]) -> Answers:
    for job in jobs:
        yield job, Answer((), Stats(mails=job.unit.mails))


def test_a_digest_is_of_rules_and_not_of_what_they_have_done(inbox: Path) -> None:
    (unit, *_) = archives.plan(manifest(inbox).archives[1])
    before = digest.__wrapped__(("msg/",))

    look.answer(Job(unit, Terms(rules=("msg/",))))

    assert digest.__wrapped__(("msg/",)) == before != digest.__wrapped__(("c/",))


def test_another_machine_with_other_rules_is_refused(inbox: Path) -> None:
    (unit, *_) = archives.plan(manifest(inbox).archives[0])

    with child.Children() as children:
        found = children.ask(Job(unit, Terms(rules=RULES, digest="x")))

    assert found == "this machine has another patchlint, or other rules"


def test_two_scans_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with (
        Store(tmp_path).locked(),
        pytest.raises(InputError, match="another scan"),
        Store(tmp_path).locked(),
    ):
        pass


def test_what_cannot_be_read_any_more_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "box.mbox"
    path.write_bytes(box(mails(20)))
    (unit,) = archives.plan(Archive(Kind.MBOX, str(path), "mm"))
    path.write_bytes(path.read_bytes()[: int(unit.last) // 2])

    left_out = look.taken_in(unit).left_out

    assert 5 < left_out < 15


def test_since_and_sample_take_part_of_it(
    tmp_path: Path, inbox: Path, whole: Path
) -> None:
    every = rows(whole)
    since = sorted(row["date"] for row in every)[len(every) // 2]
    terms = Terms(rules=RULES, digest=digest(RULES), since=since, sample=3)

    assert done(tmp_path, manifest(inbox, terms=terms)).failed == []

    found = rows(tmp_path)
    heads = {row["head"] for row in every if row["date"] >= since}
    assert all(row["date"] >= since for row in found)
    assert 0.1 < len({row["head"] for row in found}) / len(heads) < 0.6
    assert [row for row in every if row in found] == found


def test_a_month_is_one_that_somebody_can_have_written() -> None:
    from patchlint.adapters.scan.rows import NO_MONTH, month_of

    moments = (None, 0, 1_577_880_000, 253_402_300_000)
    assert [*map(month_of, moments)] == [NO_MONTH, NO_MONTH, "2020-01", NO_MONTH]


def _months(folder: Path) -> Iterator[str]:
    yield from sorted(path.name for path in (folder / "mails").iterdir())


def test_tables_are_parted_by_month(whole: Path) -> None:
    assert list(_months(whole)) == ["month=2020-01"]
