# SPDX-License-Identifier: GPL-2.0-or-later
"""Make mails and repositories of examples: real diffs, real blob ids, no git needed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from patchlint.diff.oid import blob_oid
from patchlint.series.history import Commit
from patchlint.series.tree import Texts

Files = Mapping[str, str]
FROM = "A Dev <dev@example.org>"


class Blobs:
    """A repository as a few dicts."""

    def __init__(self, *trees: Files, commits: Files | None = None) -> None:
        """Know every text of ``trees``; the first of them is what HEAD holds.

        ``commits`` are subjects by full id; without them the past is not known.
        """
        self._commits = commits
        self._blobs = {blob_oid(t): t for tree in trees for t in tree.values()}
        self._head = dict(trees[0]) if trees else {}

    def blob(self, oid: str) -> str | None:
        """Return the text whose id begins so."""
        return next((t for o, t in self._blobs.items() if o.startswith(oid)), None)

    def file(self, commit: str, path: str) -> str | None:
        """Return a file of HEAD."""
        return self._head.get(path) if commit == "HEAD" else None

    def is_whole(self) -> bool:
        """Say whether the past is known."""
        return bool(self._commits)

    def commit(self, name: str) -> Commit | None:
        """Return the commit an id, maybe abbreviated, names."""
        known = (self._commits or {}).items()
        return next((Commit(o, s) for o, s in known if o.startswith(name)), None)

    def is_ancestor(self, oid: str, of: str) -> bool | None:
        """Say that every commit that is known is in the past."""
        return None if self.commit(oid) is None or not of else True

    def subjects(
        self,
        commit: str,  # noqa: ARG002
        paths: Sequence[str],  # noqa: ARG002
    ) -> tuple[str, ...] | None:
        """Return the subjects of all commits."""
        return None if self._commits is None else tuple(self._commits.values())

    def mentions(self, folder: str, text: str) -> bool | None:
        """Say whether a file below a folder holds a text."""
        below = [t for path, t in self._head.items() if path.startswith(folder)]
        return any(text in t for t in below) if below else None

    def tree(self, commit: str, paths: Iterable[str]) -> Texts | None:
        """Return the texts of HEAD."""
        return Texts(self._head) if commit == "HEAD" and tuple(paths) else None


def diff(before: Files, after: Files) -> str:
    """Return what ``git diff`` would print between two trees."""
    return "".join(
        _file(path, before.get(path), after.get(path))
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    )


def patch_mail(
    body: str, diff_text: str = "", subject: str = "[PATCH] area: Do it", **headers: str
) -> str:
    """Return a patch mail; ``body`` is the commit log, trailers included."""
    lines = {"From": FROM, "Subject": subject, "Date": "Tue, 2 Jan 2024 03:04:05 +0000"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines.setdefault("Message-ID", "<1@example.org>")
    head = "".join(f"{name}: {value}\n" for name, value in lines.items())
    tail = f"---\n\n{diff_text}-- \n2.39.5\n" if diff_text else ""
    return f"{head}\n{body}\n{tail}"


def _file(path: str, old: str | None, new: str | None) -> str:
    return "".join(_file_lines(path, old, new))


def _file_lines(path: str, old: str | None, new: str | None) -> Iterator[str]:
    yield f"diff --git a/{path} b/{path}\n"
    if old is None:
        yield "new file mode 100644\n"
    if new is None:
        yield "deleted file mode 100644\n"
    yield f"index {_oid(old)}..{_oid(new)}\n"
    names = ("a/" + path if old is not None else "/dev/null", "b/" + path)
    if new is None:
        names = (names[0], "/dev/null")
    hunks = difflib.unified_diff(
        (old or "").splitlines(keepends=True),
        (new or "").splitlines(keepends=True),
        *names,
    )
    for line in hunks:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _oid(text: str | None) -> str:
    return "0" * 12 if text is None else blob_oid(text)[:12]
