# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about calls that a patch adds: what to call, or to test by, instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from patchlint.analysis.comment_text import code
from patchlint.analysis.paths import is_covered
from patchlint.lint.context import Program, Source
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.syntax.layout import layout

_BIT = r"BIT(?:_ULL)?\(\s*\d+\s*\)|\(?\s*1U?L{0,2}\s*<<\s*\d+\s*\)?"
_CPUID = r"\b(?:native_)?cpuid"
_TESTED = re.compile(
    rf"{_CPUID}_e[abcd]x\([^()\n]{{1,80}}\)[ ]?&[ ]?(?:{_BIT})"
    rf"|(?:{_BIT})[ ]?&[ ]?{_CPUID}_e[abcd]x\([^()\n]{{1,80}}\)"
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
        for hit in _changed(source, pattern):
            yield Match(
                where=source.at(layout(source.image).span(*hit.span())),
                message=f"Use {instead}() rather than {hit[1]}() here: {because}",
                suggestion=f"{instead}({hit[2]})",
                key=f"{hit[1]}({' '.join(hit[2].split())})",
            )


def cpuid_bit_literal(program: Program, _: Options) -> Iterator[Match]:
    """A register of a CPUID leaf is tested with the number of a bit."""
    for source in program.written_in("c"):
        if "cpuid" not in source.image.text:
            continue
        found = [*_changed(source, _TESTED), *_local_tests(source)]
        for hit in sorted(found, key=lambda hit: hit.start()):
            yield Match(
                where=source.at(layout(source.image).span(*hit.span())),
                message=(
                    "This bit of a CPUID leaf has no name. Use its X86_FEATURE flag, "
                    "or give it a #define."
                ),
                key=" ".join(hit[0].split()),
            )


def _local_tests(source: Source) -> Iterator[re.Match[str]]:
    """Yield the tests of locals that the same function fills by cpuid()."""
    text = code(source)
    ends = [hit.end() for hit in _END.finditer(text)]
    for begin, end in zip([0, *ends], [*ends, len(text)], strict=True):
        filled = [
            name
            for c in _FILLED.finditer(text, begin, end)
            for name in _TAKEN.findall(c[1])
        ]
        if filled:
            names = "|".join(sorted(set(filled)))
            test = re.compile(rf"(?<![\w.>&])(?:{names})[ ]?&[ ]?(?:{_BIT})")
            yield from _changed(source, test, begin, end)


def _changed(
    source: Source, pattern: re.Pattern[str], begin: int = 0, end: int | None = None
) -> Iterator[re.Match[str]]:
    """Yield what a pattern finds in the lines that the patch adds, or removes."""
    text, places = code(source), layout(source.image)
    for hit in pattern.finditer(text, begin, len(text) if end is None else end):
        if places.span(*hit.span()).line in source.changed:
            yield hit
