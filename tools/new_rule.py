# SPDX-License-Identifier: GPL-2.0-or-later
"""Begin a rule: ``new_rule.py GROUP/NAME`` writes what there is to fill in.

That is a card with examples, a check that does something, and its line in the table
of checks. It passes its own tests as it stands, so that every step from here on is
seen.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
_NAME = re.compile(r"[a-z0-9]+/[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_OLD_WORD = "frobnicate"

_CARD = '''\
# SPDX-License-Identifier: GPL-2.0-or-later
summary = "One sentence: what is wrong."
why = """
Who loses what by it, and a source: a file of Documentation/, a mail, a commit.
"""
fix = "What to do instead."
severity = "nit"
confidence = "low"
status = "experimental"
scope = "message"
evidence = "mail"
check = "{function}"
references = ["Documentation/process/submitting-patches.rst"]
false_positives = ["Where it speaks and is wrong, as far as that is known."]

[options]
words = ['\\b{word}\\b']

[[bad]]
note = "What the rule is for."
message = \'\'\'
The buffer is lost on resume.

The driver may {word} a buffer.
               {carets} says little
\'\'\'

[[bad]]
note = "Another one, as unlike the first as there is."
message = \'\'\'
The buffer is lost on resume.

{title} is the first word here.
{carets} says little

Signed-off-by: A Dev <dev@example.org>
\'\'\'

[[good]]
note = "A near miss: almost the same, and right."
message = \'\'\'
The buffer is lost on resume.

The driver may not use {word}s.
\'\'\'

[[good]]
note = "Another near miss."
message = \'\'\'
The buffer is lost on resume.

The driver is in a file called un{word}d.
\'\'\'

[[good]]
note = "What people write every day."
message = \'\'\'
The buffer is lost on resume.

The driver may free a buffer.
\'\'\'
'''

_CHECK = '''\
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the checks of this file are about, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

from patchlint.lint.context import MessageContext
from patchlint.lint.options import Options
from patchlint.model.finding import Match
from patchlint.model.location import InMessage, Span


def {function}(context: MessageContext, options: Options) -> Iterator[Match]:
    """Say here what is right, as a fact."""
    if context.patch is None:
        return
    words = options.pattern("words")
    for number in context.patch.parts.log:
        if hit := words.search(context.message.line(number)):
            span = Span(number, hit.start() + 1, number, hit.end() + 1)
            yield Match(InMessage(span), f"{{hit[0]}} says little.", key=hit[0])
'''

_NEXT = """\
{card}
{check}
src/patchlint/checks/__init__.py: a line in the table

They pass as they are: make test ARGS='-k {rule}'. Now:
  1. {card}: the examples first, carets under the
     culprit, then part of what must be said there; then summary, why (with a
     source), fix.
  2. {check}: look for it.
  3. make test ARGS='-k {rule}', until it passes.
  4. make docs golden check; a fragment in changelog.d/.
docs/write-a-rule.md has more.
"""


def begin(rule: str, root: Path = ROOT) -> str:
    """Write the files of a rule and say what to do next; ValueError if it cannot be."""
    if not _NAME.fullmatch(rule):
        raise ValueError(f"{rule!r} is not group/kebab-name, as msg/empty-log")
    group, _, name = rule.partition("/")
    function, module = name.replace("-", "_"), f"{group}_{name}".replace("-", "_")
    card = root / "rules" / f"{rule}.toml"
    check = root / "src" / "patchlint" / "checks" / f"{module}.py"
    table = check.parent / "__init__.py"
    for path in (card, check):
        if path.exists():
            raise ValueError(f"{path.relative_to(root)} is there already")
    text = _with_line(table.read_text("utf-8"), function, module)
    card.parent.mkdir(exist_ok=True)
    card.write_text(_card(function), "utf-8")
    check.write_text(_CHECK.format(function=function), "utf-8")
    table.write_text(text, "utf-8")
    names = (path.relative_to(root).as_posix() for path in (card, check))
    return _NEXT.format(rule=rule, **dict(zip(("card", "check"), names, strict=True)))


def _card(function: str) -> str:
    return _CARD.format(
        function=function,
        word=_OLD_WORD,
        title=_OLD_WORD,
        carets="^" * len(_OLD_WORD),
    )


def _with_line(table: str, function: str, module: str) -> str:
    """Return the table of checks with one line more, in its order."""
    if f'"{function}":' in table:
        raise ValueError(f"there is a check called {function} already")
    head, begin_, rest = table.partition("    message={\n")
    body, end, tail = rest.partition("    },\n")
    line = f'        "{function}": Later("{module}.{function}"),\n'
    if len(line) > 89:
        line = (
            f'        "{function}": Later(\n'
            f'            "{module}.{function}"\n'
            "        ),\n"
        )
    entries = re.findall(r"        \".*?\),\n", body, re.DOTALL)
    return head + begin_ + "".join(sorted([*entries, line])) + end + tail


def main() -> int:
    """Begin the rule that is named."""
    try:
        print(begin(sys.argv[1] if len(sys.argv) > 1 else ""), end="")
    except ValueError as error:
        print(f"make rule NAME=group/name: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
