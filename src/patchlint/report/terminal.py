# SPDX-License-Identifier: GPL-2.0-or-later
"""The same as plain text, in colour and with links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from patchlint.model.finding import Report
from patchlint.model.series import Series
from patchlint.report.layout import layout
from patchlint.report.look import Look
from patchlint.report.rows import Piece, Role

_STYLES: Mapping[Role, str] = {
    Role.TITLE: "bold",
    Role.PLACE: "cyan",
    Role.GUTTER: "dim",
    Role.CONTEXT: "dim",
    Role.CARETS: "bold green",
    Role.ERROR: "bold red",
    Role.WARNING: "bold magenta",
    Role.QUESTION: "bold blue",
    Role.NIT: "bold cyan",
    Role.NOTE: "dim",
    Role.RULE: "dim",
    Role.SUGGESTION: "green",
}


def render(report: Report, postings: Sequence[Series], look: Look) -> str:
    """Return the report with ANSI colours, and links to files where there are any.

    What is quoted is not cut at the width: a line that is too long wraps where the
    terminal ends. The styles go straight to text, past rich's console, which would
    look at the environment and expand tabs.
    """
    # Loading rich takes 50 ms, which only those who see colours should pay.
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {role: Style.parse(text) for role, text in _STYLES.items()}
    plain = Style()
    return "".join(
        "".join(
            _linked(
                piece,
                styles.get(piece.role, plain).render(
                    piece.text, color_system=ColorSystem.STANDARD
                ),
                look,
            )
            for piece in row
        )
        + "\n"
        for row in layout(report, postings, look)
    )


def _linked(piece: Piece, painted: str, look: Look) -> str:
    """Put the sequences of OSC 8 around a piece that leads somewhere.

    The terminal obeys what stands between them, so that is ours: a URL in ASCII.
    """
    url = look.link(*piece.leads) if piece.leads else ""
    if not url or not url.isascii() or not url.isprintable():
        return painted
    return f"\x1b]8;;{url}\x1b\\{painted}\x1b]8;;\x1b\\"
