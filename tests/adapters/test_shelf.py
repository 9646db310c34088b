# SPDX-License-Identifier: GPL-2.0-or-later
"""An answer that is kept is the answer, and is used for nothing but its question."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from fixtures import build
from patchlint.adapters import shelf
from patchlint.adapters.cards import load_rules
from patchlint.adapters.jobs import review
from patchlint.adapters.repo_stamp import repo_stamp
from patchlint.adapters.shelf import Shelf, shelf_for
from patchlint.adapters.task import Task
from patchlint.adapters.world import World
from patchlint.cli.main import main
from patchlint.lint.card import parse_card
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.lint.profile import Audience, Policy
from patchlint.lint.rule import MessageRule
from patchlint.model.finding import Evidence, Match, NotChecked, Report
from patchlint.model.limits import Limits
from patchlint.model.location import InMessage, Span
from patchlint.model.series import Series
from patchlint.pipeline import read
from tests.adapters.repo import git, make_repository
from tests.lint.test_card import CARD
from tests.mails import patch_mail

WORDS = Path(build.__file__).parent / "words" / "series.mbox"
AGO = time.time() - 3600


class Counted:
    """A rule that counts how often it looks."""

    def __init__(self, says: Callable[[MessageContext], object] = repr) -> None:
        self.looks = 0
        self._says = says

    def rule(self, card: str = CARD) -> MessageRule:
        """Return it as a rule."""

        def check(context: MessageContext, _: Options) -> Iterator[Match | NotChecked]:
            self.looks += 1
            self._says(context)
            yield Match(InMessage(Span(context.message.subject.line)), "said")

        return MessageRule(parse_card(card, "msg/speaks"), check)


def posting(log: str = "Why.") -> Series:
    (series,) = read([patch_mail(log, "", "[PATCH] x: y").encode()])
    return series


def asked(rule: MessageRule, world: World, folder: Path, series: Series) -> Report:
    return review(
        Task([series], [rule], world, shelf=shelf_for(folder, [rule], world)), 1
    )


def settle(folder: Path) -> None:
    """Make a repository look as if it had been left alone for an hour."""
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (AGO, AGO))


@pytest.fixture
def mail_only(tmp_path: Path) -> World:
    return World(tmp_path, Evidence.MAIL)


def test_the_second_run_does_not_look(mail_only: World, tmp_path: Path) -> None:
    counted = Counted()
    first, second = (
        asked(counted.rule(), mail_only, tmp_path / "c", posting()) for _ in range(2)
    )

    assert first == second
    assert first.findings
    assert counted.looks == 1


@pytest.mark.parametrize(
    "other",
    [
        {"series": posting("Why not.")},
        {"card": re.sub("summary = .*", 'summary = "Another"', CARD)},
        {"policy": Policy(audience=Audience.MAINTAINER)},
        {"limits": Limits(log_lines=7)},
        {"evidence": Evidence.FILE},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_question_is_answered_anew(
    other: dict[str, object], mail_only: World, tmp_path: Path
) -> None:
    counted = Counted()
    asked(counted.rule(), mail_only, tmp_path / "c", posting())
    series, card = other.pop("series", posting()), other.pop("card", CARD)
    assert isinstance(series, Series)
    assert isinstance(card, str)
    asked(counted.rule(card), replace(mail_only, **other), tmp_path / "c", series)

    assert counted.looks == 2


def test_what_changes_in_the_repository_makes_a_new_question(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "repo", {"f": b"1\n"})
    settle(folder)
    counted = Counted()
    world = World(folder)
    for _ in range(2):
        asked(counted.rule(), world, tmp_path / "c", posting())
    git(folder, "hash-object", "-w", "--stdin", given=b"new\n")
    settle_but_objects(folder)
    asked(counted.rule(), world, tmp_path / "c", posting())
    git(folder, "tag", "new")
    asked(counted.rule(), world, tmp_path / "c", posting())

    assert counted.looks == 3


def settle_but_objects(folder: Path) -> None:
    """Leave one hour between now and the last change, and tell it from the first."""
    new = [path for path in folder.rglob("*") if path.stat().st_mtime > AGO + 1]
    assert new
    for path in new:
        os.utime(path, (AGO + 60, AGO + 60))


def test_nothing_is_kept_of_a_repository_that_is_being_changed(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "repo", {"f": b"1\n"})
    counted = Counted()
    for _ in range(2):
        asked(counted.rule(), World(folder), tmp_path / "c", posting())

    assert counted.looks == 2


def test_objects_that_are_borrowed_count_too(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "repo", {"f": b"1\n"})
    git(tmp_path, "clone", "-q", "-s", str(folder), "other")
    before = repo_stamp(tmp_path / "other")
    git(folder, "hash-object", "-w", "--stdin", given=b"new\n")

    assert repo_stamp(tmp_path / "other") != before


def test_all_work_trees_see_one_store_and_their_own_head(tmp_path: Path) -> None:
    folder = make_repository(tmp_path / "repo", {"f": b"1\n"}, {"f": b"2\n"})
    git(folder, "worktree", "add", "-q", "--detach", str(tmp_path / "other"))
    before = repo_stamp(tmp_path / "other")
    git(folder, "hash-object", "-w", "--stdin", given=b"new\n")
    stored = repo_stamp(tmp_path / "other")
    git(tmp_path / "other", "checkout", "-q", "HEAD~")

    assert len({str(before), str(stored), str(repo_stamp(tmp_path / "other"))}) == 3


def test_a_failure_is_not_kept(mail_only: World, tmp_path: Path) -> None:
    def fail(_: MessageContext) -> None:
        raise ValueError

    counted = Counted(fail)
    for _ in range(2):
        assert asked(counted.rule(), mail_only, tmp_path / "c", posting()).crashes

    assert counted.looks == 2


def test_want_of_time_is_not_kept(mail_only: World, tmp_path: Path) -> None:
    def spin(_: MessageContext) -> None:
        while True:
            pass

    counted = Counted(spin)
    hurried = replace(mail_only, limits=Limits(rule_seconds=0.05))
    for _ in range(2):
        assert asked(counted.rule(), hurried, tmp_path / "c", posting()).skips

    assert counted.looks == 2


@pytest.mark.parametrize("raw", [b"", b"\xc1", b"\x91\x80", b"x" * (2 << 20)])
def test_a_file_that_is_none_of_ours_is_passed_over(
    raw: bytes, mail_only: World, tmp_path: Path
) -> None:
    counted = Counted()
    asked(counted.rule(), mail_only, tmp_path / "c", posting())
    (kept,) = (tmp_path / "c").glob("*/*.msgpack")
    kept.write_bytes(raw)
    for _ in range(2):
        assert asked(counted.rule(), mail_only, tmp_path / "c", posting()).findings

    assert counted.looks == 2


@pytest.mark.parametrize(
    "log", ["half a character \udcff", "\udc80" * 3, f"[PATCH 1/{'9' * 40}]"]
)
@pytest.mark.parametrize("subject", ["[PATCH] x: y", f"[PATCH v{'9' * 30}] x: \udcfe"])
def test_what_has_no_digest_is_looked_at(
    log: str, subject: str, mail_only: World, tmp_path: Path
) -> None:
    text = patch_mail(log, "", subject).encode("utf-8", "surrogateescape")
    (series,) = read([text])
    counted = Counted()
    first, second = (
        asked(counted.rule(), mail_only, tmp_path / "c", series) for _ in range(2)
    )

    assert first == second
    assert first.findings


def test_an_answer_that_quotes_half_a_character_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    mail = tmp_path / "mail"
    mail.write_bytes(patch_mail("A b\udcff  b b.").encode("utf-8", "surrogateescape"))
    said = set()
    for _ in range(2):
        main(["--isolated", "--evidence=mail", str(mail)])
        said.add(capfd.readouterr().out)

    assert len(said) == 1
    assert "msg/" in said.pop()


def test_a_folder_that_cannot_be_written_is_no_trouble(
    mail_only: World, tmp_path: Path
) -> None:
    (tmp_path / "c").write_text("a file", "utf-8")

    assert asked(Counted().rule(), mail_only, tmp_path / "c", posting()).findings


def test_what_was_not_used_for_longest_goes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_FOLDER", 1500)
    made = Shelf(tmp_path / "c", "key", keeps=True)
    rules, world = load_rules(), World(tmp_path, Evidence.MAIL)
    for number in range(64):
        task = Task([posting(f"Also {number} words.")], rules, world, shelf=made)
        review(task, 1)
    sizes = {
        folder: sum(path.stat().st_size for path in folder.iterdir())
        for folder in (tmp_path / "c").iterdir()
    }

    assert len(sizes) > 4
    assert max(sizes.values()) <= 1500


def test_an_answer_of_every_rule_comes_back_as_it_was(
    mail_only: World, tmp_path: Path
) -> None:
    rules = load_rules()
    boxes = Path(build.__file__).parent.glob("*/series.mbox")
    for made in (read([path.read_bytes()]) for path in sorted(boxes)):
        kept = shelf_for(tmp_path / "c", rules, mail_only)
        anew, first, second = (
            review(Task(made, rules, mail_only, shelf=one), 1)
            for one in (None, kept, kept)
        )

        assert anew == first == second
        assert repr(anew) == repr(second)


def test_no_cache_looks_anew(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["--isolated", "--evidence=mail", str(WORDS)]
    main(words)
    said = capfd.readouterr().out
    monkeypatch.setattr(
        "patchlint.adapters.task.look", lambda *_: pytest.fail("it looked")
    )
    main(words)

    assert capfd.readouterr().out == said
    with pytest.raises(BaseException, match="it looked"):
        main(["--no-cache", *words])
