# SPDX-License-Identifier: GPL-2.0-or-later
"""What rules see: pure functions, grouped by topic, in one plain table."""

from __future__ import annotations

from patchlint.checks import guards, ordering
from patchlint.lint.bind import Checks

BUILTIN = Checks(
    patch={
        "guard_drift": guards.drift,
        "mixed_refactor": guards.mixed,
    },
    program={
        "forbidden_inside": ordering.forbidden_inside,
    },
)
