# SPDX-License-Identifier: GPL-2.0-or-later
"""The trailers of a mail are the ones git sees in the commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from patchlint.mail.anatomy import dissect
from patchlint.mail.message import parse_message
from tests.adapters.repo import git

SOB = "Signed-off-by: A <a@b.c>"


@pytest.mark.parametrize(
    "body",
    [
        f"Why.\n\n{SOB}",
        f'Why.\n\nFixes: 0123 ("a: b: c")\nCc: x@y.z\n{SOB}',
        f"Why.\n\n{SOB}\n[ b: Massage. ]\nSigned-off-by: B <b@c.d>",
        f"Why.\n\nReviewed-by:C <c@d.e>\n{SOB}\nTested-by : D <d@e.f>",
        f'Why.\n\nFixes: 0123 ("a\n  b")\n{SOB}',
        f'Why.\n\nFixes: 0123 ("a\nb")\n{SOB}',
        f"Why.\n\nBecause of this.\n{SOB}",
        f"Why.\n\n{SOB}\nand a word after it.",
        f"Link: x\n\nWhy.\n\nCloses: y\n\n{SOB}",
        "Why.\n\nJust prose.",
        "Why.\n\nLink: x\nshows it, and it shows it well.",
    ],
)
def test_trailers_agree_with_git(body: str, tmp_path: Path) -> None:
    log = f"area: title\n\n{body}\n".encode()
    said = git(tmp_path, "interpret-trailers", "--parse", given=log).decode()
    message = parse_message(f"Subject: area: title\n\n{body}\n---\n".encode())
    found = [f"{t.token}: {t.value}" for t in dissect(message).trailers]

    assert found == said.splitlines()
