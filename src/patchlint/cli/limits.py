# SPDX-License-Identifier: GPL-2.0-or-later
"""``--limit NAME=VALUE``: the bounds of a run, by the names of their fields."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import asdict, replace

from patchlint.model.limits import DEFAULT_LIMITS, Limits


class LimitError(ValueError):
    """There is no such limit, or its value is none; the text says which."""


def parse_limits(given: Iterable[str]) -> Limits:
    """Return the usual limits with those that were given; the last of a name counts.

    Raises LimitError.
    """
    limits = DEFAULT_LIMITS
    for text in given:
        name, sign, value = text.partition("=")
        known = _known()
        if name not in known:
            raise LimitError(f"no limit is called {name!r}{_nearest(name, known)}")
        number = _number(value, known[name]) if sign else None
        if number is None:
            kind = "number" if isinstance(known[name], float) else "whole number"
            raise LimitError(f"{name}: {value!r} is not a {kind} above zero")
        limits = replace(limits, **{name.replace("-", "_"): number})
    return limits


def help_text() -> str:
    """Return the names of all limits, with their values."""
    known = _known().items()
    shown = ((n, f"{v:g}" if isinstance(v, float) else str(v)) for n, v in known)
    return ", ".join(f"{name}={value}" for name, value in shown)


def _known() -> dict[str, int | float]:
    fields = asdict(DEFAULT_LIMITS).items()
    return {name.replace("_", "-"): value for name, value in fields}


def _nearest(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1, cutoff=0)
    return f" (is it {near[0]}?)" if near else ""


def _number(text: str, usual: object) -> int | float | None:
    """Return a number of the kind that is usual; None where it is none, or too low."""
    try:
        number = float(text) if isinstance(usual, float) else int(text)
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None
