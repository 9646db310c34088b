# SPDX-License-Identifier: GPL-2.0-or-later
"""``python -m patchlint``."""

from __future__ import annotations

import sys

from patchlint.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
