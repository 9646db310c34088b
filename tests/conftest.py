# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests may use."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.golden import golden, pytest_addoption

__all__ = ["golden", "pytest_addoption"]


@pytest.fixture(autouse=True)
def nothing_of_ours_in_the_home_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


# How fast the machine is today is no fact about the program.
settings.register_profile(
    "patchlint", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patchlint")
