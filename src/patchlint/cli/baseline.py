# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint baseline update``: note what is known, with a reason and an end."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct

from patchlint.adapters.git import config
from patchlint.adapters.known import baseline_file, load_known, save_known, today
from patchlint.cli.configured import begin
from patchlint.cli.options import Parser, arguments_of, review_parser
from patchlint.cli.output import complain
from patchlint.cli.review import looked_at
from patchlint.cli.status import BROKEN, CLEAN
from patchlint.lint.baseline import Entry
from patchlint.lint.vain import spent
from patchlint.model.finding import Report
from patchlint.model.location import InFile
from patchlint.model.series import Series

_DAYS = 90
_EPILOG = """\
What is found, and not in the file yet, is added; entries that find nothing any more go,
where their patch is at hand. Reasons, owners and dates of the others stay as they are.

exit status: 0 written, 2 usage or input that cannot be read, 3 a rule crashed
"""


def baseline(arguments: Sequence[str]) -> int:
    """Update the baseline that settings or ``--baseline`` name."""
    parser = baseline_parser()
    if arguments[:1] != ["update"]:
        parser.error('say "patchlint baseline update"')
    given = parser.parse_args(arguments[1:])
    if bool(given.inputs) == bool(given.range):
        parser.error("name mailboxes or patches, or a --range A..B")
    start = begin(arguments_of(given, parser))
    report, postings, run = looked_at(start)
    path = baseline_file(run.settings)
    if path is None:
        parser.error("name a file with --baseline")
    known = load_known(path) if path.exists() else ()
    gone = {entry for entry, _ in spent(report, postings, known)}
    kept = [entry for entry in known if entry not in gone]
    new = _New(given.reason, given.owner or _email(start.folder), _day(given, parser))
    added = tuple(_added(report, postings, kept, new))
    if added and not (new.reason and new.owner):
        parser.error("new entries need a --reason and an --owner")
    save_known(path, (*kept, *added))
    complain(f"{path}: {len(added)} added, {len(gone)} removed, {len(kept)} kept")
    return BROKEN if report.crashes else CLEAN


class _New(Struct, frozen=True):
    """What people say of the entries that are added."""

    reason: str
    owner: str
    expires: date


def baseline_parser() -> Parser:
    """Return the parser of ``patchlint baseline update``."""
    what = "Note what is known of patches, so that it is not said for a while."
    parser = review_parser("patchlint baseline update", what, _EPILOG)
    add = parser.add_argument
    add("--reason", default="", help="why it is not to be said: for new entries")
    add("--owner", default="", help="who will see to it (default: user.email of git)")
    add("--expires", default="", metavar="DAY", help=f"default: in {_DAYS} days")
    return parser


def _added(
    report: Report, postings: Sequence[Series], kept: Iterable[Entry], new: _New
) -> Iterator[Entry]:
    """Yield an entry for each finding that has none yet."""
    done = {entry.fingerprint for entry in kept}
    titles = {m.message_id: m.subject.text for s in postings for m in s.messages}
    for finding in report.findings:
        if finding.fingerprint in done:
            continue
        done.add(finding.fingerprint)
        yield Entry(
            rule=finding.rule,
            fingerprint=finding.fingerprint,
            reason=new.reason,
            owner=new.owner,
            expires=new.expires,
            patch=titles[finding.message_id],
            path=finding.where.path if isinstance(finding.where, InFile) else "",
            text=finding.message,
        )


def _email(folder: Path) -> str:
    """Return who the user is for git, or ""."""
    named = [e.value for e in config(folder, "user") if e.key == "user.email"]
    return named[-1] if named else ""


def _day(given: Namespace, parser: Parser) -> date:
    """Return the day that was named, or the usual one; what is none is an error."""
    if not given.expires:
        return today() + timedelta(days=_DAYS)
    try:
        return date.fromisoformat(given.expires)
    except ValueError:
        parser.error(f"--expires {given.expires}: not a day, such as 2027-01-31")
