# SPDX-License-Identifier: GPL-2.0-or-later
"""Cards to rules: find the check each card asks for."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from patchlint.lint.card import Card, CardError
from patchlint.lint.rule import (
    MessageCheck,
    MessageRule,
    PatchCheck,
    PatchRule,
    ProgramCheck,
    ProgramRule,
    Rule,
    SeriesCheck,
    SeriesRule,
    VersionCheck,
    VersionRule,
)


class Checks(Struct, frozen=True):
    """The checks written in Python, by scope and name."""

    message: Mapping[str, MessageCheck] = field(default_factory=dict)
    patch: Mapping[str, PatchCheck] = field(default_factory=dict)
    program: Mapping[str, ProgramCheck] = field(default_factory=dict)
    series: Mapping[str, SeriesCheck] = field(default_factory=dict)
    version: Mapping[str, VersionCheck] = field(default_factory=dict)


def bind(card: Card, checks: Checks) -> Rule:
    """Build the rule of ``card``; raises CardError where its check does not exist."""
    match card.scope:
        case "message" if card.check in checks.message:
            return MessageRule(card, checks.message[card.check])
        case "patch" if card.check in checks.patch:
            return PatchRule(card, checks.patch[card.check])
        case "program" if card.check in checks.program:
            return ProgramRule(card, checks.program[card.check])
        case "series" if card.check in checks.series:
            return SeriesRule(card, checks.series[card.check])
        case "version" if card.check in checks.version:
            return VersionRule(card, checks.version[card.check])
        case scope:
            raise CardError(f"{card.id}: check: no {card.check!r} of scope {scope}")
