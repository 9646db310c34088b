# SPDX-License-Identifier: GPL-2.0-or-later
"""The same mails are the same messages, whatever they come in."""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from patchlint.adapters.inputs import Inputs, read_inputs
from patchlint.model.defect import DefectKind
from patchlint.model.intake import Intake
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.message import Message
from patchlint.pipeline import take_in
from tests import mails
from tests.adapters import boxes
from tests.adapters.repo import git, make_repository

TREES = [{"f.c": "a\n", "g.c": "b\n"}, {"f.c": "c\n", "g.c": "b\n"}]
TREES += [{"f.c": "c\n", "g.c": "d\n"}]
DIFFS = [mails.diff(TREES[n], TREES[n + 1]) for n in range(2)]
MAILS = [
    mails.patch_mail(
        "Why.\n", DIFFS[n], f"[PATCH {n + 1}/2] f: do {n}", Message_ID=f"<{n}@x>"
    ).encode()
    for n in range(2)
]
GIT_MARK = b"From " + b"0123456789" * 4 + b" Mon Sep 17 00:00:00 2001\n"

# Lines of a log that look like the start of a mail, or like a header.
LINES = st.sampled_from(
    [b"text", b"From now on", b">From x", b"From: x@y", b"", b"From x 12:00:00 2001"]
)
BODIES = st.lists(LINES, max_size=6)


def take(*names: Path | str, limits: Limits = DEFAULT_LIMITS) -> Intake:
    inputs = read_inputs(map(str, names), limits)
    return take_in(inputs.raws, limits, inputs.defects)


def take_bytes(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Intake:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "input"
        path.write_bytes(data)
        return take(path, limits=limits)


def told(intake: Intake) -> list[tuple[DefectKind, str, bool]]:
    return [(d.kind, d.text.rpartition("/")[2], d.hides) for d in intake.defects]


def subjects(intake: Intake) -> list[str]:
    return [mail.subject.text for mail in intake.messages]


def plain(message: Message) -> Message:
    """Leave out what only Content-Length adds."""
    lines = [line for line in message.lines if not line.startswith("Content-Length")]
    shorter = len(message.lines) - len(lines)
    return replace(
        message,
        lines=tuple(lines),
        body_start=message.body_start - shorter,
        log_start=message.log_start - shorter,
    )


def every_way(folder: Path, texts: Sequence[bytes]) -> dict[str, list[Path]]:
    """Write the mails in every container there is."""
    files = {f"{n:04}-a.patch": text for n, text in enumerate(texts, 1)}
    box = boxes.mbox(texts)
    single = {
        "mbox": box,
        "mboxrd": boxes.mboxrd(texts),
        "mboxcl2": boxes.mboxcl2(texts),
        "crlf": boxes.mboxrd(texts).replace(b"\n", b"\r\n"),
        "blanks": b"\xef\xbb\xbf\r\n\n" + box,
        "gz": boxes.packed(boxes.mboxrd(texts)),
        "joined gz": b"".join(boxes.packed(boxes.mboxrd([t])) for t in texts),
        "bz2": bz2.compress(box),
        "xz": lzma.compress(box),
        "tar": boxes.tar(files),
        "tgz": boxes.packed(boxes.tar({f"a/b/{n}": t for n, t in files.items()})),
        "tar.xz": lzma.compress(boxes.tar({"box.mbox": box}, tarfile.GNU_FORMAT)),
        "tar of gz": boxes.packed(boxes.tar({"t.mbox.gz": boxes.packed(box)})),
        "tar of maildir": boxes.tar(
            {f"m/cur/{n}:2,S": t for n, t in enumerate(texts)} | {"m/tmp/1": b"x"}
        ),
    }
    for name, data in single.items():
        (folder / name).write_bytes(data)
    ways = {name: [folder / name] for name in single}
    ways["maildir"] = [boxes.maildir(folder / "maildir", texts)]
    ways["folder"] = [boxes.write_all(folder / "files", files)]
    ways["files"] = [folder / "files" / name for name in files]
    return ways


@settings(max_examples=25, deadline=None)
@given(st.lists(BODIES, min_size=1, max_size=4))
def test_every_container_gives_the_same_messages(bodies: list[list[bytes]]) -> None:
    texts = [
        b"From: d@x\nSubject: %d\nMessage-ID: <%d@x>\n\n%s" % (n, n, b"\n".join(body))
        + b"\nend\n"
        for n, body in enumerate(bodies)
    ]
    wanted = take_in(texts).messages
    with tempfile.TemporaryDirectory() as name:
        for way, paths in every_way(Path(name), texts).items():
            intake = take(*paths)
            found = tuple(map(plain, intake.messages))
            assert sorted(found, key=str) == sorted(wanted, key=str), way
            assert [d for d in intake.defects if d.hides] == [], way


@pytest.mark.parametrize("name", ["mbox", "tgz", "gz", "tar of gz", "bz2"])
def test_standard_input_is_known_by_its_content(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = every_way(tmp_path, MAILS)[name]
    stdin = io.TextIOWrapper(io.BytesIO(path.read_bytes()))
    monkeypatch.setattr(sys, "stdin", stdin)

    assert take("-").messages == take_in(MAILS).messages


def test_a_series_is_complete_in_every_container(tmp_path: Path) -> None:
    for way, paths in every_way(tmp_path, MAILS).items():
        (series,) = take(*paths).postings
        assert (len(series.patches), series.missing) == (2, ()), way


def test_git_splits_a_box_into_the_same_files(tmp_path: Path) -> None:
    repository = make_repository(
        tmp_path / "repo", *({"f": b"%d\n" % n} for n in range(1, 13))
    )
    options = ["--thread", "--full-index", "HEAD~11"]
    box = git(repository, "format-patch", "--stdout", *options)
    (tmp_path / "split").mkdir()
    git(repository, "mailsplit", f"-o{tmp_path / 'split'}", given=box)
    git(repository, "format-patch", "-o", str(tmp_path / "out"), *options)

    (joined,) = take_in([box]).postings
    (files,) = take(tmp_path / "split").postings
    (made,) = take(tmp_path / "out").postings

    assert [p.message.subject for p in joined.patches] == [
        p.message.subject for p in files.patches
    ]
    assert [p.changes for p in joined.patches] == [p.changes for p in files.patches]
    assert [p.changes for p in joined.patches] == [p.changes for p in made.patches]
    assert len(joined.patches) == 11


# What is quoted is not cut.


def quoting(quoted: bytes) -> bytes:
    mail = mails.patch_mail("Why.\n\nQUOTED\nend", DIFFS[0], Message_ID="<q@x>")
    return mail.encode().replace(b"QUOTED", quoted)


@pytest.mark.parametrize("mark", [b"", GIT_MARK, boxes.MARK])
def test_a_log_may_quote_a_box(mark: bytes) -> None:
    box = b"".join(GIT_MARK + mail.partition(b"---\n")[0] for mail in MAILS)
    intake = take_bytes(mark + quoting(box) + (GIT_MARK + MAILS[1] if mark else b""))

    assert sorted(subjects(intake)) == ["area: Do it", "f: do 1"][: 2 if mark else 1]
    assert [mail.lines.count("end") for mail in intake.messages].count(1) == 1


@pytest.mark.parametrize("mark", [GIT_MARK, boxes.MARK])
def test_a_patch_that_lost_its_diff_does_not_swallow_the_next(mark: bytes) -> None:
    lost = MAILS[0].partition(b"---\n")[0] + b"\n"

    assert subjects(take_bytes(mark + lost + mark + MAILS[1])) == ["f: do 0", "f: do 1"]


def test_a_length_keeps_a_quoted_box_together() -> None:
    texts = [quoting(boxes.mbox(MAILS)), MAILS[0]]

    found = subjects(take_bytes(boxes.mboxcl2(texts)))

    assert sorted(found) == ["area: Do it", "f: do 0"]


@pytest.mark.parametrize("length", [b"0", b"3", b"99999999", b"-1", b"9" * 4000])
def test_a_wrong_length_counts_for_nothing(length: bytes) -> None:
    texts = [b"Content-Length: " + length + b"\n" + mail for mail in MAILS]

    assert subjects(take_bytes(boxes.mbox(texts))) == ["f: do 0", "f: do 1"]


def test_a_diff_may_hold_a_box(tmp_path: Path) -> None:
    box = boxes.mbox(MAILS) + GIT_MARK + MAILS[0]
    trees: list[dict[str, bytes]] = [{"a": b"1\n"}, {"a": b"1\n", "box": box}]
    trees += [{"a": b"1\n"}]
    repository = make_repository(tmp_path / "repo", *trees)
    made = git(repository, "format-patch", "--stdout", "HEAD~2")

    assert sorted(subjects(take_bytes(made))) == ["area: step 2", "area: step 3"]


# Patches without mail headers.


def test_a_bare_diff_is_a_patch() -> None:
    for text in (DIFFS[0], "\n\n" + DIFFS[0], "\ufeff" + DIFFS[0]):
        intake = take_bytes(text.encode())
        (series,) = intake.postings
        assert [c.path for c in series.patches[0].changes] == ["f.c"]
        assert intake.defects == ()


def test_a_bare_diff_of_a_windows_shell_is_a_patch() -> None:
    (series,) = take_bytes(DIFFS[0].replace("\n", "\r\n").encode("utf-16")).postings

    assert [c.path for c in series.patches[0].changes] == ["f.c"]


@pytest.mark.parametrize("head", ["Index: f.c\n===\n", "mm: do it\n\nWhy.\n\n"])
def test_what_only_looks_like_a_header_stays_text(head: str) -> None:
    old = DIFFS[0][DIFFS[0].index("--- ") :]
    (series,) = take_bytes((head + old).encode()).postings
    message = series.patches[0].message

    assert message.lines[message.body_start - 1 :][1] == head.split("\n")[0]
    assert [c.path for c in series.patches[0].changes] == ["f.c"]


QUILT = {
    "patches/series": b"# comment\n\nb-first.patch # why\nsub/second.diff -p0\n",
    "patches/b-first.patch": b"mm: first\n\nWhy.\n\n" + DIFFS[0].encode(),
    "patches/sub/second.diff": b"From: D <d@x>\nSubject: second\n\nWhy.\n---\n"
    + DIFFS[1].replace(" a/", " ").replace(" b/", " ").encode(),
    "patches/not-applied.patch": DIFFS[0].encode(),
}


@pytest.mark.parametrize("way", ["folder", "patches", "tar"])
def test_a_quilt_is_one_series_in_its_order(way: str, tmp_path: Path) -> None:
    folder = boxes.write_all(tmp_path / "quilt", QUILT)
    (tmp_path / "tar").write_bytes(boxes.packed(boxes.tar(QUILT)))
    where = {"folder": folder, "patches": folder / "patches", "tar": tmp_path / "tar"}
    intake = take(where[way])
    (series,) = intake.postings

    assert [
        (p.message.subject.text, p.message.subject.position, p.message.subject.total)
        for p in series.patches
    ] == [("b-first", 1, 2), ("second", 2, 2)]
    assert [c.path for p in series.patches for c in p.changes] == ["f.c", "g.c"]
    assert "mm: first" in series.patches[0].message.lines
    assert intake.defects == ()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("gone.patch", "gone.patch: no such patch"),
        ("../f.patch", "f.patch: no such patch"),
        ("/etc/passwd", "passwd: no such patch"),
        ("b-first.patch -R", "b-first.patch: -R, a patch that is taken back, is not"),
    ],
)
def test_what_a_quilt_lacks_is_told(line: str, what: str, tmp_path: Path) -> None:
    boxes.write_all(tmp_path, {"f.patch": b"x", **QUILT})
    (tmp_path / "patches" / "series").write_text(f"{line}\nsub/second.diff -p0\n")
    intake = take(tmp_path)

    assert what in intake.defects[0].text
    assert [p.message.subject.position for p in intake.postings[0].patches] == [2]


def test_bare_patches_side_by_side_are_one_series(tmp_path: Path) -> None:
    files = {f"{n}-x.diff": DIFFS[n % 2].encode() for n in (2, 1, 10)}
    folder = boxes.write_all(tmp_path / "out", files)
    names = [folder / name for name in files]

    for where in ([folder], names, names[::-1]):
        (series,) = take(*where).postings
        assert [p.message.subject.text for p in series.patches] == [
            "1-x",
            "2-x",
            "10-x",
        ]


# What cannot be read is told.


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<!DOCTYPE html>\n<html>From: x\n", "a web page"),
        (b"\x7fELF\0\0\0", "binary"),
        (b"Dear all,\n\nhello.\n", "neither mail nor patch"),
        (b"PK\3\4....", "a zip archive is not read"),
        (b"(\xb5/\xfd....", "a zstd file is not read"),
        (b"\xfd7zXZ\0" + b"trash" * 9, "cannot be unpacked: "),
    ],
)
def test_a_member_that_cannot_be_read_is_named(
    data: bytes, what: str, tmp_path: Path
) -> None:
    files = {"0001-a.patch": MAILS[0], "0002-b.patch": data, "notes": b""}
    folder = boxes.write_all(tmp_path / "out", files)
    (tmp_path / "x.tar").write_bytes(boxes.tar(files))

    for where in (folder, tmp_path / "x.tar"):
        intake = take(where)
        hiding = [d for d in intake.defects if d.hides]
        assert subjects(intake) == ["f: do 0"]
        assert [d.kind for d in hiding] == [DefectKind.CONTAINER]
        assert f"0002-b.patch: {what}" in hiding[0].text
        assert any("passed over notes" in d.text for d in intake.defects)


def test_what_is_cut_short_is_read_so_far() -> None:
    whole = boxes.packed(boxes.mbox(MAILS) + b"x" * 99)
    intake = take_bytes(whole[:-10])

    assert subjects(intake)[0] == "f: do 0"
    assert told(intake) == [(DefectKind.CONTAINER, "input: ends too early", True)]


def test_a_torn_archive_is_read_so_far() -> None:
    whole = boxes.tar({"1.patch": MAILS[0], "2.patch": MAILS[1] * 9})
    intake = take_bytes(whole[:2560])

    assert subjects(intake) == ["f: do 0"]
    assert told(intake) == [
        (DefectKind.CONTAINER, "input: ends in the middle of a file", True)
    ]


def test_links_stay_in_their_folder(tmp_path: Path) -> None:
    (tmp_path / "out.patch").write_bytes(MAILS[1])
    folder = boxes.write_all(tmp_path / "in", {"1.patch": MAILS[0], "a": MAILS[1]})
    for name, to in (("2.patch", "../out.patch"), ("3.patch", "a"), ("4.patch", "x")):
        (folder / name).symlink_to(to)
    (folder / "5.patch").symlink_to("5.patch")
    (tmp_path / "link.patch").symlink_to(folder / "1.patch")
    (tmp_path / "link").symlink_to(folder)
    intake = take(folder)

    assert subjects(intake) == ["f: do 0", "f: do 1"]
    assert [d.text.rpartition("/")[2][:22] for d in intake.defects if d.hides] == [
        "2.patch: a link out of",
        "4.patch: a link to not",
        "5.patch: a ring of lin",
    ]
    assert subjects(take(tmp_path / "link.patch")) == ["f: do 0"]
    assert subjects(take(tmp_path / "link")) == ["f: do 0", "f: do 1"]


# Strangers.


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A GiB of zeros in a MiB."""
    bomb = boxes.packed(bytes(64 << 20)) * 16
    boxes.write_all(tmp_path, {"1.patch": MAILS[0], "2.mbox.gz": bomb})
    intake = take(tmp_path)

    assert subjects(intake) == ["f: do 0"]
    assert [(d.kind, d.hides) for d in intake.defects] == [(DefectKind.LIMIT, True)]
    assert "2.mbox.gz: unpacks to more than " in intake.defects[0].text


def test_no_name_of_an_archive_is_a_path(tmp_path: Path) -> None:
    names = ["../../etc/passwd.patch", "/abs/2.patch", "\x1b[31m\n3.patch"]
    path = tmp_path / "x.tar"
    path.write_bytes(boxes.tar(dict.fromkeys(names, b"\0")))
    (tmp_path / "etc").mkdir()
    before = sorted(tmp_path.rglob("*"))
    defects = take(path).defects

    assert sorted(d.text.removeprefix(f"{path}: ") for d in defects) == [
        "../../etc/passwd.patch: binary",
        "/abs/2.patch: binary",
        "?[31m?3.patch: binary",
    ]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE]
)
def test_only_files_of_an_archive_are_read(kind: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_bytes(
        boxes.odd_tar(("1.patch", kind, "/etc/passwd"), ("dir", tarfile.DIRTYPE, ""))
    )

    assert told(take(tmp_path / "x.tar")) == [
        (DefectKind.CONTAINER, "x.tar: 1.patch: a link or device: not read", True)
    ]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_is_packed_too_often_is_told(times: int) -> None:
    data = boxes.mbox(MAILS)
    for _ in range(times):
        data = boxes.packed(data)
    intake = take_bytes(data)

    assert len(intake.messages) == (2 if times < 3 else 0)
    assert [d.kind for d in intake.defects] == [DefectKind.LIMIT] * (times == 3)


def test_an_archive_in_an_archive_is_told() -> None:
    inner = boxes.tar({"1.patch": MAILS[0]})
    intake = take_bytes(boxes.tar({"a.tar": inner, "2.patch": MAILS[1]}))

    assert subjects(intake) == ["f: do 1"]
    assert told(intake) == [
        (DefectKind.LIMIT, "input: a.tar: an archive in an archive: not read", True)
    ]


@pytest.mark.parametrize(
    ("limit", "what", "left"),
    [
        ({"mails": 1}, "input: more than 1 mails in all: not read", 1),
        ({"mail_bytes": 500}, "input: mail 1 has 527 bytes, more than 500: not", 1),
        ({"input_bytes": 400}, "input: more than 400 bytes in all: not read", 0),
    ],
)
def test_what_is_over_a_limit_is_told(
    limit: dict[str, Any], what: str, left: int
) -> None:
    limits = replace(DEFAULT_LIMITS, **limit)
    texts = [MAILS[0].replace(b"Why.", b"Why. " * 60), MAILS[1]]
    intake = take_bytes(
        boxes.mbox(texts[:: 1 if "mail_bytes" in limit else -1]), limits
    )

    assert len(intake.messages) == left
    assert [(d.kind, d.hides) for d in intake.defects] == [(DefectKind.LIMIT, True)]
    assert what in intake.defects[0].text


def test_members_over_the_limit_are_told() -> None:
    limits = replace(DEFAULT_LIMITS, archive_members=1)
    files = {"1.patch": MAILS[0], "2.patch": MAILS[1]}
    intake = take_bytes(boxes.tar(files), limits)

    assert subjects(intake) == ["f: do 0"]
    assert told(intake) == [
        (DefectKind.LIMIT, "input: more than 1 files: rest not read", True)
    ]


@given(st.binary(max_size=200))
def test_no_input_is_too_odd(data: bytes) -> None:
    intake = take_bytes(data)

    assert intake.messages or intake.defects


@given(st.binary(max_size=60), st.integers(0, 1023))
def test_no_archive_is_too_odd(noise: bytes, at: int) -> None:
    data = boxes.tar({"1.patch": MAILS[0], "x" * 200 + ".patch": MAILS[1]})
    intake = take_bytes(data[:at] + noise + data[at + len(noise) :])

    assert intake.messages or intake.defects


def test_inputs_are_values() -> None:
    assert read_inputs([]) == Inputs(())
