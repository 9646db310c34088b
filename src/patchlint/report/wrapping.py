# SPDX-License-Identifier: GPL-2.0-or-later
"""Text around the body of a reply, as the templates of ``b4 ty`` have it.

``${body}`` stands in a line of its own; the other keys are those of the mail that is
answered: ``${fromname}``, ``${fromemail}``, ``${sentdate}``, ``${subject}``,
``${msgid}``, and ``${count}``, how many remarks there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import Template

from msgspec import Struct

from patchlint.model.message import Message
from patchlint.report.safe import cut, lines_of

_BODY = "body"
_KEYS = (_BODY, "count", "fromemail", "fromname", "msgid", "sentdate", "subject")
_LONG = 200
_LAST = 900
_TAG = re.compile(r"\s*[\w-]+-by\s*:", re.IGNORECASE)
_END = "-- "


class WrappingError(ValueError):
    """A template that cannot be used; says why."""


class Wrapping(Struct, frozen=True):
    """A template that was checked: its lines above the body, and those below."""

    above: tuple[str, ...]
    below: tuple[str, ...]

    def around(
        self, body: Sequence[str], message: Message, count: int
    ) -> Iterator[str]:
        """Yield the lines of the template with the body in its place."""
        values = _values(message, count)
        yield from (_filled(line, values) for line in self.above)
        yield from body
        yield from (_filled(line, values) for line in self.below)


def parse_wrapping(text: str) -> Wrapping:
    """Check a template; WrappingError for unknown keys, a missing body, or a tag."""
    lines = lines_of(text.rstrip("\n"))
    at = [number for number, line in enumerate(lines) if line.strip() == "${body}"]
    if len(at) != 1:
        raise WrappingError("${body} has to stand in one line, and alone there")
    above, below = lines[: at[0]], lines[at[0] + 1 :]
    for line in (*above, *below):
        _check(line)
    return Wrapping(above, below)


def _check(line: str) -> None:
    template = Template(line)
    if not template.is_valid():
        raise WrappingError(f"{line!r}: $$ stands for a dollar")
    for key in template.get_identifiers():
        if key not in _KEYS or key == _BODY:
            known = ", ".join(key for key in _KEYS)
            raise WrappingError(f"${{{key}}}: no key; there are {known}")
    if _TAG.match(line):
        raise WrappingError(f"{line!r}: a tool gives no tags")
    if line.rstrip() == _END.rstrip():
        raise WrappingError("the signature is added below")


def _values(message: Message, count: int) -> Mapping[str, str]:
    given = {
        "fromname": message.sender.name or message.sender.mailbox,
        "fromemail": message.sender.mailbox,
        "sentdate": message.date,
        "subject": message.subject.text,
        "msgid": message.message_id,
    }
    return {key: cut(value, _LONG) for key, value in given.items()} | {
        "count": str(count)
    }


def _filled(line: str, values: Mapping[str, str]) -> str:
    """Return a line with its values, none of which can make a tag or an end of it."""
    filled = cut(Template(line).substitute(values), _LAST)
    if _TAG.match(filled):
        return f"| {filled.strip()}"
    return f" {filled}" if filled.startswith((">", "--")) else filled
