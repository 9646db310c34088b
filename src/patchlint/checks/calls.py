# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about calls that a patch adds: what to call, or to test by, instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.comment_text import Line, changed_code, code
from patchlint.analysis.paths import is_covered
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import Span
from patchlint.syntax.layout import layout

_BIT = r"(?:BIT(?:_ULL)?\(\s*\d+\s*\)|\(?1U?L{0,2}\s*<<\s*\d+\)?)"
_CPUID = r"\b(?:native_)?cpuid"
_TESTED = re.compile(
    rf"(?:{_CPUID}_e[abcd]x\([^()\n]{{1,80}}\)|(?<![\w.>&*])(?P<name>[A-Za-z_]\w*))"
    rf"[ ]?&[ ]?{_BIT}"
)
_FILLED = re.compile(rf"{_CPUID}(?:_count)?\(([^();]{{1,200}})\);")
_TAKEN = re.compile(r"&\s*(\w+)")
_END = re.compile(r"^\}", re.MULTILINE)


def discouraged_call(program: Program, options: Options) -> Iterator[Match]:
    """A patch adds a call for which there is a better one.

    ``calls`` name the functions, ``arguments`` what their arguments look like,
    ``instead`` the function to use, ``because`` the reason; ``paths`` and ``but_not``
    say where. A call that moves is not new: its text is the key.
    """
    names = "|".join(re.escape(name) for name in options.words("calls"))
    arguments = options.pattern("arguments").pattern
    pattern = re.compile(rf"(?<![\w.>])({names})\(\s*({arguments})\s*\)")
    (instead,) = options.words("instead")
    because = " ".join(options.words("because"))
    for source in program.written_in("c"):
        if not is_covered(options, source.path):
            continue
        for line in changed_code(source):
            for hit in pattern.finditer(line.text):
                yield Match(
                    where=source.at(_span(line, hit)),
                    message=f"Use {instead}() rather than {hit[1]}() here: {because}",
                    suggestion=f"{instead}({hit[2]})",
                    key=f"{hit[1]}({' '.join(hit[2].split())})",
                )


def cpuid_bit_literal(program: Program, _: Options) -> Iterator[Match]:
    """A register of a CPUID leaf is tested with the number of a bit."""
    for source in program.written_in("c"):
        if "cpuid" not in source.image.text:
            continue
        locals_ = _filled(source)
        for line in changed_code(source):
            for hit in _TESTED.finditer(line.text):
                name = hit["name"]
                if name is None or line.number in locals_.get(name, ()):
                    yield Match(
                        where=source.at(_span(line, hit)),
                        message=(
                            "This bit of a CPUID leaf has no name. Use its "
                            "X86_FEATURE flag, or give it a #define."
                        ),
                        key=" ".join(hit[0].split()),
                    )


def _filled(source: Source) -> dict[str, set[int]]:
    """Return the locals that cpuid() fills, and the lines of the functions it is in."""
    text, places = code(source), layout(source.image)
    ends = [hit.end() for hit in _END.finditer(text)]
    found: dict[str, set[int]] = {}
    for begin, end in zip([0, *ends], [*ends, len(text)], strict=True):
        firsts: dict[str, int] = {}
        for call in _FILLED.finditer(text, begin, end):
            for name in _TAKEN.findall(call[1]):
                firsts.setdefault(name, call.start())
        for name, first in firsts.items():
            span = places.span(first, end)
            lines = range(span.line, span.end_line + 1)
            found.setdefault(name, set()).update(lines)
    return found


def _span(line: Line, hit: re.Match[str]) -> Span:
    return Span(line.number, hit.start() + 1, line.number, hit.end() + 1)
