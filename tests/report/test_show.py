# SPDX-License-Identifier: GPL-2.0-or-later
"""What was understood, told to people and to programs."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from patchlint.model.defect import Defect, DefectKind
from patchlint.model.intake import Intake
from patchlint.model.series import Series
from patchlint.pipeline import take_in
from patchlint.report import show_json, show_text
from patchlint.report.shown import Shown
from patchlint.series.images import BlobSource, NoSource, stack
from tests.mails import Blobs, diff, mbox, patch_mail
from tests.report.made import TEXT, few, hostile_series, is_visible

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/schema/show-v1.json").read_text("utf-8"))

FIRST = {"a.c": "int a;\nint b;\n", "gone.c": "int gone;\n"}
SECOND = {"a.c": "int a;\nint c;\n", "new.c": "int new;\n"}
THIRD = SECOND | {"a.c": "int d;\nint c;\n"}


def shown(intake: Intake, source: BlobSource) -> Shown:
    stacks = tuple(stack(series, source) for series in intake.postings)
    return Shown(intake, stacks)


def series() -> Intake:
    """Return a cover letter, two patches, and a reply."""
    log = 'Why.\n\nSigned-off-by: A Dev <dev@example.org>\nFixes: 0123456789ab ("x")'
    under = {"Message_ID": "<3@x.org>", "In_Reply_To": "<0@x.org>"}
    mails = [
        patch_mail("All of it.", "", "[PATCH v2 0/2] Do it", Message_ID="<0@x.org>"),
        patch_mail(
            log, diff(FIRST, SECOND), "[PATCH v2 1/2] first",
            Message_ID="<1@x.org>", In_Reply_To="<0@x.org>",
        ),
        patch_mail(
            log, diff(SECOND, THIRD), "[PATCH v2 2/2] second",
            Message_ID="<2@x.org>", In_Reply_To="<0@x.org>",
        ),
        patch_mail("Nice.", "", "Re: [PATCH v2 0/2] Do it", **under),
    ]  # fmt: skip
    return take_in([mbox(mails)])


def test_text_says_what_was_read_and_what_proves_it() -> None:
    text = show_text.render(shown(series(), Blobs(FIRST)))

    lines = text.splitlines()
    assert lines[0] == "[PATCH v2] Do it: 2 patches"
    assert "  cover letter: Do it" in lines
    assert "  1/2 first" in lines
    assert '    Fixes: 0123456789ab ("x")' in lines
    at = next(n for n, line in enumerate(lines) if line.startswith("    a.c: modified"))
    assert "1 hunk, +1 -1, " in lines[at]
    assert lines[at + 1] == (
        "      before whole, proven by its blob id; "
        "after whole, proven by its blob id; from its blob"
    )
    assert any(line.startswith("    gone.c: deleted, 1 hunk, +0 -1") for line in lines)
    assert any(line.startswith("    new.c: new, 1 hunk, +1 -0") for line in lines)
    assert "from the patch before" in text
    assert lines[-3:] == [
        "1 mail is no patch (--verbose lists them)",
        "",
        "4 mails, 1 posting, 2 patches, no defects",
    ]


def test_verbose_lists_hunks_and_other_mails() -> None:
    text = show_text.render(shown(series(), NoSource()), verbose=True)

    assert "@@ -1,2 +1,2 @@" in text
    assert "  Re: Do it\n    <3@x.org> A Dev <dev@example.org>\n" in text
    assert "before in part; after in part; only hunks" in text


def test_defects_are_told_where_they_stand() -> None:
    intake = series()
    (posting,) = intake.postings
    first, second = posting.patches
    bad = replace(
        first, defects=(Defect(DefectKind.DIFF_COUNT, "too short", 3, hides=True),)
    )
    posting = replace(
        posting,
        patches=(bad, second),
        defects=(Defect(DefectKind.SERIES_MISSING, "patch 3"),),
    )
    intake = replace(
        intake, postings=(posting,), defects=(Defect(DefectKind.LIMIT, "full"),)
    )

    text = show_text.render(shown(intake, NoSource()))

    assert "\n  series-missing: patch 3\n" in text
    assert "\n    diff-count: line 3: too short (rules could not look)\n" in text
    assert "\nlimit: full\n" in text
    assert text.endswith("2 patches, 3 defects, 1 limit hit\n")


def test_json_follows_its_schema_and_is_sorted() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    text = show_json.render(shown(series(), Blobs(FIRST)))
    value = json.loads(text)

    Draft202012Validator(SCHEMA).validate(value)
    assert text == json.dumps(value, indent=2, sort_keys=True) + "\n"
    (posting,) = value["postings"]
    changed, gone, new = posting["patches"][0]["files"]
    assert changed["before"] == {"whole": True, "proven": True, "lines": 2}
    assert changed["before_from"] == "blob"
    assert changed["hunks"][0]["old_lines"] == 2
    assert (gone["kind"], gone["after"]) == ("deleted", None)
    assert (new["kind"], new["before_from"]) == ("new", "nothing")
    assert posting["patches"][1]["files"][0]["before_from"] == "patch"
    assert [mail["message_id"] for mail in value["other_mails"]] == ["3@x.org"]
    assert value["counts"]["mails"] == 4


def test_nothing_read_is_told() -> None:
    nothing = Shown(Intake((), ()), ())

    assert show_text.render(nothing) == "0 mails, 0 postings, 0 patches, no defects\n"
    Draft202012Validator(SCHEMA).validate(json.loads(show_json.render(nothing)))


@few
@given(hostile_series(), TEXT, st.sampled_from(DefectKind))
def test_any_output_is_harmless(made: Series, text: str, kind: DefectKind) -> None:
    wrong = (Defect(kind, text, 1, hides=True),)
    made = replace(made, defects=wrong)
    intake = Intake((made,), made.messages, wrong)

    read = shown(intake, NoSource())
    as_json = show_json.render(read)

    assert is_visible(show_text.render(read, verbose=True))
    assert as_json.isascii()
    assert is_visible(as_json)
    Draft202012Validator(SCHEMA).validate(json.loads(as_json))


def test_what_is_special_about_a_file_is_told() -> None:
    text = """\
diff --git a/run.sh b/run.sh
old mode 100644
new mode 100755
diff --git a/a.c b/b.c
similarity index 95%
rename from a.c
rename to b.c
diff --git a/logo.png b/logo.png
index 0123456789ab..ba9876543210 100644
Binary files a/logo.png and b/logo.png differ
diff --git a/module b/module
index 0123456789ab..ba9876543210 160000
--- a/module
+++ b/module
@@ -1 +1 @@
-Subproject commit 0123456789ab0123456789ab0123456789ab01234567
+Subproject commit ba9876543210ba9876543210ba9876543210ba987654
"""
    mail = patch_mail("From: B Dev <b@example.org>\n\nWhy.", text)
    mail += f"base-commit: {'0123456789' * 4}\n"
    read = shown(take_in([mail.encode()]), NoSource())

    said = show_text.render(read)
    (patch,) = json.loads(show_json.render(read))["postings"][0]["patches"]

    assert "    run.sh: mode, mode 100644 -> 100755\n" in said
    assert "    a.c -> b.c: renamed, 95% alike\n" in said
    assert "    logo.png: modified, binary, 0123456789ab..ba9876543210\n" in said
    assert "    module: modified, submodule, 1 hunk, +1 -1, " in said
    assert "    written by B Dev <b@example.org>\n" in said
    assert f"  base-commit: {'0123456789' * 4}\n" in said
    assert patch["author"] == {"name": "B Dev", "mailbox": "b@example.org"}
    assert [file["kind"] for file in patch["files"]] == [
        "mode", "renamed", "modified", "modified",
    ]  # fmt: skip
    assert patch["files"][3]["submodule"]


def test_a_patch_that_was_replaced_is_no_talk() -> None:
    under = {"In_Reply_To": "<1@x.org>"}
    mails = [
        patch_mail(
            "Why.", diff(FIRST, SECOND), "[PATCH 1/1] a", Message_ID="<1@x.org>"
        ),
        patch_mail(
            "Why.", diff(FIRST, THIRD), "[PATCH 1/1] b", Message_ID="<2@x.org>", **under
        ),
        patch_mail("Good.", "", "Re: [PATCH 1/1] a", Message_ID="<3@x.org>", **under),
    ]
    intake = take_in([mbox(mails)])
    (posting,) = (p for p in intake.postings if p.superseded or p.thread)
    said = show_text.render(shown(intake, NoSource()))

    assert posting.thread
    assert "  talked about in 1 mail\n" in said
    assert "1 mail is no patch" in said
