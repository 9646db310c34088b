# SPDX-License-Identifier: GPL-2.0-or-later
"""No pattern of ours can take exponential time, in a card or in the code."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import patchlint
from patchlint.lint.card import CardError, parse_card
from patchlint.lint.pattern import is_exponential
from tests.lint.test_card import CARD


@pytest.mark.parametrize(
    "text",
    [
        "(a*)*b",
        "(a+)+b",
        "(a{1,20}){1,20}b",
        "(a|a)*b",
        "(a|ab|b)*c",
        "(?:a?b?)*c",
        r"(?:\s*\w+)*x",
        r"(?:\w+ ?)+:",
        "(.*,)*x",
        "(?:(?:a|b)+)*c",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        r"Kconfig(?:[.\-_]\w+)*\Z",
        r"(?s:(?:[^\\\n]|\\.|\\\n)*)x",
        r"(?:/\*(?:[^*]|\*(?!/))*\*/|[^\\\n])*\\\n",
    ],
)
def test_two_ways_are_found(text: str) -> None:
    assert is_exponential(text)


@pytest.mark.parametrize(
    "text",
    [
        "a*b",
        "(ab)*",
        "(a|b)*c",
        "(?:a{1,3}b)+",
        r"(?:\w+\s+)*x",
        r"(?:,\s*\w+)*",
        r'"(?:[^"\\]|\\.)*"',
        r"(?:[^\\\n]|\\.|\\\n)*",
        r"/\*(?:[^*]|\*(?!/))*\*/",
        r"(__GFP_\w+ ?\| ?)*(GFP_(KERNEL|USER))( ?\| ?__GFP_\w+)*",
        r"(?:[^()]|[()])*+x",
        r"Kconfig(?:[.\-_]\w+(?:[.\-]\w+)*)?\Z",
        "(?i:[a-z]+-)*é",
    ],
)
def test_one_way_is_fine(text: str) -> None:
    assert not is_exponential(text)


@pytest.mark.parametrize("size", [500, 5000])
def test_a_long_pattern_is_no_trouble(size: int) -> None:
    is_exponential("(?:" + "|".join(f"word{n}" for n in range(size)) + ")*")


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every pattern that a module holds by a name."""
    for module in pkgutil.walk_packages(patchlint.__path__, "patchlint."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for found in spread(value):
                yield f"{module.name}.{name}", found


def spread(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from spread(inner)


def test_no_pattern_of_ours_has_two_ways() -> None:
    found = list(patterns())
    slow = []
    for name, pattern in found:
        raw: object = pattern.pattern
        text = raw.decode("latin-1") if isinstance(raw, bytes) else pattern.pattern
        if is_exponential(text, pattern.flags & ~re.UNICODE):
            slow.append(name)

    assert slow == []
    assert len(found) > 200


def test_a_card_with_an_endless_pattern_is_refused() -> None:
    card = CARD + "\n[options]\nfine = ['a+']\nslow = ['x', '(a+)+b']\n"
    with pytest.raises(CardError, match=r"^msg/x: options: slow: '\(a\+\)\+b' can tak"):
        parse_card(card.replace("[options]\n[options]", "[options]"), "msg/x")


HOSTILE = 250_000


def test_a_define_full_of_comments_is_read_at_once() -> None:
    from patchlint.syntax.mask import _JOINED

    assert not _JOINED.search(b"#define x " + b"/**/" * HOSTILE)
    assert _JOINED.search(b"#define x /* a \\\n b */ c\n")
    assert _JOINED.search(b"#define x /* a\n b */ c \\\n d\n")


def test_a_name_full_of_signs_is_read_at_once() -> None:
    from patchlint.syntax.tree_files import is_indexed

    assert is_indexed("Kconfig" + "_a" * HOSTILE + " ") == ""
    names = ("Kconfig", "Kconfig.debug", "Kconfig-a_b.x", "Kconfig_x")
    assert [is_indexed(name) for name in names] == ["kconfig"] * 4
    assert [is_indexed(name) for name in ("Kconfig.", "Kconfigx", "aKconfig.a-")] == (
        ["", "", ""]
    )
