# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare text with a file that people read; --update-golden rewrites it."""

from __future__ import annotations

from pathlib import Path

import pytest


class Golden:
    """One text per file, in the format a reader's own tools open."""

    def __init__(self, *, update: bool) -> None:
        """Rewrite the files instead of comparing if ``update``."""
        self._update = update

    def check(self, path: Path, text: str) -> None:
        """Assert that the file holds ``text``."""
        if self._update:
            path.write_text(text, "utf-8")
        assert path.read_text("utf-8") == text, f"{path}: run make golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --update-golden."""
    parser.addoption("--update-golden", action="store_true")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Return the comparison, or the pen."""
    return Golden(update=bool(request.config.getoption("--update-golden")))
