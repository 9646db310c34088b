# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint answer`` and ``patchlint state``: what is kept, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from patchlint.adapters import state as kept
from patchlint.adapters.inputs import InputError
from patchlint.cli.keeping import Keeping, is_file, place_of
from patchlint.cli.output import complain, write
from patchlint.cli.state_options import AnswerArguments, StateArguments
from patchlint.cli.status import CLEAN, USAGE
from patchlint.report.manner import Memory, NoBug, is_named
from patchlint.report.safe import printable


def answer(options: AnswerArguments) -> int:
    """Keep an answer, or take one back."""
    place = _place(options.keeping)
    id_, name = options.message_id, options.id_
    if options.is_bug:
        if not kept.take_back(place, id_, name):
            complain(f"{name} of <{printable(id_)}> was not answered")
            return USAGE
        return CLEAN
    title, sender = kept.title_of(place, id_)
    kept.save(place, Memory(no_bugs=(NoBug(title, sender, name, id_),)))
    known = kept.about(place, id_).found
    if not title:
        complain(f"<{printable(id_)}> is not known: this holds for that mail alone")
    elif not any(is_named(name, found.rule, found.mark) for found in known):
        complain(f"{name} was not found in <{printable(id_)}>; kept all the same")
    return CLEAN


def state(options: StateArguments) -> int:
    """Tell what is kept, or remove it."""
    place = _place(options.keeping)
    if options.removes:
        done = "removed" if kept.remove(place) else "nothing there"
        complain(f"{place}: {done}")
    elif not is_file(place):
        write(f"{printable(str(place))}: nothing there\n", None)
    elif options.message_id:
        lines = _about(kept.about(place, options.message_id))
        write("".join(f"{printable(line)}\n" for line in lines), None)
    else:
        parts = ", ".join(
            f"{count} {what}" for what, count in kept.counts(place).items()
        )
        write(f"{printable(str(place))}: {parts}\n", None)
    return CLEAN


def _place(keeping: Keeping) -> Path:
    place = place_of(keeping)
    if place is None:
        raise InputError("no home to keep a state in; give --state FILE")
    return place


def _about(known: Memory) -> Iterator[str]:
    """Yield a line for each thing that is known of a mail."""
    sent = {mark for said in known.said for mark in said.marks}
    for found in known.found:
        yield f"{'sent' if found.mark in sent else 'found'} {found.mark} {found.rule}"
    listed = {found.mark for found in known.found}
    for mark in sorted(sent - listed):
        yield f"sent {mark}"
    for one in known.no_bugs:
        yield f"not-a-bug {one.id_}"
