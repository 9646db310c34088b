# SPDX-License-Identifier: GPL-2.0-or-later
"""What is to be left alone: a list that people own."""

from __future__ import annotations

import re

from msgspec import Struct

from patchlint.report.header import is_mailbox

_RULE = re.compile(r"[a-z0-9]+/[a-z0-9-]+")
_MARK = re.compile(r"[0-9a-f]{8,16}")
_LONG = 100


class MuteError(ValueError):
    """A line of a list that says nothing known; names it."""


class Mutes(Struct, frozen=True):
    """Addresses in lower case that want no mail, and rules and findings to be silent
    about."""

    addresses: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()


def parse_mutes(text: str) -> Mutes:
    """Read a list: an address, ``@domain``, a rule or a finding a line, ``#`` comments.

    An address may be an author's or a list's; nothing sent to it is answered.
    """
    addresses: set[str] = set()
    names: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        word = line.partition("#")[0].strip().lower()
        if not word:
            continue
        if is_mailbox(word) or (word[0] == "@" and is_mailbox(f"any{word}")):
            addresses.add(word)
        elif _RULE.fullmatch(word) or _MARK.fullmatch(word):
            names.add(word)
        else:
            what = "no address, no rule and no finding"
            raise MuteError(f"line {number}: {word[:_LONG]!r}: {what}")
    return Mutes(frozenset(addresses), frozenset(names))
