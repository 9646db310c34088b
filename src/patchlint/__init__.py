# SPDX-License-Identifier: GPL-2.0-or-later
"""Review Linux-kernel patch series as they are mailed."""

__version__ = "0.1.0"
