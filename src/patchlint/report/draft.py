# SPDX-License-Identifier: GPL-2.0-or-later
"""Replies written down: an mbox of drafts that somebody looks at, signs and sends.

There is no From, Date or Message-ID: whoever sends a draft fills them in, and so
answers for it. Nothing here sends mail, and no draft holds a review tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from patchlint import __version__
from patchlint.model.finding import Report
from patchlint.model.message import Message
from patchlint.model.series import Series
from patchlint.report.header import addresses, ids, is_id, text, tokens
from patchlint.report.reply import Block, Cut, Quote, Reply, replies
from patchlint.report.safe import cut_bytes, printable

_MARK = "From patchlint@localhost Thu Jan  1 00:00:00 1970\n"
_NAME = 100
_LINE = 900
_FROM = re.compile(r"^(>*From )", re.MULTILINE)


def render(report: Report, postings: Sequence[Series]) -> str:
    """Return the drafts as mboxrd, or "" where there is nothing to say."""
    written = (_FROM.sub(r">\1", write(reply)) for reply in replies(report, postings))
    return "".join(f"{_MARK}{mail}\n" for mail in written)


def write(reply: Reply) -> str:
    """Return a reply as RFC 5322 text with line feeds, 8 bit, UTF-8."""
    return "".join(f"{line}\n" for line in (*_headers(reply), "", *_body(reply)))


def _headers(reply: Reply) -> Iterator[str]:
    message = reply.message
    parents = (message.message_id,) if is_id(message.message_id) else ()
    made = (
        addresses("To", reply.to),
        addresses("Cc", reply.cc),
        text("Subject", reply.subject),
        ids("In-Reply-To", parents),
        ids("References", (*message.references, *parents)),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "Auto-Submitted: auto-replied",
        text("X-Patchlint-Version", __version__),
        tokens("X-Patchlint-Rules", reply.rules),
    )
    return (header for header in made if header)


def _body(reply: Reply) -> Iterator[str]:
    yield _attribution(reply.message)
    for block in reply.blocks:
        yield from _written(block)
    if reply.rest:
        yield from (*reply.rest, "")
    yield from _footer(reply)


def _attribution(message: Message) -> str:
    sender = printable(message.sender.name or message.sender.mailbox)[:_NAME]
    date = printable(message.date)[:_NAME] or "an unknown date"
    return f"On {date}, {sender or 'the author'} wrote:"


def _written(block: Block) -> Iterator[str]:
    if isinstance(block, Quote):
        yield from (f"> {line}" if line else ">" for line in block.lines)
    elif isinstance(block, Cut):
        yield "[...]"
    else:
        if block.carets:
            yield f"  {block.carets}"
        yield from ("", *(cut_bytes(line, _LINE) for line in block.lines), "")


def _footer(reply: Reply) -> Iterator[str]:
    """Yield the signature: which rules spoke, and how to run them again."""
    yield "-- "
    yield f"patchlint {__version__}: {', '.join(map(printable, reply.rules))}"
    id_ = reply.message.message_id
    about = f"   (FILE: <{id_}> and its thread)" if is_id(id_) else ""
    yield f"patchlint --format reply FILE{about}"
