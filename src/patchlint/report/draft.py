# SPDX-License-Identifier: GPL-2.0-or-later
"""Replies written down: drafts that somebody looks at, signs and sends.

There is no Date or Message-ID, and a From only where a sender was named: whoever sends
a draft fills them in, and so answers for it. Nothing here sends mail, and no draft
holds a review tag.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from patchlint import __version__
from patchlint.model.finding import Report
from patchlint.model.message import Address, Message
from patchlint.model.series import Series
from patchlint.report.blocks import Block, Cut, Quote
from patchlint.report.header import addresses, ids, is_id, text, tokens
from patchlint.report.manner import PLAIN, Manner
from patchlint.report.own import MARKS, RULES
from patchlint.report.reply import Reply, replies
from patchlint.report.safe import cut_bytes, printable

_MARK = "From patchlint@localhost Thu Jan  1 00:00:00 1970\n"
_NAME = 100
_LINE = 900
_BASE = 12
_WHO = "(patchlint)"
_FROM = re.compile(r"^(>*From )", re.MULTILINE)


def render(report: Report, postings: Sequence[Series], manner: Manner = PLAIN) -> str:
    """Return the drafts as mboxrd, or "" where there is nothing to say."""
    return box(write(reply, manner) for reply in replies(report, postings, manner))


def box(drafts: Iterable[str]) -> str:
    """Return drafts as mboxrd."""
    written = (_FROM.sub(r">\1", draft) for draft in drafts)
    return "".join(f"{_MARK}{mail}\n" for mail in written)


def write(reply: Reply, manner: Manner = PLAIN) -> str:
    """Return a reply as RFC 5322 text with line feeds, 8 bit, UTF-8."""
    head, body = _headers(reply, manner), _body(reply, manner)
    return "".join(f"{line}\n" for line in (*head, "", *body))


def _headers(reply: Reply, manner: Manner) -> Iterator[str]:
    message = reply.message
    parents = (message.message_id,) if is_id(message.message_id) else ()
    # RFC 5322, 3.6.4: where a mail names no references, what it answers is one.
    above = message.references or (message.in_reply_to,)
    sender = _signed(manner)
    made = (
        addresses("From", (sender,) if sender else ()),
        addresses("To", reply.to),
        addresses("Cc", reply.cc),
        text("Subject", reply.subject),
        ids("In-Reply-To", parents),
        ids("References", (*above, *parents)),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "Auto-Submitted: auto-replied",
        text("X-Patchlint-Version", __version__),
        tokens(RULES, reply.rules) if reply.rules else "",
        tokens("X-Patchlint-Base", (reply.base,)) if reply.base else "",
        tokens(MARKS, reply.marks) if reply.marks else "",
    )
    return (header for header in made if header)


def sender_of(manner: Manner) -> str:
    """Return who sends as a header has it, on one line, or ""."""
    sender = _signed(manner)
    value = addresses("From", (sender,) if sender else ()).removeprefix("From:")
    return " ".join(value.split())


def _signed(manner: Manner) -> Address | None:
    """Return the sender with a name that says what wrote the mail."""
    sender = manner.sender
    if sender is None or sender.name.endswith(_WHO):
        return sender
    return replace(sender, name=f"{sender.name} {_WHO}".strip())


def _body(reply: Reply, manner: Manner) -> Iterator[str]:
    inner = tuple(_inner(reply))
    if manner.wrapping is None:
        yield from inner
    else:
        yield from manner.wrapping.around(inner, reply.message, reply.count)
        yield ""
    yield from _footer(reply, manner)


def _inner(reply: Reply) -> Iterator[str]:
    yield _attribution(reply.message)
    last = ""
    for block in reply.blocks:
        for line in _written(block):
            if line or last:
                yield line
            last = line
    if reply.rest:
        yield from (*reply.rest, "")


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


def _footer(reply: Reply, manner: Manner) -> Iterator[str]:
    """Yield the signature: what spoke on what, and how to run it again."""
    yield "-- "
    rules = ", ".join(map(printable, reply.rules[: reply.told] or reply.rules))
    base = f", base {printable(reply.base)[:_BASE]}" if reply.base else ""
    yield f"patchlint {__version__}{base}{': ' if rules else ''}{rules}"
    id_ = reply.message.message_id
    command = " ".join(("patchlint --format reply", *manner.options))
    if is_id(id_):
        yield f"b4 mbox -o - {shlex.quote(id_)} | {command} -"
    else:
        yield f"{command} FILE"
