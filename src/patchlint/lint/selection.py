# SPDX-License-Identifier: GPL-2.0-or-later
"""Which rules run, how loud they are, and where: what the settings say of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct, field
from msgspec.structs import replace

from patchlint.model.finding import Finding, Severity
from patchlint.model.location import InFile

ALL = "all"
# Other programs that may be asked (adapters/asked.py); their rules are PROGRAM/TYPE.
PROGRAMS = ("checkpatch", "coccinelle", "codespell", "smatch", "sparse")


class Word(Struct, frozen=True):
    """A word that names rules, whether it takes them in, and how late it was said.

    It is the id of a rule, a group (``c``, ``c/``), the beginning of an id with a star
    behind it (``msg/subject-*``), or ``all``.
    """

    text: str
    takes_in: bool
    layer: int = 0

    @property
    def weight(self) -> tuple[int, int, bool]:
        """The one with more letters counts, then the later one, then the refusal."""
        size = 0 if self.text == ALL else len(stem(self.text))
        return size, self.layer, not self.takes_in


class PathSetting(Struct, frozen=True):
    """What holds for files that fit a glob; None stands for a rule that is off."""

    glob: str
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, Severity | None] = field(default_factory=dict)


class Selection(Struct, frozen=True):
    """The words of all layers, and the severities they give."""

    words: tuple[Word, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    paths: tuple[PathSetting, ...] = ()

    def asks_for(self, rule: str) -> bool:
        """Say whether a rule is to run."""
        found = [word for word in self.words if names(word.text, rule)]
        if not found:
            return not self.words
        return max(found, key=lambda word: word.weight).takes_in

    def insists_on(self, rule: str) -> bool:
        """Say whether a rule was named itself, whatever the tree makes of it."""
        named = any(word.text == rule and word.takes_in for word in self.words)
        return named or rule in self.severities

    def severity(self, rule: str) -> Severity | None:
        """Return how loud a rule is to be; None where nobody has said so."""
        return _longest(self.severities, rule)

    def placed(self, finding: Finding, touched: Iterable[str]) -> Finding | None:
        """Return a finding as loud as its place has it, None where that is not at all.

        What is found in a message stands in the place of all files of its patch.
        """
        if not self.paths:
            return finding
        where = finding.where
        one = frozenset((where.path,)) if isinstance(where, InFile) else None
        paths = frozenset(touched) if one is None else one
        level: Severity | None = finding.severity
        for setting in self.paths:
            if not _all_fit(setting.glob, paths):
                continue
            if any(names(word, finding.rule) for word in setting.ignore):
                return None
            if any(names(word, finding.rule) for word in setting.severity):
                level = _longest(setting.severity, finding.rule)
        return None if level is None else _with(finding, level)


EVERY_RULE = Selection()


@lru_cache(maxsize=4096)
def _all_fit(glob: str, paths: frozenset[str]) -> bool:
    """Say whether there are files, and all of them fit; every finding asks."""
    from patchlint.lint.wildcard import fits

    return bool(paths) and all(fits(glob, path) for path in paths)


def names(word: str, rule: str) -> bool:
    """Say whether a word names a rule."""
    if word in (ALL, rule):
        return True
    if word.endswith(("*", "/")):
        return rule.startswith(word.rstrip("*"))
    return "/" not in word and rule.startswith(f"{word}/")


def stem(word: str) -> str:
    """Return what a word has in common with the ids that it names."""
    return word if "/" in word or word.endswith("*") else f"{word}/"


def unknown(word: str, rules: Sequence[str]) -> str:
    """Return what to say of a word that names no rule, or ""."""
    if any(names(word, rule) for rule in rules):
        return ""
    return f"no rule is called {word!r}{nearest(word, rules)}"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the question whether the nearest of the known words was meant, or ""."""
    from difflib import get_close_matches

    near = get_close_matches(word[:100], list(known), n=1, cutoff=0.5)
    return f" (is it {near[0]}?)" if near else ""


def _longest(levels: Mapping[str, Severity | None], rule: str) -> Severity | None:
    found = [word for word in levels if names(word, rule)]
    weights = {word: Word(word, takes_in=True).weight for word in found}
    return levels[max(found, key=weights.__getitem__)] if found else None


def _with(finding: Finding, level: Severity) -> Finding:
    if level == finding.severity or finding.mended_in is not None:
        return finding
    return replace(finding, severity=level)
