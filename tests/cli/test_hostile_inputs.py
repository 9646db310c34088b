# SPDX-License-Identifier: GPL-2.0-or-later
"""What is huge, deep or sly goes through a whole review, and through ``show``.

Nothing is said of seconds: a test that does not end within its limit fails by that.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.report.made import is_visible
from tools.intake_growth import box, long_patch

TOP = (
    "From: A Dev <dev@example.org>\nDate: Tue, 2 Jan 2024 03:04:05 +0000\n"
    "Message-ID: <1@example.org>\n"
)
HEAD = f"{TOP}Subject: [PATCH] ring: Change all\n"
LOG = "\nSay why.\n\nSigned-off-by: A Dev <dev@example.org>\n---\n"


class Said:
    """What a review of one input says, and on demand a ``show`` and the replies."""

    def __init__(self, path: Path, words: Sequence[str]):
        """Review the mail alone: no rule may crash, and the input must be taken in."""
        self.path = path
        self.report = json.loads(self.run("--format=json", "-j1", *words))
        assert self.report["crashes"] == []

    def run(self, *words: str, command: Sequence[str] = ()) -> str:
        """Return what a command prints of the input."""
        out = self.path.with_name("out")
        given = [*words, "--evidence=mail", "-o", str(out), str(self.path)]
        assert main([*command, *given]) in (0, 1)
        return out.read_text()

    @property
    def shown(self) -> str:
        """What was understood."""
        return self.run(command=["show"])

    @property
    def late(self) -> list[str]:
        """What was not checked since it took too long, or was too much."""
        return [s["needs"] for s in self.report["not_checked"] if "limit" in s["needs"]]


class Asker:
    """Writes an input to a file and lets the program look at it."""

    def __init__(self, folder: Path):
        """Work in ``folder``."""
        self.folder = folder

    def __call__(self, data: bytes, *words: str) -> Said:
        """Return what is said of ``data``."""
        path = self.folder / "given.mbox"
        path.write_bytes(data)
        return Said(path, words)


@pytest.fixture
def ask(tmp_path: Path) -> Asker:
    return Asker(tmp_path)


def new_file(lines: Sequence[str], path: str = "ring.c", head: str = HEAD) -> bytes:
    """Return a patch that adds one file."""
    text = "".join(f"+{line}\n" for line in lines)
    return (
        f"{head}{LOG}diff --git a/{path} b/{path}\nnew file mode 100644\n"
        f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n{text}"
    ).encode()


def named(*names: str) -> bytes:
    """Return a patch of files with such names."""
    return (
        HEAD
        + LOG
        + "".join(
            f"diff --git {n} {n}\n--- {n}\n+++ {n}\n@@ -1 +1 @@\n-x\n+y\n"
            for n in names
        )
    ).encode()


def test_a_mail_of_50_megabytes(ask: Asker) -> None:
    line = "Say why the ring is changed, and what for it is good.\n\n"
    log = line * (50_000_000 // len(line))
    said = ask(new_file(["int a;"]).replace(b"Say why.\n\n", log.encode()))

    assert all("--limit log-lines" in needs for needs in said.late)
    assert said.late


def test_a_diff_of_50_megabytes(ask: Asker) -> None:
    code = [f'static char a_{at}[] = "{"x" * 4900}";' for at in range(10_000)]
    said = ask(new_file(code))

    assert said.late == []
    assert "ring.c: new, 1 hunk, +10000 -0" in said.shown


def test_a_mail_over_the_limit_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "long.eml"
    path.write_bytes(new_file(["int a;"] * 100))
    status = main(["--limit=mail-bytes=500", str(path)])

    assert status == 2
    assert "more than 500" in capsys.readouterr().err


def test_a_hundred_thousand_hunks(ask: Asker) -> None:
    said = ask(long_patch(100_000), "--limit=rule-seconds=900")

    assert said.late == []
    assert "ring.c" in said.shown


def test_ten_thousand_mails(ask: Asker) -> None:
    said = ask(box(2_000) + b"".join(talk(at) for at in range(8_000)))

    assert said.late == []
    assert len(said.report["not_checked"]) > 1_000
    assert "10000 mails, 500 postings, 1500 patches" in said.shown


def talk(number: int) -> bytes:
    """Return a mail that answers a patch of the box."""
    head = HEAD.replace("<1@", f"<re-{number}@").replace("Subject: ", "Subject: Re: ")
    asked = f"In-Reply-To: <{number % 500}-1@example.org>\n"
    mark = "From dev@example.org Tue Jan  2 03:04:05 2024\n"
    return f"{mark}{head}{asked}\nI see.\n\n".encode()


@pytest.mark.parametrize("ending", ["\n", " end\n"])
def test_a_line_of_10_megabytes(ending: str, ask: Asker) -> None:
    said = ask(new_file(["int a;", "a += 1; " * 1_250_000 + ending.strip(), "int b;"]))
    assert "more than 1048576 characters" in said.shown

    log = new_file(["int a;"]).replace(b"Say why.", b"a" * 10_000_000)
    assert "more than 1048576 characters" in ask(log).shown


def test_a_subject_of_10_megabytes(ask: Asker) -> None:
    ask(
        new_file(
            ["int a;"], head=f"{TOP}Subject: [PATCH] ring: {'Change ' * 1_400_000}\n"
        )
    )


def test_a_zip_bomb(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bomb.mbox.gz"
    path.write_bytes(gzip.compress(b"\0" * 100_000_000))
    status = main([str(path)])

    assert status == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_paths_that_leave_the_tree_are_left_out(ask: Asker) -> None:
    said = ask(named("a/../../etc/passwd", "../../etc/passwd", "a/.git/config"))

    assert said.shown.count("the file is left out") == 3
    assert all(
        "diff" in needs for needs in (s["needs"] for s in said.report["not_checked"])
    )


def test_a_file_name_with_a_newline_and_an_escape(ask: Asker) -> None:
    said = ask(named(r'"a/x\n\033[31m.c"'))

    assert is_visible(said.shown)
    assert is_visible(said.run("--format=reply"))


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?q?ring:_Change=0D=0ABcc:_x=40evil.example?=",
        "=?utf-8?b?cmluZzogQ2hhbmdlDQpCY2M6IHhAZXZpbC5leGFtcGxl?=",
    ],
)
def test_a_subject_that_holds_a_field(subject: str, tmp_path: Path) -> None:
    path, out = tmp_path / "mail", tmp_path / "out"
    path.write_bytes(new_file(["int  a;"], head=f"{TOP}Subject: [PATCH] {subject}\n"))
    for form in ("reply", "text", "json"):
        main(["--evidence=mail", f"--format={form}", "-o", str(out), str(path)])
        text = out.read_text()
        assert not [x for x in text.splitlines() if x.lower().startswith("bcc:")]


@pytest.mark.parametrize("depth", [60, 20_000])
def test_a_deep_tree_of_parts(depth: int, ask: Asker) -> None:
    parts = "".join(
        f"--b{at}\nContent-Type: multipart/mixed; boundary=b{at + 1}\n\n"
        for at in range(depth)
    )
    mail = f"{HEAD}Content-Type: multipart/mixed; boundary=b0\n\n{parts}text\n"
    diff = mbox_after(mail.encode())
    said = ask(diff)

    assert "more than 50" in said.shown or "50" in said.shown


def mbox_after(mail: bytes) -> bytes:
    """Return a box that holds a mail, and a patch after it."""
    mark = b"From dev@example.org Tue Jan  2 03:04:05 2024\n"
    other = new_file(["int a;"], head=HEAD.replace("<1@", "<2@"))
    return mark + mail + b"\n" + mark + other + b"\n"


def test_a_function_of_100_000_lines(ask: Asker) -> None:
    body = [
        line
        for at in range(50_000)
        for line in (f"\tif (n == {at})", f"\t\tn += ring_{at}(n);")
    ]
    said = ask(new_file(["int ring(int n)", "{", *body, "\treturn n;", "}"]))

    assert said.late == []


def test_a_patch_of_5_000_files(ask: Asker) -> None:
    said = ask(named(*(f"a/ring/r{at}.c" for at in range(5_000))))

    assert said.late == []
