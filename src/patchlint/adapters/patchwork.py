# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks on a Patchwork server, through its REST API (docs/patchwork.md).

The server and the token are the user's: no setting of the repository we are in has a
say, so that it cannot have the token sent elsewhere. A redirection is not followed, for
the same reason. Answers are bounded.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from http.client import HTTPResponse
from time import monotonic
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from msgspec import Struct

from patchlint.adapters.git_safe import environment
from patchlint.report.checks import Check

_SECONDS = 30.0
_BYTES = 1 << 20
_CHUNK = 1 << 16
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Keys of git that others use: (server, token) of b4 and of git-pw.
_KEYS = (("b4.pw-url", "b4.pw-key"), ("pw.server", "pw.token"))
_PAGE = {"per_page": "100"}


class PatchworkError(Exception):
    """The server cannot be used, or has refused; the text says why."""


class Account(Struct, frozen=True):
    """A server, its API without a slash behind it, and what we may do there."""

    api: str
    token: str = ""

    def __repr__(self) -> str:
        """Show all but the token, which must not come into a log."""
        return f"Account({self.api!r})"


def account(url: str) -> Account:
    """Return the account of the user: URL, environment, then git's own settings.

    A token that git has is for the server that git has beside it. Raises
    PatchworkError.
    """
    url = url or os.environ.get("PATCHWORK_URL", "")
    token = os.environ.get("PATCHWORK_TOKEN", "")
    for server, key in _KEYS:
        known = _git(server)
        if known and (not url or _api(known) == _api(url)):
            return Account(_api(known), token or _git(key))
    if not url:
        names = ", ".join(server for server, _ in _KEYS)
        raise PatchworkError(f"which server? give --url, PATCHWORK_URL, or set {names}")
    return Account(_api(url), token)


def _api(url: str) -> str:
    """Return the API of a server; PatchworkError for what is no safe URL."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise PatchworkError(f"{url}: {error}") from error
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not is_safe or not host or parts.username or parts.query or parts.fragment:
        raise PatchworkError(f"{url}: not an https URL of a server")
    host = f"[{host}]" if ":" in host else host
    place = f"{host}:{port}" if port else host
    path = parts.path.rstrip("/")
    api = path if "/api" in path else f"{path}/api"
    return f"{parts.scheme}://{place}{api}"


def _git(key: str) -> str:
    """Return a setting of the user or the system; of no repository."""
    with tempfile.TemporaryDirectory(prefix="patchlint-") as folder:
        done = subprocess.run(  # noqa: S603 - our own words
            ["git", "config", "--get", key],  # noqa: S607
            cwd=folder,
            env=environment() | {"GIT_CEILING_DIRECTORIES": os.path.dirname(folder)},  # noqa: PTH120
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    return done.stdout.decode("utf-8", "replace").strip() if not done.returncode else ""


class Server:
    """The server of an account."""

    def __init__(self, account: Account, project: str = "") -> None:
        """Remember it; nothing is asked yet."""
        self._account = account
        self._project = project
        # What stays on this machine goes through no proxy, with the token in plain.
        is_here = account.api.startswith("http:")
        handlers = (_NoRedirect(), *([ProxyHandler({})] if is_here else ()))
        self._opener = build_opener(*handlers)

    def patch(self, message_id: str) -> int:
        """Return the number of the patch that came in a mail."""
        asked = {"msgid": message_id, **_PAGE}
        if self._project:
            asked["project"] = self._project
        # A server that does not know the parameter answers with any patches.
        found = [
            int(entry["id"])
            for entry in self._list(f"/patches/?{urlencode(asked)}")
            if str(entry.get("msgid", "")).strip("<>") == message_id
        ]
        if not found:
            raise PatchworkError(f"<{message_id}>: no such patch there")
        if len(found) > 1:
            raise PatchworkError(f"<{message_id}>: in several projects (--project)")
        return found[0]

    def has(self, patch: int, check: Check, target: str) -> bool:
        """Say whether the newest check of the context says the same."""
        asked = urlencode({"context": check.context, **_PAGE})
        same = [
            entry
            for entry in self._list(f"/patches/{patch}/checks/?{asked}")
            if entry.get("context") == check.context
        ]
        newest = max(same, key=lambda entry: int(entry["id"]), default=None)
        return newest is not None and _says(newest) == _says(_body(check, target))

    def post(self, patch: int, check: Check, target: str) -> None:
        """Add a check; the newest of a context is the one that counts."""
        self._ask(f"/patches/{patch}/checks/", _body(check, target))

    def _list(self, path: str) -> Iterator[Mapping[str, Any]]:
        found = self._ask(path)
        is_list = isinstance(found, list)
        if not is_list or not all(
            isinstance(entry, dict) and isinstance(entry.get("id"), int)
            for entry in found
        ):
            raise PatchworkError(f"{self._account.api}: this is no Patchwork")
        yield from found

    def _ask(self, path: str, body: Mapping[str, str] | None = None) -> Any:
        headers = {"Accept": "application/json", "User-Agent": "patchlint"}
        if self._account.token:
            headers["Authorization"] = f"Token {self._account.token}"
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        url = f"{self._account.api}{path}"
        request = Request(url, data=data, headers=headers)  # noqa: S310 - see _api
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                raw = _read(answer)
        except HTTPError as error:
            raise PatchworkError(f"{url}: {_refusal(error)}") from error
        except (URLError, OSError, ValueError) as error:
            raise PatchworkError(f"{url}: {error}") from error
        return _parsed(raw, url)


def _read(answer: HTTPResponse) -> bytes:
    """Return what is answered, within bounds: a server may drip for ever."""
    end = monotonic() + _SECONDS
    raw = b""
    while len(raw) <= _BYTES and (part := answer.read1(_CHUNK)):
        raw += part
        if monotonic() > end:
            raise TimeoutError(f"no whole answer within {_SECONDS:g} s")
    return raw


class _NoRedirect(HTTPRedirectHandler):
    """Follow none: the token is for the server that was named."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Take it for a refusal."""


def _parsed(raw: bytes, url: str) -> Any:
    if len(raw) > _BYTES:
        raise PatchworkError(f"{url}: the answer is longer than {_BYTES} bytes")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise PatchworkError(f"{url}: the answer is no JSON") from error


def _refusal(error: HTTPError) -> str:
    """Return what a server says who refuses; its words are bounded, too."""
    with error:
        try:
            words = error.read(500).decode("utf-8", "replace")
        except OSError:
            words = ""
    hint = " (is the token right, may its owner add checks?)"
    is_denied = error.code in (401, 403)
    said = " ".join(words.split())
    return f"status {error.code}{hint if is_denied else ''}: {said}".rstrip(": ")


def _body(check: Check, target: str) -> dict[str, str]:
    body = {"state": str(check.state), "context": check.context}
    body["description"] = check.description
    return body | ({"target_url": target} if target else {})


def _says(entry: Mapping[str, Any]) -> tuple[str, ...]:
    keys = ("state", "context", "description", "target_url")
    return tuple(str(entry.get(key) or "") for key in keys)
