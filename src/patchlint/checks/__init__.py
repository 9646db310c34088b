# SPDX-License-Identifier: GPL-2.0-or-later
"""What rules see: pure functions, grouped by topic, in one plain table."""

from __future__ import annotations

from patchlint.checks import ordering
from patchlint.lint.bind import Checks

BUILTIN = Checks(
    program={
        "forbidden_inside": ordering.forbidden_inside,
    },
)
