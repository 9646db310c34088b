# SPDX-License-Identifier: GPL-2.0-or-later
"""Split an mbox into the mails it holds."""

from __future__ import annotations

import re

_MARK = re.compile(
    rb"^From (?P<who>\S+)[^\n]* \d\d:\d\d:\d\d [^\n]*\d{4}[^\n]*\n(?=[!-9;-~]+:)", re.M
)
_LOOSE = re.compile(rb"From [^\n]*\n(?=[!-9;-~]+:)")
_PATCH = re.compile(rb"From [0-9a-f]{40,64} Mon Sep 17 00:00:00 2001\r?\n")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)

_MBOXRD = (b"mboxrd@z", b"mboxrd")


def split_mbox(raw: bytes) -> tuple[bytes, ...]:
    """Return each mail without its ``From `` line.

    A mark stands at the start of the text or after an empty line, ends with a time
    and a year, and is followed by a header field. One of ``git format-patch`` needs
    no empty line: files of patches without a signature are joined like that.

    A text that does not begin with a mark is a single mail, even where it quotes one:
    ``git format-patch`` output that is itself about mail does that. A single mail may
    begin with a ``From `` line of another form; it is left out too. Only files that
    call themselves mboxrd quote every ``From `` line
    (https://www.loc.gov/preservation/digital/formats/fdd/fdd000385.shtml), so only
    there one ``>`` is taken away.
    """
    raw = raw.lstrip(b"\r\n") if raw[:1] in b"\r\n" else raw
    if not _MARK.match(raw):
        loose = _LOOSE.match(raw)
        return (raw[loose.end() if loose else 0 :],) if raw.strip() else ()
    marks = [found for found in _MARK.finditer(raw) if _begins(raw, found)]
    ends = [found.start() for found in marks[1:]] + [len(raw)]
    return tuple(
        _unquote(raw[mark.end() : end], mark["who"])
        for mark, end in zip(marks, ends, strict=True)
    )


def _begins(raw: bytes, mark: re.Match[bytes]) -> bool:
    start = mark.start()
    after_blank = start == 0 or raw.endswith((b"\n\n", b"\n\r\n"), 0, start)
    return after_blank or _PATCH.match(mark[0]) is not None


def _unquote(mail: bytes, who: bytes) -> bytes:
    return _QUOTED.sub(rb"\1", mail) if who in _MBOXRD else mail
