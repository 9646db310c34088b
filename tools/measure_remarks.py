# SPDX-License-Identifier: GPL-2.0-or-later
"""Say which remarks of maintainers' own tools the rules would have made.

Usage: measure_remarks.py [--show] FILE.jsonl. Each line of the file is a remark with
its kind of check, where it was made (msg, tags, code), the file, the lines quoted
before it and its words. A patch is made of these lines, and of those the remark shows
with a + in front; a remark counts as found where a rule that is made for its kind
speaks on the patch. What needs a build is left out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from patchlint.adapters.cards import load_rules
from patchlint.lint.engine import Surroundings, run_in
from patchlint.lint.rule import Rule
from patchlint.pipeline import read
from patchlint.series.history import NoHistory
from patchlint.series.images import NoSource

FROM = "A Dev <dev@example.org>"
BUILD = re.compile(r"modpost|unmet direct dependencies")
SOME = "diff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -1 +1 @@\n-int a;\n+int b;\n"
CONTINUED = re.compile(r"^\+?\s*(?:\*|/\*)")
# A tab behind the sign of a diff, as programs that show mail write it.
_TAB = re.compile(r"^ {7}")
# Which rules are made for which check; the others only stand beside.
MADE_FOR = {
    "spellcheck": r"spell|typo|word",
    "verify_comment_style": r"comment",
    "check_for_deprecated_apis": r"x86/",
    "verify_include_paths": r"include",
    "check_for_todos": r"unfinished",
    "checkpatch/build": r"",
}


class Undocumented(NoHistory):
    """A tree that documents nothing yet, as it was when the remark was made."""

    def mentions(self, folder: str, text: str) -> bool | None:
        """Say that nothing is there."""
        return bool(folder and not text)


def added(remark: dict[str, str], quoted: list[str]) -> list[str]:
    """Return the added lines that a remark is about."""
    texts = remark["remark"].replace("^I", "\t").split("\n")
    shown = [text[1:].removesuffix("$") for text in texts if text.startswith("+")]
    inline = re.findall(r"\[\+(.*)\]", remark["remark"])
    lines = [text[1:] for text in quoted if text.startswith("+")]
    posted = {"".join(line.split()): line for line in lines}
    shown = [posted.get("".join(t.split()), _TAB.sub("\t", t)) for t in shown + inline]
    return shown or lines


def mail(remark: dict[str, str], quoted: list[str]) -> str:
    """Make a patch of what a remark shows."""
    head = f"From: {FROM}\nSubject: [PATCH] area: Do it\n\n"
    tail = f"\nSigned-off-by: {FROM}\n---\n"
    if remark["where"] == "tags":
        return f"{head}Say why.\n\n" + "\n".join(quoted) + f"\n---\n{SOME}"
    if remark["where"] in ("msg", "unk"):
        return head + "\n".join(quoted) + "\n" + tail + SOME
    body = added(remark, quoted)
    comment = [text for text in body if CONTINUED.match(text)]
    if body and len(comment) == len(body) and not body[0].lstrip().startswith("/*"):
        body = ["/*", *body, " */"]
    named = re.search(r"(\S+\.[chS]):\d+", remark["remark"])
    path = named[1] if named else remark["file"] or "arch/x86/kernel/a.c"
    return f"{head}Say why.\n{tail}" + diff(path, closed(path, body))


def closed(path: str, body: list[str]) -> list[str]:
    """Return lines with what stood around them: a comment's end, a function."""
    text = "\n".join(body)
    if text.count("/*") > text.count("*/"):
        body = [*body, " */"]
    if path.endswith(".c") and body and body[0] == "{":
        return ["static void a(void)", *body, "}"]
    if path.endswith(".c") and body and body[0][:1] in "\t ":
        return ["static void a(void)", "{", *body, "}"]
    return body


def diff(path: str, lines: list[str]) -> str:
    """Return a diff that adds a file."""
    body = "".join(f"+{line}\n" for line in lines)
    return (
        f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n"
        f"+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n{body}"
    )


def found(
    remark: dict[str, str], quoted: list[str], rules: Sequence[Rule]
) -> list[str]:
    """Return the rules that speak on a remark's patch."""
    postings = read([mail(remark, quoted).encode("utf-8", "surrogateescape")])
    report = run_in(rules, postings, Surroundings(NoSource(), history=Undocumented()))
    wanted = MADE_FOR.get(remark["check"], "")
    said = [f for f in report.findings if re.search(wanted, f.rule)]
    return sorted({f.rule for f in said if f.rule not in ("msg/empty-log",)})


def main() -> int:
    """Print a line a remark, and the table by check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    rules = load_rules()
    table: Counter[tuple[str, bool]] = Counter()
    for line in given.file.read_text("utf-8").splitlines():
        remark = json.loads(line)
        if BUILD.search(remark["remark"]):
            table["needs a build", False] += 1
            continue
        hits = found(remark, remark["quoted"], rules)
        table[remark["check"], bool(hits)] += 1
        if given.show:
            print(remark["id"], remark["check"], ", ".join(hits) or "MISSED")
    for check in sorted({check for check, _ in table}):
        ours, missed = table[check, True], table[check, False]
        print(f"{check:28} {ours:3} of {ours + missed:3}")
    ours = sum(n for (_, is_found), n in table.items() if is_found)
    total = sum(n for (check, _), n in table.items() if check != "needs a build")
    print(f"{ours} of {total}, {100 * ours / max(1, total):.0f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
