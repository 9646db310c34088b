# SPDX-License-Identifier: GPL-2.0-or-later
"""What a document is, by the name of its file and the language of the editor."""

from __future__ import annotations

from pathlib import PurePath

from patchlint.cli.lsp.told import Kind

_MESSAGES = frozenset(("COMMIT_EDITMSG",))
_LANGUAGES = frozenset(("git-commit", "gitcommit"))
_OTHERS = frozenset(("MERGE_MSG", "SQUASH_MSG", "TAG_EDITMSG", "NOTES_EDITMSG"))
_MAILS = frozenset((".diff", ".eml", ".mbox", ".mboxrd", ".patch"))
_CODE = frozenset((".S", ".c", ".h"))


def kind_of(path: PurePath, language: str) -> Kind | None:
    """Return what a file is; None if it is none of ours.

    Editors take more for a message of a commit than git does.
    """
    if path.name in _MESSAGES:
        return Kind.MESSAGE
    if path.suffix in _MAILS:
        return Kind.MAIL
    if path.suffix in _CODE:
        return Kind.CODE
    is_message = language in _LANGUAGES and path.name not in _OTHERS
    return Kind.MESSAGE if is_message else None
