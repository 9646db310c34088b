# SPDX-License-Identifier: GPL-2.0-or-later
"""Our reader of tar archives sees what Python's own writer wrote, and never hangs."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patchlint.adapters.tar import Member, TarError, is_tar, members
from tests.adapters import boxes

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
LONG = st.builds(
    lambda part, count: "/".join([part] * count),
    st.sampled_from("aß"),
    st.integers(1, 200),
)
FILES = st.dictionaries(
    st.one_of(NAMES, LONG).filter(lambda n: not n.endswith("/")),
    st.binary(max_size=1100),
    max_size=4,
)


@settings(deadline=None)
@given(FILES, st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT]))
def test_what_is_written_is_read(files: dict[str, bytes], kind: int) -> None:
    data = boxes.tar(files, kind)

    assert list(members(data)) == [Member(name, raw) for name, raw in files.items()]
    assert is_tar(data) or not files


def test_what_tar_and_git_write_is_read(tmp_path: Path) -> None:
    name = "d" * 90 + "/" + "e" * 90 + "/1.patch"
    boxes.write_all(tmp_path / "in", {name: b"x" * 600, "2.patch": b""})
    wanted = {Member(f"./{name}", b"x" * 600), Member("./2.patch", b"")}
    for form in ("gnu", "pax", "ustar"):
        command = ["tar", f"--format={form}", "-C", str(tmp_path / "in"), "-c", "."]
        made = subprocess.run(command, check=True, capture_output=True).stdout
        assert set(members(made)) == wanted


def header(size: bytes, name: bytes = b"1.patch", kind: bytes = b"0") -> bytes:
    """Write the header of a member with a right sum and any size field."""
    block = name.ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2
    block += size.ljust(12, b"\0") + b"00000000000\0" + b" " * 8 + kind
    block = block.ljust(257, b"\0") + b"ustar\x0000"
    block = block.ljust(512, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


@pytest.mark.parametrize(
    "size",
    [
        b"\xff" * 12,
        b"\x80" + b"\xff" * 11,
        b"-0000001000",
        b"77777777777",
        b"x",
        b"00000001000",
    ],
)
def test_a_size_that_cannot_be_is_the_end(size: bytes) -> None:
    with pytest.raises(TarError):
        list(members(header(size) + bytes(100)))


@pytest.mark.parametrize(
    "record",
    [
        b"20 size=-99999999\n",
        b"18 size=99999999\n",
        b"1" * 5000 + b" path=x\n",
        b"10 size=x\n",
        b"0 path=x\n",
        b"-9 path=x\n",
        b"9999999 path=x\n",
        b" path=x\n" * 60,
    ],
)
def test_odd_records_are_no_trap(record: bytes) -> None:
    extra = header(b"%011o" % len(record), kind=b"x") + record
    data = extra + bytes(-len(record) % 512) + header(b"0") + bytes(1024)
    try:
        read = list(members(data))
    except TarError:
        read = []

    assert len(read) <= 1


@given(st.binary(max_size=700), st.integers(0, 2000))
def test_no_noise_is_a_trap(noise: bytes, at: int) -> None:
    data = boxes.tar({"1.patch": b"x" * 700, "é" * 200: b"y"})
    try:
        read = list(members(data[:at] + noise + data[at + len(noise) :]))
    except TarError:
        read = []

    assert len(read) <= 40
