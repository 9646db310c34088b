# SPDX-License-Identifier: GPL-2.0-or-later
"""The colours, light and dark, and when which of them holds.

Every pair of text and ground has a contrast of 4.5 at least (WCAG 2.2, 1.4.3), which
the tests in the browser measure.
"""

from __future__ import annotations

from collections.abc import Mapping

# Each in light and in dark.
_COLOURS: Mapping[str, tuple[str, str]] = {
    "bg": ("#ffffff", "#0f1419"),
    "panel": ("#f4f6f8", "#1a2129"),
    "fg": ("#1c2127", "#d8dee6"),
    "muted": ("#57606a", "#9aa6b2"),
    "faint": ("#57606a", "#8f9ba7"),
    "line": ("#d8dee4", "#2c3640"),
    "link": ("#0a54b0", "#7cb8ff"),
    "shade": ("#0000000f", "#00000000"),
    "error": ("#b3211b", "#ff8f86"),
    "warning": ("#8a4b00", "#edb363"),
    "question": ("#0b57a4", "#7fbcff"),
    "nit": ("#0b6468", "#63cbc4"),
    "plus": ("#136030", "#6fd08c"),
    "add": ("#ebf8ee", "#11271a"),
    "addn": ("#dcf2e1", "#163322"),
    "del": ("#fdefee", "#2c1719"),
    "deln": ("#fae2e0", "#3a1d20"),
    "hunk": ("#eff3f8", "#161e2a"),
    "mark": ("#ffe9a3", "#51430f"),
    "k": ("#7a2180", "#d8a4e6"),
    "c": ("#545d66", "#97a3af"),
    "s": ("#0b4f8a", "#9cc9f5"),
    "n": ("#0a4fa8", "#8fc1ff"),
    "p": ("#7c4100", "#e3b178"),
    "f": ("#4c37a8", "#b8b0f5"),
    "l": ("#7c4100", "#e3b178"),
    "v": ("#0b5c60", "#7fd0c8"),
}


def palette() -> str:
    """Return the rules of style that set the colours.

    What a reader chose wins over what the system says, and paper is white.
    """
    light, dark = _rules(0), _rules(1)
    return "\n".join(
        (
            f":root{{{light}}}",
            f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}",
            f"@media screen{{:root:has(#light-light:checked){{{light}}}",
            f":root:has(#light-dark:checked){{{dark}}}}}",
            "",
        )
    )


def _rules(side: int) -> str:
    scheme = ("light", "dark")[side]
    pairs = (f"--{name}:{both[side]}" for name, both in _COLOURS.items())
    return f"color-scheme:{scheme};{';'.join(pairs)}"
