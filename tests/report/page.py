# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a page as strictly as a browser is lenient."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"meta", "link", "input", "br", "col"})
_TAGS = """
html head title style script body header footer main nav section article div fieldset
legend label form p a b i span code pre mark h1 h2 h3 h4 ol ul li table caption colgroup
thead tbody tr th td details summary
"""
_ATTRIBUTES = """
lang charset http-equiv content name rel href class id title role type checked scope
colspan open tabindex aria-label
"""
TAGS = VOID | frozenset(_TAGS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())


@dataclass
class Element:
    """An element: its name, its attributes, its text with that of what is in it."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class Page(HTMLParser):
    """All elements of a page; each tag is known, and closed where it was opened."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        assert len({name for name, _ in attrs}) == len(attrs)
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(made)
        if self._open:
            self._open[-1].inside.append(made)
        if tag not in VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def of(self, name: str, class_: str = "") -> list[Element]:
        """Return the elements of a name, and of a class."""
        return [
            element
            for element in self.elements
            if element.name == name and (not class_ or class_ in element.classes)
        ]

    def by_id(self, name: str) -> Element:
        """Return the one element with an id."""
        (found,) = (e for e in self.elements if e.attributes.get("id") == name)
        return found
