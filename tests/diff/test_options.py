# SPDX-License-Identifier: GPL-2.0-or-later
"""Whatever git is asked to print, it is read as git reads it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from patchlint.diff.image import apply
from patchlint.diff.parse import parse_diff
from patchlint.model.change import Diff, FileChange, Kind
from tests.adapters.repo import git

Entry = tuple[str, bytes]
Tree = dict[bytes, Entry]

PATHS = [
    *(name.encode() for name in ("a.c", "b b.c", "dir/ü.S", 'd"q.h', "e\tf", "back\\")),
    *(b"x b/y b/z.c", b" lead", b"trail ", b"raw\xff.c", b"dir/--- a", b"+++ b/dir"),
    *(b"dir/2024-01-02 03:04:05", b"dir/a/b/w/f", b"dir/dev/null"),
]
ODD = [b"-- ", b"--- a/x", b"+++ b/x", b"@@ -1 +1 @@", b"diff --git a/x b/x", b"\\ No"]
ODD += [b"", b" ", b"\xff", b"\r", b"\x0b", b"\x0c", b"\x1c", b"\xe2\x80\xa8", b"\x85"]
LINES = st.lists(
    st.sampled_from([*ODD, *(b"line %d" % n for n in range(9))]), max_size=40
)
TEXTS = st.builds(
    lambda lines, end: b"\n".join(lines) + end, LINES, st.sampled_from([b"", b"\n"])
)
ENTRIES = st.one_of(
    st.tuples(st.sampled_from(["100644", "100755"]), TEXTS),
    st.tuples(st.just("100644"), st.binary(min_size=1, max_size=9).map(b"\0".__add__)),
    st.tuples(st.just("120000"), st.sampled_from([b"a.c", b"../../etc/passwd"])),
    st.tuples(st.just("160000"), st.sampled_from([b"1" * 40, b"2" * 40])),
)
TREES = st.dictionaries(st.sampled_from(PATHS), ENTRIES, max_size=5)
MOVED = st.lists(st.sampled_from(PATHS), max_size=3)
CHOICES = (
    ("-U0", "-U1", "-U3", "-U9", "-W", "--inter-hunk-context=2"),
    ("--no-renames", "-M", "-M10%", "-C", "--find-copies-harder", "-B"),
    ("--no-prefix", "--src-prefix=a/", "--src-prefix=i/", "--src-prefix=src/a/"),
    ("--full-index", "--abbrev=4", "--binary", "--abbrev=12"),
    ("--patience", "--histogram", "--minimal", "-D", "--text"),
)
OPTIONS = st.tuples(*map(st.sampled_from, CHOICES))
SETTINGS = st.tuples(
    st.sampled_from(["core.quotePath=true", "core.quotePath=false"]),
    st.sampled_from(["diff.suppressBlankEmpty=true", "diff.noprefix=false"]),
)


@settings(max_examples=40, deadline=None)
@given(before=TREES, after=TREES, moved=MOVED, options=OPTIONS, config=SETTINGS)
def test_what_git_prints_is_read_as_git_reads_it(
    before: Tree, after: Tree, moved: list[bytes], options: tuple[str, ...],
    config: tuple[str, ...],
) -> None:  # fmt: skip
    after = after | dict(zip(moved, before.values(), strict=False))
    if "src/a" in options[2]:  # with -p2 git cuts the names of renames, too
        options = (options[0], "--no-renames", *options[2:])
    names = (f"--dst-prefix={second(options[2])}",)
    arguments = options if options[2] == "--no-prefix" else options + names
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        raw = printed(folder, before, after, config, arguments)
        strip = f"-p{0 if options[2] == '--no-prefix' else 1 + ('src/a' in options[2])}"
        stat = git(folder, "apply", "--numstat", "-z", strip, given=raw) if raw else b""
    diff = parse_diff(text(raw).split("\n"))

    assert diff.defects == ()
    assert rows(diff) == [
        tuple(row.split("\t", 2)) for row in text(stat).split("\0")[:-1]
    ]
    for change in diff.changes:
        agrees(change, before, after, whole="-D" not in options)


def second(option: str) -> str:
    return {"src/a/": "src/b/", "i/": "w/", "a/": "b/"}.get(
        option.partition("=")[2], ""
    )


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def raw(path: str) -> bytes:
    return path.encode("utf-8", "surrogateescape")


def rows(diff: Diff) -> list[tuple[str, str, str]]:
    return [
        (
            "-" if change.binary else str(counted(change, Kind.ADDED)),
            "-" if change.binary else str(counted(change, Kind.REMOVED)),
            change.path,
        )
        for change in diff.changes
    ]


def counted(change: FileChange, kind: Kind) -> int:
    return sum(line.kind is kind for line in change.lines)


def agrees(change: FileChange, before: Tree, after: Tree, *, whole: bool) -> None:
    """The modes are those of the two trees, and the text after comes of that before."""
    mode, old = before[raw(change.old_path)] if change.old_path else ("", b"")
    new_mode, new = after[raw(change.new_path)] if change.new_path else ("", b"")

    assert change.old_mode in (mode, "")
    assert change.new_mode in (new_mode, "")
    assert (change.old_mode == "") <= (change.old_path is None or not change.hunks)
    if change.is_submodule or change.binary or not (whole or change.new_path):
        return
    if change.old_mode or change.new_mode:  # a mere copy or rename tells no mode
        assert change.is_symlink == ("120000" in (mode, new_mode))
    assert apply(text(old), change) == text(new)


def printed(
    folder: Path,
    before: Tree,
    after: Tree,
    config: tuple[str, ...],
    options: tuple[str, ...],
) -> bytes:
    git(folder, "init", "-q", "--template=", "--bare")
    stream = b"".join(
        commit(f"refs/heads/{n}", tree) for n, tree in enumerate((before, after))
    )
    git(folder, "fast-import", "--quiet", given=stream)
    given = [word for setting in config for word in ("-c", setting)]
    return git(folder, *given, "diff", *options, "refs/heads/0", "refs/heads/1")


def commit(name: str, tree: Tree) -> bytes:
    made = [b"commit %s\ncommitter A <a@b.c> 0 +0000\ndata 0\n" % name.encode()]
    for path, (mode, content) in tree.items():
        quoted = b'"%s"' % path.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        if mode == "160000":
            made.append(b"M 160000 %s %s\n" % (content, quoted))
        else:
            size = len(content)
            made.append(
                b"M %s inline %s\ndata %d\n%s\n"
                % (mode.encode(), quoted, size, content)
            )
    return b"".join(made)
