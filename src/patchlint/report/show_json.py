# SPDX-License-Identifier: GPL-2.0-or-later
"""What was understood, for programs: version 1 of docs/schema/show-v1.json.

The schema is a contract like that of the report; keys are sorted.
"""

from __future__ import annotations

from collections.abc import Iterable

from patchlint import __version__
from patchlint.model.change import FileChange, Hunk, Kind
from patchlint.model.defect import Defect
from patchlint.model.image import Image
from patchlint.model.message import Address, Message
from patchlint.model.series import Footer, Patch, Series
from patchlint.report.json import Json, clean, dump
from patchlint.report.shown import (
    Shown,
    Stack,
    after,
    before,
    counted,
    defects_of_mail,
    kind_of,
)
from patchlint.series.images import Images

SCHEMA = 1


def render(shown: Shown) -> str:
    """Return all that was read as JSON in ASCII, with sorted keys."""
    intake = shown.intake
    postings = zip(intake.postings, shown.stacks, strict=True)
    value: Json = {
        "schema": SCHEMA,
        "tool": {"name": "patchlint", "version": __version__},
        "counts": _counts(shown),
        "postings": [_series(series, stack) for series, stack in postings],
        "other_mails": [_other(mail) for mail in shown.others],
        "defects": _defects(intake.defects),
    }
    return dump(value, sort_keys=True)


def _counts(shown: Shown) -> Json:
    intake = shown.intake
    return {
        "mails": len(intake.messages),
        "postings": len(intake.postings),
        "patches": sum(len(series.patches) for series in intake.postings),
        "other_mails": len(shown.others),
        "defects": len(shown.defects),
        "limits_hit": len(shown.limits),
    }


def _series(series: Series, stack: Stack) -> Json:
    patches = zip(series.patches, stack, strict=True)
    return {
        "title": clean(series.head.subject.text),
        "version": series.version,
        "total": series.total,
        "complete": not series.missing,
        "missing": list(series.missing),
        "base_commit": clean(series.base_commit) or None,
        "footers": [_footer(footer) for footer in series.footers],
        "superseded": [_head(message) for message in series.superseded],
        "thread": [clean(message.message_id) for message in series.thread],
        "cover": _mail(series, series.cover) if series.cover else None,
        "patches": [_patch(series, patch, images) for patch, images in patches],
        "defects": _defects(series.defects),
    }


def _footer(footer: Footer) -> Json:
    return {
        "key": clean(footer.key),
        "value": clean(footer.value),
        "message_id": clean(footer.message_id),
        "line": footer.line,
    }


def _patch(series: Series, patch: Patch, images: Iterable[Images]) -> Json:
    parts = patch.parts
    return {
        "position": patch.position,
        "author": _address(patch.message.author or patch.message.sender),
        "mail": _mail(series, patch.message),
        "log": _range(parts.log),
        "notes": _range(parts.notes),
        "diff": _range(parts.diff),
        "trailers": [
            {"token": clean(t.token), "value": clean(t.value), "line": t.line}
            for t in parts.trailers
        ],
        "files": [_file(entry) for entry in images],
    }


def _mail(series: Series, message: Message) -> Json:
    return {
        **_head(message),
        "prefixes": [clean(word) for word in message.subject.prefixes],
        "date": clean(message.date),
        "to": [_address(address) for address in message.to],
        "cc": [_address(address) for address in message.cc],
        "lines": len(message.lines),
        "defects": _defects(defects_of_mail(series, message)),
    }


def _other(message: Message) -> Json:
    return {
        **_head(message),
        "reply": message.subject.reply,
        "defects": _defects(message.defects),
    }


def _head(message: Message) -> Json:
    return {
        "message_id": clean(message.message_id),
        "in_reply_to": clean(message.in_reply_to) or None,
        "subject": clean(message.subject.text),
        "from": _address(message.sender),
    }


def _file(entry: Images) -> Json:
    change = entry.change
    return {
        **_paths(change),
        "kind": kind_of(change),
        "binary": change.binary,
        "submodule": change.is_submodule,
        "symlink": change.is_symlink,
        "old_mode": clean(change.old_mode) or None,
        "new_mode": clean(change.new_mode) or None,
        "similarity": change.similarity,
        "incomplete": change.incomplete,
        "old_blob": clean(change.old_oid) or None,
        "new_blob": clean(change.new_oid) or None,
        "mail_line": change.mail,
        "added": counted(change.hunks, Kind.ADDED),
        "removed": counted(change.hunks, Kind.REMOVED),
        "hunks": [_hunk(hunk) for hunk in change.hunks],
        "before": _image(entry.old),
        "after": _image(entry.new),
        "before_from": entry.origin.value,
    }


def _paths(change: FileChange) -> Json:
    old, new = change.old_path, change.new_path
    return {
        "old_path": None if old is None else clean(old),
        "new_path": None if new is None else clean(new),
    }


def _hunk(hunk: Hunk) -> Json:
    return {
        "old_start": before(hunk).start,
        "old_lines": before(hunk).count,
        "new_start": after(hunk).start,
        "new_lines": after(hunk).count,
        "added": counted((hunk,), Kind.ADDED),
        "removed": counted((hunk,), Kind.REMOVED),
        "heading": clean(hunk.heading),
        "mail_line": hunk.mail,
    }


def _image(image: Image | None) -> Json | None:
    if image is None:
        return None
    lines = len(image.numbers)
    return {"whole": image.whole, "proven": image.proven, "lines": lines}


def _defects(defects: Iterable[Defect]) -> list[Json]:
    return [
        {
            "kind": defect.kind.value,
            "text": clean(defect.text),
            "line": defect.line,
            "hides": defect.hides,
        }
        for defect in defects
    ]


def _address(address: Address) -> Json:
    return {"name": clean(address.name), "mailbox": clean(address.mailbox)}


def _range(lines: range) -> Json | None:
    return {"first": lines.start, "last": lines.stop - 1} if lines else None
