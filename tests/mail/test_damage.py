# SPDX-License-Identifier: GPL-2.0-or-later
"""What a mailer did to a diff is named, and nothing else is."""

from __future__ import annotations

import pytest

from patchlint.mail.damage import find_damage
from patchlint.mail.flowed import unflow
from patchlint.mail.hunks import hunks
from patchlint.mail.message import parse_message
from patchlint.model.defect import DefectKind

HEAD = "diff --git a/f.c b/f.c\n--- a/f.c\n+++ b/f.c\n"
LONG = "\tcall_with_a_long_name(first_argument, second_argument,"
GOOD = f"""\
{HEAD}@@ -1,4 +1,4 @@
 int f(void)
 {{
-\treturn 1;
+{LONG} third);
 }}
--{" "}
2.39
"""


def told(diff: str) -> list[tuple[DefectKind, int, bool]]:
    return [(d.kind, d.line, d.hides) for d in find_damage(diff.split("\n"))]


@pytest.mark.parametrize(
    "diff",
    [
        GOOD,
        GOOD.replace("-- \n", "\n____________________________\nlist\n"),
        GOOD.replace(" {\n", "\n"),
        f"{HEAD}@@ -1,2 +1 @@\n-a\n b\n",
        f"{HEAD}@@ -1 +1 @@\n-a\n\\ No newline\n+b\n\\ Kein Zeilenende\n",
        f"{HEAD}@@ -0,0 +1,2 @@\n+a\n+b\n-- \n",
        f"{HEAD}@@ -1,9 +1,9 @@\n a\n+b\ntext that ends it all\n",
        "no diff\n",
        "",
    ],
)
def test_good_diffs_and_other_faults_are_not_damage(diff: str) -> None:
    assert told(diff) == []


def test_a_wrapped_line_is_told() -> None:
    diff = GOOD.replace(" third);", "\nthird);")

    assert told(diff) == [(DefectKind.MAIL_WRAPPED, 9, True)]


def test_a_wrapped_heading_is_told() -> None:
    heading = "@@ -1,4 +1,4 @@ static int function_with_a_long_name(struct device *dev,"
    diff = GOOD.replace("@@ -1,4 +1,4 @@", f"{heading}\nint x)")

    assert told(diff) == [(DefectKind.MAIL_WRAPPED, 5, True)]


def test_a_short_line_was_not_wrapped() -> None:
    assert told(f"{HEAD}@@ -1,2 +1,2 @@\n a\nx\n-b\n+c\n") == []


def test_context_without_its_first_blank_is_told() -> None:
    diff = GOOD.replace(" int f(void)\n {", "int f(void)\n{").replace(" }", "}")

    assert told(diff) == [(DefectKind.MAIL_FIRST_COLUMN, 5, True)]
    assert "(3 lines)" in find_damage(diff.split("\n"))[0].text


def test_no_break_spaces_are_told() -> None:
    diff = GOOD.replace("\n int", "\n\xa0int").replace("\n {", "\n\xa0{")
    diff = diff.replace("\n }", "\n\xa0}")

    assert told(diff) == [(DefectKind.MAIL_BLANKS, 5, True)]


CODE = "".join(f" {'|' * (1 + n % 2)}call({n});\n" for n in range(9))


def diff_of(code: str, path: str = "f.c") -> str:
    return f"{HEAD}@@ -1,10 +1,10 @@\n{code}-|old\n+|new\n".replace("f.c", path)


@pytest.mark.parametrize("wide", [7, 8])
def test_blanks_for_every_tab_are_told(wide: int) -> None:
    code = CODE.replace("||", " " * (wide + 8)).replace("|", " " * wide)

    assert told(diff_of(code)) == [(DefectKind.MAIL_BLANKS, 5, False)]


@pytest.mark.parametrize(
    ("path", "wide"),
    [("f.c", 4), ("f.yaml", 8), ("f.rst", 8), ("f.py", 8), ("lib/f.c", 2)],
)
def test_code_that_is_indented_with_blanks_is_as_it_was(path: str, wide: int) -> None:
    code = CODE.replace("||", " " * 3 * wide).replace("|", " " * wide)

    assert told(diff_of(code, path)) == []


def test_four_blanks_a_step_are_a_style() -> None:
    code = "".join(f"     if (x{n})\n         call({n});\n" for n in range(8))
    diff = f"{HEAD}@@ -1,17 +1,17 @@\n{code}-    old\n+    new\n"

    assert told(diff) == []


def test_one_tab_says_that_tabs_came_through() -> None:
    code = CODE.replace("||", " " * 16).replace("|", " " * 8)

    assert told(diff_of(code.replace(" " * 9, " \t", 1))) == []


def test_damage_stands_in_the_message_with_its_line() -> None:
    diff = GOOD.replace(" third);", "\nthird);")
    message = parse_message(f"Subject: [PATCH] x\n\nWhy.\n---\n{diff}".encode())

    assert [(d.kind, message.line(d.line)) for d in message.defects] == [
        (DefectKind.MAIL_WRAPPED, "third);")
    ]


def test_hunks_count_their_lines() -> None:
    (hunk,) = hunks(GOOD.split("\n"))

    assert (hunk.at, hunk.end, hunk.whole) == (3, 9, True)


def test_a_good_diff_is_not_unflowed() -> None:
    diff = GOOD.replace(" {\n", " \n")

    assert unflow(diff, delsp=False) == diff


@pytest.mark.parametrize(("delsp", "soft"), [("no", " "), ("yes", "  ")])
def test_a_diff_that_flowed_is_joined(delsp: str, soft: str) -> None:
    diff = GOOD.replace(" third", f"{soft}\nthird")

    assert unflow(f"Why \nso.\n{diff}", delsp=delsp == "yes") == f"Why \nso.\n{GOOD}"


def test_the_label_of_the_mail_says_that_it_flows() -> None:
    head = "Subject: x\nContent-Type: text/plain; format=flowed; delsp=yes\n\n"
    message = parse_message((head + GOOD.replace(" third", "  \nthird")).encode())

    assert message.defects == ()
    assert f"+{LONG} third);" in message.lines


def test_a_diff_that_was_stuffed_loses_the_blanks() -> None:
    code = GOOD.replace(" {\n", " \ta;\n \tb;\n \tc;\n").replace("4 +1,4", "6 +1,6")
    sent = "\n".join(f" {t}" if t.startswith(" ") else t for t in code.split("\n"))

    assert unflow(sent, delsp=False) == code


def coded(encoding: str, diff: str) -> list[str]:
    head = f"Subject: [PATCH] x\nContent-Transfer-Encoding: {encoding}\n\n"
    message = parse_message(f"{head}{diff}".encode())
    assert [defect.kind for defect in message.defects] == [DefectKind.MAIL_ENCODING]
    return list(message.lines[message.body_start - 1 :])


def test_a_diff_is_decoded_where_the_label_forgot_it() -> None:
    diff = GOOD.replace("return 1", "x = 3")
    sent = diff.replace("=", "=3D").replace("third", "thi=\nrd")

    assert coded("7bit", sent) == diff.splitlines()


def test_a_diff_is_not_decoded_where_decoding_breaks_it() -> None:
    diff = GOOD.replace("return 1", "x =\n-\t\ty == 3").replace("1,4 +", "1,5 +")

    assert coded("quoted-printable", diff) == diff.splitlines()
