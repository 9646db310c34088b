# SPDX-License-Identifier: GPL-2.0-or-later
"""What an editor shows of a document, and what it may do about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types as lsp
from msgspec import Struct

from patchlint.cli.lsp import wire
from patchlint.cli.lsp.told import Remark
from patchlint.cli.lsp.wire import Sheet

_ALL = "Put right all that patchlint can"
_WIDE = 60


class Shown(Struct, frozen=True):
    """The remarks on one version of a document, and the diagnostics made of them."""

    uri: str
    version: int | None
    sheet: Sheet
    remarks: tuple[Remark, ...]
    diagnostics: tuple[lsp.Diagnostic, ...]

    def at(self, where: lsp.Range) -> Iterator[tuple[Remark, lsp.Diagnostic]]:
        """Yield the remarks that meet a range."""
        for remark, told in zip(self.remarks, self.diagnostics, strict=True):
            if wire.touches(told.range, where):
                yield remark, told


def actions(
    shown: Shown,
    where: lsp.Range,
    only: Sequence[lsp.CodeActionKind | str] | None,
    is_versioned: bool,  # noqa: FBT001
) -> list[lsp.CodeAction]:
    """Return what puts each remark of a range right, and what all of the document.

    ``only`` are the kinds that are asked for; ``is_versioned`` says whether the editor
    can be told which version an edit is for.
    """
    found: list[lsp.CodeAction] = []
    for remark, told in shown.at(where):
        if edits := wire.text_edits(remark.swaps, shown.sheet):
            edit = _edit(shown, edits, is_versioned=is_versioned)
            found.append(
                lsp.CodeAction(
                    title=_title(remark),
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=[told],
                    is_preferred=True,
                    edit=edit,
                )
            )
    if edits := _together(shown):
        edit = _edit(shown, edits, is_versioned=is_versioned)
        found.append(lsp.CodeAction(_ALL, wire.FIX_ALL, edit=edit))
    return [each for each in found if only is None or _is_asked(each, only)]


def _together(shown: Shown) -> list[lsp.TextEdit]:
    """Return the edits of all remarks; of two for one line, the first is made."""
    taken: set[int] = set()
    made: list[lsp.TextEdit] = []
    for remark in shown.remarks:
        lines = {swap.line for swap in remark.swaps}
        edits = wire.text_edits(remark.swaps, shown.sheet)
        if edits and not lines & taken:
            taken |= lines
            made += edits
    return made


def _title(remark: Remark) -> str:
    """Return what an action does, in a few words."""
    if len(remark.swaps) == 1 and not remark.swaps[0].new:
        return f"Remove the line ({remark.rule})"
    use = remark.suggestion
    return f"Use: {use}" if 0 < len(use) <= _WIDE else f"Put right ({remark.rule})"


def _edit(
    shown: Shown, edits: Sequence[lsp.TextEdit], *, is_versioned: bool
) -> lsp.WorkspaceEdit:
    if not is_versioned:
        return lsp.WorkspaceEdit(changes={shown.uri: list(edits)})
    name = lsp.OptionalVersionedTextDocumentIdentifier(shown.uri, shown.version)
    return lsp.WorkspaceEdit(document_changes=[lsp.TextDocumentEdit(name, list(edits))])


def _is_asked(action: lsp.CodeAction, only: Sequence[lsp.CodeActionKind | str]) -> bool:
    """Say whether an action is of a kind that is asked for, or of one below it."""
    kind = f"{_word(action.kind)}."
    return any(kind.startswith(f"{_word(wanted)}.") for wanted in only)


def _word(kind: lsp.CodeActionKind | str | None) -> str:
    return str(kind.value if isinstance(kind, lsp.CodeActionKind) else kind or "")
