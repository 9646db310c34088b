# SPDX-License-Identifier: GPL-2.0-or-later
"""What a process is given to do, and what it gives back."""

from __future__ import annotations

from msgspec import Struct

from patchlint.adapters.scan.units import Unit
from patchlint.model.finding import Evidence


class Terms(Struct, frozen=True):
    """What is the same for all units of a scan.

    ``rules`` are words that name rules, none for all. ``since`` is a moment, in seconds
    since 1970, or 0. Of ``sample`` postings, one is looked at. ``digest`` stands for
    the rules and for all code that has a say in what they find.
    """

    rules: tuple[str, ...] = ()
    since: int = 0
    sample: int = 1
    evidence: Evidence = Evidence.MAIL
    repository: str = ""
    version: str = ""
    digest: str = ""


class Job(Struct, frozen=True):
    """A unit, and on which terms.

    One that a process has died of is done again ``careful``: each posting by a process
    of its own, so that one costs no more than itself.
    """

    unit: Unit
    terms: Terms
    careful: bool = False


class Stats(Struct, frozen=True):
    """How a unit went: mails read, postings and patches looked at, findings, crashes.

    ``left_out`` are mails that are too large, ``seconds`` CPU seconds, ``peak`` the
    most memory that the process has had, in KiB.
    """

    mails: int = 0
    postings: int = 0
    patches: int = 0
    findings: int = 0
    crashes: int = 0
    left_out: int = 0
    seconds: float = 0.0
    peak: int = 0


class Answer(Struct, frozen=True):
    """The files of a unit, by their places below the folder of the scan."""

    files: tuple[tuple[str, bytes], ...]
    stats: Stats
