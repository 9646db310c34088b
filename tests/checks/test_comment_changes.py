# SPDX-License-Identifier: GPL-2.0-or-later
"""Comments against a change: what renames, copies and missing files do."""

from __future__ import annotations

from patchlint.adapters.cards import load_rules
from patchlint.lint.context import contexts
from patchlint.lint.rule import Result
from patchlint.model.finding import Finding, Skip
from patchlint.model.series import Series
from patchlint.pipeline import read
from patchlint.series.images import BlobSource, NoSource
from tests.mails import FROM, Blobs, one_patch, patch_mail

RULES = {rule.card.id: rule for rule in load_rules()}
MENTION = """diff --git a/d/user.c b/d/user.c
--- a/d/user.c
+++ b/d/user.c
@@ -1,2 +1,2 @@
 /* See d/old.c. */
-int a;
+int b;
"""


def header(*lines: str) -> str:
    return "\n".join(
        ("diff --git a/d/old.c b/d/new.c", "similarity index 100%", *lines, "")
    )


def apply(rule: str, series: Series, source: BlobSource | None = None) -> list[Result]:
    return list(RULES[rule].apply(contexts(series, source or NoSource())))


def mailed(diff_text: str) -> Series:
    (series,) = read(
        [patch_mail(f"Move.\n\nSigned-off-by: {FROM}", diff_text).encode()]
    )
    return series


def test_a_rename_takes_the_old_path_away() -> None:
    series = mailed(header("rename from d/old.c", "rename to d/new.c") + MENTION)
    (finding,) = apply("doc/path-gone", series)

    assert isinstance(finding, Finding)
    assert finding.suggestion == "d/new.c"
    assert finding.quote == " /* See d/old.c. */"


def test_a_copy_does_not() -> None:
    series = mailed(header("copy from d/old.c", "copy to d/new.c") + MENTION)

    assert apply("doc/path-gone", series) == []


def test_names_are_not_looked_for_in_hunks() -> None:
    before = {"a.c": "void drop_base(void) { }\n/* Calls drop_base(). */\nint a;\n"}
    after = {"a.c": "void zero_base(void) { }\n/* Calls drop_base(). */\nint a;\n"}
    series = one_patch(before, after)

    assert [type(r) for r in apply("doc/stale-identifier-in-comment", series)] == [Skip]
    assert [
        r.message
        for r in apply("doc/stale-identifier-in-comment", series, Blobs(before))
        if isinstance(r, Finding)
    ] == ["This comment still says drop_base: it is zero_base now."]


def test_a_comment_in_a_file_that_goes_is_not_missed() -> None:
    text = "/*\n * One line\n * two lines\n * three\n * four\n */\nint a;\nint b;\n"

    series = one_patch({"a.c": text}, {})
    assert apply("doc/comment-removed-silently", series) == []

    series = one_patch({"a.c": text}, {"a.c": "int a;\nint b;\n"})
    assert len(apply("doc/comment-removed-silently", series)) == 1
