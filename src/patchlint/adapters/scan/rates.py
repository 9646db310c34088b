# SPDX-License-Identifier: GPL-2.0-or-later
"""How often each rule speaks, by what became of the patches, by list and by year.

A mail that went to several lists is counted once, but once for each list where lists
are told apart. A posting is superseded where a later one of the same sender has the
same title, whichever archive that is in; a patch of it is, too.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from patchlint.adapters.inputs import InputError
from patchlint.adapters.scan.job import Stats, Terms
from patchlint.adapters.scan.look import part_name
from patchlint.adapters.scan.rows import CRASH, MailRow, concerns, counted
from patchlint.adapters.scan.store import Store
from patchlint.adapters.scan.tables import rows_of
from patchlint.lint.card import Card

POSTED, SUPERSEDED, ACCEPTED = "posted", "superseded", "accepted"
_MAIL = (
    "list", "accepted", "date", "message_id", "head", "position", "version", "sender",
    "title", "languages", "not_checked",
)  # fmt: skip
_FINDING = ("message_id", "head", "rule", "severity")
_NO_YEAR = "unknown"


class Share(Struct):
    """So many were looked at, and the rule spoke of so many of them."""

    looked: int = 0
    fired: int = 0

    @property
    def percent(self) -> float:
        """The share in percent; 0 where nothing was looked at."""
        return 100 * self.fired / self.looked if self.looked else 0.0


class Rate(Struct):
    """How often one rule speaks.

    ``of`` says of what: mails, patches or postings. ``kinds`` are those that were
    posted, of these superseded, and accepted; years and lists are of all of them.
    ``not_checked`` could not be looked at. Examples are Message-IDs.
    """

    rule: str
    of: str
    kinds: dict[str, Share] = field(default_factory=dict)
    years: dict[str, Share] = field(default_factory=dict)
    lists: dict[str, Share] = field(default_factory=dict)
    not_checked: int = 0
    examples: list[str] = field(default_factory=list)


class Rates(Struct, frozen=True):
    """The rates of all rules, what they rest on, and how many units are not done."""

    terms: Terms
    mails: int
    patches: Mapping[str, int]
    lists: tuple[str, ...]
    rules: tuple[Rate, ...]
    left: int = 0


class _Mail(Struct, frozen=True):
    """What is known of a mail when its findings come: where it counts."""

    row: MailRow
    year: str
    kinds: tuple[str, ...]
    lists: tuple[str, ...]


class _Key(Struct, frozen=True):
    """What makes two mails alike to every rule."""

    year: str
    kinds: tuple[str, ...]
    lists: tuple[str, ...]
    traits: tuple[bool, bool, bool]
    languages: tuple[str, ...]
    not_checked: tuple[str, ...]


def rates(folders: Sequence[Path], cards: Sequence[Card], examples: int = 2) -> Rates:
    """Return the rates of scans that were made on the same terms; InputError."""
    stores = [Store(folder) for folder in folders]
    terms, done = _done(stores)
    paths = {
        table: [path for s in stores for path in s.parts(table, done)]
        for table in ("mails", "findings")
    }
    mails = _mails(paths["mails"])
    found = {card.id: Rate(card.id, counted(card)) for card in cards}
    _count_looks(found, cards, mails)
    _count_findings(found, cards, paths["findings"], mails)
    for rate in found.values():
        rate.examples = _drawn(rate.examples, mails)[:examples]
    every = list(mails.values())
    return Rates(
        terms=terms,
        mails=sum(stats.mails for stats in done.values()),
        patches={
            kind: sum(kind in mail.kinds and mail.row.position > 0 for mail in every)
            for kind in (POSTED, SUPERSEDED, ACCEPTED)
        },
        lists=tuple(sorted({name for mail in every for name in mail.lists})),
        rules=tuple(found.values()),
        left=sum(len(store.units()) for store in stores) - len(done),
    )


def _drawn(ids: Iterable[str], mails: Mapping[str, _Mail]) -> list[str]:
    """Return mails in an order that has no meaning: first those that were posted."""

    def order(name: str) -> tuple[bool, bytes]:
        digest = sha256(name.encode("utf-8", "replace")).digest()
        return name in mails and mails[name].row.accepted, digest

    return sorted(set(ids), key=order)


def _done(stores: Iterable[Store]) -> tuple[Terms, dict[str, Stats]]:
    """Return the terms of all scans, and the units that are done."""
    terms: Terms | None = None
    done: dict[str, Stats] = {}
    for store in stores:
        manifest = store.manifest()
        if manifest is None:
            raise InputError(f"{store.folder}: there is no scan")
        if terms not in (None, manifest.terms):
            raise InputError(f"{store.folder}: made on other terms than those before")
        terms = manifest.terms
        mine, known = store.done(), [part_name(unit) for unit in store.units()]
        done |= {name: mine[name] for name in known if name in mine}
    if terms is None:
        raise InputError("there is no scan")
    return terms, done


def _mails(paths: Iterable[Path]) -> dict[str, _Mail]:
    """Return each mail once, by its id, whatever archives it is in."""
    copies: dict[str, list[MailRow]] = {}
    newest: dict[tuple[str, str], tuple[int, int]] = {}
    shared: dict[object, Any] = {}
    for values in rows_of(paths, _MAIL):
        row = _row(values, shared)
        copies.setdefault(row.message_id, []).append(row)
        if not row.accepted:
            key = row.sender, row.title
            newest[key] = max(newest.get(key, (0, 0)), _age(row))

    def is_old(row: MailRow) -> bool:
        return newest.get((row.sender, row.title), (0, 0)) > _age(row)

    made: dict[str, _Mail] = {}
    for name, rows in sorted(copies.items()):
        row = min(rows, key=lambda each: (each.accepted, each.list))
        kinds: tuple[str, ...] = ()
        if not row.accepted:
            head = copies.get(row.head, rows)[0]
            kinds = (POSTED, SUPERSEDED) if is_old(row) or is_old(head) else (POSTED,)
        if any(each.accepted for each in rows):
            kinds = (*kinds, ACCEPTED)
        lists = tuple(sorted({each.list for each in rows}))
        made[name] = _Mail(row, _year(row.date), kinds, lists)
    return made


def _row(values: Mapping[str, Any], shared: dict[object, Any]) -> MailRow:
    """Return a row; what is the same in many is kept once."""
    left = {"month": "", "total": 0, "change_id": "", "patch_id": ""}
    told = {**values, **left}
    for key in ("languages", "not_checked"):
        told[key] = tuple(values[key])
    for key in ("list", "sender", "title", "head", "languages", "not_checked"):
        told[key] = shared.setdefault(told[key], told[key])
    return MailRow(**told)


def _age(row: MailRow) -> tuple[int, int]:
    return row.version, row.date or 0


def _year(date: int | None) -> str:
    return _NO_YEAR if date is None else str(time.gmtime(date).tm_year)


def _count_looks(
    found: Mapping[str, Rate],
    cards: Iterable[Card],
    mails: Mapping[str, _Mail],
) -> None:
    """Count what was looked at: mails that are alike to every rule, all at once."""
    alike: Counter[_Key] = Counter()
    one: dict[_Key, _Mail] = {}
    for mail in mails.values():
        row = mail.row
        traits = row.position > 0, row.message_id == row.head, row.version > 1
        key = _Key(
            mail.year, mail.kinds, mail.lists, traits, row.languages, row.not_checked
        )
        alike[key] += 1
        one.setdefault(key, mail)
    for card in cards:
        rate = found[card.id]
        for key, count in alike.items():
            mail = one[key]
            if not concerns(card, mail.row):
                continue
            if card.id in mail.row.not_checked:
                rate.not_checked += count
                continue
            for share in _shares(rate, mail):
                share.looked += count


def _shares(rate: Rate, mail: _Mail) -> list[Share]:
    """Return where a mail counts."""
    tables: tuple[tuple[dict[str, Share], Iterable[str]], ...] = (
        (rate.kinds, mail.kinds), (rate.years, (mail.year,)), (rate.lists, mail.lists),
    )  # fmt: skip
    return [
        table.setdefault(name, Share()) for table, names in tables for name in names
    ]


def _count_findings(
    found: Mapping[str, Rate],
    cards: Iterable[Card],
    paths: Iterable[Path],
    mails: Mapping[str, _Mail],
) -> None:
    """Count what rules have said; of a posting, once."""
    by_id = {card.id: card for card in cards}
    seen: set[tuple[str, str]] = set()
    for row in rows_of(paths, _FINDING):
        card = by_id.get(row["rule"])
        if card is None or row["severity"] == CRASH:
            continue
        of_posting = counted(card) == "postings"
        name = row["head"] if of_posting else row["message_id"]
        mail = mails.get(name)
        if (card.id, name) in seen or mail is None or not concerns(card, mail.row):
            continue
        seen.add((card.id, name))
        rate = found[card.id]
        for share in _shares(rate, mail):
            share.fired += 1
        rate.examples.append(row["message_id"])
