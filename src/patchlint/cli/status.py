# SPDX-License-Identifier: GPL-2.0-or-later
"""Exit statuses: a contract with hooks and CI."""

from __future__ import annotations

from typing import Final

CLEAN: Final = 0
FOUND: Final = 1
USAGE: Final = 2
BROKEN: Final = 3
INTERRUPTED: Final = 130
