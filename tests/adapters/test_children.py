# SPDX-License-Identifier: GPL-2.0-or-later
"""checkpatch of the base, asked for: findings at true lines, and nothing else of it."""

from __future__ import annotations

import base64
import ctypes
import os
import sys
import time
from pathlib import Path

import pytest

from patchlint.adapters.asked import Base, rules_with
from patchlint.adapters.child import found
from patchlint.adapters.inputs import InputError
from patchlint.lint.engine import Surroundings, run_in
from patchlint.model.finding import Evidence, Report, Severity
from patchlint.model.limits import DEFAULT_LIMITS, Limits
from patchlint.model.location import InFile, InMessage
from patchlint.pipeline import read
from patchlint.series.images import NoSource
from tests.adapters.repo import git_line, make_repository
from tests.adapters.stand_in import HONEST, SCRIPT, doing
from tests.mails import diff, patch_mail

# Settings of the user are gone from the environment when a test begins.
LINUX = os.environ.get("PATCHLINT_LINUX")
LOG = "Why it is done.\n\nSigned-off-by: A Dev <dev@example.org>"
OLD = {"kernel/f.c": "int a;\n"}
NEW = {"kernel/f.c": "int a;\n/* say WARNING */\n/* say CHECK */\n/* say ERROR */\n"}
MAIL = patch_mail(LOG, diff(OLD, NEW)).encode()


def repository(folder: Path, script: bytes = HONEST) -> Path:
    return make_repository(folder / "repo", {SCRIPT: script})


def asked(repo: Path, mail: bytes = MAIL, limits: Limits = DEFAULT_LIMITS) -> Report:
    commit = git_line(repo, "rev-parse", "HEAD") if (repo / ".git").exists() else ""
    rules = rules_with(["checkpatch"], Base(repo, commit), limits)
    return run_in(rules, read([mail]), Surroundings(NoSource()))


def test_findings_have_the_type_the_level_and_the_place(tmp_path: Path) -> None:
    found = asked(repository(tmp_path)).findings
    assert [(f.rule, f.severity) for f in found] == [
        ("checkpatch/MSLEEP", Severity.WARNING),
        ("checkpatch/BRACES", Severity.NIT),
        ("checkpatch/OPEN_BRACE", Severity.ERROR),
    ]
    for number, finding in enumerate(found, 2):
        assert isinstance(finding.where, InFile)
        assert finding.where.path == "kernel/f.c"
        assert finding.where.span.line == number
        assert finding.quote == "+" + NEW["kernel/f.c"].splitlines()[number - 1]
        assert finding.evidence is Evidence.MAIL


def test_a_finding_without_a_line_is_at_the_subject(tmp_path: Path) -> None:
    mail = patch_mail("Why it is done.", diff(OLD, {"kernel/f.c": "int b;\n"}))
    (finding,) = asked(repository(tmp_path), mail.encode()).findings
    assert finding.rule == "checkpatch/MISSING_SIGN_OFF"
    assert isinstance(finding.where, InMessage)
    assert finding.quote.startswith("Subject: ")


def test_lines_are_true_where_the_mail_is_encoded(tmp_path: Path) -> None:
    head, _, body = MAIL.partition(b"\n\n")
    head += b"\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8"
    head += b"\nContent-Transfer-Encoding: base64"
    body = b"From: Another Dev <other@example.org>\n\n" + body
    mail = head + b"\n\n" + base64.encodebytes(body)
    found = asked(repository(tmp_path), mail).findings
    assert [f.quote for f in found] == [
        "+/* say WARNING */", "+/* say CHECK */", "+/* say ERROR */",
    ]  # fmt: skip


def test_nothing_of_the_mail_chooses_the_script(tmp_path: Path) -> None:
    repo = make_repository(
        tmp_path / "repo", {SCRIPT: doing('print "-:1: ERROR:BAD: bad\\n";')}, {}
    )
    bad = git_line(repo, "rev-parse", "HEAD~1")
    report = asked(repo, MAIL + f"\nbase-commit: {bad}\n".encode())
    assert not report.findings
    assert [s.needs for s in report.skips] == [f"a base with {SCRIPT} (give --repo)"]


def test_a_series_does_not_change_its_own_judge(tmp_path: Path) -> None:
    repo = repository(tmp_path)
    mail = patch_mail(LOG, diff({SCRIPT: "old\n"}, {SCRIPT: "new\n"})).encode()
    (skip,) = asked(repo, mail).skips
    assert SCRIPT in skip.needs


def test_without_a_repository_it_is_not_checked(tmp_path: Path) -> None:
    report = asked(tmp_path)
    assert not report.findings
    (skip,) = report.skips
    assert skip.rule == "checkpatch"
    assert "give --repo" in skip.needs


def test_without_perl_it_is_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = repository(tmp_path)
    monkeypatch.setattr("patchlint.adapters.checkpatch.found", lambda _: "")
    (skip,) = asked(repo).skips
    assert "perl" in skip.needs


def test_a_program_in_the_folder_we_are_called_in_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "perl"
    fake.write_text("#!/bin/sh\ntouch canary\n")
    fake.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "." + os.pathsep + "" + os.pathsep + "bin")
    assert found("perl") == ""


def test_what_it_cannot_be_asked_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="checkpatch:loud: checkpatch cannot be asked"):
        rules_with(["checkpatch:loud"], Base(tmp_path, ""), DEFAULT_LIMITS)


WRITES = """
sub try { my ($n) = @_; open(my $f, '>', $n) or return; print $f "x" x 10; close($f); }
try("canary"); try("$ENV{HOME}/canary"); try("/tmp/canary-of-patchlint");
try("{CANARY}"); system("echo x > {CANARY}.2"); unlink("{VICTIM}");
rename("{VICTIM}", "{CANARY}.3"); mkdir("{CANARY}.4");
"""


def test_a_script_that_writes_has_written_nothing(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("whole")
    bad = WRITES.replace("{CANARY}", str(tmp_path / "canary"))
    repo = repository(tmp_path, doing(bad.replace("{VICTIM}", str(victim))))
    before = sorted(path for path in tmp_path.rglob("*") if ".git" not in path.parts)
    assert "checkpatch/MSLEEP" in {f.rule for f in asked(repo).findings}
    kept = sorted(path for path in tmp_path.rglob("*") if ".git" not in path.parts)
    if has_landlock():
        assert kept == before
        assert victim.read_text() == "whole"
        assert not Path("/tmp/canary-of-patchlint").exists()  # noqa: S108
    assert not any(path.stat().st_size for path in kept if "canary" in path.name)


def has_landlock() -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.syscall(444, None, ctypes.c_size_t(0), 1) > 0)


def test_a_script_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    mark = f"{os.getpid()}.25"
    repo = repository(tmp_path, doing(f'system("sleep 60{mark}"); sleep(60);'))
    begun = time.monotonic()
    (skip,) = asked(repo, limits=Limits(child_seconds=1.0)).skips
    assert time.monotonic() - begun < 10
    assert "no answer within 1 s" in skip.needs
    assert not running(f"sleep\x0060{mark}")


def running(command: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if command.encode() in path.read_bytes():
                return True
        except OSError:
            continue
    return False


def test_a_script_that_talks_without_end_is_ended(tmp_path: Path) -> None:
    endless = 'my $l = "x" x 65536; for (1 .. 16384) { print $l; }'
    repo = repository(tmp_path, doing(endless))
    report = asked(repo, limits=Limits(child_bytes=1 << 20))
    assert not report.findings
    assert "--limit child-bytes" in report.skips[0].needs


@pytest.mark.parametrize(
    ("what", "needs"),
    [
        ("die 'no such luck';", "no such luck"),
        ("syntax error here (((", "Execution of scripts/checkpatch.pl aborted"),
        ("exit(2);", "exit status 2"),
        ("kill 'KILL', $$;", "signal 9"),
    ],
)
def test_a_script_that_fails_is_told(tmp_path: Path, what: str, needs: str) -> None:
    report = asked(repository(tmp_path, doing(what)))
    assert not report.findings
    assert not report.crashes
    assert needs in report.skips[0].needs


def test_nothing_of_ours_is_in_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATCHWORK_TOKEN", "secret")
    monkeypatch.setenv("PERL5OPT", "-Mnot::there")
    tell = 'print "-:1: ERROR:$_: $ENV{$_}\\n" for (sort keys %ENV);'
    found = {f.rule for f in asked(repository(tmp_path, doing(tell))).findings}
    names = {rule.partition("/")[2] for rule in found}
    assert {"HOME", "LC_ALL", "PATH"} <= names
    assert not names & {"PATCHWORK_TOKEN", "PERL5OPT"}


@pytest.fixture
def linux() -> Path:
    """Return a Linux repository, which PATCHLINT_LINUX names."""
    if not LINUX:
        pytest.skip("PATCHLINT_LINUX names no Linux repository")
    return Path(LINUX)


HOSTILE = {
    "kernel/n.c": "// SPDX-License-Identifier: $(touch {0})\n"
    '#include <asm/$(touch {0}).h>\nstatic int x = "`touch {0}`";\n'
    '\t{{ .compatible = "a,b`touch {0}`" }},\n'
}


def test_the_real_one_finds_what_it_finds_and_runs_nothing(
    linux: Path, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    text = {path: text.format(canary) for path, text in HOSTILE.items()}
    text["kernel/m.c"] = "int f(unsigned a)\n{\n\tmsleep (5);\n}\n"
    mail = patch_mail(LOG, diff({}, text)).encode()
    report = asked(linux, mail)
    assert not report.skips
    assert "checkpatch/SPACING" in {f.rule for f in report.findings}
    assert not canary.exists()
