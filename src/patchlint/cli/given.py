# SPDX-License-Identifier: GPL-2.0-or-later
"""Settings on the command line: the options that a review has for them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence

from msgspec import Struct

from patchlint.lint.settings import Given as Setting
from patchlint.lint.settings import Layer, SettingsError

_LISTS = ("select", "ignore", "extend-select", "extend-ignore", "cards", "with")
_OTHERS = (
    "profile", "audience", "fail-on", "evidence", "format", "engine", "repeat",
    "bisect", "jobs", "baseline",
)  # fmt: skip


class Given(Struct, frozen=True):
    """What the command line says of settings.

    ``base`` names the commit whose ``.patchlint.toml`` counts. Nothing but the command
    line counts where it ``isolates``; what is suppressed is told, too, where it
    ``shows_ignored``.
    """

    settings: tuple[Setting, ...] = ()
    base: str = ""
    isolates: bool = False
    shows_ignored: bool = False


NOTHING = Given()


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options for settings that a review has no option for otherwise."""
    add = parser.add_argument_group(
        "settings", "see docs/settings.md, and patchlint config"
    ).add_argument
    rules = "ids, groups (msg) or beginnings (msg/subject-*), with commas between"
    for name, what in {
        "--select": f"run these rules alone: {rules}",
        "--ignore": "do not run these rules",
        "--extend-select": "run these rules, too, which a wider word left out",
        "--extend-ignore": "do not run these rules either",
    }.items():
        add(name, action="append", metavar="RULES", help=what)
    add("--cards", action="append", metavar="DIR", help="rules of your own, as cards")
    add(
        "--with",
        action="append",
        metavar="PROGRAM",
        help="ask another program, too, such as checkpatch: the one of the base tree, "
        "which is run (docs/with.md; several are possible)",
    )
    add("--baseline", metavar="FILE", help="what is known and is not to be said")
    add(
        "--set",
        action="append",
        default=[],
        metavar="TOML",
        help="""any key, such as --set 'severity."msg/this-patch" = "error"'""",
    )
    add(
        "--base",
        default="",
        metavar="COMMIT",
        help="read .patchlint.toml from there (default: where --range begins, or HEAD)",
    )
    add("--isolated", action="store_true", help="no settings but those given here")
    add("--no-ignores", action="store_true", help="say what is suppressed, too")


def told(given: argparse.Namespace, parser: argparse.ArgumentParser) -> Given:
    """Return what the command line sets; what is wrong ends the program."""
    values = [(name, f"--{name}", _joined(given, name)) for name in (*_LISTS, *_OTHERS)]
    values += [("limits", "--limit", text) for text in getattr(given, "limit", ())]
    values = [value for value in values if value[2] is not None]
    try:
        settings = _settings(values, getattr(given, "set", ()))
    except SettingsError as error:
        parser.error(str(error))
    return Given(
        settings,
        getattr(given, "base", ""),
        getattr(given, "isolated", False),
        getattr(given, "no_ignores", False),
    )


def _joined(given: argparse.Namespace, name: str) -> object:
    """Return what an option was given, None where it was not."""
    value = getattr(given, name.replace("-", "_"), None)
    return ",".join(value) if isinstance(value, list) else value


def _settings(
    values: Iterable[tuple[str, str, object]], texts: Sequence[str]
) -> tuple[Setting, ...]:
    """Return the settings of keys with their values, and of lines of TOML."""
    if not values and not texts:
        return ()
    # Most runs are told nothing here.
    from patchlint.lint.settings_read import from_toml, from_value

    found: list[Setting] = []
    for name, place, value in values:
        found += from_value(name, value, place, Layer.COMMAND)
    for text in texts:
        found += from_toml(text, Layer.COMMAND, "--set")
    return tuple(found)
