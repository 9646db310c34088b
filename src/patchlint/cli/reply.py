# SPDX-License-Identifier: GPL-2.0-or-later
"""``patchlint reply``: drafts, and with ``--send`` those that somebody accepts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from patchlint.adapters.inputs import InputError
from patchlint.adapters.send import identity, send
from patchlint.cli.drafts import manner_of, replies_of, save_drafts
from patchlint.cli.keeping import keep, recall
from patchlint.cli.output import complain, write
from patchlint.cli.reply_options import ReplyArguments
from patchlint.cli.review import reviewed
from patchlint.cli.status import BROKEN, CLEAN, USAGE
from patchlint.lint.profile import Audience
from patchlint.report import draft
from patchlint.report.header import is_mailbox
from patchlint.report.manner import Manner, Memory
from patchlint.report.memory import found_in, remembering
from patchlint.report.mutes import MuteError, Mutes, parse_mutes
from patchlint.report.own import said_of
from patchlint.report.reply import Reply


def reply(options: ReplyArguments) -> int:
    """Write or send the replies to what the arguments name."""
    if options.sends and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise InputError("--send asks before it sends, which needs a terminal")
    keeping = options.review.keeping
    manner = _manner(options)
    report, postings = reviewed(options.review)
    known = recall(keeping, postings)
    manner = replace(manner, said=known.said, no_bugs=known.no_bugs)
    # What threads tell is kept too: the next run may not see them.
    manner = remembering(postings, manner)
    made = list(replies_of(report, postings, manner))
    if options.sends:
        sent, status = _sent(made, manner)
    else:
        if not (made or report.findings):
            complain(_nothing(options.review.audience))
        _write(options, made, manner)
        sent, status = (made if keeping.named else []), CLEAN
    said = (said_of(one.message, one.marks, one.rules) for one in sent)
    found = tuple(found_in(report, postings))
    keep(keeping, Memory((*manner.said, *said), manner.no_bugs, found))
    return BROKEN if report.crashes else status


def _nothing(audience: Audience) -> str:
    """Return why there is no reply, where nothing was found for whoever reads."""
    nits = "" if audience is Audience.AUTHOR else " (nits are for --audience author)"
    return f"no reply: nothing worth a mail{nits}"


def _manner(options: ReplyArguments) -> Manner:
    mutes = _mutes(options.mutes)
    named = [address.lower() for address in options.ignored]
    for address in named:
        if not is_mailbox(address):
            raise InputError(f"--ignore {address}: no address")
    sender = options.sender
    if options.sends and sender is None:
        sender = identity()
    return replace(
        manner_of(options.review),
        sender=sender,
        ignored=mutes.addresses.union(named),
        muted=mutes.names,
    )


def _mutes(path: Path | None) -> Mutes:
    if path is None:
        return Mutes()
    try:
        return parse_mutes(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"--mute {path}: {error.strerror}") from error
    except (UnicodeDecodeError, MuteError) as error:
        raise InputError(f"--mute {path}: {error}") from error


def _write(options: ReplyArguments, made: Sequence[Reply], manner: Manner) -> None:
    review = options.review
    if review.drafting.drafts is not None:
        save_drafts(review.drafting.drafts, made, manner)
    if review.drafting.drafts is None or review.output is not None:
        text = draft.box(draft.write(one, manner) for one in made)
        write(text, review.output)


def _sent(made: Sequence[Reply], manner: Manner) -> tuple[list[Reply], int]:
    """Return what was sent, and the status; the first failure ends it."""
    if not made:
        complain("nothing to send")
    done: list[Reply] = []
    for one in _accepted(made, manner):
        # From is an argument of git: it would repeat another one in the body.
        sender = draft.sender_of(manner)
        if not send(draft.write(one, replace(manner, sender=None)), sender):
            complain("git send-email failed; nothing more is sent")
            return done, USAGE
        done.append(one)
    return done, CLEAN


def _accepted(made: Sequence[Reply], manner: Manner) -> Iterator[Reply]:
    """Show each draft and ask; yield those that are to be sent."""
    for number, one in enumerate(made, 1):
        write(f"{draft.write(one, manner)}\n", None)
        people = len(one.to) + len(one.cc)
        answer = _asked(f"{number}/{len(made)}: send this to {people} addresses? ")
        if answer == "q":
            return
        if answer == "y":
            yield one


def _asked(question: str) -> str:
    """Return y, n or q; the end of the input is q, silence is n."""
    while True:
        sys.stdout.write(f"{question}[y/N/q] ")
        sys.stdout.flush()
        line = sys.stdin.readline()
        answer = line.strip().lower()[:1] if line else "q"
        if answer in ("", "n", "y", "q"):
            return answer or "n"
