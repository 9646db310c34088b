# SPDX-License-Identifier: GPL-2.0-or-later
"""The process that looks: tasks on standard input, answers on standard output.

It keeps the rules, and nothing of what it looked at. It has its main thread for itself,
which the clock of the limits needs; whatever becomes of it, the server lives.
Each message is its length in four bytes, and msgpack.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import nullcontext, redirect_stderr
from io import StringIO
from typing import BinaryIO

from msgspec.msgpack import Decoder, Encoder
from msgspec.structs import replace

from patchlint.adapters.folders import cache_folder
from patchlint.adapters.patterns import kept
from patchlint.cli.errors import MISTAKES
from patchlint.cli.lsp.told import Answer, Kind, Task
from patchlint.report.spot import one_line

SIZE = 4
MOST = 500
_ENCODER = Encoder()


def framed(value: Task | Answer) -> bytes:
    """Return the bytes that are sent for a value."""
    raw = _ENCODER.encode(value)
    return len(raw).to_bytes(SIZE, "big") + raw


def look(task: Task) -> Answer:
    """Return what is said of a text, with what a command would say on stderr."""
    with redirect_stderr(StringIO()) as said:
        try:
            answer = _look(task)
        except MISTAKES as error:
            answer = Answer(unread=(one_line(str(error)),))
    told = tuple(said.getvalue().splitlines())
    return _bounded(replace(answer, trouble=(*answer.trouble, *told)))


def _bounded(answer: Answer) -> Answer:
    """Return what an editor can draw, and somebody might read."""
    more = len(answer.remarks) - MOST
    if more <= 0:
        return answer
    why = f"{more} more remarks are not shown here; patchlint on the file has them"
    return replace(answer, remarks=answer.remarks[:MOST], unread=(*answer.unread, why))


def _look(task: Task) -> Answer:
    """Look; what is not needed is not imported."""
    match task.kind:
        case Kind.MESSAGE:
            from patchlint.cli.lsp import message_look

            return message_look.look(task)
        case Kind.MAIL:
            from patchlint.cli.lsp import mail_look

            return mail_look.look(task)
        case Kind.CODE:
            from patchlint.cli.lsp import code_look

            return code_look.look(task)


def work(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer until nobody asks any more.

    Garbage is looked for when nobody waits, and not among what stays: rules, modules.
    """
    gc.disable()
    tasks = Decoder(Task)
    known: set[Kind] = set()
    while head := source.read(SIZE):
        task = tasks.decode(source.read(int.from_bytes(head, "big")))
        # The end of this process is sudden: what a kind compiles is kept at once.
        with nullcontext() if task.kind in known else kept(cache_folder()):
            answer = look(task)
        sink.write(framed(answer))
        sink.flush()
        gc.collect()
        if task.kind not in known:
            known.add(task.kind)
            gc.freeze()


def main() -> None:
    """Run as a child of the server; nothing but answers may go where they go."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(sys.stderr.fileno(), 1)
    with source, sink:
        work(source, sink)


if __name__ == "__main__":
    main()
