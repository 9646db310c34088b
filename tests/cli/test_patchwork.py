# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint patchwork``, against a stand-in for the server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.adapters.patchwork_server import TOKEN, Patchwork, serving
from tests.mails import diff, patch_mail

OLD = {"kernel/f.c": "int a;\n"}
GOOD = {"kernel/f.c": "int a;\nint b;\n"}
BAD = {"kernel/f.c": "int a;\nint b;\nint c; \n"}
LOG = "Why it is done.\n\nSigned-off-by: A Dev <dev@example.org>"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Patchwork]:
    monkeypatch.delenv("PATCHWORK_URL", raising=False)
    monkeypatch.setenv("PATCHWORK_TOKEN", TOKEN)
    # Nobody listens there: what stays on this machine goes through no proxy.
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as patchwork:
        patchwork.patches = {7: ("1@example.org", "lkml"), 8: ("2@example.org", "lkml")}
        yield patchwork


@pytest.fixture
def box(tmp_path: Path) -> str:
    cover = patch_mail("What it is for.", subject="[PATCH 0/2] area: Do", **ids(0))
    one = patch_mail(LOG, diff(OLD, GOOD), "[PATCH 1/2] area: Do it", **ids(1))
    two = patch_mail("Why.", diff(GOOD, BAD), "[PATCH 2/2] area: Do more", **ids(2))
    for number, text in enumerate((cover, one, two)):
        (tmp_path / f"{number:04}.patch").write_text(text, "utf-8")
    return str(tmp_path)


def ids(number: int) -> dict[str, str]:
    head = {"Message_ID": f"<{number}@example.org>"}
    return head | ({"In_Reply_To": "<0@example.org>"} if number else {})


def patchwork(*arguments: str) -> int:
    return main(["patchwork", "--evidence", "mail", *arguments])


def test_nothing_is_asked_or_sent_unless_it_is_wanted(
    server: Patchwork, box: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert patchwork("--url", server.url, box) == 0
    assert not server.asked
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in said] == [
        "patchlint-series:", "patchlint:", "patchlint:",
    ]  # fmt: skip
    assert all(line.endswith("(not sent)") for line in said)


def test_each_patch_has_its_check(server: Patchwork, box: str) -> None:
    link = "https://ci.example.org/{msgid}"
    given = ["--send", "--url", server.url, "--target-url", link, "--context", "lint"]
    assert patchwork(*given, box) == 0
    (whole, first), (second,) = server.checks[7], server.checks[8]
    assert (whole["context"], first["context"]) == ("lint-series", "lint")
    assert first["target_url"] == "https://ci.example.org/1@example.org"
    assert second["state"] in ("warning", "fail")
    assert "1 nit" in second["description"]


def test_a_check_that_is_there_is_not_sent_again(
    server: Patchwork, box: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert patchwork("--send", "--url", server.url, box) == 0
    assert len(server.checks[8]) == 1
    assert "(there already)" in capsys.readouterr().out


def test_a_patch_that_is_not_there_is_told_and_stops_no_other(
    server: Patchwork, box: str, capsys: pytest.CaptureFixture[str]
) -> None:
    del server.patches[7]
    assert patchwork("--send", "--url", server.url, box) == 2
    assert "<1@example.org>: no such patch there" in capsys.readouterr().err
    assert server.checks[8]


def test_an_old_server_that_answers_with_any_patch_is_seen_through(
    server: Patchwork, box: str
) -> None:
    server.ignores_msgid = True
    server.patches = {9: ("other@example.org", "lkml")}
    assert patchwork("--send", "--url", server.url, box) == 2
    assert not server.checks


def test_a_mail_in_two_projects_needs_a_word(server: Patchwork, box: str) -> None:
    server.patches |= {17: ("1@example.org", "x86"), 18: ("2@example.org", "x86")}
    assert patchwork("--send", "--url", server.url, box) == 2
    assert not server.checks
    given = ["--send", "--url", server.url, "--project", "x86"]
    assert patchwork(*given, box) == 0
    assert set(server.checks) == {17, 18}


def test_a_wrong_token_is_told_and_not_shown(
    server: Patchwork,
    box: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PATCHWORK_TOKEN", "wrong-and-secret")
    assert patchwork("--send", "--url", server.url, box) == 2
    said = capsys.readouterr()
    assert "status 403 (is the token right" in said.err
    assert "secret" not in said.out + said.err


@pytest.mark.parametrize(
    "always",
    [
        (302, {"Location": "http://127.0.0.1:9/api/patches/"}, b""),
        (200, {}, b"[" * 2_000_000),
        (200, {}, b"[" * 100_000),
        (200, {}, b"<html>"),
        (200, {}, b'{"detail": 1}'),
        (200, {}, b'[{"id": "x"}]'),
        (500, {}, b"\x1b[2Jno " * 10_000),
    ],
)
def test_whatever_a_server_answers_it_is_one_line(
    server: Patchwork,
    box: str,
    always: tuple[int, dict[str, str], bytes],
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.always = always
    assert patchwork("--send", "--url", server.url, box) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert all(line.startswith("patchlint: ") and len(line) < 1000 for line in said)
    assert all(line.isprintable() for line in said)


def test_a_server_that_drips_is_not_waited_for(
    server: Patchwork,
    box: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("patchlint.adapters.patchwork._SECONDS", 0.3)
    monkeypatch.setattr("patchlint.adapters.patchwork._CHUNK", 1)
    server.drips = 0.05
    server.always = (200, {}, b"[" * 100)
    assert patchwork("--send", "--url", server.url, box) == 2
    assert "no whole answer within 0.3 s" in capsys.readouterr().err


@pytest.mark.parametrize(
    "url", ["http://example.org", "ftp://127.0.0.1", "https://", "https://a:b@c", "x"]
)
def test_only_https_or_loopback(url: str, box: str) -> None:
    assert patchwork("--send", "--url", url, box) == 2


def own_settings(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = folder / "own-gitconfig"
    path.write_text(text, "utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(path))
    monkeypatch.delenv("PATCHWORK_TOKEN")


def test_server_and_token_may_be_those_of_b4(
    server: Patchwork, box: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"[b4]\npw-url = {server.url}/\npw-key = {TOKEN}\n"
    own_settings(tmp_path, monkeypatch, text)
    assert patchwork("--send", box) == 0
    assert server.checks[8]


def test_the_token_of_one_server_is_not_for_another(
    server: Patchwork, box: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"[pw]\nserver = https://pw.example.org\ntoken = {TOKEN}\n"
    own_settings(tmp_path, monkeypatch, text)
    assert patchwork("--send", "--url", server.url, box) == 2
    assert not server.checks


def test_a_repository_does_not_name_the_server(
    server: Patchwork, box: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = tmp_path / "stranger"
    subprocess.run(["git", "init", "-q", str(stranger)], check=True)
    own = ["git", "-C", str(stranger), "config"]
    subprocess.run([*own, "b4.pw-url", server.url], check=True)
    monkeypatch.chdir(stranger)
    assert patchwork("--send", box) == 2
    assert not server.asked
