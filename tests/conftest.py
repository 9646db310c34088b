# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests may use."""

from __future__ import annotations

from tests.golden import golden, pytest_addoption

__all__ = ["golden", "pytest_addoption"]
