# SPDX-License-Identifier: GPL-2.0-or-later
"""What a tree of the kernel asks for: which rules it follows, how loud they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field

from patchlint.lint.card import CardError, read_toml
from patchlint.lint.selection import EVERY_RULE, Selection
from patchlint.model.finding import Confidence, Finding, Severity
from patchlint.model.series import Series

DEFAULT = "default"
OFF = "off"
_KEYS = {"summary": str, "where": dict, "rules": dict}
_WHERE = ("prefixes", "lists", "paths", "not_paths")
_SETTING = {"severity": str, "enforced": bool, "source": str}


class Audience(StrEnum):
    """Who reads: who wrote the patch, who is asked to take it, or a whole list."""

    AUTHOR = "author"
    MAINTAINER = "maintainer"
    LIST = "list"


class Setting(Struct, frozen=True):
    """What one tree makes of a rule, and where it says so.

    ``severity`` is None where the card decides. A rule that is ``enforced`` is said to
    a list too, however low.
    """

    source: str
    severity: Severity | None = None
    is_off: bool = False
    enforced: bool = False


class Profile(Struct, frozen=True):
    """A tree: how its series are known, and its settings by rule."""

    name: str
    summary: str
    prefixes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    not_paths: tuple[str, ...] = ()
    settings: Mapping[str, Setting] | None = None

    def setting(self, rule: str) -> Setting | None:
        """Return what the tree says of a rule, or None."""
        return (self.settings or {}).get(rule)

    def depth(self, path: str) -> int:
        """Return how many characters of ``path`` name this tree."""
        if path.startswith(self.not_paths or "\n"):
            return 0
        return max((len(p) for p in self.paths if path.startswith(p)), default=0)


class Policy(Struct, frozen=True, eq=False):
    """What is said to whom: the profiles, the one asked for, and the audience.

    ``bisects`` keeps, as notes, what a later patch of the series takes away again.
    ``selection`` is what settings say of rules; it goes before the profile.
    """

    profiles: tuple[Profile, ...] = ()
    wanted: str = ""
    audience: Audience = Audience.AUTHOR
    bisects: bool = True
    selection: Selection = EVERY_RULE
    # By the name of a profile, with those of the default; every rule asks.
    _settings: dict[str, Mapping[str, Setting]] = field(default_factory=dict)

    def profile(self, series: Series) -> Profile:
        """Return the profile of a series.

        The one asked for; else the one whose word stands in the brackets of the
        subject; else that of most touched files, each of which counts for the one that
        names most of its path; else that of a list it was sent to; else the default.
        """
        named = next((p for p in self.profiles if p.name == self.wanted), None)
        return (
            named
            or _by_prefix(self.profiles, series)
            or _by_path(self.profiles, series)
            or _by_list(self.profiles, series)
            or _named(self.profiles, DEFAULT)
        )

    def asks_for(self, profile: Profile, rule: str) -> bool:
        """Say whether a rule has to look at all."""
        setting = self._setting(profile, rule)
        is_off = setting is not None and setting.is_off
        if is_off and not self.selection.insists_on(rule):
            return False
        return self.selection.asks_for(rule)

    def severity(self, profile: Profile, finding: Finding) -> Severity:
        """Return how loud a finding is in a tree; a note stays one."""
        if finding.mended_in is not None:
            return finding.severity
        if (level := self.selection.severity(finding.rule)) is not None:
            return level
        setting = self._setting(profile, finding.rule)
        if setting is None or setting.severity is None:
            return finding.severity
        return setting.severity

    def says(self, profile: Profile, finding: Finding) -> bool:
        """Say whether the audience is told: authors all, a list what it enforces."""
        if finding.mended_in is not None and not self.bisects:
            return False
        if self.audience is Audience.AUTHOR:
            return True
        if finding.severity is Severity.NOTE:
            return False
        setting = self._setting(profile, finding.rule)
        if setting is not None and setting.enforced:
            return True
        if self.audience is Audience.MAINTAINER:
            return finding.severity >= Severity.QUESTION
        sure = finding.confidence >= Confidence.MEDIUM
        return finding.severity >= Severity.WARNING and sure

    def _setting(self, profile: Profile, rule: str) -> Setting | None:
        """Return what the tree says of a rule, else what the default does."""
        if (known := self._settings.get(profile.name)) is None:
            usual = _named(self.profiles, DEFAULT).settings or {}
            known = {**usual, **(profile.settings or {})}
            self._settings[profile.name] = known
        return known.get(rule)


EVERYTHING = Policy()


def parse_profile(text: str, name: str, rules: Sequence[str]) -> Profile:
    """Read one profile; CardError names the profile and the key.

    ``rules`` are the ids that may be named.
    """
    where = f"profiles/{name}"
    raw = read_toml(text, where)
    _check(raw, _KEYS, where)
    listed = raw.get("where", {})
    for key, words in listed.items():
        is_list = isinstance(words, list) and all(isinstance(w, str) for w in words)
        if key not in _WHERE or not is_list:
            raise CardError(f"{where}: where.{key}: not a list of {', '.join(_WHERE)}")
    for rule in raw.get("rules", {}):
        if rule not in rules:
            raise CardError(f"{where}: rules: no rule {rule!r}")
    return Profile(
        name=name,
        summary=raw.get("summary", ""),
        settings={
            rule: _setting(entry, f"{where}: rules.{rule}")
            for rule, entry in raw.get("rules", {}).items()
        },
        **{key: tuple(words) for key, words in listed.items()},
    )


def _setting(raw: Mapping[str, object], where: str) -> Setting:
    if not isinstance(raw, dict):
        raise CardError(f"{where}: not a table")
    _check(raw, _SETTING, where)
    if not raw.get("source"):
        raise CardError(f"{where}: source: missing")
    level = str(raw.get("severity", ""))
    if level and level != OFF and level.upper() not in Severity.__members__:
        raise CardError(f"{where}: severity: no {level!r}")
    is_off = level == OFF
    return Setting(
        source=str(raw["source"]),
        severity=Severity[level.upper()] if level and not is_off else None,
        is_off=is_off,
        enforced=bool(raw.get("enforced", False)),
    )


def _check(raw: Mapping[str, object], known: Mapping[str, type], where: str) -> None:
    for key, value in raw.items():
        if key not in known or not isinstance(value, known[key]):
            raise CardError(
                f"{where}: {key}: not a key of a profile, or of a wrong type"
            )


def _named(profiles: Sequence[Profile], name: str) -> Profile:
    nothing = Profile(name, "")
    return next((profile for profile in profiles if profile.name == name), nothing)


def _by_prefix(profiles: Sequence[Profile], series: Series) -> Profile | None:
    words = {word.lower() for word in series.head.subject.prefixes}
    return next((p for p in profiles if words.intersection(p.prefixes)), None)


def _by_path(profiles: Sequence[Profile], series: Series) -> Profile | None:
    votes: Counter[str] = Counter()
    for change in (change for patch in series.patches for change in patch.changes):
        depths = [(profile.depth(change.path), profile.name) for profile in profiles]
        deepest, name = max(depths, default=(0, ""))
        votes[name if deepest else ""] += 1
    if not votes:
        return None
    name, _ = min(votes.items(), key=lambda vote: (-vote[1], vote[0]))
    return next((profile for profile in profiles if profile.name == name), None)


def _by_list(profiles: Sequence[Profile], series: Series) -> Profile | None:
    if any(patch.changes for patch in series.patches):
        return None
    head = series.head
    sent = {address.mailbox.lower() for address in (*head.to, *head.cc)}
    return next((p for p in profiles if sent.intersection(p.lists)), None)
