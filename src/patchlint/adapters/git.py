# SPDX-License-Identifier: GPL-2.0-or-later
"""The repository: blobs from one git child, ranges through GitPython.

Nothing is checked out, nothing that the repository names is run, and nothing is
fetched: see ``adapters/git_safe.py``.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, cast

from msgspec import Struct

from patchlint.adapters.git_safe import (
    PLAIN_DIFF,
    command,
    environment,
    only_environment,
)
from patchlint.adapters.prep import find_prep
from patchlint.diff.path import unsafe
from patchlint.mail.mbox import split_mbox
from patchlint.mail.prep import Prep, as_sent
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.series.history import Commit

_FATAL = re.compile(r"fatal: (.*?)'?$", re.MULTILINE)
_OID = re.compile(r"[0-9a-f]{4,64}")
_RANGE = re.compile(r"[^\s-][^\s]*\.\.\.?[^\s]*|[^\s-][^\s]*\.\.\.?")
_LIMIT = 64 << 20
_CONFIG = 1 << 20
_STARTS = 100
_PLAIN = (b"100644", b"100755")
_ODD = frozenset(("", ".", ".."))
_ENTRY = re.compile(rb"(\d+) ([^\0]+)\0", re.DOTALL)
# How long git may take for an answer; seconds.
_PATIENCE = 600.0
# How long it may look for commits that touched a file, and how many are wanted: a file
# that nobody touches is looked for in the whole past.
_LOOKING_BACK = 10.0
_LAST = 40
_FOREIGN = b"dubious ownership"
_OTHER = "the repository belongs to another user (see safe.directory of git)"


class RepositoryError(Exception):
    """The repository cannot be read; the text says which and why."""


class _Object(Struct, frozen=True):
    oid: bytes
    kind: bytes
    raw: bytes


class Blobs:
    """File contents from one persistent ``git cat-file --batch``.

    The child starts with the first question and ends with the ``with`` block. An
    unknown, ambiguous or unreadable object is None.
    """

    def __init__(self, repository: Path) -> None:
        self._repository = repository
        self._child: subprocess.Popen[bytes] | None = None
        self._starts = 0
        self._has_answered = False
        self._whole: bool | None = None

    def __enter__(self) -> Self:
        """Begin; nothing is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        self._stop()

    def blob(self, oid: str) -> str | None:
        """Return the blob an id, maybe abbreviated, names."""
        found = self._ask(oid) if _OID.fullmatch(oid) else None
        if found is None or found.kind != b"blob":
            return None
        return found.raw.decode("utf-8", "surrogateescape")

    def names(self, name: str) -> str:
        """Return the full id of the blob that ``COMMIT:PATH`` names, or ""."""
        found = self._ask(name)
        is_blob = found is not None and found.kind == b"blob"
        return found.oid.decode("ascii") if found and is_blob else ""

    def raw(self, oid: str) -> bytes:
        """Return the bytes of a blob (a full id); none where it cannot be read."""
        found = self._ask(oid) if _OID.fullmatch(oid) else None
        return found.raw if found is not None and found.kind == b"blob" else b""

    def file(self, commit: str, path: str) -> str | None:
        """Return a file of a commit (a full id, or HEAD); a symbolic link is none.

        None for an unsafe path, too.
        """
        if unsafe(path) or (commit != "HEAD" and not _OID.fullmatch(commit)):
            return None
        folder, _, name = path.rpartition("/")
        oid = self._entry(f"{commit}:{folder}", name)
        return self.blob(oid) if oid else None

    def answers(self) -> bool:
        """Say whether git has answered anything here: it found a repository."""
        return self._has_answered

    def resolve(self, name: str) -> str:
        """Return the full id of a commit by any name that git knows, or ""."""
        is_name = name and not name.startswith("-") and name.isprintable()
        found = self._ask(f"{name}^{{commit}}") if is_name else None
        is_commit = found is not None and found.kind == b"commit"
        return found.oid.decode("ascii") if found and is_commit else ""

    def merge_base(self, one: str, two: str) -> str:
        """Return the commit that two histories (of full ids) part at, or ""."""
        found = self._git("merge-base", one, two)
        return (found or b"").decode("ascii", "replace").strip()

    def below(self, commit: str, folder: str) -> dict[str, str]:
        """Return the blob ids of the files below a folder of a commit, by path."""
        if unsafe(folder) or not _OID.fullmatch(commit):
            return {}
        asked = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{folder}/")
        return _listed(self._git(*asked) or b"")

    def commit(self, name: str) -> Commit | None:
        """Return the commit an id, maybe abbreviated, names."""
        found = self._ask(f"{name}^{{commit}}") if _OID.fullmatch(name) else None
        if found is None or found.kind != b"commit":
            return None
        _, _, log = found.raw.decode("utf-8", "surrogateescape").partition("\n\n")
        title = " ".join(log.split("\n\n", 1)[0].split())
        return Commit(found.oid.decode("ascii"), title)

    def is_whole(self) -> bool:
        """Say whether the repository holds all of its past: no shallow clone does."""
        if self._whole is None:
            asked = self._git("rev-parse", "--is-shallow-repository")
            first = self._git("rev-list", "--max-count=2", "HEAD")
            is_grown = len((first or b"").split()) > 1
            self._whole = asked == b"false\n" and is_grown
        return self._whole

    def is_ancestor(self, oid: str, of: str) -> bool | None:
        """Say whether a commit is in the past of another (a full id, or HEAD)."""
        if not _OID.fullmatch(oid) or (of != "HEAD" and not _OID.fullmatch(of)):
            return None
        if of != "HEAD" and self.commit(of) is None:
            return None
        return self._git("merge-base", "--is-ancestor", oid, of) is not None

    def mentions(self, folder: str, text: str) -> bool | None:
        """Say whether a file below a folder of HEAD holds ``text``."""
        if self._git("rev-parse", "--verify", "--quiet", f"HEAD:{folder}") is None:
            return None
        asked = ("grep", "-q", "-F", "-e", text, "HEAD", "--", folder)
        return self._git(*asked) is not None

    def subjects(self, commit: str, paths: Sequence[str]) -> tuple[str, ...] | None:
        """Return the subjects of the last commits that touched any file."""
        if commit != "HEAD" and not _OID.fullmatch(commit):
            return None
        asked = ("log", f"--max-count={_LAST}", "--no-merges", "--format=%s", commit)
        names = [f":(top,literal){path}" for path in paths]
        found = self._git(*asked, "--", *names, patience=_LOOKING_BACK)
        if found is None:
            return None
        return tuple(found.decode("utf-8", "surrogateescape").splitlines())

    def _git(self, *arguments: str, patience: float = _PATIENCE) -> bytes | None:
        """Return what git prints; None where it fails."""
        try:
            done = _run(self._repository, *arguments, patience=patience)
        except (OSError, ValueError):
            return None
        return None if done.returncode else done.stdout

    def _entry(self, tree: str, name: str) -> str:
        """Return the id of a file in a folder; "" for a link, and what else is none."""
        found = self._ask(tree)
        if found is None or found.kind != b"tree":
            return ""
        wanted, raw, at = name.encode("utf-8", "surrogateescape"), found.raw, 0
        while entry := _ENTRY.match(raw, at):
            at = entry.end() + len(found.oid) // 2
            if entry[2] == wanted:
                is_file = entry[1].startswith(b"100")
                return raw[entry.end() : at].hex() if is_file else ""
        return ""

    def _ask(self, name: str) -> _Object | None:
        if self._child is None and not self._may_start():
            return None
        is_over = False
        try:
            found = self._answer(self._child or self._start(), name)
            is_over = True
        except OSError:
            return None
        finally:
            # Half an answer is left in the pipe, and would be taken for the next one.
            if not is_over:
                self._stop()
        return found

    def _may_start(self) -> bool:
        """Say whether a child may answer: the first did, and not all have died."""
        return not self._starts or (self._has_answered and self._starts < _STARTS)

    def _answer(self, child: subprocess.Popen[bytes], name: str) -> _Object | None:
        if child.stdin is None or child.stdout is None:
            return None
        child.stdin.write(name.encode("utf-8", "surrogateescape") + b"\n")
        child.stdin.flush()
        line = child.stdout.readline()
        head = line.split()
        self._has_answered |= bool(line)
        if line and (len(head) != 3 or not head[2].isdigit()):
            return None
        size = int(head[2]) if line else _LIMIT + 1
        raw = child.stdout.read(size + 1) if size <= _LIMIT else b""
        if len(raw) != size + 1:
            # It died, or we will not read what it has to say.
            self._stop()
            return None
        return _Object(head[0], head[1], raw[:-1])

    def _stop(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def _start(self) -> subprocess.Popen[bytes]:
        self._starts += 1
        self._child = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            command(self._repository, "cat-file", "--batch"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        return self._child


def commits_of(
    folder: Path, last: str = "HEAD", most: int = 0
) -> Iterator[tuple[int, str]]:
    """Yield the commits up to ``last`` (a full id, or HEAD): when, and their ids.

    All come from the first on; with ``most``, only so many come, from the last back.
    Merges are followed to their first parent. Raises RepositoryError.
    """
    if last != "HEAD" and not _OID.fullmatch(last):
        raise RepositoryError(f"{folder}: no commit: {last}")
    order = (f"--max-count={most}",) if most else ("--reverse",)
    asked = ("rev-list", "--timestamp", "--first-parent", *order, last, "--")
    with subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        command(folder, *asked),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as child:
        for line in child.stdout or ():
            moment, _, oid = line.decode("ascii").strip().partition(" ")
            yield int(moment), oid
    if child.returncode:
        raise RepositoryError(f"{folder}: git cannot list its commits")


def files_of(folder: Path, commit: str) -> dict[str, str]:
    """Return the blob id of each file of a commit (a full id, or HEAD) by its path.

    {} where the repository or the commit is unknown.
    """
    if commit != "HEAD" and not _OID.fullmatch(commit):
        return {}
    try:
        done = _run(folder, "ls-tree", "-r", "-z", "--full-tree", commit)
    except OSError:
        return {}
    return {} if done.returncode else _listed(done.stdout)


def _listed(raw: bytes) -> dict[str, str]:
    """Return the blob ids that ``ls-tree -z`` lists, by path; links are no files."""
    listed: dict[str, str] = {}
    for entry in raw.split(b"\0")[:-1]:
        head, _, path = entry.partition(b"\t")
        mode, _, oid = head.split(b" ", 2)
        if mode in _PLAIN:
            listed[path.decode("utf-8", "surrogateescape")] = oid.decode("ascii")
    return listed


class ConfigEntry(Struct, frozen=True):
    """One value of git's configuration: of which scope, its key and what it holds."""

    scope: str
    key: str
    value: str


def config(folder: Path, section: str) -> tuple[ConfigEntry, ...]:
    """Return what git's configuration holds in a section, in the order of git.

    What is too long to be meant is left out; so is all where git cannot be run.
    """
    return config_later(folder, section)()


def config_later(folder: Path, section: str) -> Callable[[], tuple[ConfigEntry, ...]]:
    """Ask git for its configuration, and return what waits for the answer."""
    asked = ("config", "--null", "--show-scope", "--get-regexp")
    try:
        child = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            command(folder, *asked, rf"^{section}\."),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
    except OSError:
        return tuple
    return partial(_answered, child)


def _answered(child: subprocess.Popen[bytes]) -> tuple[ConfigEntry, ...]:
    with child:
        raw = child.stdout.read(_CONFIG) if child.stdout else b""
        child.kill()
    words = raw.decode("utf-8", "surrogateescape").split("\0")[:-1]
    pairs = zip(words[::2], words[1::2], strict=False)
    return tuple(
        ConfigEntry(scope, *(pair.split("\n", 1) if "\n" in pair else (pair, "")))
        for scope, pair in pairs
    )


def is_repository(folder: Path) -> bool:
    """Say whether git finds a repository at ``folder`` or above it, and reads it."""
    return not trouble(folder)


def trouble(folder: Path) -> str:
    """Return why git cannot read a repository at ``folder`` or above it, or ""."""
    try:
        done = _run(folder, "rev-parse", "--git-dir")
    except OSError as error:
        return f"git: {error.strerror or error}"
    if not done.returncode:
        return ""
    return _OTHER if _FOREIGN in done.stderr else "not a git repository"


def git_folders(folder: Path) -> tuple[Path, Path] | None:
    """Return where git keeps what is its own, and what all work trees share.

    None where there is no repository that git reads.
    """
    try:
        said = _ask(folder, "rev-parse", "--absolute-git-dir", "--git-common-dir")
    except OSError:
        return None
    own, _, common = said.decode("utf-8", "surrogateescape").strip().partition("\n")
    return (Path(own), folder.absolute() / common) if common else None


def foreign(folder: Path) -> str:
    """Return what is wrong where there is a repository that git refuses, or ""."""
    why = trouble(folder)
    return f"{folder.absolute()}: {why}" if why == _OTHER else ""


def format_patch(folder: Path, commits: str, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return a range ``A..B`` as the mbox that ``git format-patch`` makes of it.

    Where the range is a branch of ``b4 prep``, it is as b4 would send it.

    Raises RepositoryError where the folder is no repository, the range is unknown, or
    the mbox is larger than ``input_bytes``.
    """
    if not _RANGE.fullmatch(commits):
        raise RepositoryError(f"--range {commits}: not of the form A..B")
    if why := trouble(folder):
        raise RepositoryError(f"--range {commits}: {folder}: {why}")
    box = _Box(limits.input_bytes)
    with only_environment():
        # GitPython takes 88 ms to import, which only a range is worth.
        from git import Git
        from git.exc import GitError

        prep, letter = find_prep(partial(_ask, folder), commits)
        try:
            Git(folder).execute(
                command(
                    folder.absolute(), "format-patch", "--stdout", "--full-index",
                    "--no-numbered", "--no-signature", "--no-attach",
                    "--no-cover-letter", "--no-notes", *PLAIN_DIFF,
                    *_threading(prep), "--end-of-options", commits,
                ),
                output_stream=cast("BinaryIO", box),
            )  # fmt: skip
        except GitError as error:
            said = _FATAL.search(str(error))
            reason = said[1] if said else type(error).__name__
            raise RepositoryError(f"--range {commits}: {reason}") from error
    return as_sent(split_mbox(b"".join(box.parts)), prep, letter)


def _threading(prep: Prep | None) -> tuple[str, ...]:
    if prep is None:
        return ("--thread",)
    return (
        "--thread=shallow",
        f"--in-reply-to=<{prep.message_id}>",
        f"--subject-prefix={prep.words}",
    )


def _ask(folder: Path, *words: str) -> bytes:
    """Return what a git command prints; nothing where it fails."""
    done = _run(folder, *words)
    return b"" if done.returncode else done.stdout


class _Box:
    """What is written, up to a limit."""

    def __init__(self, limit: int) -> None:
        self.parts: list[bytes] = []
        self._left = limit

    def write(self, text: bytes) -> int:
        """Take it, or refuse to."""
        self._left -= len(text)
        if self._left < 0:
            raise RepositoryError("--range: too large (--limit input-bytes)")
        self.parts.append(text)
        return len(text)


def _run(
    folder: Path, *arguments: str, patience: float = _PATIENCE
) -> subprocess.CompletedProcess[bytes]:
    """Run git, and wait for it; OSError where it cannot run or does not come back."""
    try:
        return subprocess.run(  # noqa: S603 - our own arguments, no shell
            command(folder, *arguments),
            capture_output=True,
            env=environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=patience,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(str(error)) from error
