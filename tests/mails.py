# SPDX-License-Identifier: GPL-2.0-or-later
"""Make mails and series for tests: real diffs, real blob ids, no git needed."""

from __future__ import annotations

from collections.abc import Sequence

from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.trial.mails import FROM, Blobs, Files, diff, patch_mail

__all__ = ["FROM", "Blobs", "Files", "diff", "mbox", "one_patch", "patch_mail"]


def mbox(mails: Sequence[str]) -> bytes:
    """Join mails as ``git format-patch --stdout`` does."""
    mark = "From " + "0" * 40 + " Mon Sep 17 00:00:00 2001\n"
    return "".join(f"{mark}{mail}\n" for mail in mails).encode()


def one_patch(before: Files, after: Files, log: str = "Say why.\n") -> Series:
    """Return a series of one patch from one tree to the other."""
    body = log if "Signed-off-by: " in log else f"{log}\nSigned-off-by: {FROM}"
    mail = patch_mail(body, diff(before, after), "[PATCH] area: Do it")
    (series,) = read([mail.encode()])
    return series
