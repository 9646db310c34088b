# SPDX-License-Identifier: GPL-2.0-or-later
"""Results: what a check says (Match) and what the engine makes of it (Finding)."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from msgspec import Struct

from patchlint.model.guard import GuardRow
from patchlint.model.location import InMessage, Location, Span
from patchlint.model.remark import Remark
from patchlint.model.rule import RuleInfo
from patchlint.model.versions import Pairing


class Severity(IntEnum):
    """How loud; ordered, so that thresholds are comparisons."""

    NOTE = 1
    NIT = 2
    QUESTION = 3
    WARNING = 4
    ERROR = 5


class Confidence(IntEnum):
    """How sure the rule is that a maintainer would agree."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Evidence(StrEnum):
    """What a finding rests on: the mail alone, whole files, or the tree."""

    MAIL = "mail"
    FILE = "file"
    TREE = "tree"


class Baseline(StrEnum):
    """Whether a finding was there in the version before: the words of SARIF."""

    NEW = "new"
    UNCHANGED = "unchanged"


class Step(Struct, frozen=True):
    """One line of a proof: where it stands, what it says, why it matters."""

    where: Location
    text: str
    note: str


class Edit(Struct, frozen=True):
    """Text to put in the place of a span of the mail, where that is safe."""

    span: Span
    text: str


class Match(Struct, frozen=True):
    """One thing a check saw; it knows nothing of ids, evidence or mails.

    ``severity`` overrides the card's where one rule has shades (must, may).
    ``key`` tells two matches of one rule apart when before and after are compared;
    the message serves where it is empty. ``suggestion`` is text to use instead,
    ``edits`` what to do for it where a program can.
    ``mended_in`` is set by the engine: the position of the later patch that takes
    the match away again. ``message_id`` names the mail it is about, where a check
    sees a whole posting; empty, that is the first one. ``guards`` are the conditions
    that were compared, as a table.
    """

    where: Location
    message: str
    trace: tuple[Step, ...] = ()
    suggestion: str = ""
    severity: Severity | None = None
    confidence: Confidence | None = None
    key: str = ""
    mended_in: int | None = None
    edits: tuple[Edit, ...] = ()
    message_id: str = ""
    guards: tuple[GuardRow, ...] = ()


class NotChecked(Struct, frozen=True):
    """What a check answers where it could not look: what it would have needed."""

    needs: str


class Finding(Struct, frozen=True, tag=True):
    """A match stamped by the engine with its rule and its anchor in the mail.

    ``anchor`` is the line of the mail to quote. ``patch`` is the position in the
    series (0: cover letter). ``mended_in`` is the position of the later patch that
    takes it away again, or None. ``baseline`` says whether the version before had it,
    as far as that is known.
    """

    rule: str
    severity: Severity
    confidence: Confidence
    evidence: Evidence
    patch: int
    message_id: str
    where: Location
    anchor: InMessage
    quote: str
    message: str
    suggestion: str
    trace: tuple[Step, ...]
    mended_in: int | None
    fingerprint: str
    edits: tuple[Edit, ...] = ()
    baseline: Baseline | None = None
    guards: tuple[GuardRow, ...] = ()


class Silencer(StrEnum):
    """Where it is said that a finding is not to be told."""

    MAIL = "below the cut"
    COMMENT = "in a comment"
    BASELINE = "in the baseline"


class Skip(Struct, frozen=True, tag=True):
    """A rule that did not look at a mail, and what it would have needed."""

    rule: str
    message_id: str
    needs: str


class Crash(Struct, frozen=True, tag=True):
    """A check that failed: reported next to the findings, never hidden."""

    rule: str
    message_id: str
    error: str


class Fate(StrEnum):
    """What became of a finding of the version before.

    GONE: what it was about is not there any more. UNKNOWN: nobody could look, since
    its patch is not at hand or its rule was not checked.
    """

    FIXED = "fixed"
    STILL = "still there"
    GONE = "gone with its code"
    UNKNOWN = "not known"


class Past(Struct, frozen=True):
    """A finding of the version before, and what became of it."""

    finding: Finding
    fate: Fate


class Comparison(Struct, frozen=True):
    """What changed from one version of a posting to the next.

    ``message_id`` and ``before_id`` name the first mails of the two. ``before`` is what
    the older one is called: ``v3``. ``titles`` are the subjects of its patches by their
    positions. ``older`` are the versions before it, which were not looked at.
    ``new`` is how many findings the older version did not have.
    """

    message_id: str
    before_id: str
    before: str
    pairing: Pairing
    titles: tuple[tuple[int, str], ...]
    past: tuple[Past, ...]
    new: int
    older: tuple[str, ...] = ()

    def count(self, fate: Fate) -> int:
        """Return how many findings of the older version have a fate."""
        return sum(past.fate is fate for past in self.past)


class Repeat(Struct, frozen=True):
    """A finding that somebody has already said in the thread, and so is not said."""

    finding: Finding
    remark: Remark


class Ignored(Struct, frozen=True):
    """A finding that somebody asked not to hear: where he did, and why."""

    finding: Finding
    by: Silencer
    reason: str


class Report(Struct, frozen=True):
    """Everything a run has to say, in posting order."""

    rules: tuple[RuleInfo, ...]
    findings: tuple[Finding, ...]
    skips: tuple[Skip, ...]
    crashes: tuple[Crash, ...]
    comparisons: tuple[Comparison, ...] = ()
    repeated: tuple[Repeat, ...] = ()
    answered: tuple[Finding, ...] = ()
    ignored: tuple[Ignored, ...] = ()
