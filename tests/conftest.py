# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests may use."""

from __future__ import annotations

import pytest

from tests.golden import golden, pytest_addoption

__all__ = ["golden", "pytest_addoption"]


@pytest.fixture(autouse=True)
def no_index_of_ours_in_the_cache_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
