# SPDX-License-Identifier: GPL-2.0-or-later
"""Hand a mail to ``git send-email``, as it is: nobody is added, nothing is changed.

It runs outside of any repository, so that only the settings of whoever sends count: a
repository's own could name a program to send with.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from patchlint.adapters.inputs import InputError
from patchlint.model.message import Address

_IDENTITY = re.compile(r"(?P<name>[^<>]*)<(?P<mailbox>[^<>]+)>.*")
_OPTIONS = (
    "--confirm=never", "--no-validate", "--no-annotate", "--no-format-patch",
    "--no-thread", "--no-chain-reply-to", "--no-xmailer", "--quiet",
    "--no-to", "--no-cc", "--no-bcc", "--no-signed-off-by-cc",
    "--suppress-cc=author", "--suppress-cc=body", "--suppress-cc=cccmd",
)  # fmt: skip


def identity() -> Address:
    """Return who sends, as git knows; InputError if it does not."""
    found = _git("config", "--get", "sendemail.from") or _git(
        "var", "GIT_COMMITTER_IDENT"
    )
    sender = parse_identity(found)
    if sender is None:
        raise InputError("who sends? give --from, or set user.name and user.email")
    return sender


def parse_identity(text: str) -> Address | None:
    """Read ``Name <mailbox>``, or a mailbox; None for anything else."""
    if hit := _IDENTITY.fullmatch(text.strip()):
        return Address(hit["name"].strip(' "'), hit["mailbox"].strip())
    word = text.strip()
    return Address("", word) if "@" in word and " " not in word else None


def send(draft: str, sender: str) -> bool:
    """Send one draft; return whether git says that it went out."""
    with tempfile.TemporaryDirectory(prefix="patchlint-") as folder:
        path = Path(folder) / "reply"
        path.write_bytes(draft.encode("utf-8"))
        # A program that would add people is told to name none.
        command = ["git", "-c", "sendemail.toCmd=true", "send-email", *_OPTIONS]
        command += [f"--from={sender}", str(path)]
        return (
            subprocess.run(  # noqa: S603 - our own words, and a file we wrote
                command, cwd=folder, env=_outside(folder), check=False
            ).returncode
            == 0
        )


def _git(*arguments: str) -> str:
    with tempfile.TemporaryDirectory(prefix="patchlint-") as folder:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=folder,
            env=_outside(folder),
            capture_output=True,
            check=False,
        )
    return done.stdout.decode("utf-8", "replace").strip() if not done.returncode else ""


def _outside(folder: str) -> dict[str, str]:
    """Return our environment without what names a repository."""
    names = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return kept | {"GIT_CEILING_DIRECTORIES": str(Path(folder).parent)}
