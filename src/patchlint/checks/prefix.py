# SPDX-License-Identifier: GPL-2.0-or-later
"""Rules about the prefix of a subject, and the word behind it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from patchlint.analysis.prefix import key, prefix_of, rest_of, subject_span
from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Edit, Match, Severity
from patchlint.model.location import InMessage
from patchlint.model.series import Patch

_PLAIN = re.compile(r"[a-z]+(?:['-][a-z]+)*[,:]?")
# A word by itself: no part of an identifier, a path, a file name or an option.
_WORD = re.compile(r"(?<![\w./\"'`=<-])[a-z0-9]{3,8}(?=[ ,]|$)")
_COMMA = re.compile(r", ?")
_QUOTES = "\"'`"


def subject_case(context: MessageContext, options: Options) -> Iterator[Match]:
    """The summary begins with a capital; names of code and programs stay as they are.

    A word that the patch itself spells so, as a name, is left alone.
    """
    subject = context.message.subject
    prefix = prefix_of(subject.text)
    at, rest = rest_of(subject.text)
    if not prefix:
        return
    spelled = {word.lower(): word for word in options.words("spelled")}
    wanted = _WORD.sub(lambda word: spelled.get(word[0], word[0]), rest)
    if _begins_small(context, wanted, options):
        wanted = f"{wanted[0].upper()}{wanted[1:]}"
    if wanted != rest:
        proposed = f"{subject.text[:at]}{wanted}"
        span = subject_span(context.message, at, len(subject.text))
        yield Match(
            InMessage(span),
            f'I would write the subject as "{proposed}".',
            suggestion=proposed,
            key="subject-case",
            edits=(Edit(span, wanted),) if span.end_line else (),
        )


def _begins_small(context: MessageContext, summary: str, options: Options) -> bool:
    first = summary.split(" ", 1)[0]
    if not _PLAIN.fullmatch(first) or first in options.words("names"):
        return False
    if "-" in first and first not in options.words("compounds"):
        return False
    return not _is_name(context, first, summary)


def _is_name(context: MessageContext, word: str, rest: str) -> bool:
    """Say whether a word is one of the code: of a file touched, or set as code."""
    patch = context.patch
    paths = [change.path for change in patch.changes] if patch else []
    stems = {path.rpartition("/")[2].partition(".")[0] for path in paths}
    follows = rest[len(word) : len(word) + 1]
    return word in stems or follows in ("(", ".", "_", *_QUOTES)


def subject_prefix(context: MessageContext, options: Options) -> Iterator[Match]:
    """The prefix is the one that patches of the same place have."""
    subject = context.message.subject
    prefix = prefix_of(subject.text)
    if context.patch is None or not prefix:
        return
    wanted, why = _wanted(prefix, context, context.patch, options)
    if wanted in ("", prefix):
        return
    _, rest = rest_of(subject.text)
    yield Match(
        InMessage(subject_span(context.message, 0, len(prefix))),
        f'The prefix "{wanted}:" {why}, rather than "{prefix}:".',
        suggestion=f"{wanted}: {rest}",
        key="subject-prefix",
        severity=Severity.NOTE if _is_spacing(prefix, wanted) else None,
    )


def _is_spacing(prefix: str, wanted: str) -> bool:
    """Say whether only a blank behind a comma is missing: half of them mind."""
    return "".join(prefix.split()) == "".join(wanted.split())


def _wanted(
    prefix: str, context: MessageContext, patch: Patch, options: Options
) -> tuple[str, str]:
    """Return the prefix for a patch, and why it is; "" if there is no better one."""
    spelled = _spelled(prefix, options)
    place, why = _of_place(spelled or prefix, patch, options)
    if not place:
        place, why = _of_history(spelled or prefix, context, options)
    return (place, why) if place else (spelled, "is how it is spelled")


def _of_place(prefix: str, patch: Patch, options: Options) -> tuple[str, str]:
    """Return what patches of the same directory have, and why; "" if unknown."""
    known = {name: words[0] for name, words in options.table("directories").items()}
    place = _place([change.path for change in patch.changes], known)
    wanted = known.get(place, "")
    if not _may_replace(prefix, wanted, options):
        return "", ""
    return wanted, f"is what patches of {place} have"


def _of_history(
    prefix: str, context: MessageContext, options: Options
) -> tuple[str, str]:
    """Return what most of the last commits of the same files have, and why.

    "" where the prefix has been used for them, where there are few commits, or where
    the two have nothing to do with each other: then the author knows better.
    """
    changes = context.patch.changes if context.patch else ()
    paths = [change.old_path for change in changes if change.old_path]
    if not paths or len(paths) > options.number("most_files"):
        return "", ""
    commit = context.series.base_commit or "HEAD"
    past = context.history.subjects(commit, paths) or ()
    own = {patch.message.subject.text for patch in context.series.patches}
    counts = Counter(prefix_of(subject) for subject in past if subject not in own)
    del counts[""]
    if prefix in counts or counts.total() < options.number("commits"):
        return "", ""
    wanted, often = counts.most_common(1)[0]
    is_usual = 100 * often >= options.number("share") * counts.total()
    if not is_usual or not _words(prefix) <= _words(wanted):
        return "", ""
    return wanted, f"is what {often} of the last {counts.total()} commits here have"


def _words(prefix: str) -> set[str]:
    return set(key(prefix).split("/"))


def _spelled(prefix: str, options: Options) -> str:
    """Return the prefix as it is spelled, "" if that is not known to be another way.

    Several parts of the tree stand behind each other with a comma and a blank.
    """
    spelling = {name: words[0] for name, words in options.table("spelling").items()}
    if prefix in spelling.values():
        return ""
    parts = [_one(part, spelling, options) for part in _COMMA.split(prefix)]
    written = ", ".join(parts)
    return written if written != prefix else ""


def _one(prefix: str, spelling: Mapping[str, str], options: Options) -> str:
    """Return one prefix as it is spelled; one that is not known stays as it is."""
    aliases = {name: words[0] for name, words in options.table("aliases").items()}
    if prefix in aliases:
        return aliases[prefix]
    for old, new in aliases.items():
        if prefix.startswith((f"{old}/", f"{old}: ")):
            return _joined(new + prefix[len(old) :], options)
    return spelling.get(key(prefix)) or _joined(prefix, options)


def _joined(prefix: str, options: Options) -> str:
    """Return ``x86: foo`` as ``x86/foo``, where the tree writes it so."""
    head, colon, rest = prefix.partition(":")
    if not colon or head not in options.words("joined"):
        return prefix
    return "/".join((head, *(part.strip() for part in rest.split(":"))))


def _place(paths: list[str], known: Mapping[str, str]) -> str:
    """Return the nearest known place that holds all paths, "" if there is none."""
    if not paths:
        return ""
    places = list(paths[0].split("/"))
    names = [
        paths[0],
        *("/".join(places[:n]) + "/" for n in range(len(places) - 1, 0, -1)),
    ]
    for name in names:
        if name in known and all(path.startswith(name) for path in paths):
            return name
    return ""


def _may_replace(prefix: str, wanted: str, options: Options) -> bool:
    """A more general prefix is replaced by a special one; a stranger is, if it is one.

    ``x86`` becomes ``x86/uv``; what goes deeper than the place does, or names another
    part of the tree, is what its author means.
    """
    if key(prefix) == key(wanted):
        return True
    return key(wanted).startswith(f"{key(prefix)}/") and prefix in options.words(
        "general"
    )
