# SPDX-License-Identifier: GPL-2.0-or-later
"""A mail as ``git send-email`` will send it: headers of its own, the text of a file.

What the hook is given are both: the file as it is on disk, and since git 2.41 a file of
the headers that go out (githooks(5), sendemail-validate).
"""

from __future__ import annotations

from collections.abc import Iterator

_BODY = (b"content-", b"mime-version")


def as_sent(mail: bytes, headers: bytes) -> bytes:
    """Return the mail with the headers that go out; those on its text are its own.

    git puts the author above the text where somebody else sends the patch.
    """
    if not headers.strip():
        return mail
    head, blank, text = _taken_apart(mail)
    old = _fields(head)
    new = [f for f in _fields(headers) if not _name(f).startswith(_BODY)]
    names = {_name(field) for field in new}
    kept = [field for field in old if _name(field) not in names]
    author, sender = _value(old, b"from"), _value(new, b"from")
    above = b"" if author in (b"", sender) else b"From: " + author + b"\n\n"
    return b"".join((*new, *kept, blank or b"\n", above, text))


def _taken_apart(mail: bytes) -> tuple[bytes, bytes, bytes]:
    """Return headers, the empty line, the text; without the line of an mbox."""
    if mail.startswith(b"From "):
        mail = mail.partition(b"\n")[2]
    for blank in (b"\n", b"\r\n"):
        head, found, text = mail.partition(blank * 2)
        if found:
            return head + blank, blank, text
    return mail, b"", b""


def _fields(head: bytes) -> list[bytes]:
    """Return each header with the lines it goes on, and their ends."""
    return list(_unfolded(head))


def _unfolded(head: bytes) -> Iterator[bytes]:
    field = b""
    for line in head.splitlines(keepends=True):
        if line[:1] in (b" ", b"\t") and field:
            field += line
            continue
        if field:
            yield field
        field = line if b":" in line else b""
    if field:
        yield field if field.endswith(b"\n") else field + b"\n"


def _name(field: bytes) -> bytes:
    return field.partition(b":")[0].strip().lower()


def _value(fields: list[bytes], name: bytes) -> bytes:
    """Return the value of a header in one line, or nothing."""
    start = name + b":"
    found = next((f for f in fields if f.lower().startswith(start)), b"")
    return b" ".join(found[len(start) :].split())
