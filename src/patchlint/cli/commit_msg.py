# SPDX-License-Identifier: GPL-2.0-or-later
"""The hook ``commit-msg``: rules about messages, on the file of one.

Whoever commits waits for it. So nothing is read but the file, our own rules and a few
settings of git, and nothing imported that a message does not need.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from patchlint.adapters.clock import CpuClock
from patchlint.adapters.git import Blobs
from patchlint.adapters.git_settings import OF_MESSAGES, settings
from patchlint.adapters.rulebook import rulebook
from patchlint.adapters.settings import TREE_FILE, of_tree, own
from patchlint.cli.status import BROKEN, CLEAN, FOUND
from patchlint.lint.budget import Bounds
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.profile import Policy
from patchlint.lint.rule import Rule
from patchlint.lint.settings import merged
from patchlint.lint.text_only import asks_of_text, posting, written_at
from patchlint.mail.commit_text import Text, cleaned, cleanup_of, comment_of
from patchlint.model.finding import Finding, Report, Severity
from patchlint.model.message import Address
from patchlint.report.safe import printable
from patchlint.series.images import NoSource

_MOST = 1 << 20
_HINT = """\
patchlint: no commit. Your message is in {name}; "git commit -e -F {name}"
patchlint: takes it up again, "git commit --no-verify" commits it as it is.
"""


def commit_msg(name: str, limit: Severity) -> int:
    """Review the message in a file; say on stderr what is found."""
    text = _read(Path(name))
    if not text.lines or text.is_passing or _is_merge():
        return CLEAN
    report = _reviewed(text)
    for finding in report.findings:
        sys.stderr.write(_line(name, text, finding))
    for crash in report.crashes:
        told = printable(f"{crash.rule}: {crash.error}")
        sys.stderr.write(f"patchlint: crashed: {told}\n")
    if any(finding.severity >= limit for finding in report.findings):
        sys.stderr.write(_HINT.format(name=printable(name)))
        return FOUND
    return BROKEN if report.crashes else CLEAN


def _read(path: Path) -> Text:
    with path.open("rb") as file:
        raw = file.read(_MOST + 1)
    if len(raw) > _MOST:
        raise OSError(errno.EFBIG, "too large for a message", str(path))
    known = _settings()
    # git tells its hooks by the editor that they see whether one was open
    # (builtin/commit.c).
    cleanup = cleanup_of(known, is_edited=os.environ.get("GIT_EDITOR") != ":")
    return cleaned(raw.decode("utf-8", "replace"), cleanup, comment_of(known))


def _settings() -> Mapping[str, str]:
    return settings(Path(), OF_MESSAGES)


def _is_merge() -> bool:
    """Say whether a merge is committed: git has written its message."""
    return Path(os.environ.get("GIT_DIR", ".git"), "MERGE_HEAD").exists()


def _reviewed(text: Text) -> Report:
    policy, rules = _chosen()
    author, committer = _person("AUTHOR"), _person("COMMITTER")
    series = posting(text.lines, author, committer)
    asked = [rule for rule in rules if asks_of_text(rule.card)]
    with CpuClock() as clock:
        around = Surroundings(NoSource(), bounds=Bounds(clock=clock), policy=policy)
        return run_in(asked, [series], around)


def _chosen() -> tuple[Policy, Sequence[Rule]]:
    """Return who is told what, and the rules; settings of the tree are in HEAD."""
    with Blobs(Path()) as blobs:
        text = blobs.file("HEAD", TREE_FILE)
        commit = blobs.resolve("HEAD") if text is not None else ""
    chosen = merged((of_tree(text, "HEAD"), own(Path(), os.environ)))
    if not chosen.given:
        book = rulebook()
        return Policy(book.profiles), book.rules()
    # Most have set nothing, and need not wait for what reads it.
    from patchlint.adapters.inputs import InputError
    from patchlint.cli.configured import policy_of, rules_of

    try:
        told = policy_of(chosen.profile, chosen.audience)
        rules = rules_of(chosen, Path(), commit)
    except InputError as error:
        raise ValueError(str(error)) from error
    wanted = [rule for rule in rules if chosen.selection.asks_for(rule.card.id)]
    policy = Policy(
        told.profiles, told.wanted, told.audience, selection=chosen.selection
    )
    return policy, wanted


def _person(who: str) -> Address:
    """Return the author or the committer: git tells its hooks, or has settings."""
    known = _settings()
    name = os.environ.get(f"GIT_{who}_NAME", known.get("user.name", ""))
    return Address(
        name, os.environ.get(f"GIT_{who}_EMAIL", known.get("user.email", ""))
    )


def _line(name: str, text: Text, finding: Finding) -> str:
    """Return a finding as compilers write it, at the line of the file."""
    number = text.numbers[written_at(text.lines, finding.anchor.span.line)]
    severity = finding.severity.name.lower()
    told = printable(" ".join(finding.message.split()))
    return f"{printable(name)}:{number}: {severity}: {told} [{finding.rule}]\n"
