# SPDX-License-Identifier: GPL-2.0-or-later
"""An editor: the client of pygls, and the server as a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

pytest.importorskip("pygls")
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

_LONG = 60.0


class Editor:
    """A client that keeps what it is told, by version of a document."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *words: str,
        encodings: Sequence[str] = (),
    ) -> None:
        self._words = words
        self.client = LanguageClient("editor", "1")
        self.told: list[lsp.PublishDiagnosticsParams] = []
        self.log: list[str] = []
        self._texts: dict[str, tuple[int, str]] = {}
        self._news = asyncio.Event()
        self._environment = environment
        self._encodings = encodings
        self.capabilities: lsp.ServerCapabilities | None = None
        self._listen()

    def _listen(self) -> None:
        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        def _(told: lsp.PublishDiagnosticsParams) -> None:
            self.told.append(told)
            self._news.set()

        @self.client.feature(lsp.WINDOW_LOG_MESSAGE)  # type: ignore[untyped-decorator]
        def _(told: lsp.LogMessageParams) -> None:
            self.log.append(told.message)
            self._news.set()

    async def __aenter__(self) -> Self:
        await self.client.start_io(
            sys.executable,
            "-m",
            "patchlint",
            "lsp",
            *self._words,
            env=dict(self._environment),
        )
        general = lsp.GeneralClientCapabilities(
            position_encodings=list(self._encodings) or None
        )
        hover = lsp.HoverClientCapabilities(content_format=[lsp.MarkupKind.Markdown])
        able = lsp.ClientCapabilities(
            general=general,
            text_document=lsp.TextDocumentClientCapabilities(hover=hover),
        )
        answer = await self.client.initialize_async(lsp.InitializeParams(able))
        self.capabilities = answer.capabilities
        self.client.initialized(lsp.InitializedParams())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(Exception):
            async with asyncio.timeout(10):
                await self.client.shutdown_async(None)
                self.client.exit(None)
        await self.client.stop()  # type: ignore[no-untyped-call]

    def open(self, path: Path, text: str, language: str = "") -> None:
        uri = path.as_uri()
        self._texts[uri] = (1, text)
        item = lsp.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def text(self, path: Path) -> str:
        return self._texts[path.as_uri()][1]

    def edit(self, path: Path, text: str) -> None:
        uri = path.as_uri()
        version = self._texts[uri][0] + 1
        self._texts[uri] = (version, text)
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(version, uri),
                [lsp.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def save(self, path: Path) -> None:
        name = lsp.TextDocumentIdentifier(path.as_uri())
        self.client.text_document_did_save(lsp.DidSaveTextDocumentParams(name))

    def close(self, path: Path) -> None:
        name = lsp.TextDocumentIdentifier(path.as_uri())
        self.client.text_document_did_close(lsp.DidCloseTextDocumentParams(name))

    async def heard(self, path: Path) -> list[lsp.Diagnostic]:
        """Wait for what is said of the text as it is now."""
        uri = path.as_uri()
        async with asyncio.timeout(_LONG):
            while True:
                self._news.clear()
                for told in self.told:
                    if (told.uri, told.version) == (uri, self._texts[uri][0]):
                        return list(told.diagnostics)
                await self._news.wait()

    async def hover(self, path: Path, line: int, character: int) -> str:
        name = lsp.TextDocumentIdentifier(path.as_uri())
        at = lsp.Position(line, character)
        found = await self.client.text_document_hover_async(lsp.HoverParams(name, at))
        if found is None:
            return ""
        assert isinstance(found.contents, lsp.MarkupContent)
        return found.contents.value

    async def actions(
        self, path: Path, where: lsp.Range, *only: str
    ) -> list[lsp.CodeAction]:
        name = lsp.TextDocumentIdentifier(path.as_uri())
        context = lsp.CodeActionContext([], only=list(only) or None)
        asked = lsp.CodeActionParams(name, where, context)
        found = await self.client.text_document_code_action_async(asked)
        return [each for each in found or () if isinstance(each, lsp.CodeAction)]

    def apply(self, path: Path, action: lsp.CodeAction) -> None:
        """Do what an action says, as an editor that counts in UTF-16."""
        assert action.edit is not None
        assert action.edit.changes is not None
        lines = self.text(path).split("\n")
        edits = sorted(
            action.edit.changes[path.as_uri()],
            key=lambda e: (e.range.start.line, e.range.start.character),
            reverse=True,
        )
        for edit in edits:
            first, last = edit.range.start, edit.range.end
            before = _cut(lines[first.line], first.character)[0]
            after = _cut(lines[last.line], last.character)[1]
            made = f"{before}{edit.new_text}{after}".split("\n")
            lines[first.line : last.line + 1] = made
        self.edit(path, "\n".join(lines))


def _cut(line: str, units: int) -> tuple[str, str]:
    raw = line.encode("utf-16-le")
    return raw[: 2 * units].decode("utf-16-le"), raw[2 * units :].decode("utf-16-le")
