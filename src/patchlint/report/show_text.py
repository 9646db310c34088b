# SPDX-License-Identifier: GPL-2.0-or-later
"""What was understood, for people: a page for each posting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from patchlint.model.change import FileChange, Kind
from patchlint.model.defect import Defect
from patchlint.model.image import Image
from patchlint.model.message import Address, Message
from patchlint.model.series import Patch, Series
from patchlint.report.posting import title
from patchlint.report.safe import cut, printable
from patchlint.report.shown import (
    Shown,
    Stack,
    after,
    before,
    counted,
    defects_of_mail,
    kind_of,
)
from patchlint.report.summary import count, headline
from patchlint.series.images import Images, Origin

_WIDE = 500

_ORIGINS = {
    Origin.NOTHING: "a new file",
    Origin.PATCH: "from the patch before",
    Origin.BLOB: "from its blob",
    Origin.BASE: "from the base commit, where every hunk fits",
    Origin.HEAD: "from HEAD, where every hunk fits",
    Origin.HUNKS: "only hunks",
}


def render(shown: Shown, *, verbose: bool = False) -> str:
    """Return all that was read as text; every hidden character is made visible."""
    return "".join(f"{cut(row, _WIDE)}\n" for row in _rows(shown, verbose=verbose))


def _rows(shown: Shown, *, verbose: bool) -> Iterator[str]:
    for series, stack in zip(shown.intake.postings, shown.stacks, strict=True):
        yield from _series(series, stack, verbose=verbose)
        yield ""
    yield from _others(shown.others, verbose=verbose)
    yield from _defects(shown.intake.defects, "")
    yield _summary(shown)


def _series(series: Series, stack: Stack, *, verbose: bool) -> Iterator[str]:
    yield headline(series)
    for footer in series.footers:
        yield f"  {footer.key}: {footer.value}"
    for message in series.superseded:
        yield f"  superseded: <{message.message_id}> {title(message)}"
    if series.thread:
        yield f"  talked about in {count(len(series.thread), 'mail')}"
    yield from _defects(series.defects, "  ")
    if series.cover:
        yield ""
        yield f"  cover letter: {title(series.cover)}"
        yield from _mail(series, series.cover)
    for patch, images in zip(series.patches, stack, strict=True):
        yield ""
        yield f"  {patch.position}/{series.total} {title(patch.message)}"
        yield from _mail(series, patch.message)
        yield from _patch(patch, images, verbose=verbose)


def _mail(series: Series, message: Message) -> Iterator[str]:
    date = f", {message.date}" if message.date else ""
    yield f"    <{message.message_id}>"
    yield f"    {_address(message.sender)}{date}"
    yield from _defects(defects_of_mail(series, message), "    ")


def _patch(patch: Patch, images: Iterable[Images], *, verbose: bool) -> Iterator[str]:
    if patch.message.author:
        yield f"    written by {_address(patch.message.author)}"
    log, notes = len(patch.parts.log), len(patch.parts.notes)
    parts = [count(log, "line") + " of log"]
    parts += [count(notes, "line") + " of notes"] if notes else []
    parts += [count(len(patch.changes), "file")]
    yield f"    {', '.join(parts)}"
    for trailer in patch.parts.trailers:
        yield f"    {trailer.token}: {trailer.value}"
    for entry in images:
        yield from _file(entry, verbose=verbose)


def _file(entry: Images, *, verbose: bool) -> Iterator[str]:
    change = entry.change
    added, removed = (counted(change.hunks, k) for k in (Kind.ADDED, Kind.REMOVED))
    facts = [kind_of(change), *_nature(change)]
    if change.hunks:
        facts += [count(len(change.hunks), "hunk"), f"+{added} -{removed}"]
    if change.old_oid or change.new_oid:
        facts.append(f"{change.old_oid or '0'}..{change.new_oid or '0'}")
    yield f"    {_name(change)}: {', '.join(facts)}"
    yield f"      {_proof(entry)}"
    for hunk in change.hunks if verbose else ():
        old, new = before(hunk), after(hunk)
        place = f"-{old.start},{old.count} +{new.start},{new.count}"
        yield f"      line {hunk.mail}: @@ {place} @@ {hunk.heading}".rstrip()


def _nature(change: FileChange) -> Iterator[str]:
    """Say what is special about a file."""
    if change.similarity is not None:
        yield f"{change.similarity}% alike"
    modes = [mode for mode in (change.old_mode, change.new_mode) if mode]
    if len({*modes}) > 1:
        yield f"mode {' -> '.join(modes)}"
    named = {
        "binary": change.binary,
        "submodule": change.is_submodule,
        "symbolic link": change.is_symlink,
        "not read to its end": change.incomplete,
    }
    yield from (name for name, holds in named.items() if holds)


def _name(change: FileChange) -> str:
    is_moved = change.old_path and change.new_path and change.old_path != change.path
    return f"{change.old_path} -> {change.path}" if is_moved else change.path


def _proof(entry: Images) -> str:
    """Say how far each side is known, where it is from, and whether that is proven."""
    sides = (("before", entry.old), ("after", entry.new))
    told = [f"{name} {_known(image)}" for name, image in sides if image]
    return "; ".join((*told, _ORIGINS[entry.origin]))


def _known(image: Image) -> str:
    if not image.whole:
        return "in part"
    return "whole, proven by its blob id" if image.proven else "whole, not proven"


def _others(mails: tuple[Message, ...], *, verbose: bool) -> Iterator[str]:
    if not mails:
        return
    hint = "" if verbose else " (--verbose lists them)"
    verb = "is no patch" if len(mails) == 1 else "are no patches"
    yield f"{count(len(mails), 'mail')} {verb}{hint}"
    for mail in mails:
        if verbose:
            reply = "Re: " if mail.subject.reply else ""
            yield f"  {reply}{title(mail)}"
            yield f"    <{mail.message_id}> {_address(mail.sender)}"
        yield from _defects(mail.defects, "    " if verbose else "  ")
    yield ""


def _defects(defects: Iterable[Defect], indent: str) -> Iterator[str]:
    for defect in defects:
        hides = " (rules could not look)" if defect.hides else ""
        yield f"{indent}{defect.kind.value}: {defect}{hides}"


def _summary(shown: Shown) -> str:
    patches = sum(len(series.patches) for series in shown.intake.postings)
    parts = [
        count(len(shown.intake.messages), "mail"),
        count(len(shown.intake.postings), "posting"),
        count(patches, "patch"),
        count(len(shown.defects), "defect") if shown.defects else "no defects",
    ]
    parts += [count(len(shown.limits), "limit") + " hit"] if shown.limits else []
    return ", ".join(parts)


def _address(address: Address) -> str:
    return printable(str(address)) or "nobody"
