# SPDX-License-Identifier: GPL-2.0-or-later
"""The index of a tree: symbols and uses, kept on disk by blob id.

A blob is read once, whatever commits hold it. The file can be thrown away at any
time; one that cannot be read, or has grown too big, is.
"""

from __future__ import annotations

import fcntl
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import (
    AbstractContextManager,
    ExitStack,
    contextmanager,
    nullcontext,
    suppress,
)
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from patchlint.adapters.git import Blobs, files_of
from patchlint.model.symbol import FileFacts, Placed, PlacedUse, Symbol, SymbolKind, Use
from patchlint.series.tree import areas
from patchlint.syntax.tree_files import is_everywhere, is_indexed, read_file

if TYPE_CHECKING:
    import sqlite3

# Raise the number when what is taken from a file changes.
FORMAT = 2
_LARGEST = 2 << 30
_LARGEST_BLOB = 4 << 20
_BATCH = 64
_FEW = 100
_AT_ONCE = 4096
_LISTINGS = 8
_WAIT = 0.2
_WAITS = 3000
_SEPARATOR = "\x1f"
_TABLES = """
CREATE TABLE IF NOT EXISTS file
    (id INTEGER PRIMARY KEY, oid TEXT, kind TEXT, UNIQUE (oid, kind));
CREATE TABLE IF NOT EXISTS whole (digest TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS symbol
    (file INTEGER, name TEXT, kind TEXT, line INTEGER, text TEXT, arms TEXT);
CREATE TABLE IF NOT EXISTS uses
    (file INTEGER, name TEXT, holder TEXT, role TEXT, line INTEGER);
CREATE INDEX IF NOT EXISTS symbol_name ON symbol (name);
CREATE INDEX IF NOT EXISTS uses_name ON uses (name);
"""
_SYMBOLS = """
SELECT oid, file.kind, symbol.kind, line, text, arms
FROM symbol JOIN file ON file.id = symbol.file WHERE name = ?
"""
_USES = """
SELECT oid, file.kind, holder, role, line
FROM uses JOIN file ON file.id = uses.file WHERE name = ?
"""
_NAMES = """
SELECT DISTINCT oid, file.kind, name FROM symbol JOIN file ON file.id = symbol.file
WHERE symbol.kind = ? AND name >= ? AND name < ?
"""

# (blob id, which reader reads it): one text may be C at one path and not at another.
_Key = tuple[str, str]
Announce = Callable[[int], None]
Pause = Callable[[], AbstractContextManager[None]]


class Indexes:
    """The trees of one repository; ``announce`` hears how many files are to be read."""

    def __init__(
        self,
        repository: Path,
        blobs: Blobs,
        folder: Path,
        announce: Announce = lambda _: None,
    ) -> None:
        """Keep the index below ``folder``; nothing is read yet."""
        self._repository = repository
        self._blobs = blobs
        self._folder = folder
        self._announce = announce
        # What is read for all reviews to come is not put down to one rule.
        self.pause: Pause = nullcontext
        self._listings: dict[str, dict[str, str]] = {}
        self._database: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        """Begin; nothing is opened yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the index."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def database(self) -> sqlite3.Connection:
        """Return the open index."""
        if self._database is None:
            self._database = _connect(self._folder)
        return self._database

    def tree(self, commit: str, paths: Iterable[str]) -> Indexed | None:
        """Return the tree at ``commit`` around ``paths``, if it has any of them."""
        wanted = tuple(paths)
        listed = self._listing(commit)
        if not _is_at_home(listed, wanted):
            return None
        around = areas(wanted)
        kept = {
            path: oid
            for path, oid in listed.items()
            if is_indexed(path)
            and (is_everywhere(path) or path.startswith(tuple(f"{a}/" for a in around)))
        }
        return Indexed(kept, self._blobs, self.database, self._announce, self._alone)

    def _listing(self, commit: str) -> dict[str, str]:
        """Return the files of a commit; a few listings are kept, each is megabytes."""
        listed = self._listings.pop(commit, None)
        if listed is None:
            listed = files_of(self._repository, commit)
        self._listings[commit] = listed
        if len(self._listings) > _LISTINGS:
            del self._listings[next(iter(self._listings))]
        return listed

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until no other process fills the index; it may do our work."""
        with self.pause(), _locked(self._folder / "lock"):
            yield


class Indexed:
    """One commit, as far as it is indexed; brought up to date when first asked."""

    def __init__(
        self,
        files: Mapping[str, str],
        blobs: Blobs,
        database: Callable[[], sqlite3.Connection],
        announce: Announce,
        alone: Pause = nullcontext,
    ) -> None:
        """Know which blob each path of ``files`` holds."""
        self._alone = alone
        self._files = files
        self._blobs = blobs
        self._database = database
        self._announce = announce
        self._is_complete = False
        self._symbols: dict[str, tuple[Placed, ...]] = {}
        self._uses: dict[str, tuple[PlacedUse, ...]] = {}
        self._paths: dict[_Key, list[str]] = {}
        for path, oid in files.items():
            self._paths.setdefault((oid, is_indexed(path)), []).append(path)

    def symbols(self, name: str) -> tuple[Placed, ...]:
        """Return every place that defines, declares or exports ``name``."""
        if name not in self._symbols:
            found = [
                Placed(path, Symbol(name, SymbolKind(kind), line, text, _arms(arms)))
                for oid, reader, kind, line, text, arms in self._ask(_SYMBOLS, name)
                for path in self._paths.get((oid, reader), ())
            ]
            found.sort(key=lambda placed: (placed.path, placed.symbol.line))
            self._symbols[name] = tuple(found)
        return self._symbols[name]

    def uses(self, name: str) -> tuple[PlacedUse, ...]:
        """Return every place that calls ``name`` or hands it on."""
        if name not in self._uses:
            found = [
                PlacedUse(path, Use(name, holder, role, line))
                for oid, reader, holder, role, line in self._ask(_USES, name)
                for path in self._paths.get((oid, reader), ())
            ]
            found.sort(key=lambda placed: (placed.path, placed.use.line))
            self._uses[name] = tuple(found)
        return self._uses[name]

    def covers(self, path: str) -> bool:
        """Say whether the tree has the file, and it is indexed."""
        return path in self._files

    def names(self, kind: SymbolKind, beginning: str) -> tuple[str, ...]:
        """Return the names of one kind that begin so, ordered."""
        rows = self._ask(_NAMES, kind.value, beginning, f"{beginning}\U0010ffff")
        found = {name for oid, reader, name in rows if (oid, reader) in self._paths}
        return tuple(sorted(found))

    def _ask(self, question: str, *values: str) -> list[Any]:
        return self._open().execute(question, [_plain(v) for v in values]).fetchall()

    def _open(self) -> sqlite3.Connection:
        database = self._database()
        if not self._is_complete:
            self._complete(database)
            self._is_complete = True
        return database

    def _complete(self, database: sqlite3.Connection) -> None:
        """Read the blobs that the index does not know yet, and note that all are."""
        digest = (_digest(self._paths),)
        if not _has(database, digest):
            with self._alone():
                self._fill(database)
                with database:
                    database.execute("INSERT OR IGNORE INTO whole VALUES (?)", digest)

    def _fill(self, database: sqlite3.Connection) -> None:
        known = set(database.execute("SELECT oid, kind FROM file"))
        missing = sorted(key for key in self._paths if key not in known)
        if missing:
            self._announce(len(missing))
        read = _read_all(self._texts(missing), len(missing))
        # Not at one go: other processes want to read meanwhile.
        while some := list(islice(read, _AT_ONCE)):
            with database:
                for key, facts in some:
                    _store(database, key, facts)

    def _texts(self, keys: Iterable[_Key]) -> Iterator[tuple[_Key, str, str]]:
        for key in keys:
            text = self._blobs.blob(key[0]) or ""
            path = self._paths[key][0]
            yield key, path, text if len(text) <= _LARGEST_BLOB else ""


def _has(database: sqlite3.Connection, digest: tuple[str]) -> bool:
    found = database.execute("SELECT 1 FROM whole WHERE digest = ?", digest)
    return found.fetchone() is not None


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that ends with the process; go on without one if that takes long."""
    with ExitStack() as stack:
        with suppress(OSError):
            file = stack.enter_context(path.open("wb"))
            for _ in range(_WAITS):
                if _is_ours(file):
                    break
                time.sleep(_WAIT)
        yield


def _is_ours(file: BinaryIO) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _digest(keys: Iterable[_Key]) -> str:
    text = "\n".join(" ".join(key) for key in sorted(keys))
    return hashlib.sha256(text.encode()).hexdigest()


def _is_at_home(listed: Mapping[str, str], paths: Iterable[str]) -> bool:
    """Say whether a commit has one of the files, or a folder in which one is new."""
    folders = {path.rpartition("/")[0] for path in paths} - {""}
    known = tuple(f"{folder}/" for folder in folders)
    return any(path in listed for path in paths) or any(
        path.startswith(known) for path in listed
    )


def _read_all(
    texts: Iterator[tuple[_Key, str, str]], count: int
) -> Iterator[tuple[_Key, FileFacts]]:
    """Read texts, on all processors if they are many; the order stays."""
    if count < _FEW:
        yield from (_read(entry) for entry in texts)
        return
    # Half as long to import as all of us; only the first review of a base needs it.
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor() as workers:
        while some := list(islice(texts, _AT_ONCE)):
            yield from workers.map(_read, some, chunksize=_BATCH)


def _read(entry: tuple[_Key, str, str]) -> tuple[_Key, FileFacts]:
    key, path, text = entry
    return key, read_file(path, text)


def _connect(folder: Path) -> sqlite3.Connection:
    """Open the index; a broken or huge one is made anew, without a disk in memory.

    Those of other formats are of no use any more, and large.
    """
    import sqlite3

    path = folder / f"index-{FORMAT}.sqlite"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("index-*.sqlite"):
            if old != path:
                old.unlink(missing_ok=True)
        if path.exists() and path.stat().st_size > _LARGEST:
            path.unlink()
        try:
            return _prepared(path)
        except sqlite3.DatabaseError:
            path.unlink()
            return _prepared(path)
    except (OSError, sqlite3.Error):
        return _prepared(":memory:")


def _prepared(path: Path | str) -> sqlite3.Connection:
    # Most runs ask for no tree.
    import sqlite3

    database = sqlite3.connect(path, timeout=60)
    database.execute("PRAGMA synchronous = OFF")
    database.executescript(_TABLES)
    return database


def _store(database: sqlite3.Connection, key: _Key, facts: FileFacts) -> None:
    added = database.execute(
        "INSERT OR IGNORE INTO file (oid, kind) VALUES (?, ?)", key
    )
    if not added.rowcount:
        return
    number = added.lastrowid
    database.executemany(
        "INSERT INTO symbol VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                number,
                s.name,
                s.kind.value,
                s.line,
                _plain(s.text),
                _plain(_SEPARATOR.join(s.arms)),
            )
            for s in facts.symbols
        ),
    )
    database.executemany(
        "INSERT INTO uses VALUES (?, ?, ?, ?, ?)",
        ((number, u.name, u.holder, u.role, u.line) for u in facts.uses),
    )


def _plain(text: str) -> str:
    """SQLite keeps text as UTF-8; bytes that are none become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _arms(text: str) -> tuple[str, ...]:
    return tuple(text.split(_SEPARATOR)) if text else ()
