# SPDX-License-Identifier: GPL-2.0-or-later
"""What a rule forbids, and which event comes down to it.

================  ==================================================================
option            what it says (patterns)
================  ==================================================================
forbid            calls, and CURRENT
forbid_call       whole calls, with their arguments
forbid_argument   arguments that make calls named ``forbid_with`` forbidden ones
forbid_asm        text of an ``asm``
forbid_without    words; a call of a function that is defined without one is forbidden
allow             calls that are not forbidden after all
helpers           ``none``: only the call itself counts; ``inline``: an inline function
                  is what any of its calls is; ``inlined``: what none of its paths
                  gets by; ``always``: so is any function of the program
================  ==================================================================
"""

from __future__ import annotations

import re

from msgspec import Struct

from patchlint.analysis import c_file, sections
from patchlint.analysis.c_file import arguments
from patchlint.analysis.flow import Event
from patchlint.analysis.flow_build import watching
from patchlint.analysis.regions import unavoidable
from patchlint.lint.context import Program, Source, tree_of
from patchlint.lint.options import NOTHING, Options
from patchlint.model.finding import Step
from patchlint.syntax.c import Item

_DEEP = 4
_INLINE = re.compile(r"\b(?:inline|__always_inline)\b")
_STATIC = re.compile(r"\bstatic\b")


class Forbidden(Struct, frozen=True):
    """What must not happen."""

    calls: re.Pattern[str]
    texts: re.Pattern[str]
    arguments: re.Pattern[str]
    takers: re.Pattern[str]
    asm: re.Pattern[str]
    without: frozenset[str]
    allowed: re.Pattern[str]
    helpers: str


class Offence(Struct, frozen=True):
    """What is wrong with an event, in words, and the steps inside its callee."""

    text: str
    trace: tuple[Step, ...] = ()

    @property
    def innermost(self) -> str:
        """Return the call it comes down to."""
        return self.text.rpartition(" calls ")[2].rstrip(",")


def forbidden(options: Options) -> Forbidden:
    """Read the options of what is forbidden."""
    return Forbidden(
        calls=options.some_pattern("forbid"),
        texts=options.some_pattern("forbid_call"),
        arguments=options.some_pattern("forbid_argument"),
        takers=options.some_pattern("forbid_with"),
        asm=options.some_pattern("forbid_asm"),
        without=frozenset(options.some_words("forbid_without")),
        allowed=options.some_pattern("allow"),
        helpers=options.text("helpers", "inline"),
    )


def offence(program: Program, event: Event, banned: Forbidden) -> Offence | None:
    """Return what is wrong with an event, or None."""
    if event.kind == "asm":
        return Offence("this asm") if banned.asm.search(event.node.text) else None
    if event.kind == "name":
        return Offence(event.name) if _named(event.name, banned) else None
    if event.kind != "call":
        return None
    look = _inlined if banned.helpers in ("inline", "none") else _unavoidable
    return look(program, event, banned, 0 if banned.helpers == "none" else _DEEP)


def speaks_of(words: frozenset[str], banned: Forbidden) -> bool:
    """Say, at a glance, whether a function may do itself what is forbidden."""
    return any(banned.calls.fullmatch(word) for word in words)


def may_offend(
    program: Program, item: Item, words: frozenset[str], banned: Forbidden
) -> bool:
    """Say, at a glance, whether anything in a function may come down to an offence.

    ``words`` are those of its text. Without a word that is forbidden, or a function of
    the program that could be followed, there is nothing to look for.
    """
    if banned.without or banned.texts is not NOTHING or banned.asm is not NOTHING:
        return True
    return any(
        banned.calls.fullmatch(word)
        or banned.takers.fullmatch(word)
        or (word != item.name and c_file.function(program, word) is not None)
        for word in words
    )


def is_marked(program: Program, name: str, words: frozenset[str]) -> bool | None:
    """Say whether a function is defined with one of ``words``; None: not known.

    The touched files know best, then the tree.
    """
    found = c_file.function(program, name)
    if found is not None:
        return not words.isdisjoint(c_file.marks(*found))
    tree = tree_of(program)
    return None if tree is None else sections.is_marked(tree, name, words)


def _named(name: str, banned: Forbidden) -> bool:
    return not banned.allowed.fullmatch(name) and bool(banned.calls.fullmatch(name))


def _itself(program: Program, event: Event, banned: Forbidden) -> str:
    """Return what is forbidden in a call by its own name and arguments, or ""."""
    name = event.name
    if _named(name, banned):
        return f"{name}()"
    if banned.without and is_marked(program, name, banned.without) is False:
        return f"{name}()"
    for argument in arguments(event.node) if banned.takers.fullmatch(name) else ():
        if banned.arguments.fullmatch(" ".join(argument.text.split())):
            return f"{name}({argument.text})"
    text = " ".join(event.node.text.split())
    return f"{name}()" if banned.texts.fullmatch(text) else ""


def _inlined(
    program: Program, event: Event, banned: Forbidden, left: int
) -> Offence | None:
    """An inline function of the program is what any of its calls is."""
    if banned.allowed.fullmatch(event.name):
        return None
    found = c_file.function(program, event.name) if left else None
    if found is None or not _INLINE.search(_head(found[1])):
        text = _itself(program, event, banned)
        return Offence(text) if text else None
    for name, call in c_file.calls(c_file.tree(*found)):
        inner = _inlined(program, Event("call", name, call), banned, left - 1)
        if inner is not None:
            return Offence(f"{event.name}(), which calls {inner.innermost}")
    return None


def _unavoidable(
    program: Program, event: Event, banned: Forbidden, left: int
) -> Offence | None:
    """A function of the program is what none of its paths gets by."""
    if banned.allowed.fullmatch(event.name):
        return None
    found = c_file.function(program, event.name) if left else None
    text = _itself(program, event, banned)
    if text and not _is_private(found, banned):
        return Offence(text)
    if found is None:
        return None
    if banned.helpers == "inlined" and not _INLINE.search(_head(found[1])):
        return None
    return _inside_helper(program, event, banned, left, found)


def _is_private(found: tuple[Source, Item] | None, banned: Forbidden) -> bool:
    """Say whether a function has a known name and is not what is known by it."""
    if found is None or banned.without:
        return False
    return _STATIC.search(_head(found[1])) is not None


def _inside_helper(
    program: Program,
    event: Event,
    banned: Forbidden,
    left: int,
    found: tuple[Source, Item],
) -> Offence | None:
    source, item = found
    made = source.facts.of(watching, (c_file.tree(source, item), frozenset()))
    if made.unknown:
        return None
    below: dict[int, Offence | None] = {}

    def test(inner: Event) -> bool:
        if inner.kind == "call" and id(inner) not in below:
            below[id(inner)] = _unavoidable(program, inner, banned, left - 1)
        return below.get(id(inner)) is not None

    met = unavoidable(made, test)
    inner = below.get(id(met)) if met is not None else None
    if met is None or inner is None:
        return None
    step = Step(source.at(met.node.span), met.node.text.split("\n")[0], item.name)
    return Offence(
        f"{event.name}(), which calls {inner.innermost},", (step, *inner.trace)
    )


def _head(item: Item) -> str:
    return item.text.partition("{")[0]
