# SPDX-License-Identifier: GPL-2.0-or-later
"""Mail comes from files, folders and standard input, all read alike."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from patchlint.adapters.git import format_patch
from patchlint.adapters.inputs import InputError, read_inputs
from patchlint.pipeline import read
from tests.adapters.repo import git, make_repository


def texts(*names: Path | str) -> list[bytes]:
    return [raw.data for raw in read_inputs(map(str, names)).raws]


def test_a_file_is_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "any name").write_bytes(b"\xff\r\n")

    assert texts(tmp_path / "any name") == [b"\xff\r\n"]


def test_a_folder_is_its_patches_in_order(tmp_path: Path) -> None:
    for name in ("0002-b.patch", "0001-a.patch", "0000-cover.patch", "README", "x.eml"):
        (tmp_path / name).write_bytes(name.encode())

    assert texts(tmp_path) == [
        b"0000-cover.patch",
        b"0001-a.patch",
        b"0002-b.patch",
        b"x.eml",
    ]


def test_several_inputs_keep_their_order(tmp_path: Path) -> None:
    names = [str(tmp_path / name) for name in "zay"]
    for name in names:
        Path(name).write_bytes(name[-1:].encode())

    assert texts(*names) == [b"z", b"a", b"y"]


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\n")))

    assert texts("-") == [b"\xff\n"]


def test_a_folder_without_patches_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_inputs([str(tmp_path)])

    assert str(caught.value) == (
        f"{tmp_path}: no *.patch, *.eml or *.mbox file in this folder"
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_inputs([str(tmp_path / "gone")])

    assert str(caught.value) == f"{tmp_path / 'gone'}: No such file or directory"


def test_a_folder_that_is_named_like_a_patch_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.patch").mkdir()

    with pytest.raises(InputError, match=r"^[^\n]*: no \*\.patch, [^\n]*$"):
        read_inputs([str(tmp_path)])


def test_one_box_files_and_a_folder_are_the_same_series(tmp_path: Path) -> None:
    trees = [{"f": b"%d\n" % n, "g": b"g\n" * n} for n in range(1, 5)]
    repository = make_repository(tmp_path / "repo", *trees)
    options = ["--cover-letter", "--thread", "--full-index", "--no-signature"]
    folder = tmp_path / "out"
    git(repository, "format-patch", *options, "-o", str(folder), "HEAD~3")
    files = sorted(folder.iterdir())
    box = b"".join(file.read_bytes() for file in files)
    (series,) = read([box])

    assert (series.cover is not None, len(series.patches), series.missing) == (
        True,
        3,
        (),
    )
    assert read(read_inputs([str(folder)]).raws) == (series,)
    assert read(read_inputs(map(str, files)).raws) == (series,)
    assert read(read_inputs(map(str, reversed(files))).raws) == (series,)


def test_a_range_is_what_its_files_are(tmp_path: Path) -> None:
    repository = make_repository(tmp_path, {"f": b"1\n"}, {"f": b"2\n"}, {"g": b"3\n"})
    file = git(repository, "format-patch", "--stdout", "--full-index", "HEAD~2")
    (series,) = read([file])
    (made,) = read([format_patch(repository, "HEAD~2..HEAD")])

    assert [
        (change.path, change.old_oid, change.new_oid, [ln.text for ln in change.lines])
        for patch in made.patches
        for change in patch.changes
    ] == [
        (change.path, change.old_oid, change.new_oid, [ln.text for ln in change.lines])
        for patch in series.patches
        for change in patch.changes
    ]
    assert len(made.patches) == 2
