# SPDX-License-Identifier: GPL-2.0-or-later
"""A stand-in for a Patchwork server, on loopback.

It is no Patchwork: no package index has that. It answers as the schema of the API (1.4)
and the source of its views say: what is asked for, what is required, which status. The
rights that it checks are those of one token.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "0123456789abcdef"  # noqa: S105 - of nothing
STATES = ("pending", "success", "warning", "fail")


class Patchwork:
    """Patches by number: (Message-ID, project), and the checks of each."""

    def __init__(self) -> None:
        self.patches: dict[int, tuple[str, str]] = {}
        self.checks: dict[int, list[dict[str, Any]]] = {}
        self.asked: list[str] = []
        # An answer of its own in the place of all: (status, headers, body).
        self.always: tuple[int, dict[str, str], bytes] | None = None
        self.ignores_msgid = False
        # Seconds between the bytes of an answer.
        self.drips = 0.0
        self.url = ""

    def parts(self, body: bytes) -> Iterator[bytes]:
        """Yield an answer, all at once or byte by byte."""
        if not self.drips:
            yield body
            return
        for byte in body:
            yield bytes([byte])
            time.sleep(self.drips)

    def get(self, path: str, query: dict[str, list[str]]) -> tuple[int, Any]:
        words = path.strip("/").split("/")
        if words == ["api", "patches"]:
            return 200, list(self._patches(query))
        if len(words) == 4 and words[3] == "checks":
            return 200, self.checks.get(int(words[2]), [])
        return 404, {"detail": "Not found."}

    def _patches(self, query: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
        for number, (msgid, project) in self.patches.items():
            fits = self.ignores_msgid or query.get("msgid") == [msgid]
            if fits and query.get("project", [project]) == [project]:
                yield {"id": number, "msgid": f"<{msgid}>"}

    def post(self, path: str, token: str, kind: str, raw: bytes) -> tuple[int, Any]:
        words = path.strip("/").split("/")
        if len(words) != 4 or not path.endswith("/checks/"):
            return 404, {"detail": "Not found."}
        if token != f"Token {TOKEN}":
            return 403, {"detail": "You do not have permission."}
        if kind != "application/json":
            return 415, {"detail": "Unsupported media type."}
        body = json.loads(raw)
        if body.get("state") not in STATES:
            return 400, {"state": ["A check must have a state."]}
        known = self.checks.setdefault(int(words[2]), [])
        known.append({"id": len(known) + 1, "target_url": None, **body})
        return 201, known[-1]


@contextmanager
def serving() -> Iterator[Patchwork]:
    patchwork = Patchwork()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self.answer(*patchwork.get(parts.path, parse_qs(parts.query)))

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            token = self.headers.get("Authorization", "")
            kind = self.headers.get("Content-Type", "")
            self.answer(*patchwork.post(self.path, token, kind, raw))

        def answer(self, status: int, value: Any) -> None:
            patchwork.asked.append(f"{self.command} {self.path}")
            headers: dict[str, str] = {"Content-Type": "application/json"}
            body = json.dumps(value).encode()
            if patchwork.always:
                status, headers, body = patchwork.always
            self.send_response(status)
            for name, text in headers.items():
                self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # Whoever has asked may have gone.
            with suppress(OSError):
                for part in patchwork.parts(body):
                    self.wfile.write(part)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serve = partial(server.serve_forever, poll_interval=0.02)
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    patchwork.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield patchwork
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
