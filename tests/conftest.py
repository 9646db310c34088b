# SPDX-License-Identifier: GPL-2.0-or-later
"""What all tests may use."""

from __future__ import annotations

import os

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


@pytest.fixture(autouse=True)
def no_settings_of_the_user(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.getbasetemp() / "settings"
    folder.mkdir(exist_ok=True)
    # git format-patch asks who we are, and looks nowhere else then.
    who = "[user]\n\tname = A Dev\n\temail = dev@example.org\n"
    (folder / "gitconfig").write_text(who, "utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(folder / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in [name for name in os.environ if name.startswith("PATCHLINT_")]:
        monkeypatch.delenv(name)


# How fast the machine is today is no fact about the program.
settings.register_profile(
    "patchlint", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patchlint")
