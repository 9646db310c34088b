# SPDX-License-Identifier: GPL-2.0-or-later
"""From arguments and all other settings to what a review runs with."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from patchlint.adapters.cards import load_profile
from patchlint.adapters.git import Blobs, RepositoryError
from patchlint.adapters.inputs import InputError
from patchlint.adapters.rulebook import rulebook
from patchlint.adapters.settings import TREE_FILE, changed_by, of_tree, own_later
from patchlint.cli.options import Arguments
from patchlint.cli.output import complain
from patchlint.cli.taking import repository
from patchlint.lint.bind import bind
from patchlint.lint.profile import Audience, Policy
from patchlint.lint.rule import Rule
from patchlint.lint.settings import Given, Settings, SettingsError, field_of, merged
from patchlint.model.series import Series
from patchlint.prose.harper import is_there
from patchlint.report import FORMATS

# What arguments have, too, and where they call it otherwise.
_FILLED = {
    "format", "fail_on", "evidence", "repeat", "audience", "profile", "engine", "jobs",
    "limits", "bisect", "children",
}  # fmt: skip
_FIELDS = {"repeat": "repeats", "bisect": "bisects"}


class Start(Struct, frozen=True):
    """A run before its input is read: all settings but those of the tree.

    ``commit`` is the one whose tree has its say, ``name`` what people call it; both are
    empty where there is none. ``text`` is the file of settings there, if there is one.
    """

    options: Arguments
    own: tuple[Given, ...]
    folder: Path
    commit: str = ""
    name: str = ""
    text: str | None = None


class Run(Struct, frozen=True):
    """What a review runs with; ``known`` are the ids of all rules there are."""

    settings: Settings
    rules: tuple[Rule, ...]
    policy: Policy
    known: tuple[str, ...]


def begin(options: Arguments) -> Start:
    """Lay the arguments over the settings of the user, and look for the repository.

    Raises SettingsError, RepositoryError.
    """
    folder = options.repository or Path()
    if options.given.isolates and not options.given.base:
        settings = options.given.settings
        options = _filled(options, merged((settings,)))
        return Start(
            options, settings, repository(options.repository, options.evidence)
        )
    # git answers while we do what has to be done anyhow.
    later = tuple if options.given.isolates else own_later(folder, os.environ)
    try:
        rulebook()
        with Blobs(folder) as blobs:
            commit, name = _base(options, blobs)
            text = blobs.file(commit, TREE_FILE) if commit else None
            has_answered = blobs.answers()
    finally:
        settings = (*later(), *options.given.settings)
    options = _filled(options, merged((settings,)))
    if not has_answered:
        folder = repository(options.repository, options.evidence)
    return Start(options, settings, folder, commit, name, text)


def _filled(options: Arguments, settings: Settings) -> Arguments:
    """Return the arguments, and what is set elsewhere where they are silent."""
    if settings.format not in FORMATS:
        place = settings.origin("format")
        known = ", ".join(FORMATS)
        raise SettingsError(f"{place}: format: not one of {known}")
    told = {field_of(given.key[0]) for given in settings.given}
    named = {_FIELDS.get(n, n): getattr(settings, n) for n in told & _FILLED}
    return replace(options, **named)


def _base(options: Arguments, blobs: Blobs) -> tuple[str, str]:
    """Return the commit whose settings count, and its name.

    It is never one that mails name: who sends them would choose the rules.
    """
    if wanted := options.given.base:
        if not (commit := blobs.resolve(wanted)):
            raise RepositoryError(f"--base {wanted}: no commit is called that")
        return commit, wanted
    first, dots, last = options.commits.partition("..")
    name = first or "HEAD"
    commit = blobs.resolve(name)
    if dots and last.startswith(".") and commit:
        other = blobs.resolve(last[1:] or "HEAD")
        commit = blobs.merge_base(commit, other) if other else ""
        name = commit[:12]
    return commit, name if commit else ""


def configure(start: Start, postings: Sequence[Series]) -> Run:
    """Add what the tree sets, and make the rules of it.

    Raises SettingsError, CardError, InputError.
    """
    settings = merged((tree_of(start, postings), start.own))
    rules = rules_of(settings, start.folder, start.commit)
    options, selection = start.options, settings.selection
    wanted = settings.profile or options.profile
    told = policy_of(wanted, options.audience, bisects=options.bisects)
    return Run(
        settings,
        tuple(rule for rule in rules if selection.asks_for(rule.card.id)),
        Policy(told.profiles, wanted, told.audience, told.bisects, selection),
        tuple(rule.card.id for rule in rules),
    )


def with_children(run: Run, start: Start) -> Run:
    """Add the other programs that are asked for, over the tree of the base.

    Raises InputError for one that is unknown.
    """
    wanted = run.settings.children
    if not wanted:
        return run
    from patchlint.adapters.asked import Base, rules_with

    options, commit = start.options, start.commit
    if not commit:
        with Blobs(start.folder) as blobs:
            commit, _ = _base(options, blobs)
    is_tip = not (options.commits or options.given.base)
    base = Base(start.folder, commit, is_tip)
    children = rules_with(wanted, base, options.limits)
    ids = (rule.card.id for rule in children)
    return replace(run, rules=(*run.rules, *children), known=(*run.known, *ids))


def tree_of(start: Start, postings: Iterable[Series]) -> tuple[Given, ...]:
    """Return what the tree sets, unless the series is about to change that.

    A branch with the series applied may be checked out; who changes the rules is not to
    be judged by the new ones. A range begins in front of its own changes.
    """
    layer = of_tree(start.text, start.name)
    if layer and not start.options.commits and not start.options.given.base:
        touched = sorted(
            path for series in postings for p in series.patches for path in p.touched
        )
        if path := next(changed_by(touched, layer), ""):
            complain(
                f"{start.name}:{TREE_FILE}: not read: a patch changes {path} "
                "(--base COMMIT says whose settings count)"
            )
            return ()
    return layer


def rules_of(settings: Settings, folder: Path, commit: str) -> tuple[Rule, ...]:
    """Return all rules there are, with the options that settings give them.

    ``commit`` is the one whose tree may have cards of its own.
    """
    extras = extras_of(settings.engine)
    rules = rulebook().rules(extras)
    if not settings.given:
        return rules
    from patchlint.lint.overrides import overridden

    if not (settings.cards or settings.checks):
        known = [rule.card for rule in rules]
        made = zip(rules, overridden(known, settings), strict=True)
        return tuple(replace(rule, card=card) for rule, card in made)  # type: ignore[type-var]
    from patchlint.adapters.more_cards import cards_of, checks_with

    checks = checks_with(settings.checks)
    cards = [rule.card for rule in rules]
    with Blobs(folder) as blobs:
        more = cards_of(settings.cards, blobs, commit)
    for those in more:
        if same := {card.id for card in cards} & {card.id for card in those}:
            raise SettingsError(f"cards: there is a rule of that name: {min(same)}")
        cards += [card for card in those if not card.extra or card.extra in extras]
    return tuple(bind(card, checks) for card in overridden(cards, settings))


def extras_of(engine: str) -> tuple[str, ...]:
    """Return the extra of an engine for English; InputError if it is not installed."""
    if not engine:
        return ()
    if not is_there():
        how = f"pip install 'patchlint[{engine}]'"
        raise InputError(f"--engine {engine}: it is not installed; {how}")
    return (engine,)


def policy_of(wanted: str, audience: Audience, *, bisects: bool = False) -> Policy:
    """Return who is told what; InputError for a profile that is none.

    A profile is one of ours, or a file of somebody's own.
    """
    profiles = rulebook().profiles
    if wanted.endswith(".toml"):
        profiles = (*profiles, load_profile(wanted))
    names = [profile.name for profile in profiles]
    if wanted and wanted not in names:
        raise InputError(f"--profile {wanted}: not one of {', '.join(names)}")
    return Policy(profiles, wanted, audience, bisects)
