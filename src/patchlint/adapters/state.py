# SPDX-License-Identifier: GPL-2.0-or-later
"""What is kept between runs: one SQLite file, by message-id.

It knows what was found in mails that replies were drafted to, what was sent, and what
was answered to be no bug. Rows are only added or taken away one by one, so processes
that write at once lose nothing of each other's. The file may go at any time; without
it everything works, and is said anew.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from patchlint.adapters.inputs import InputError
from patchlint.model.message import Message
from patchlint.report.manner import Found, Memory, NoBug, Said

# "patl" says whose file it is, the version what is in it.
_ID = 0x7061746C
_VERSION = 1
_WAIT = 30.0
_MOST = 200_000
_TABLES = """
CREATE TABLE mail (id TEXT PRIMARY KEY, title TEXT, sender TEXT, version INTEGER);
CREATE INDEX mail_title ON mail (title, sender);
CREATE TABLE found (
    number INTEGER PRIMARY KEY, mail TEXT, mark TEXT, rule TEXT, UNIQUE (mail, mark));
CREATE TABLE said (mail TEXT, name TEXT, PRIMARY KEY (mail, name)) WITHOUT ROWID;
CREATE TABLE answer (
    mail TEXT, title TEXT, sender TEXT, name TEXT,
    PRIMARY KEY (mail, title, sender, name)) WITHOUT ROWID;
CREATE INDEX answer_title ON answer (title, sender);
"""
_COUNTS = {
    "mails": "SELECT count(*) FROM mail",
    "found": "SELECT count(*) FROM found",
    "sent": "SELECT count(DISTINCT mail) FROM said",
    "answered": "SELECT count(*) FROM answer",
}


class StateError(InputError):
    """The file cannot be used: it is broken, not ours, or may not be written."""


def load(path: Path, mails: Iterable[Message]) -> Memory:
    """Return what is known of mails and of others with their titles and senders.

    It is nothing where there is no file. Raises StateError.
    """
    if not _is_there(path):
        return Memory()
    with _opened(path) as database:
        names: dict[str, None] = {}
        no_bugs: dict[NoBug, None] = {}
        for mail in mails:
            here = (mail.message_id, mail.subject.text, mail.sender.mailbox.lower())
            names |= dict.fromkeys(_versions(database, *here))
            no_bugs |= dict.fromkeys(_answers(database, *here))
        said = (one for name in names for one in _said(database, name))
        return Memory(tuple(said), tuple(no_bugs))


def about(path: Path, message_id: str) -> Memory:
    """Return all that is known of one mail. Raises StateError."""
    if not _is_there(path):
        return Memory()
    with _opened(path) as database:
        title, sender = _title(database, message_id)
        rows = database.execute(
            "SELECT mark, rule FROM found WHERE mail = ? ORDER BY number", (message_id,)
        )
        return Memory(
            tuple(_said(database, message_id)),
            tuple(_answers(database, message_id, title, sender)),
            tuple(
                Found(message_id, title, sender, 0, mark, rule) for mark, rule in rows
            ),
        )


def title_of(path: Path, message_id: str) -> tuple[str, str]:
    """Return title and sender of a mail, empty where it is not known."""
    if not _is_there(path):
        return "", ""
    with _opened(path) as database:
        return _title(database, message_id)


def save(path: Path, news: Memory) -> None:
    """Add what is new. Raises StateError."""
    with _opened(path, creates=True) as database, database:
        database.execute("BEGIN IMMEDIATE")
        mails: tuple[Said | Found, ...] = (*news.said, *news.found)
        database.executemany(
            "INSERT OR IGNORE INTO mail VALUES (?, ?, ?, ?)",
            ((*_plain(m.message_id, m.title, m.sender), m.version) for m in mails),
        )
        for said in news.said:
            names = (
                _plain(said.message_id, name) for name in (*said.marks, *said.rules)
            )
            database.executemany("INSERT OR IGNORE INTO said VALUES (?, ?)", names)
        database.executemany(
            "INSERT OR IGNORE INTO found (mail, mark, rule) VALUES (?, ?, ?)",
            (_plain(one.message_id, one.mark, one.rule) for one in news.found),
        )
        database.executemany(
            "INSERT OR IGNORE INTO answer VALUES (?, ?, ?, ?)",
            (_plain(o.message_id, o.title, o.sender, o.id_) for o in news.no_bugs),
        )
        database.execute(
            "DELETE FROM found WHERE number <= (SELECT max(number) FROM found) - ?",
            (_MOST,),
        )


def take_back(path: Path, message_id: str, id_: str) -> int:
    """Remove an answer to one mail and its versions; return how many there were."""
    answers = [one for one in about(path, message_id).no_bugs if one.id_ == id_]
    if not answers:
        return 0
    with _opened(path) as database, database:
        database.execute("BEGIN IMMEDIATE")
        database.executemany(
            "DELETE FROM answer WHERE (mail, title, sender, name) = (?, ?, ?, ?)",
            ((o.message_id, o.title, o.sender, o.id_) for o in answers),
        )
    return len(answers)


def counts(path: Path) -> dict[str, int]:
    """Return how many rows there are of each kind. Raises StateError."""
    with _opened(path) as database:
        return {
            name: int(database.execute(question).fetchone()[0])
            for name, question in _COUNTS.items()
        }


def remove(path: Path) -> bool:
    """Remove the file, whatever is in it; return whether there was one."""
    found = _is_there(path)
    try:
        for name in (path.name, f"{path.name}-journal"):
            path.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from error
    return found


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from error


def _title(database: sqlite3.Connection, message_id: str) -> tuple[str, str]:
    question = "SELECT title, sender FROM mail WHERE id = ?"
    row = database.execute(question, (message_id,)).fetchone()
    return (row[0], row[1]) if row else ("", "")


def _versions(
    database: sqlite3.Connection, id_: str, title: str, sender: str
) -> Iterator[str]:
    """Yield the id of a mail, and those of others that its title and sender have."""
    yield id_
    if title:
        question = "SELECT id FROM mail WHERE title = ? AND sender = ? ORDER BY rowid"
        for (name,) in database.execute(question, _plain(title, sender)):
            yield name


def _said(database: sqlite3.Connection, id_: str) -> Iterator[Said]:
    question = "SELECT title, sender, version FROM mail WHERE id = ?"
    row = database.execute(question, _plain(id_)).fetchone()
    rows = database.execute("SELECT name FROM said WHERE mail = ?", _plain(id_))
    names = [name for (name,) in rows]
    if row and names:
        # A rule has a slash in its name, a finding has none.
        marks = tuple(name for name in names if "/" not in name)
        rules = tuple(name for name in names if "/" in name)
        title, sender, version = row
        yield Said(id_, title, sender, version, marks, rules)


def _answers(
    database: sqlite3.Connection, id_: str, title: str, sender: str
) -> Iterator[NoBug]:
    rows = database.execute(
        "SELECT title, sender, name, mail FROM answer WHERE mail = ?1 AND ?1 <> ''"
        " OR title = ?2 AND sender = ?3 AND ?2 <> '' ORDER BY name, mail",
        _plain(id_, title, sender),
    )
    for row in rows:
        yield NoBug(*row)


def _plain(*words: str) -> tuple[str, ...]:
    """Return text as SQLite takes it: headers may hold bytes that are none."""
    return tuple(
        word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        for word in words
    )


@contextmanager
def _opened(path: Path, *, creates: bool = False) -> Iterator[sqlite3.Connection]:
    """Open the file, as one of ours; anything that goes wrong is a StateError."""
    try:
        if creates:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        mode = "rwc" if creates else "rw" if os.access(path, os.W_OK) else "ro"
        with closing(_connected(path, mode)) as database:
            _understood(database, path, creates=creates)
            yield database
    except OSError as error:
        raise StateError(f"{path}: {error.strerror}") from error
    except sqlite3.Error as error:
        raise StateError(f"{path}: {error}") from error


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    name = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(name, timeout=_WAIT, isolation_level=None, uri=True)


def _understood(database: sqlite3.Connection, path: Path, *, creates: bool) -> None:
    """Make the tables where there is nothing yet; StateError for a file not of ours."""
    if creates:
        with database:
            # Two processes may make them at once; the second waits, and sees them.
            database.execute("BEGIN IMMEDIATE")
            if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in _TABLES.split(";\n"):
                    database.execute(statement)
                database.execute(f"PRAGMA application_id = {_ID}")
                database.execute(f"PRAGMA user_version = {_VERSION}")
    (whose,) = database.execute("PRAGMA application_id").fetchone()
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if whose != _ID:
        raise StateError(f"{path}: no state of patchlint")
    if version != _VERSION:
        raise StateError(f"{path}: of version {version}, and we know {_VERSION}")
