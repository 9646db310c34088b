# SPDX-License-Identifier: GPL-2.0-or-later
"""codespell, Coccinelle, sparse and smatch: the real ones, where they are installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from patchlint.adapters.asked import Base, rules_with
from patchlint.adapters.child import found
from patchlint.adapters.git import Blobs
from patchlint.lint.engine import Surroundings, run_in
from patchlint.model.finding import Confidence, Report, Severity
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.pipeline import read
from tests.adapters.repo import git_line, make_repository
from tests.adapters.test_children import has_landlock
from tests.mails import diff, patch_mail

LOG = "Why it is done.\n\nSigned-off-by: A Dev <dev@example.org>"
OLD = {"kernel/f.c": "int *f(void)\n{\n\treturn 0;;\n}\n"}
NEW = {"kernel/f.c": OLD["kernel/f.c"] + "int *g(void)\n{\n\treturn 0;;\n}\n"}
SEMICOLON = """\
// Confidence: High
virtual patch
virtual report

@r depends on report@
position p;
expression e;
@@
return e@p;

@script:python depends on report@
p << r.p;
@@
coccilib.report.print_report(p[0], "WARNING: it returns")
"""
LOOSE = "scripts/coccinelle/misc/loose.cocci"


def asked(name: str, repo: Path, *mails: str) -> Report:
    with Blobs(repo) as blobs:
        base = Base(repo, blobs.resolve("HEAD"))
    rules = rules_with([name], base, DEFAULT_LIMITS)
    postings = read([mail.encode() for mail in mails])
    with Blobs(repo) as blobs:
        return run_in(rules, postings, Surroundings(blobs))


def needs(program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")


def test_codespell_reads_the_log_and_what_is_added(tmp_path: Path) -> None:
    needs("codespell")
    log = "Teh log has a\u2028recieve in it.\n\nSigned-off-by: A Dev <dev@example.org>"
    old = {"kernel/f.c": "/* recieve: was there */\nint a;\n"}
    new = {"kernel/f.c": old["kernel/f.c"] + "/* seperate */\n"}
    found_ = asked("codespell", tmp_path, patch_mail(log, diff(old, new))).findings
    assert [f.rule for f in found_] == ["codespell/spelling"] * 3
    assert [f.confidence for f in found_] == [
        Confidence.MEDIUM, Confidence.MEDIUM, Confidence.LOW,
    ]  # fmt: skip
    assert "Teh" in found_[0].quote
    assert found_[2].quote == "+/* seperate */"


def test_settings_of_a_stranger_do_not_reach_codespell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs("codespell")
    (tmp_path / ".codespellrc").write_text("[codespell]\nignore-words-list = teh\n")
    monkeypatch.chdir(tmp_path)
    log = "It is teh best.\n\nSigned-off-by: A Dev <dev@example.org>"
    assert asked("codespell", tmp_path, patch_mail(log, diff(OLD, NEW))).findings


@pytest.mark.parametrize("name", ["codespell", "coccinelle", "checkpatch"])
def test_what_is_not_installed_is_not_checked(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = make_repository(tmp_path / "repo", {LOOSE: SEMICOLON.encode()})
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not found("codespell")
    base = Base(repo, git_line(repo, "rev-parse", "HEAD"))
    rules = rules_with([name], base, DEFAULT_LIMITS)
    report = run_in(rules, read([MAIL.encode()]), Surroundings(NoBlobs()))
    assert [skip.rule for skip in report.skips] == [name]
    assert not report.crashes


MAIL = patch_mail(LOG, diff(OLD, NEW))


class NoBlobs:
    def blob(self, oid: str) -> str | None:  # noqa: ARG002
        return None

    def file(self, commit: str, path: str) -> str | None:  # noqa: ARG002
        return None


def test_coccinelle_speaks_of_the_lines_that_are_added(tmp_path: Path) -> None:
    needs("spatch")
    tree = {LOOSE: SEMICOLON.encode(), "kernel/f.c": OLD["kernel/f.c"].encode()}
    repo = make_repository(tmp_path / "repo", tree)
    (finding,) = asked("coccinelle", repo, MAIL).findings
    assert finding.rule == "coccinelle/misc-loose"
    assert finding.severity is Severity.WARNING
    assert finding.confidence is Confidence.HIGH
    assert (finding.quote, finding.anchor.span.line) == (
        "+\treturn 0;;",
        MAIL.split("\n").index("+\treturn 0;;") + 1,
    )


def test_coccinelle_needs_whole_files(tmp_path: Path) -> None:
    needs("spatch")
    repo = make_repository(tmp_path / "repo", {LOOSE: SEMICOLON.encode()})
    report = asked("coccinelle:misc", repo, MAIL)
    assert not report.findings
    assert [s.needs for s in report.skips] == ["the whole file: kernel/f.c"]
    (skip,) = asked("coccinelle:api", repo, MAIL).skips
    assert "scripts/coccinelle/api*" in skip.needs


def test_a_semantic_patch_that_writes_has_written_nothing(tmp_path: Path) -> None:
    needs("spatch")
    canary = tmp_path / "canary"
    bad = SEMICOLON.replace("coccilib", f'open("{canary}", "w").write("x")\ncoccilib')
    tree = {LOOSE: bad.encode(), "kernel/f.c": OLD["kernel/f.c"].encode()}
    asked("coccinelle", make_repository(tmp_path / "repo", tree), MAIL)
    assert bad != SEMICOLON
    assert not canary.exists() or not has_landlock()


def test_sparse_is_read_from_a_log(tmp_path: Path) -> None:
    needs("sparse")
    (tmp_path / "kernel").mkdir()
    (tmp_path / "kernel/f.c").write_text(NEW["kernel/f.c"])
    done = subprocess.run(
        ["sparse", "-Wnon-pointer-null", "kernel/f.c"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    log = tmp_path / "log"
    log.write_bytes(b"  CHECK   kernel/f.c\n" + done.stdout + done.stderr)
    found_ = asked(f"sparse:{log}", tmp_path, MAIL).findings
    assert [(f.rule, f.quote) for f in found_] == [
        ("sparse/warning", "+int *g(void)"),
        ("sparse/warning", "+\treturn 0;;"),
    ]


def test_smatch_is_read_from_a_log(tmp_path: Path) -> None:
    # In the form of smatch, which no package has; nothing here has run it.
    log = tmp_path / "log"
    log.write_text(
        "../kernel/f.c:3 f() warn: was there\n"
        "../kernel/f.c:7 g() error: we previously assumed\n"
    )
    (finding,) = asked(f"smatch:{log}", tmp_path, MAIL).findings
    assert (finding.rule, finding.severity) == ("smatch/error", Severity.ERROR)
    assert finding.message == "we previously assumed"


def test_without_a_log_a_build_is_asked_for(tmp_path: Path) -> None:
    (skip,) = asked("sparse", tmp_path, MAIL).skips
    assert "a configured build tree" in skip.needs
    (skip,) = asked(f"smatch:{tmp_path}/none", tmp_path, MAIL).skips
    assert "No such file" in skip.needs


def test_lines_that_a_later_patch_moves_are_not_guessed(tmp_path: Path) -> None:
    last = {"kernel/f.c": "int first;\n" + NEW["kernel/f.c"]}
    head = {"Message_ID": "<2@example.org>", "In_Reply_To": "<1@example.org>"}
    one = patch_mail(LOG, diff(OLD, NEW), "[PATCH 1/2] area: Do it")
    two = patch_mail(LOG, diff(NEW, last), "[PATCH 2/2] area: Do more", **head)
    log = tmp_path / "log"
    log.write_text("kernel/f.c:1:1: warning: a\nkernel/f.c:8:2: warning: b\n")
    report = asked(f"sparse:{log}", tmp_path, one, two)
    assert [f.message for f in report.findings] == ["a"]
    assert [s.needs for s in report.skips] == [
        "a log of the build after it: kernel/f.c"
    ]
