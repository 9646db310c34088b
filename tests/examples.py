# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples of cards as tests use them: see patchlint.trial."""

from __future__ import annotations

from patchlint.trial.examples import Case, Expected, case, place, unmark

__all__ = ["Case", "Expected", "case", "place", "unmark"]
