# SPDX-License-Identifier: GPL-2.0-or-later
"""What of a mail's findings is new to those who read: nothing is said twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from patchlint.model.finding import Baseline, Comparison, Finding, Report, Severity
from patchlint.model.series import Series
from patchlint.report.answers import is_answered
from patchlint.report.header import is_id
from patchlint.report.manner import Found, Manner, Said, is_named, is_of, mark_of
from patchlint.report.own import no_bugs_in, said_in
from patchlint.report.posting import Mail, mails
from patchlint.report.remark import places_of, wrap

_ARCHIVE = "https://lore.kernel.org/r/"
_MUTED = "what was found is muted, or was answered"
_SAID = "all of it was said before"


def remembering(postings: Sequence[Series], manner: Manner) -> Manner:
    """Return a manner that knows too what the threads tell."""
    said = [one for series in postings for one in said_in(series)]
    no_bugs = [one for series in postings for one in no_bugs_in(series)]
    return replace(
        manner,
        said=tuple(dict.fromkeys((*manner.said, *said))),
        no_bugs=tuple(dict.fromkeys((*manner.no_bugs, *no_bugs))),
    )


def found_in(report: Report, postings: Sequence[Series]) -> Iterator[Found]:
    """Yield what a run found, by the mail it is about."""
    for mail in mails(report, postings):
        message = mail.message
        sender = message.sender.mailbox.lower()
        for finding in mail.findings:
            yield Found(
                message.message_id,
                message.subject.text,
                sender,
                message.subject.version,
                mark_of(finding, message),
                finding.rule,
            )


class Sifted(Struct, frozen=True):
    """Findings to say in full, and those that ``earlier`` versions were told of."""

    news: tuple[Finding, ...]
    remain: tuple[Finding, ...] = ()
    earlier: tuple[Said, ...] = ()
    why: str = ""

    def lines(self, mail: Mail) -> tuple[str, ...]:
        """Return the lines about what remains of what was said earlier."""
        if not self.remain:
            return ()
        many = len({mark for said in self.earlier for mark in said.marks})
        many = max(many, len(self.remain))
        verb = "remains" if len(self.remain) == 1 else "remain"
        noun = "remark" if many == 1 else "remarks"
        text = (
            f"{len(self.remain)} of {many} earlier {noun} on "
            f"v{self.earlier[0].version} {verb}: {places_of(self.remain, mail)}"
        )
        names = dict.fromkeys(said.message_id for said in self.earlier)
        links = (_ARCHIVE + quote(name, safe="@") for name in names if is_id(name))
        return (*wrap(text), *links)


def sift(mail: Mail, manner: Manner, comparison: Comparison | None) -> Sifted:
    """Sort the findings of a mail by whether its readers have heard of them."""
    loud = [finding for finding in mail.findings if finding.severity > Severity.NOTE]
    open_ones = [finding for finding in loud if not _is_muted(finding, mail, manner)]
    if not open_ones:
        return Sifted((), why=_MUTED)
    here = {
        mark
        for said in manner.said
        if said.message_id == mail.message.message_id
        for mark in said.marks
    }
    fresh = [f for f in open_ones if mark_of(f, mail.message) not in here]
    earlier = tuple(_earlier(mail, manner, comparison))
    remain = [f for f in fresh if _is_known(f, mail, earlier)]
    news = [f for f in fresh if f not in remain]
    return Sifted(tuple(news), tuple(remain), earlier, _SAID)


def _is_muted(finding: Finding, mail: Mail, manner: Manner) -> bool:
    mark = mark_of(finding, mail.message)
    if any(is_named(id_, finding.rule, mark) for id_ in manner.muted):
        return True
    return is_answered(finding, mail.message, manner.no_bugs)


def _earlier(
    mail: Mail, manner: Manner, comparison: Comparison | None
) -> Iterator[Said]:
    """Yield what was said of the last version of this mail that anything was said of.

    A patch that got another subject is found by the pairing of the two versions.
    """
    paired = _paired(mail, comparison)
    version = mail.message.subject.version
    before = [
        said
        for said in manner.said
        if said.message_id != mail.message.message_id
        and (
            said.message_id == paired
            or (said.version < version and is_of(mail.message, said.title, said.sender))
        )
    ]
    last = max((said.version for said in before), default=0)
    yield from (said for said in before if said.version == last)


def _paired(mail: Mail, comparison: Comparison | None) -> str:
    """Return the id of the mail of the version before that this one was, or ""."""
    before = mail.series.previous
    if comparison is None or before is None:
        return ""
    if mail.patch is None:
        return before.head.message_id
    pair = comparison.pairing.of_new(mail.patch.position)
    olds = (p.message.message_id for p in before.patches if pair)
    positions = (p.position for p in before.patches if pair)
    found = dict(zip(positions, olds, strict=True))
    return found.get(pair.old, "") if pair else ""


def _is_known(finding: Finding, mail: Mail, earlier: Sequence[Said]) -> bool:
    mark = mark_of(finding, mail.message)
    return any(
        mark in said.marks
        or (finding.baseline is Baseline.UNCHANGED and finding.rule in said.rules)
        for said in earlier
    )
