# SPDX-License-Identifier: GPL-2.0-or-later
"""Run another program on a text: bounded, without our environment, unable to write.

See ``adapters/jail.py`` for what it cannot do. It is given no shell, no standard input
but the text, and no variable of ours; it works in a folder that was made for it.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import IO

from msgspec import Struct

from patchlint.model.limits import Limits

_JAIL = Path(__file__).with_name("jail.py")
_CHUNK = 1 << 16


class NoAnswerError(Exception):
    """There is no answer; the text says what an answer would have needed."""


class Answer(Struct, frozen=True):
    """What a program has printed, errors among it, and how it ended."""

    lines: tuple[str, ...]
    status: int

    @property
    def last(self) -> str:
        """The last line that says something; why it gave up, most often."""
        said = (line.strip() for line in reversed(self.lines))
        return next((line for line in said if line), f"exit status {self.status}")[:200]


def found(program: str) -> str:
    """Return where a program of the user is, or "".

    Only folders of PATH by their full names count: whatever lies in the folder we were
    called in may belong to a stranger.
    """
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(folder, program)
        if path.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return str(path)
    return ""


def ask(
    command: Sequence[str], text: bytes, folder: Path, limits: Limits, writes: str = ""
) -> Answer:
    """Return what a program answers that is given a text.

    ``folder`` is private: the text is put there, and an empty folder to work in.
    ``writes`` is a folder that it may write to. Raises NoAnswerError.
    """
    work = folder / "work"
    work.mkdir(exist_ok=True)
    given = folder / f"text-{os.urandom(8).hex()}"
    given.write_bytes(text)
    seconds = str(int(limits.child_seconds) + 1)
    jailed = [sys.executable, "-I", "-S", str(_JAIL), writes, seconds, *command]
    try:
        raw, status = _run(jailed, given, work, limits)
    except OSError as error:
        raise NoAnswerError(f"a program that runs: {error.strerror}") from error
    finally:
        given.unlink(missing_ok=True)
    if status < 0:
        raise NoAnswerError(f"an answer: it was ended by signal {-status}")
    # The name of the folder is another one each time, an answer is not.
    printed = raw.decode("utf-8", "surrogateescape").replace(f"{folder}/", "")
    return Answer(tuple(printed.split("\n")), status)


def _run(
    command: Sequence[str], given: Path, work: Path, limits: Limits
) -> tuple[bytes, int]:
    """Return what is printed, and the exit status; nobody is left behind."""
    with (
        given.open("rb") as stream,
        subprocess.Popen(  # noqa: S603 - the words are ours, there is no shell
            command,
            stdin=stream,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=work,
            env=_environment(work),
            start_new_session=True,
        ) as child,
    ):
        try:
            raw = _read(child.stdout, limits) if child.stdout else b""
            return raw, child.wait(timeout=limits.child_seconds)
        except subprocess.TimeoutExpired as error:
            raise _late(limits) from error
        finally:
            with suppress(OSError):
                os.killpg(child.pid, signal.SIGKILL)


def _environment(work: Path) -> dict[str, str]:
    return {
        "HOME": str(work),
        "LC_ALL": "C",
        "PATH": os.defpath,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(work),
    }


def _read(stream: IO[bytes], limits: Limits) -> bytes:
    """Return all that is written until the last one who could write has gone."""
    end = monotonic() + limits.child_seconds
    parts: list[bytes] = []
    left = limits.child_bytes
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, end - monotonic())):
                raise _late(limits)
            part = os.read(stream.fileno(), _CHUNK)
            if not part:
                return b"".join(parts)
            left -= len(part)
            if left < 0:
                most = limits.child_bytes
                raise NoAnswerError(
                    f"a shorter answer: more than {most} bytes (--limit child-bytes)"
                )
            parts.append(part)


def _late(limits: Limits) -> NoAnswerError:
    seconds = f"{limits.child_seconds:g} s"
    return NoAnswerError(
        f"more time: no answer within {seconds} (--limit child-seconds)"
    )
