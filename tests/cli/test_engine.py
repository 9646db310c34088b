# SPDX-License-Identifier: GPL-2.0-or-later
"""Another engine for English is asked only where that was wanted, and is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchlint.cli.main import main
from tests.mails import patch_mail

LOG = "Move the helper to it's own file.\n\nSigned-off-by: A Dev <dev@example.org>\n"


@pytest.fixture
def mail(tmp_path: Path) -> str:
    diff = "--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-int a;\n+int b;\n"
    path = tmp_path / "mail"
    path.write_text(patch_mail(LOG, diff, "[PATCH] area: Move it"))
    return str(path)


def test_harper_is_asked(mail: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--evidence=mail", "--engine=harper", mail])

    assert "s/it's/its/ [msg/grammar]" in " ".join(capsys.readouterr().out.split())


def test_harper_is_not_asked_unbidden(
    mail: str, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--evidence=mail", mail])

    assert "msg/grammar" not in capsys.readouterr().out


def test_an_engine_that_is_not_there_is_an_error(
    mail: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("patchlint.cli.configured.is_there", lambda: False)

    assert main(["--evidence=mail", "--engine=harper", mail]) == 2
    assert "pip install 'patchlint[harper]'" in capsys.readouterr().err
