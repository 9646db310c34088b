# SPDX-License-Identifier: GPL-2.0-or-later
"""List the patches that change the condition of an operation, and who remarked on it.

Usage: guard_changes.py [--any] [--tree LINUX] [MBOX...]. The default is every version
of every series beside the checkout. Only hunks are at hand, unless a tree is given in
which the patches can be placed. --any takes every call for an operation, since few
series touch a flush. Each patch is shown once, with a table of its sites before and
after, and what replies say under the lines in question.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from patchlint.adapters.cards import load_rules
from patchlint.analysis import hunk_guards
from patchlint.analysis.guards import Change, Fate, guard_record, operations_of
from patchlint.analysis.sites import Operations
from patchlint.lint.context import PatchContext, contexts, whole_files
from patchlint.mail.mbox import split_mbox
from patchlint.mail.message import parse_message
from patchlint.model.change import Kind
from patchlint.model.location import InFile
from patchlint.model.message import Message
from patchlint.pipeline import read
from patchlint.syntax.node import Node
from tools.placing import place

THREADS = Path(__file__).parents[2] / "shared/corpus/threads"
REACH = 12


class AnyCall(Operations, frozen=True):
    """Every call of a plain name is an operation of its own kind."""

    def kind_of(self, name: str, call: Node) -> str:  # noqa: ARG002
        """Return the name."""
        return name if name.isidentifier() and not name.isupper() else ""

    def speaks(self, words: Sequence[str]) -> bool:  # noqa: ARG002
        """Look at every hunk."""
        return True


def main() -> int:
    """Print the tables and the totals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--any", action="store_true")
    parser.add_argument("--tree", type=Path)
    parser.add_argument("mbox", nargs="*", type=Path)
    given = parser.parse_args()
    boxes = given.mbox or sorted(THREADS.glob("*/v*.mbox"))
    if not boxes:
        print(f"measure-guards: {THREADS} is not here; nothing measured")
        return 0
    rules = {rule.card.id: rule.card for rule in load_rules()}
    listed = operations_of(rules["x86/guard-drift"].options)
    operations = AnyCall((), listed.alike) if given.any else listed
    total: Counter[str] = Counter()
    told: set[tuple[str, ...]] = set()
    for box in boxes:
        raw = box.read_bytes()
        mails = [parse_message(mail) for mail in split_mbox(raw)]
        for posting in read([raw]):
            series, source = place(posting, given.tree)
            for context in contexts(series, source).patches:
                total["patches"] += 1
                _patch(box, context, operations, mails, (total, told))
    print(", ".join(f"{total[key]} {key}" for key in sorted(total)))
    return 0


def _patch(
    box: Path,
    context: PatchContext,
    operations: Operations,
    mails: Sequence[Message],
    seen: tuple[Counter[str], set[tuple[str, ...]]],
) -> None:
    total, told = seen
    record = list(changes(context, operations))
    total["sites"] += len(record)
    changed = [(how, one) for how, one in record if one.fate is Fate.CHANGED]
    total["patches that change one"] += bool(changed)
    key = (context.message.subject.text, *(one.after.shown for _, one in changed))
    if not changed or key in told:
        return
    told.add(key)
    print(f"{box.parent.name}/{box.name}: {context.message.subject.text}")
    print(f"  <{context.message.message_id}>")
    for how, one in changed:
        print(f"  {one.after.where.path} {one.after.function}(): {one.after.name}")
        print(f"    before: {one.before.shown or 'no condition'}")
        print(f"    after:  {one.after.shown or 'no condition'}   [{how}]")
    remarks = list(dict.fromkeys(_remarks(context, changed, mails)))
    total["remarked on"] += bool(remarks)
    for who, text in remarks:
        print(f"  {who}: {text}")
    print()


def changes(
    context: PatchContext, operations: Operations
) -> Iterator[tuple[str, Change]]:
    """Yield the sites of a patch: those of whole files, and those hunks show."""
    if not isinstance(operations, AnyCall):
        for change in guard_record(whole_files(context), operations):
            yield "file", change
    for change in hunk_guards.shown_record(context, operations):
        yield "mail", change


def _remarks(
    context: PatchContext,
    changed: Sequence[tuple[str, Change]],
    mails: Sequence[Message],
) -> Iterator[tuple[str, str]]:
    """Yield who wrote something under a quoted line of the hunks, and what."""
    lines = {line.rstrip() for _, one in changed for line in _hunk(context, one)}
    patch = context.message
    for mail in mails:
        answers = (mail.in_reply_to, *mail.references[-1:])
        if patch.message_id in answers and mail.sender != patch.sender:
            for text in _under(mail, lines):
                yield mail.sender.name or mail.sender.mailbox, text


def _hunk(context: PatchContext, one: Change) -> Iterator[str]:
    """Yield the changed lines of the hunk that shows a site, as the mail has them."""
    where = one.after.where
    for change in context.patch.changes:
        for hunk in change.hunks if change.new_path == where.path else ():
            if _near(hunk.new_start, len(hunk.lines), where):
                for line in hunk.lines:
                    if line.kind is not Kind.CONTEXT and len(line.text.strip()) > 3:
                        yield f"{line.kind}{line.text}"


def _near(start: int, count: int, where: InFile) -> bool:
    return start - 20 <= where.span.line <= start + count + 20


def _under(mail: Message, lines: set[str]) -> Iterator[str]:
    """Yield the first line of what stands below a quoted line, near enough."""
    wanted = {line.strip() for line in lines}
    hit = -REACH
    for number, line in enumerate(mail.lines):
        text = line.strip()
        if text.startswith(("-- ", "__")) or text == "--":
            return
        if text.startswith(">"):
            hit = number if text.lstrip("> \t") in wanted else hit
        elif text and number - hit < REACH:
            yield text
            hit = -REACH


if __name__ == "__main__":
    sys.exit(main())
