# SPDX-License-Identifier: GPL-2.0-or-later
"""What a file of the kernel names, and whom it names."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class SymbolKind(StrEnum):
    """What a symbol is where it stands."""

    FUNCTION = "function"
    ROUTINE = "routine"
    PROTOTYPE = "prototype"
    VARIABLE = "variable"
    EXTERN = "extern"
    PERCPU = "percpu"
    PERCPU_EXTERN = "percpu-extern"
    MACRO = "macro"
    TYPE = "type"
    EXPORT = "export"
    CONFIG = "config"
    OBJECT = "object"


class Symbol(Struct, frozen=True):
    """A name a file defines, declares or exports, at a line from 1.

    ``text`` is what stands before the body or the initialiser, on one line and
    without comments: attributes, type, parameters. ``arms`` are the ``#if``
    conditions around it, outermost first. A ROUTINE is assembly. An OBJECT is a
    line of a Makefile, with its condition as ``text``; a CONFIG a Kconfig symbol,
    with its type.
    """

    name: str
    kind: SymbolKind
    line: int
    text: str = ""
    arms: tuple[str, ...] = ()


class Use(Struct, frozen=True):
    """``holder`` calls ``name``, or passes it on.

    ``role`` is "" for a call, the callee for a name that stands alone as an argument,
    and ``.field`` for an initialiser, whose holder is the variable. A macro holds what
    its text uses; at the top level, the macro that is called holds.
    """

    name: str
    holder: str
    role: str
    line: int


class FileFacts(Struct, frozen=True):
    """The symbols and the uses of one file, in the order of its lines."""

    symbols: tuple[Symbol, ...]
    uses: tuple[Use, ...]


class Placed(Struct, frozen=True):
    """A symbol, or a use, and the file it stands in."""

    path: str
    symbol: Symbol


class PlacedUse(Struct, frozen=True):
    """A use and the file it stands in."""

    path: str
    use: Use
