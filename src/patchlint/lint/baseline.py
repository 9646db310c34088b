# SPDX-License-Identifier: GPL-2.0-or-later
"""What is known and not to be said for a while: a file with reasons, owners, an end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from msgspec import Struct

from patchlint.lint.selection import nearest
from patchlint.lint.settings import SettingsError
from patchlint.lint.settings_read import line_of, lines_of, parsed

_KEYS = ("rule", "fingerprint", "patch", "path", "text", "reason", "owner", "expires")
_NEEDED = ("rule", "fingerprint", "reason", "owner", "expires")
_HEAD = """\
# SPDX-License-Identifier: GPL-2.0-or-later
# What is known of these patches: "patchlint baseline update" keeps it, see
# docs/settings.md. Reasons, owners and dates are for people to write.
"""


class Entry(Struct, frozen=True):
    """A finding that is known: by its fingerprint, until the day it expires.

    ``patch`` is the subject of the patch it is of, ``path`` its file, ``text`` what is
    said; they are for readers, and tell where an entry could be of use at all.
    """

    rule: str
    fingerprint: str
    reason: str
    owner: str
    expires: date
    patch: str = ""
    path: str = ""
    text: str = ""
    place: str = ""


def parse_baseline(text: str, place: str) -> tuple[Entry, ...]:
    """Read a baseline; SettingsError names the file, the line and the key."""
    raw = parsed(text, place)
    if extra := [key for key in raw if key != "known"]:
        raise SettingsError(f"{place}: {extra[0][:100]}: not a key of a baseline")
    entries = raw.get("known", [])
    lines = lines_of(text)
    if not isinstance(entries, list):
        raise SettingsError(f"{place}: known: not an array of tables ([[known]])")
    return tuple(
        _entry(entry, f"{place}:{line_of(('known', str(number)), lines)}")
        for number, entry in enumerate(entries, 1)
    )


def _entry(raw: Any, place: str) -> Entry:
    if not isinstance(raw, dict):
        raise SettingsError(f"{place}: known: not a table")
    for key, value in raw.items():
        if key not in _KEYS:
            near = nearest(key, _KEYS)
            raise SettingsError(f"{place}: {key[:100]}: not a key of an entry{near}")
        is_day = isinstance(value, date) and not isinstance(value, datetime)
        if not (is_day if key == "expires" else isinstance(value, str)):
            what = "a day, such as 2027-01-31" if key == "expires" else "a string"
            raise SettingsError(f"{place}: {key}: not {what}")
    for key in _NEEDED:
        if not raw.get(key):
            raise SettingsError(f"{place}: {key}: missing")
    return Entry(**raw, place=place)


def written(entries: Iterable[Entry]) -> str:
    """Return the text of a baseline, in an order of its own."""
    key = attrgetter("path", "patch", "rule", "fingerprint")
    return _HEAD + "".join(_table(entry) for entry in sorted(entries, key=key))


def _table(entry: Entry) -> str:
    lines = [f"{key} = {_value(getattr(entry, key))}" for key in _KEYS]
    return "\n[[known]]\n" + "\n".join(lines) + "\n"


def _value(value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    kept = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
    # The escapes of JSON are those of TOML, but for what is above U+FFFF: left as is.
    return json.dumps(kept, ensure_ascii=False).replace("\x7f", "\\u007f")
