# SPDX-License-Identifier: GPL-2.0-or-later
"""The server: documents come in, remarks go out; who makes them is another process.

Documents are sent whole: the library cuts lines where Python does, at form feeds too,
which kernel sources have, and would put a change of a part elsewhere.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from lsprotocol import types as lsp
from msgspec import Struct
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from patchlint import __version__
from patchlint.adapters.work_tree import top_of
from patchlint.cli.lsp import wire
from patchlint.cli.lsp.child import Child
from patchlint.cli.lsp.desk import PAUSE, Desk
from patchlint.cli.lsp.hover import hover
from patchlint.cli.lsp.kinds import kind_of
from patchlint.cli.lsp.pages import link
from patchlint.cli.lsp.shown import Shown, actions
from patchlint.cli.lsp.told import Answer, Kind, Task
from patchlint.cli.lsp.wire import Sheet

_LONE = re.compile(r"[\ud800-\udfff]")


class Open(Struct, frozen=True):
    """A document that is open: its path, what it is, what it is looked at with."""

    uri: str
    path: str
    kind: Kind
    name: str


class Server:
    """All documents of one editor."""

    def __init__(self, words: Sequence[str], library: LanguageServer) -> None:
        self._words = tuple(words)
        self._library = library
        self._desk = Desk(self._look, PAUSE)
        # Whoever writes a message does not wait for a series.
        self._children = {True: Child(), False: Child()}
        self._open: dict[str, Open] = {}
        self._shown: dict[str, Shown] = {}

    async def opened(self, document: lsp.TextDocumentItem) -> None:
        """Begin to look at a document, if it is one of ours."""
        path = to_fs_path(document.uri)
        kind = kind_of(PurePath(path), document.language_id) if path else None
        if path is None or kind is None:
            return
        name = document.uri
        if kind is Kind.CODE:
            top = top_of(Path(path))
            if top is None:
                return
            # What is open of a work tree is looked at as one patch.
            name = str(top)
        self._open[document.uri] = Open(document.uri, path, kind, name)
        self._desk.changed(name)
        await self._child(kind).warm()

    def changed(self, uri: str) -> None:
        """Look at a document again, if it is one of ours."""
        if document := self._open.get(uri):
            self._desk.changed(document.name)

    def closed(self, uri: str) -> None:
        """Forget a document."""
        self._shown.pop(uri, None)
        if document := self._open.pop(uri, None):
            self._publish(uri, None, ())
            if document.kind is Kind.CODE:
                self._desk.changed(document.name)

    def stop(self) -> None:
        """End the workers."""
        for child in self._children.values():
            child.stop()

    def _child(self, kind: Kind) -> Child:
        return self._children[kind is Kind.MESSAGE]

    async def _look(self, name: str) -> None:
        """Have what is called so looked at, and show it unless it has changed since."""
        documents = [each for each in self._open.values() if each.name == name]
        if not documents:
            return
        texts = {each.path: self._text(each.uri) for each in documents}
        versions = {each.uri: self._version(each.uri) for each in documents}
        kind = documents[0].kind
        answer = await self._child(kind).ask(self._task(kind, texts))
        for trouble in answer.trouble:
            self._log(trouble)
        is_newest = all(
            each.uri in self._open and self._version(each.uri) == versions[each.uri]
            for each in documents
        )
        if is_newest:
            self._show(documents, texts, versions, answer)

    def _task(self, kind: Kind, texts: dict[str, str]) -> Task:
        folders = [to_fs_path(uri) for uri in self._library.workspace.folders]
        root = self._library.workspace.root_path
        some = tuple(folder for folder in (*folders, root) if folder)
        return Task(kind, texts, some, self._words)

    def _show(
        self,
        documents: Sequence[Open],
        texts: Mapping[str, str],
        versions: Mapping[str, int | None],
        answer: Answer,
    ) -> None:
        encoding = self._encoding()
        sheets = {path: Sheet.of(text, encoding) for path, text in texts.items()}
        for each in documents:
            remarks = tuple(r for r in answer.remarks if r.place.path == each.path)
            told = tuple(wire.diagnostic(r, sheets, link) for r in remarks)
            version = versions[each.uri]
            self._shown[each.uri] = Shown(
                each.uri, version, sheets[each.path], remarks, told
            )
            missing = tuple(map(wire.unread, answer.unread))
            self._publish(each.uri, version, (*told, *missing))

    def hover(self, uri: str, at: lsp.Position) -> lsp.Hover | None:
        """Return what is said of a place."""
        shown = self._now(uri)
        here = [r for r, _ in shown.at(lsp.Range(at, at))] if shown else []
        if not here:
            return None
        text = self._library.client_capabilities.text_document
        formats = text.hover.content_format if text and text.hover else None
        is_markdown = lsp.MarkupKind.Markdown in (formats or ())
        kind = lsp.MarkupKind.Markdown if is_markdown else lsp.MarkupKind.PlainText
        return lsp.Hover(lsp.MarkupContent(kind, hover(here, is_markdown=is_markdown)))

    def actions(self, asked: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        """Return what puts the remarks of a range right, and what all of them."""
        shown = self._now(asked.text_document.uri)
        if shown is None:
            return []
        workspace = self._library.client_capabilities.workspace
        edits = workspace.workspace_edit if workspace else None
        is_versioned = bool(edits and edits.document_changes)
        return actions(shown, asked.range, asked.context.only, is_versioned)

    def _now(self, uri: str) -> Shown | None:
        """Return what is shown, if it is of the text that is there now."""
        shown = self._shown.get(uri)
        return shown if shown and shown.version == self._version(uri) else None

    def _text(self, uri: str) -> str:
        """Return the text of a document; half a character is none."""
        text = self._library.workspace.get_text_document(uri).source
        return _LONE.sub("\ufffd", text)

    def _version(self, uri: str) -> int | None:
        return self._library.workspace.get_text_document(uri).version

    def _encoding(self) -> str:
        encoding = self._library.workspace.position_encoding
        return str(getattr(encoding, "value", encoding) or "utf-16")

    def _publish(
        self, uri: str, version: int | None, told: Sequence[lsp.Diagnostic]
    ) -> None:
        self._library.text_document_publish_diagnostics(
            lsp.PublishDiagnosticsParams(uri, list(told), version)
        )

    def _log(self, text: str) -> None:
        self._library.window_log_message(
            lsp.LogMessageParams(lsp.MessageType.Error, f"patchlint: {text}")
        )


def serve(words: Sequence[str]) -> None:
    """Serve on standard input and output until the editor ends it."""
    library = LanguageServer(
        wire.SOURCE, __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full
    )
    server = Server(words, library)
    _listen(library, server)
    # The types of the protocol stay; to look for garbage among them takes 50 ms.
    gc.freeze()
    try:
        library.start_io()
    finally:
        server.stop()


def _listen(library: LanguageServer, server: Server) -> None:
    """Have the server called."""

    @library.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def _(_: LanguageServer, told: lsp.DidOpenTextDocumentParams) -> None:
        await server.opened(told.text_document)

    @library.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def _(_: LanguageServer, told: lsp.DidChangeTextDocumentParams) -> None:
        server.changed(told.text_document.uri)

    @library.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def _(_: LanguageServer, told: lsp.DidSaveTextDocumentParams) -> None:
        server.changed(told.text_document.uri)

    @library.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def _(_: LanguageServer, told: lsp.DidCloseTextDocumentParams) -> None:
        server.closed(told.text_document.uri)

    @library.feature(lsp.TEXT_DOCUMENT_HOVER)
    async def _(_: LanguageServer, asked: lsp.HoverParams) -> lsp.Hover | None:
        return server.hover(asked.text_document.uri, asked.position)

    kinds = [lsp.CodeActionKind.QuickFix, wire.FIX_ALL]
    options = lsp.CodeActionOptions(code_action_kinds=kinds)

    @library.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, options)
    async def _(_: LanguageServer, asked: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        return server.actions(asked)
