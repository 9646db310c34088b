# SPDX-License-Identifier: GPL-2.0-or-later
"""A finding in words that an editor can show: printable, and of one line each."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from patchlint.cli.lsp.told import Place, Remark, Swap
from patchlint.model.finding import Finding, Report, Step
from patchlint.report.safe import cut
from patchlint.report.spot import one_line

_WIDE = 500


def remark(
    finding: Finding,
    place: Place | None,
    trace: Iterable[tuple[Place | None, Step]],
    swaps: tuple[Swap, ...] = (),
) -> Remark:
    """Return a finding at a place; a step of the proof without one is left out."""
    return Remark(
        finding.rule,
        finding.severity.name.lower(),
        cut(one_line(finding.message), _WIDE),
        place or Place("", 1),
        tuple(replace(at, note=_said(step)) for at, step in trace if at is not None),
        cut(one_line(finding.suggestion), _WIDE),
        swaps,
    )


def troubles(report: Report) -> tuple[str, ...]:
    """Return what broke."""
    return tuple(one_line(f"{crash.rule}: {crash.error}") for crash in report.crashes)


def _said(step: Step) -> str:
    return cut(
        one_line(": ".join(part for part in (step.text, step.note) if part)), 200
    )
