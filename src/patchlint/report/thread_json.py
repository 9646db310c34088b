# SPDX-License-Identifier: GPL-2.0-or-later
"""What was said about a series, for programs: version 1 of docs/schema/thread-v1.json.

The schema is a contract like that of the report; keys are sorted.
"""

from __future__ import annotations

from collections.abc import Iterable

from patchlint import __version__
from patchlint.model.location import InFile, Side
from patchlint.model.message import Address
from patchlint.model.remark import GivenTag, Remark
from patchlint.report.json import Json, clean, dump
from patchlint.report.talked import Said, Talked

SCHEMA = 1
_SIDES = {Side.OLD: "old", Side.NEW: "new"}


def render(talked: Iterable[Talked]) -> str:
    """Return all remarks and tags as JSON in ASCII, with sorted keys."""
    value: Json = {
        "schema": SCHEMA,
        "tool": {"name": "patchlint", "version": __version__},
        "postings": [_posting(entry) for entry in talked],
    }
    return dump(value, sort_keys=True)


def _posting(entry: Talked) -> Json:
    series = entry.series
    return {
        "title": clean(series.head.subject.text),
        "version": series.version,
        "total": series.total,
        "message_id": clean(series.head.message_id),
        "replies": len(series.thread),
        "mails": [_mail(said) for said in entry.by_mail()],
    }


def _mail(said: Said) -> Json:
    message = said.message
    return {
        "message_id": clean(message.message_id),
        "position": message.subject.position,
        "subject": clean(message.subject.text),
        "remarks": [_remark(remark, said) for remark in said.remarks],
        "tags": [_tag(tag) for tag in said.tags],
    }


def _remark(remark: Remark, said: Said) -> Json:
    quote = said.message.line(remark.line) if remark.line else None
    return {
        "author": _address(remark.author),
        "message_id": clean(remark.message_id),
        "start": remark.start,
        "mail_line": remark.line or None,
        "first_mail_line": remark.first or None,
        "quote": None if quote is None else clean(quote),
        **_where(remark.where),
        "columns": list(remark.points),
        "kind": remark.kind.value,
        "answers": clean(remark.answers) or None,
        "text": [clean(line) for line in remark.text],
    }


def _where(where: InFile | None) -> Json:
    if where is None:
        return {"path": None, "side": None, "line": None}
    return {
        "path": clean(where.path),
        "side": _SIDES[where.side],
        "line": where.span.line,
    }


def _tag(tag: GivenTag) -> Json:
    return {
        "token": clean(tag.token),
        "value": clean(tag.value),
        "author": _address(tag.author),
        "message_id": clean(tag.message_id),
        "line": tag.line,
        "patches": list(tag.patches),
    }


def _address(address: Address) -> Json:
    return {"name": clean(address.name), "mailbox": clean(address.mailbox)}
