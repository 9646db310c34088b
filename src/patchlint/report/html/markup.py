# SPDX-License-Identifier: GPL-2.0-or-later
"""HTML that cannot be forgotten to be escaped.

A ``str`` is text: it is made printable and escaped wherever it goes. Only ``Html`` is
put into a page as it is, and only ``tag``, ``text`` and ``join`` make it.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from msgspec import Struct

from patchlint.report.safe import printable

_VOID = frozenset({"meta", "link", "input", "br", "col"})
Value = str | int | bool | None


class Html(Struct, frozen=True):
    """A piece of a page, ready to be written."""

    source: str


Piece = Html | str
NOTHING = Html("")


def text(words: str) -> Html:
    """Return text as HTML: hidden characters visible, nothing in it obeyed."""
    return Html(escape(printable(words)))


def join(pieces: Iterable[Piece], between: str = "") -> Html:
    """Return pieces in a row."""
    return Html(text(between).source.join(_source(piece) for piece in pieces))


def tag(name: str, /, *pieces: Piece, **attributes: Value) -> Html:
    """Return an element.

    ``class_`` and ``for_`` stand for the words of Python, ``aria_label`` for
    ``aria-label``. True gives an attribute without a value, None and False none.
    """
    head = "".join(
        _attribute(key, value)
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Html(f"<{name}{head}>")
    inner = "".join([_source(piece) for piece in pieces])
    return Html(f"<{name}{head}>{inner}</{name}>")


def _source(piece: Piece) -> str:
    return piece.source if isinstance(piece, Html) else text(piece).source


def _attribute(key: str, value: Value) -> str:
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{text(str(value)).source}"'
