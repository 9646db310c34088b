# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint fix``: review, and write the messages again with the safe edits made."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from patchlint.adapters.inputs import InputError, Inputs
from patchlint.adapters.jobs import review as review_all
from patchlint.adapters.reword import (
    branch_at,
    commits_of,
    message_of,
    new_branch,
    reword,
)
from patchlint.adapters.task import Task
from patchlint.adapters.world import World
from patchlint.cli.configured import begin, configure
from patchlint.cli.fix_options import FixArguments
from patchlint.cli.options import Arguments, parse
from patchlint.cli.output import complain, write, write_bytes
from patchlint.cli.review import announce
from patchlint.cli.silence import silenced
from patchlint.cli.status import BROKEN, CLEAN
from patchlint.cli.taking import inputs_of, tell
from patchlint.lint.profile import Audience
from patchlint.mail.cut import cut
from patchlint.mail.message import parse_message
from patchlint.mail.rewrite import rewrite
from patchlint.model.finding import Edit
from patchlint.model.intake import Intake
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.pipeline import take_in
from patchlint.report.safe import printable
from patchlint.series.fixes import edits_by_mail, reworded

_MARK = b"From " + b"0" * 40 + b" Mon Sep 17 00:00:00 2001\n"
Edits = Mapping[str, tuple[Edit, ...]]


def fix(options: FixArguments) -> int:
    """Fix what the arguments name; say on stderr how much was done."""
    start = begin(_review(options))
    folder = start.folder
    inputs = inputs_of(options.inputs, options.commits, folder, DEFAULT_LIMITS)
    intake = take_in(inputs.raws, known=inputs.defects)
    tell(intake.defects)
    if not intake.postings:
        name = options.commits or ", ".join(options.inputs)
        raise InputError(f"{name}: no patch in it")
    run = configure(start, intake.postings)
    world = World(folder, policy=run.policy, announce=announce)
    report = review_all(Task(intake.postings, run.rules, world), 1)
    report = silenced(report, intake.postings, start, run)
    edits = edits_by_mail(report.findings, intake.postings)
    if options.commits:
        _fix_range(options, folder, intake, edits)
    else:
        _fix_mails(options, inputs, edits)
    return BROKEN if report.crashes else CLEAN


def _review(options: FixArguments) -> Arguments:
    """Return the arguments of a review of the same, for its author."""
    words = ["--audience", Audience.AUTHOR.value]
    words += ["--repo", str(options.repository)] if options.repository else []
    words += ["--profile", options.profile] if options.profile else []
    words += ["--range", options.commits] if options.commits else []
    return parse([*words, "--", *options.inputs])


def _fix_mails(options: FixArguments, inputs: Inputs, edits: Edits) -> None:
    """Write all mails that came in, those with edits changed."""
    mails = [p for p in cut(inputs.raws, DEFAULT_LIMITS) if isinstance(p, bytes)]
    fixed: list[bytes] = []
    shown: list[str] = []
    changes = 0
    for raw in mails:
        message = parse_message(raw)
        made = rewrite(raw, message, edits.get(message.message_id, ()))
        changes += made != raw
        fixed.append(made)
        old, new = (text.decode("utf-8", "surrogateescape") for text in (raw, made))
        shown += _diff(old, new, message.subject.text)
    if options.shows_diff:
        write("".join(shown), options.output)
        return
    write_bytes(_box(fixed), options.output)
    complain(f"{changes} of {len(mails)} mails changed")


def _box(mails: list[bytes]) -> bytes:
    """Return one mail as it is, several as a mailbox of git's."""
    if len(mails) == 1:
        return mails[0]
    return b"".join(
        _MARK + mail + (b"" if mail.endswith(b"\n") else b"\n") for mail in mails
    )


def _fix_range(
    options: FixArguments, folder: Path, intake: Intake, edits: Edits
) -> None:
    """Write the commits again, on a new branch, with the messages changed."""
    patches = {
        patch.message.subject.text: patch
        for series in intake.postings
        for patch in series.patches
    }
    commits = commits_of(folder, options.commits)
    messages: dict[str, str] = {}
    shown: list[str] = []
    for commit in commits:
        text = message_of(folder, commit)
        patch = patches.get(text.partition("\n")[0])
        found = edits.get(patch.message.message_id, ()) if patch else ()
        if patch and found and (made := reworded(text, patch, found)):
            messages[commit] = made
            shown += _diff(text, made, commit[:12])
    if options.shows_diff:
        write("".join(shown), None)
    elif not messages:
        complain(f"0 of {len(commits)} commits changed; no branch is written")
    else:
        name = (
            options.branch
            or f"{branch_at(folder, options.commits) or 'patchlint'}-fixed"
        )
        new_branch(folder, name, reword(folder, commits, messages))
        complain(f"{len(messages)} of {len(commits)} commits changed, on branch {name}")


def _diff(old: str, new: str, name: str) -> Iterator[str]:
    """Yield the lines of a unified diff, fit for a terminal."""
    lines = difflib.unified_diff(
        old.split("\n"), new.split("\n"), name, name, n=1, lineterm=""
    )
    return (f"{printable(line)}\n" for line in lines)
