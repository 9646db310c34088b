# SPDX-License-Identifier: GPL-2.0-or-later
"""A pattern that was kept is the pattern that was written."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from patchlint.adapters.patterns import kept

MODULE = r"""
import re
FIRST = re.compile(r"(?P<a>[a-z]+)(?:-(\d+))?", re.IGNORECASE)
SECOND = re.compile(r"\bword|[^\W\d_]{2,7}(?<!x)\Z")
def made(name):
    return re.compile(rf"\b{re.escape(name)}\b")
"""
TEXTS = ("abc-12", "ABC", "a word", "words", "nox", "")


def module(name: str = "patchlint.made") -> dict[str, object]:
    """Run the module as an import would; ``re`` forgets what it compiled before."""
    re.purge()
    space: dict[str, object] = {"__name__": name}
    exec(compile(MODULE, "made.py", "exec"), space)  # noqa: S102
    return space


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_what_is_kept_is_what_python_compiles(tmp_path: Path) -> None:
    usual = module()
    for _ in range(2):
        with kept(tmp_path):
            again = module()
        for name in ("FIRST", "SECOND"):
            one, two = usual[name], again[name]
            assert isinstance(one, re.Pattern)
            assert isinstance(two, re.Pattern)
            assert one == two
            assert one.groupindex == two.groupindex
            found = [
                [m.groups() for m in p.finditer(t)] for p in (one, two) for t in TEXTS
            ]
            assert found[: len(TEXTS)] == found[len(TEXTS) :]
    assert len(files(tmp_path)) == 1


def test_nothing_of_a_mail_is_kept(tmp_path: Path) -> None:
    with kept(tmp_path):
        space = module()
        space["made"]("secret_name")  # type: ignore[operator]
        module("elsewhere")["made"]("secret here")  # type: ignore[operator]
        re.compile("secret too")

    (path,) = files(tmp_path)
    assert b"word" in path.read_bytes()
    assert b"secret" not in path.read_bytes()


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x93\x01\x02\x03", b"x" * 99])
def test_a_file_that_is_none_of_ours_is_made_again(tmp_path: Path, data: bytes) -> None:
    with kept(tmp_path):
        module()
    (path,) = files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(data)
    with kept(tmp_path):
        module()

    assert path.read_bytes() == whole


def test_numbers_that_are_no_program_are_refused_by_python(tmp_path: Path) -> None:
    from msgspec.msgpack import decode, encode

    with kept(tmp_path):
        module()
    (path,) = files(tmp_path)
    entries = decode(path.read_bytes())
    for entry in entries:
        entry[2][2] = [7, 7, 7]
    path.write_bytes(encode(entries))
    with kept(tmp_path):
        first = module()["FIRST"]

    assert isinstance(first, re.Pattern)
    assert first.fullmatch("ABC-12")


def test_no_folder_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with kept(tmp_path / "file"):
        assert module()["FIRST"]


def test_two_at_once_lose_nothing_but_time(tmp_path: Path) -> None:
    program = "from patchlint.cli.main import main; main(['--help'])"
    environment = {"XDG_CACHE_HOME": str(tmp_path), "PATH": ""}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program], env=environment, stdout=subprocess.DEVNULL
        )
        for _ in range(4)
    ]

    assert [process.wait() for process in started] == [0] * 4
    assert len(files(tmp_path / "patchlint")) == 1
