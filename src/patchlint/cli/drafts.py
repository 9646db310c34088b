# SPDX-License-Identifier: GPL-2.0-or-later
"""From a report to drafts: the manner that was asked for, and where they go."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from patchlint.adapters import maildir
from patchlint.adapters.git import Blobs
from patchlint.cli.drafting import wrapping_of
from patchlint.cli.options import Arguments
from patchlint.cli.output import complain
from patchlint.lint.profile import Audience
from patchlint.model.finding import Evidence, Report
from patchlint.model.limits import DEFAULT_LIMITS
from patchlint.model.series import Series
from patchlint.report.draft import write
from patchlint.report.manner import Manner
from patchlint.report.reply import Reply, outcomes


def manner_of(options: Arguments) -> Manner:
    """Return how the arguments want replies to be."""
    given = options.drafting
    return Manner(
        says_clean=given.says_clean,
        answers_rfc=given.answers_rfc,
        wrapping=wrapping_of(given.template),
        options=tuple(_changing(options)),
        base=_base(options),
    )


def replies_of(
    report: Report, postings: Sequence[Series], manner: Manner
) -> Iterator[Reply]:
    """Yield the replies; say of every mail that gets none why that is."""
    for outcome in outcomes(report, postings, manner):
        if isinstance(outcome, Reply):
            yield outcome
        else:
            complain(f"no reply to <{outcome.message.message_id}>: {outcome.why}")


def save_drafts(folder: Path, made: Iterable[Reply], manner: Manner) -> None:
    """Write replies to a maildir, and say how many were not there yet."""
    drafts = [write(reply, manner) for reply in made]
    new = maildir.save(folder, drafts)
    complain(f"{folder}: {new} of {len(drafts)} drafts are new")


def _changing(options: Arguments) -> Iterator[str]:
    """Yield the options that change the answer, for whoever wants to see it again."""
    named = {
        "--audience": options.audience.value,
        "--evidence": options.evidence.value,
        "--profile": options.profile,
        "--engine": options.engine,
    }
    usual = {Audience.AUTHOR.value, Evidence.TREE.value, ""}
    for name, value in named.items():
        if value not in usual:
            yield f"{name} {shlex.quote(value)}"
    for program in options.children:
        yield f"--with {shlex.quote(program)}"
    for name, is_on in {
        "--repeat": options.repeats,
        "--rfc": options.drafting.answers_rfc,
    }.items():
        if is_on:
            yield name
    for name in sorted(DEFAULT_LIMITS.__struct_fields__):
        if (value := getattr(options.limits, name)) != getattr(DEFAULT_LIMITS, name):
            yield f"--limit {name.replace('_', '-')}={value}"


def _base(options: Arguments) -> str:
    """Return the commit that was named as what files come from, if one was."""
    if options.repository is None or options.evidence is not Evidence.TREE:
        return ""
    with Blobs(options.repository) as blobs:
        head = blobs.commit("HEAD")
    return head.oid if head else ""
