# SPDX-License-Identifier: GPL-2.0-or-later
"""What a new version says, and does not say, of the one before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from patchlint.analysis.changelog import (
    Said,
    free_lines,
    mails,
    said_of_versions,
    words_of,
)
from patchlint.analysis.tags import Tag, mailbox, tags
from patchlint.lint.context import SeriesContext, VersionContext
from patchlint.lint.options import Options
from patchlint.model.change import Kind
from patchlint.model.finding import Match, Severity
from patchlint.model.location import InMessage, Span
from patchlint.model.message import Message
from patchlint.model.series import Patch, Series
from patchlint.model.versions import By, Change, Pair

_LETTERS = 3
_STEM = 7
_WORD = re.compile(r"[A-Za-z_]\w{3,}")


def tags_dropped(context: VersionContext, options: Options) -> Iterator[Match]:
    """Tags that were given to a patch are there in its next version, or talked of."""
    patch, old, pair = context.patch, context.old, context.pair
    if patch is None or old is None or pair is None or pair.by is By.LIKENESS:
        return
    here = {who for tag in tags(patch) for who in _who(tag)}
    given = [tag for tag in _given(old, options) if not here & {*_who(tag)}]
    told = "\n".join(_words(context)).lower()
    if options.pattern("talk").search(told):
        return
    lost = [tag for tag in given if not any(word in told for word in _called(tag))]
    if not lost:
        return
    names = ", ".join(f"{tag.token} of {_name(tag)}" for tag in lost)
    changed = pair.change is Change.DIFF
    text = f"v{context.previous.version} had {names}; here that is gone without a word."
    yield Match(
        _end(patch),
        text,
        suggestion="" if changed else "\n".join(f"{t.token}: {t.value}" for t in lost),
        severity=Severity.NIT if changed else None,
        key="tags-dropped",
    )


def tags_kept_after_rewrite(
    context: VersionContext, options: Options
) -> Iterator[Match]:
    """Who reviewed or tested a patch has seen most of it as it is now."""
    patch, old, pair = context.patch, context.old, context.pair
    if patch is None or old is None or pair is None or not _is_sure(pair):
        return
    before, after = _moved(old), _moved(patch)
    kept = sum((before & after).values())
    size = sum(after.values())
    if size < options.number("lines") or 100 * kept > options.number("percent") * size:
        return
    if options.pattern("talk").search("\n".join(_words(context)).lower()):
        return
    known = {who for tag in _given(old, options) for who in _who(tag)}
    held = [tag for tag in _given(patch, options) if known & {*_who(tag)}]
    if held:
        names = ", ".join(dict.fromkeys(map(_name, held)))
        text = (
            f"Only {100 * kept // size} % of the lines are those of "
            f"v{context.previous.version}, which had the tags of {names}; "
            f"do they hold for what is new?"
        )
        yield Match(held[0].whole, text, key="tags-kept")


def version_history(context: SeriesContext, options: Options) -> Iterator[Match]:
    """A later version says somewhere what changed, or links to the one before."""
    series = context.series
    words = {word.upper() for mail in series.messages for word in mail.subject.prefixes}
    again = words & {*options.words("again")}
    if series.version < 2 or again or _is_below_another(series):
        return
    told, named = options.pattern("told"), options.pattern("told_in_log")
    if any(told.search(text) for _, _, text in words_of(series)):
        return
    logs = (p.message.line(n) for p in series.patches for n in p.parts.log)
    if any(named.search(text) for text in logs):
        return
    yield Match(
        InMessage(Span(context.message.subject.line)),
        f"This is v{series.version}, and nothing says what changed since "
        f"v{series.version - 1}.",
    )


def _is_below_another(series: Series) -> bool:
    """Say whether a posting answers what is none of its versions, as far as is known.

    The list may stand there: patches of other projects answer the cover letter of the
    series for the kernel.
    """
    above, at = series.head.in_reply_to, series.previous
    while at is not None:
        if above in {mail.message_id for mail in (*at.messages, *at.thread)}:
            return False
        at = at.previous
    return bool(above)


def resend_modified(context: VersionContext, options: Options) -> Iterator[Match]:
    """What is sent again is what was sent before."""
    series, pair = context.series, context.pair
    words = {word.upper() for word in context.message.subject.prefixes}
    if not words & {*options.words("again")} or context.patch is None:
        return
    if series.version != context.previous.version or context.previous.missing:
        return
    if pair is not None and pair.change is not Change.DIFF:
        return
    what = "is new" if pair is None else "is not as it was"
    yield Match(
        InMessage(Span(context.message.subject.line)),
        f"This says that it is sent again, but the patch {what}; "
        f"what is modified is v{series.version + 1}.",
    )


def history_wrong(context: VersionContext, options: Options) -> Iterator[Match]:
    """What a list of changes says of the patches is what was done to them."""
    if context.previous.version != context.series.version - 1:
        return
    for said in said_of_versions(context.message, context.patch):
        if said.version == context.series.version:
            yield from _wrong(said, context, options)


def _wrong(said: Said, context: VersionContext, options: Options) -> Iterator[Match]:
    """Yield what one line of a list of changes says otherwise than it is."""
    before, pair = context.previous.version, context.pair
    where = InMessage(Span(said.line))
    if pair is None or pair.by is By.LIKENESS:
        pass
    elif options.pattern("new").fullmatch(said.text) and pair.by is By.PATCH_ID:
        text = f"Is it? This was patch {pair.old} of v{before} already."
        yield Match(where, text, key=f"new {said.text}")
    elif options.pattern("same").fullmatch(said.text) and pair.change is Change.DIFF:
        count = _differing(context)
        if count >= options.number("lines"):
            text = (
                f"Is that so? {count} lines differ from patch {pair.old} of v{before}."
            )
            yield Match(where, text, key=f"same {said.text}")
    for hit in options.pattern("dropped").finditer(said.text):
        number = next((int(group) for group in hit.groups() if group), 0)
        kept = context.pairing.of_old(number)
        if kept and _is_sure(kept) and not context.series.missing:
            text = f"Patch {number} of v{before} is still there, as patch {kept.new}."
            yield Match(where, text, key=f"dropped {number}")


def history_omits(context: VersionContext, options: Options) -> Iterator[Match]:
    """Patches that came or went are told of.

    Where some came and others went, or less than half is left, the list tells of it in
    words of its own.
    """
    series, previous, pairing = context.series, context.previous, context.pairing
    if context.message is not series.head or series.missing or previous.missing:
        return
    most = max(len(series.patches), len(previous.patches))
    is_anew = 2 * len(pairing.pairs) < most or (pairing.added and pairing.dropped)
    if previous.version >= series.version or is_anew:
        return
    lists = (said for mail in mails(series) for said in said_of_versions(*mail))
    lines = [said.text for said in lists if said.version == series.version]
    told = "\n".join(lines).lower()
    if not lines or options.pattern("any").search(told):
        return  # that there is no list at all is said elsewhere
    where = InMessage(Span(context.message.subject.line))
    new = {p.position: p.message.subject.text for p in series.patches}
    old = {p.position: p.message.subject.text for p in previous.patches}
    added = [n for n in pairing.added if not _is_named(new[n], told)]
    dropped = [n for n in pairing.dropped if not _is_named(old[n], told)]
    if added and not options.pattern("came").search(told):
        which = _patches(added, "")
        text = f"{which} new since v{previous.version}, and no list says so."
        yield Match(where, text, key="added")
    if dropped and not options.pattern("went").search(told):
        which = _patches(dropped, f" of v{previous.version}")
        yield Match(where, f"{which} gone, and no list says so.", key="dropped")


def _is_named(title: str, told: str) -> bool:
    """Say whether a list has two words of a title, by their first letters."""
    words = {word[:_STEM].lower() for word in _WORD.findall(title)}
    return sum(word in told for word in words) > 1


def _patches(numbers: Sequence[int], of: str) -> str:
    listed = ", ".join(map(str, numbers))
    return (
        f"Patch {listed}{of} is" if len(numbers) == 1 else f"Patches {listed}{of} are"
    )


def _is_sure(pair: Pair) -> bool:
    return pair.by is not By.LIKENESS


def _given(patch: Patch, options: Options) -> list[Tag]:
    names = {name.lower() for name in options.words("tags")}
    return [tag for tag in tags(patch) if tag.name in names and tag.is_trailer]


def _who(tag: Tag) -> Iterator[str]:
    """Yield what somebody is known by: the address, and a name of several words."""
    box = mailbox(tag.value)
    if box.box:
        yield box.box.lower()
    if " " in box.name.strip():
        yield " ".join(box.name.lower().split())


def _name(tag: Tag) -> str:
    box = mailbox(tag.value)
    return box.name or box.box


def _called(tag: Tag) -> Iterator[str]:
    """Yield what a text may call somebody: names, and the address."""
    box = mailbox(tag.value)
    yield from (w.lower() for w in box.name.split() if len(w) >= _LETTERS)
    yield box.box.lower() or box.name.lower()


def _words(context: VersionContext) -> Iterator[str]:
    """Yield what is said beside the log: by the cover letter, and below the cut."""
    here: list[tuple[Message, Patch | None]] = [(context.message, context.patch)]
    if context.series.cover is not None and context.patch is not None:
        here.append((context.series.cover, None))
    for message, patch in here:
        stop = patch.parts.notes.start if patch else 0
        yield from (t for at, t in free_lines(message, patch) if at >= stop)


def _end(patch: Patch) -> InMessage:
    """Return the last trailer, or the subject."""
    last = max((t.line for t in patch.parts.trailers), default=0)
    return InMessage(Span(last or patch.message.subject.line))


def _moved(patch: Patch) -> Counter[str]:
    """Return the lines that come and go, whatever their blanks; no empty ones."""
    return Counter(
        line.kind.value + " ".join(line.text.split())
        for change in patch.changes
        for line in change.lines
        if line.kind is not Kind.CONTEXT and line.text.strip()
    )


def _differing(context: VersionContext) -> int:
    if context.patch is None or context.old is None:
        return 0
    before, after = _moved(context.old), _moved(context.patch)
    return sum((after - before).values())
