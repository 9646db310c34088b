# SPDX-License-Identifier: GPL-2.0-or-later
"""A rule card: one TOML file, one rule, everything a reader needs to know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field

from patchlint.lint.options import Options
from patchlint.lint.pattern import is_exponential
from patchlint.model.finding import Confidence, Evidence, Severity

SCOPES = ("message", "patch", "program", "series", "version")
STATUSES = ("experimental", "testing", "stable")
_REQUIRED = {
    "summary": str, "why": str, "fix": str, "severity": str, "confidence": str,
    "status": str, "scope": str, "evidence": str, "check": str,
    "references": list, "bad": list, "good": list,
}  # fmt: skip
_OPTIONAL = {
    "languages": list, "false_positives": list, "checkpatch": list, "options": dict,
    "measured": str, "tables": list, "said_as": list, "extra": str,
}  # fmt: skip
_EXAMPLE = {
    "note": str, "message": str, "cover": str, "mail": str, "c": str, "asm": str,
    "before": dict, "after": dict, "tree": dict, "history": dict, "patches": list,
}  # fmt: skip
_EXAMPLE_PATCH = {"message": str, "after": dict}


Tables = Mapping[str, Mapping[str, object]]


class CardError(ValueError):
    """A card is not valid; the text names the file and the key."""


class ExamplePatch(Struct, frozen=True):
    """One patch of a series: its message as in an example, and files after it."""

    message: str = ""
    after: Mapping[str, str] = field(default_factory=dict)


class Example(Struct, frozen=True):
    """A small input and, with carets under the culprit, what should be said.

    ``message`` is a subject, an empty line and a commit log; ``cover`` the same of a
    cover letter; ``mail`` a mail as it is sent, from its headers to its diff.
    ``before`` and ``after`` are files by path; ``c`` and ``asm`` on a
    card are short for one file in ``after``. ``tree`` are files of the base that the
    patch does not touch, ``history`` the subjects of its commits by their ids.
    ``patches`` are those of a series, each with the files after it that it changes (an
    empty text: it is removed).
    """

    note: str = ""
    message: str = ""
    cover: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    tree: Mapping[str, str] = field(default_factory=dict)
    mail: str = ""
    history: Mapping[str, str] = field(default_factory=dict)
    patches: tuple[ExamplePatch, ...] = ()


class Card(Struct, frozen=True):
    """The data of a rule; ``check`` names the function that does the looking.

    ``checkpatch`` are the types of scripts/checkpatch.pl that the rule stands for.
    ``said_as`` are patterns of what people write who mean the same, in any case of
    letters; see said.py. A rule with an ``extra`` runs only where that was asked for.
    """

    id: str
    summary: str
    why: str
    fix: str
    severity: Severity
    confidence: Confidence
    status: str
    scope: str
    evidence: Evidence
    check: str
    languages: tuple[str, ...]
    references: tuple[str, ...]
    false_positives: tuple[str, ...]
    measured: str
    options: Options
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    checkpatch: tuple[str, ...] = ()
    said_as: tuple[str, ...] = ()
    extra: str = ""


def parse_card(text: str, rule: str, tables: Tables = MappingProxyType({})) -> Card:
    """Read one card; ``rule`` is ``group/name``, its path without the ending.

    The keys of the tables a card names are options it shares with other cards; the
    lists of two tables are joined.
    Raises CardError, whose text names the rule and the key.
    """
    raw = read_toml(text, rule)
    _check_keys(raw, rule)
    return Card(
        id=rule,
        summary=raw["summary"],
        why=raw["why"].strip(),
        fix=raw["fix"].strip(),
        severity=Severity[_one_of(raw, "severity", Severity.__members__, rule).upper()],
        confidence=Confidence[
            _one_of(raw, "confidence", Confidence.__members__, rule).upper()
        ],
        status=_one_of(raw, "status", STATUSES, rule),
        scope=_one_of(raw, "scope", SCOPES, rule),
        evidence=Evidence(_one_of(raw, "evidence", tuple(Evidence), rule)),
        check=raw["check"],
        languages=_words(raw, "languages", rule),
        references=_words(raw, "references", rule),
        false_positives=_words(raw, "false_positives", rule),
        measured=raw.get("measured", ""),
        options=_options(
            {**_shared(raw, tables, rule), **raw.get("options", {})}, rule
        ),
        bad=tuple(_example(entry, rule) for entry in raw["bad"]),
        good=tuple(_example(entry, rule) for entry in raw["good"]),
        checkpatch=_words(raw, "checkpatch", rule),
        said_as=_patterns(raw, "said_as", rule),
        extra=raw.get("extra", ""),
    )


def parse_table(text: str, name: str) -> Mapping[str, object]:
    """Read a table of options that cards share."""
    return read_toml(text, f"tables/{name}")


def read_toml(text: str, where: str) -> dict[str, Any]:
    """Parse TOML; brackets without end, and numbers without, are errors as others.

    Raises CardError, which names ``where``.
    """
    # Our own cards are packed: most runs read no TOML at all.
    import tomllib

    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else str(error)
        raise CardError(f"{where}: {why}") from error


def _shared(raw: Mapping[str, object], tables: Tables, rule: str) -> dict[str, object]:
    merged: dict[str, object] = {}
    for name in _words(raw, "tables", rule):
        if name not in tables:
            raise CardError(f"{rule}: tables: no {name!r}")
        for key, value in tables[name].items():
            known = merged.get(key)
            both = isinstance(known, list) and isinstance(value, list)
            merged[key] = [*known, *value] if both else value  # type: ignore[misc]
    return merged


def _options(values: Mapping[str, object], rule: str) -> Options:
    refuse_endless(values, rule)
    return Options(values)


def refuse_endless(values: Mapping[str, object], rule: str) -> None:
    """Raise CardError for what could take endless time as a regular expression."""
    for key, value in values.items():
        for text in _texts(value):
            try:
                is_endless = is_exponential(text)
            except re.error:
                continue
            if is_endless:
                raise CardError(
                    f"{rule}: options: {key}: {text!r} can take endless time"
                )


def _texts(value: object) -> Iterator[str]:
    """Yield each string in an option."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def _check_keys(raw: Mapping[str, object], rule: str) -> None:
    for key, kind in _REQUIRED.items():
        if not isinstance(raw.get(key), kind):
            what = "missing" if key not in raw else f"not a {kind.__name__}"
            raise CardError(f"{rule}: {key}: {what}")
    _check_known(raw, {**_REQUIRED, **_OPTIONAL}, rule)
    if not re.fullmatch(r"[a-z0-9-]+/[a-z0-9-]+", rule):
        raise CardError(f"{rule}: a rule is called group/kebab-name")


def _check_known(
    raw: Mapping[str, object], known: Mapping[str, type], where: str
) -> None:
    for key, value in raw.items():
        if key not in known:
            raise CardError(f"{where}: {key}: not a key of a card")
        if not isinstance(value, known[key]):
            raise CardError(f"{where}: {key}: not a {known[key].__name__}")


def _one_of(raw: Mapping[str, object], key: str, allowed: object, rule: str) -> str:
    words = [str(word).lower() for word in allowed]  # type: ignore[attr-defined]
    if raw[key] not in words:
        raise CardError(f"{rule}: {key}: not one of {', '.join(words)}")
    return str(raw[key])


def _words(raw: Mapping[str, object], key: str, rule: str) -> tuple[str, ...]:
    values = raw.get(key, [])
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise CardError(f"{rule}: {key}: not a list of strings")
    return tuple(values)


def _patterns(raw: Mapping[str, object], key: str, rule: str) -> tuple[str, ...]:
    """Return the regular expressions of a key; none may be wrong, or take for ever."""
    patterns = _words(raw, key, rule)
    for text in patterns:
        try:
            re.compile(text)
            is_endless = is_exponential(text)
        except re.error as error:
            raise CardError(f"{rule}: {key}: {text!r}: {error}") from error
        if is_endless:
            raise CardError(f"{rule}: {key}: {text!r} can take endless time")
    return patterns


def _example(raw: object, rule: str) -> Example:
    if not isinstance(raw, dict):
        raise CardError(f"{rule}: an example is a table")
    _check_known(raw, _EXAMPLE, f"{rule}: example")
    after = dict(raw.get("after", {}))
    if "c" in raw:
        after["example.c"] = raw["c"]
    if "asm" in raw:
        after["example_64.S"] = raw["asm"]
    return Example(
        note=raw.get("note", ""),
        message=raw.get("message", ""),
        cover=raw.get("cover", ""),
        before=raw.get("before", {}),
        after=after,
        tree=raw.get("tree", {}),
        mail=raw.get("mail", ""),
        history=raw.get("history", {}),
        patches=tuple(_example_patch(each, rule) for each in raw.get("patches", [])),
    )


def _example_patch(raw: object, rule: str) -> ExamplePatch:
    if not isinstance(raw, dict):
        raise CardError(f"{rule}: a patch of an example is a table")
    _check_known(raw, _EXAMPLE_PATCH, f"{rule}: example: patches")
    return ExamplePatch(raw.get("message", ""), raw.get("after", {}))
